"""商品统计: what was sold of each product, category or brand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from meiping.domains.catalog.models import Product
from meiping.domains.catalog.queries import ProductFilter, State, categories, narrowed
from meiping.domains.catalog.rules import COST
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import (
    added_up,
    bills_where,
    days_of,
    parts_of,
    ratio_bp,
    shown_columns,
    spans_of,
    sums_where,
    together,
    whole,
    with_profit,
)
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.kernel.titled import Titled
from meiping.store.database import fetch, snapshot
from meiping.store.unit_of_work import query


class ProductGroup(Titled):
    """What is added up to one row."""

    PRODUCT = ("product", "按商品")
    CATEGORY = ("category", "按分类")
    BRAND = ("brand", "按品牌")


COLUMNS = (
    Column("name", "商品", width=24, stretch=True),
    Column("code", "编码", Kind.CODE, width=9, hidden=True),
    Column("category", "分类", width=14, hidden=True),
    Column("brand", "品牌", width=10, hidden=True),
    Column("qty_milli", "净销量", Kind.QUANTITY, width=9),
    Column("unit", "单位", width=5),
    Column("returned_milli", "退货量", Kind.QUANTITY, width=9, hidden=True),
    Column("sales_fen", "销售额", Kind.MONEY, width=13, hidden=True),
    Column("returns_fen", "退货", Kind.MONEY, width=11, hidden=True),
    Column("net_fen", "净销售额", Kind.MONEY, width=13),
    Column("share_bp", "占比", Kind.PERCENT, width=8),
    Column("cost_fen", "成本", Kind.MONEY, width=12, hidden=True),
    Column("profit_fen", "毛利", Kind.MONEY, width=12),
    Column("margin_bp", "毛利率", Kind.PERCENT, width=8),
)
_SUMS = ("qty_milli", "returned_milli", "net_fen", "returns_fen", "cost_fen")
_SUMMED = ", ".join(f"sum({key})" for key in _SUMS)
_KEPT = f"SELECT product_id, {', '.join(_SUMS)} FROM {{table}} WHERE {{{{where}}}}"
_LINES = """
SELECT l.product_id, l.qty_milli, 0 - min(l.qty_milli, 0) AS returned_milli, l.net_fen,
    CASE WHEN l.qty_milli < 0 THEN 0 - l.net_fen ELSE 0 END AS returns_fen, l.cost_fen
FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE {where}
"""


@query(VIEW)
def product_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``product_report`` for the actor."""
    return shown_columns(actor, COLUMNS)


@query(VIEW)
def product_report(actor: Actor, asked: ReportAsked) -> Table:
    """What was sold of each product, category or brand (``by``), the most net sales first, with totals.

    Narrowed by ``company_id``, ``category_id`` (with its sub-categories), ``brand``, who sold it (``person_id``)
    and words. Only what moved in the period is there.
    """
    with snapshot():
        sums = _sums(actor, asked)
        told = _told(asked)
    group = asked.get("by") or ProductGroup.PRODUCT.key
    sees_cost = actor.can(COST)
    rows = _grouped(group, sums, told, sees_cost=sees_cost)
    totals = with_profit(added_up(sums_of(sums, told), _SUMS), sees_cost=sees_cost)
    for row in rows:
        row["share_bp"] = ratio_bp(row["net_fen"], totals["net_fen"])
    rows.sort(key=lambda row: (-row["net_fen"], row["name"]))
    if group != ProductGroup.PRODUCT.key or len({row["unit"] for row in rows}) != 1:
        totals |= {"qty_milli": None, "returned_milli": None}  # pieces and kilograms don't add up
    return Table("商品统计", product_columns(actor), rows, totals, asked.period.show())


def sums_of(
    sums: Mapping[int, Mapping[str, int]], told: Mapping[int, Mapping[str, Any]]
) -> Iterable[Mapping[str, int]]:
    """The sums of the products that are asked for."""
    return (one for product_id, one in sums.items() if product_id in told)


def _sums(actor: Actor, asked: ReportAsked) -> dict[int, dict[str, int]]:
    company_id, person_id = asked.get("company_id"), asked.get("person_id")
    if whole(actor) and person_id is None:
        parts = parts_of(asked.period)
        selects = [
            (
                _KEPT.format(table="product_day"),
                sums_where(actor, "business_date", days_of(days), company_id=company_id),
            )
            for days in parts.days
        ]
        selects += [
            (_KEPT.format(table=f"product_{unit}"), sums_where(actor, unit, span, company_id=company_id))
            for unit, span in spans_of(parts.months)
        ]
    else:
        where = bills_where(actor, asked.period, company_id=company_id, person_id=person_id)
        selects = [(_LINES, where)]
        if person_id is not None:
            where.add("l.salesperson_id IS NULL")
            own = bills_where(actor, asked.period, company_id=company_id)
            selects.append((_LINES, own.add("l.salesperson_id = ?", person_id)))
    text, values = together(selects)
    rows = fetch(f"SELECT product_id, {_SUMMED} FROM ({text}) GROUP BY product_id", *values)
    return {row[0]: dict(zip(_SUMS, row[1:], strict=True)) for row in rows}


def _told(asked: ReportAsked) -> dict[int, dict[str, Any]]:
    """The products asked for with what is said of them."""
    columns = (Product.id, Product.name, Product.code, Product.category, Product.brand, Product.unit)
    wanted = ProductFilter(asked.text, asked.get("category_id"), State.ALL)
    select = narrowed(Product.select(*columns), wanted)
    if asked.get("brand") is not None:
        select = select.where(Product.brand == asked.get("brand"))
    titles = {one.id: one.title for one in categories()}
    sql, values = select.sql()
    return {
        key: {
            "name": name,
            "code": code,
            "category_id": category_id,
            "category": titles.get(category_id, ""),
            "brand": brand,
            "unit": unit,
        }
        for key, name, code, category_id, brand, unit in fetch(sql, *values)
    }


def _grouped(
    group: str,
    sums: Mapping[int, Mapping[str, int]],
    told: Mapping[int, Mapping[str, Any]],
    *,
    sees_cost: bool,
) -> list[dict[str, Any]]:
    if group == ProductGroup.PRODUCT.key:
        return [
            with_profit({"id": key, **told[key], **one}, sees_cost=sees_cost)
            for key, one in sums.items()
            if key in told
        ]
    groups: dict[Any, list[Mapping[str, int]]] = {}
    names: dict[Any, str] = {}
    for product_id, one in sums.items():
        if (said := told.get(product_id)) is None:
            continue
        by_brand = group == ProductGroup.BRAND.key
        key = said["brand"] if by_brand else said["category_id"] or 0
        names[key] = (said["brand"] or "没有品牌") if by_brand else (said["category"] or "没有分类")
        groups.setdefault(key, []).append(one)
    blank: Row = {"code": "", "category": "", "brand": "", "unit": ""}
    return [
        with_profit({"id": key, "name": names[key], **blank, **added_up(found, _SUMS)}, sees_cost=sees_cost)
        for key, found in groups.items()
    ]
