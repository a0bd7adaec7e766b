"""商品统计: what was sold of each product, category or brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from meiping.domains.catalog.models import Product
from meiping.domains.catalog.queries import ProductFilter, State, categories, narrowed
from meiping.domains.catalog.rules import COST
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.long_table import Fact, LazyRows, LongTable, Value
from meiping.domains.reports.queries.scope import (
    Where,
    bills_where,
    days_of,
    nearest_parts,
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


NO_CATEGORY = 0
"""The id of the row of products without a category."""
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
_SUMMED = ", ".join(f"sum({key}) AS {key}" for key in _SUMS)
_KEPT = f"SELECT product_id, {', '.join(f'{{sign}} * {key} AS {key}' for key in _SUMS)} FROM {{table}} WHERE {{{{where}}}}"
_LINES = """
SELECT l.product_id, l.qty_milli, 0 - min(l.qty_milli, 0) AS returned_milli, l.net_fen,
    CASE WHEN l.qty_milli < 0 THEN 0 - l.net_fen ELSE 0 END AS returns_fen, l.cost_fen
FROM {tables} ON l.sale_id = s.id WHERE {{where}}
"""
_OF_BILLS = _LINES.format(tables="sale s CROSS JOIN sale_line l")
_OF_OWN = _LINES.format(tables="sale_line l CROSS JOIN sale s")
_OF_PRODUCTS = f"""
FROM (SELECT product_id, {_SUMMED} FROM ({{sums}}) GROUP BY product_id) f CROSS JOIN product p ON p.id = f.product_id
WHERE (f.qty_milli OR f.returned_milli OR f.net_fen OR f.cost_fen) AND {{where}}
"""
"""Days that were added with their month and taken off again leave goods behind of which nothing was sold."""
_SOLD = f"""
SELECT p.id, {", ".join(f"f.{key}" for key in _SUMS)}, p.name, p.code, p.category_id, p.brand, p.unit {_OF_PRODUCTS}
ORDER BY f.net_fen DESC, p.name, p.id
"""
_IN_GROUPS = f"SELECT {{key}}, {', '.join(f'sum(f.{key})' for key in _SUMS)} {_OF_PRODUCTS} GROUP BY 1"
_GROUP_KEYS = {ProductGroup.CATEGORY.key: "coalesce(p.category_id, 0)", ProductGroup.BRAND.key: "p.brand"}
_VALUES: dict[str, Value] = {
    **{key: itemgetter(place) for place, key in enumerate(_SUMS, start=1)},
    "sales_fen": lambda fact: fact[3] + fact[4],
    "profit_fen": lambda fact: fact[3] - fact[5],
    **{key: itemgetter(place) for key, place in (("name", 6), ("code", 7), ("brand", 9), ("unit", 10))},
}


@query(VIEW)
def product_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``product_report`` for the actor."""
    return shown_columns(actor, COLUMNS)


@query(VIEW)
def product_report(actor: Actor, asked: ReportAsked) -> Table:
    """What was sold of each product, category or brand (``by``), the most net sales first, with totals.

    Narrowed by ``company_id``, ``category_id`` (with its sub-categories), ``just_category`` (without them,
    NO_CATEGORY for what has none), ``brand``, ``product_id``, who sold it (``person_id``) and words. Only what moved
    in the period is there.
    """
    group = asked.get("by") or ProductGroup.PRODUCT.key
    statement = _SOLD if group == ProductGroup.PRODUCT.key else _IN_GROUPS
    with snapshot():
        sums, values = _sums(actor, asked)
        wanted = _wanted(asked)
        text = statement.format(key=_GROUP_KEYS.get(group), sums=sums, where=wanted.sql)
        facts = fetch(text, *values, *wanted.values)
        titles = {one.id: one.title for one in categories()}
    table = _products if group == ProductGroup.PRODUCT.key else partial(_groups, group)
    return table(actor, asked, facts, titles)


def _sums(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """A select of products with what was sold of them; some stand there several times."""
    company_id, person_id = asked.get("company_id"), asked.get("person_id")
    if whole(actor) and person_id is None:
        parts = nearest_parts(asked.period)
        kept = [(sign, "day", "business_date", days_of(days)) for sign, days in parts.days]
        kept += [(1, unit, unit, span) for unit, span in spans_of(parts.months)]
        selects = [
            (
                _KEPT.format(sign=sign, table=f"product_{table}"),
                sums_where(actor, time, between, company_id=company_id),
            )
            for sign, table, time, between in kept
        ]
    else:
        where = bills_where(actor, asked.period, company_id=company_id, person_id=person_id)
        selects = [(_OF_BILLS, where)]
        if person_id is not None:
            where.add("l.salesperson_id IS NULL")
            own = bills_where(actor, asked.period, company_id=company_id)
            selects.append((_OF_OWN, own.add("l.salesperson_id = ?", person_id)))
    return together(selects)


def _wanted(asked: ReportAsked) -> Where:
    """Which products (``product p``) are asked for."""
    where, category_id = Where(), asked.get("category_id")
    if asked.text.strip() or category_id is not None:
        wanted = ProductFilter(asked.text, category_id, State.ALL)
        where.add_select("p.id", narrowed(Product.select(Product.id), wanted))
    narrow = {
        "just_category": "coalesce(p.category_id, 0) = ?",
        "brand": "p.brand = ?",
        "product_id": "p.id = ?",
    }
    for key, condition in narrow.items():
        if asked.get(key) is not None:
            where.add(condition, asked.get(key))
    return where


def _totals(actor: Actor, facts: Sequence[Fact]) -> dict[str, Any]:
    sums = {key: sum(map(itemgetter(place), facts)) for place, key in enumerate(_SUMS, start=1)}
    return with_profit(sums, sees_cost=actor.can(COST))


def _figures(actor: Actor, fact: Fact, all_fen: int) -> dict[str, Any]:
    found = with_profit(dict(zip(_SUMS, fact[1:6], strict=True)), sees_cost=actor.can(COST))
    return found | {"share_bp": ratio_bp(found["net_fen"], all_fen)}


def _products(
    actor: Actor, asked: ReportAsked, facts: Sequence[Fact], titles: Mapping[int, str]
) -> LongTable:
    totals = _totals(actor, facts)
    all_fen = totals["net_fen"]
    if len({fact[10] for fact in facts}) != 1:
        totals |= _UNKNOWN

    def make(some: Sequence[Fact]) -> list[Row]:
        return [_row(actor, fact, titles, all_fen) for fact in some]

    columns, period = product_columns(actor), asked.period.show()
    return LongTable("商品统计", columns, LazyRows(facts, make), totals, period, values=_VALUES)


_UNKNOWN = {"qty_milli": None, "returned_milli": None}
"""Pieces and kilograms don't add up."""


def _row(actor: Actor, fact: Fact, titles: Mapping[int, str], all_fen: int) -> Row:
    name, code, category_id, brand, unit = fact[6:]
    told = {"id": fact[0], "name": name, "code": code, "category": titles.get(category_id, "")}
    return {**told, "brand": brand, "unit": unit, **_figures(actor, fact, all_fen)}


def _groups(
    group: str, actor: Actor, asked: ReportAsked, facts: Sequence[Fact], titles: Mapping[int, str]
) -> Table:
    totals = _totals(actor, facts)
    all_fen = totals["net_fen"]
    by_brand = group == ProductGroup.BRAND.key
    blank: Row = {"code": "", "category": "", "brand": "", "unit": ""}
    rows = []
    for fact in facts:
        name = (fact[0] or "没有品牌") if by_brand else titles.get(fact[0], "没有分类")
        rows.append({"id": fact[0], "name": name, **blank, **_figures(actor, fact, all_fen)})
    rows.sort(key=lambda row: (-row["net_fen"], row["name"]))
    return Table("商品统计", product_columns(actor), rows, totals | _UNKNOWN, asked.period.show())
