"""进销存: what lay there, came in, was sold, went out otherwise, and lies there after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from meiping.domains.catalog.models import Product
from meiping.domains.catalog.queries import ProductFilter, State, categories, narrowed
from meiping.domains.catalog.rules import COST
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import (
    Where,
    add_companies,
    days_of,
    nearest_parts,
    spans_of,
    sums_where,
    together,
)
from meiping.domains.reports.rules import VIEW, Period
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch, snapshot
from meiping.store.unit_of_work import query

_QUANTITIES = ("opening_milli", "in_milli", "sold_milli", "out_milli", "closing_milli")
_VALUES = ("opening_fen", "in_fen", "sold_fen", "out_fen", "adjusted_fen", "closing_fen")
_TITLES = {
    "opening": "期初",
    "in": "入库",
    "sold": "销售",
    "out": "其他出库",
    "adjusted": "成本调整",
    "closing": "结存",
}
COLUMNS = (
    Column("name", "商品", width=20, stretch=True),
    Column("code", "编码", Kind.CODE, width=9, hidden=True),
    Column("category", "分类", width=14, hidden=True),
    Column("unit", "单位", width=5),
    *(Column(key, _TITLES[key.split("_")[0]], Kind.QUANTITY, width=9) for key in _QUANTITIES),
    *(
        Column(
            key,
            f"{_TITLES[key.split('_')[0]]}金额",
            Kind.MONEY,
            width=13,
            hidden=key in ("opening_fen", "in_fen", "adjusted_fen"),
        )
        for key in _VALUES
    ),
)
_KEPT = "SELECT product_id, flow, qty_milli, value_fen FROM {table} WHERE {{where}}"
_MOVES = """
SELECT product_id, CASE WHEN nature = '成本调整' THEN 'adjusted'
    WHEN source_kind = 'sale' AND nature <> '退货报损' THEN 'sold' WHEN qty_milli > 0 THEN 'in' ELSE 'out' END AS flow,
    {sign} * qty_milli AS qty_milli, {sign} * value_fen AS value_fen
FROM stock_move INDEXED BY stock_move_date WHERE {{where}}
"""
_LYING = "SELECT product_id, sum(qty_milli), sum(value_fen) FROM stock WHERE {where} GROUP BY product_id"


@query(VIEW)
def stock_flow_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``stock_flow_report``: values at cost only for those who may see costs."""
    return tuple(column for column in COLUMNS if column.key not in _VALUES or actor.can(COST))


@query(VIEW)
def stock_flow_report(actor: Actor, asked: ReportAsked) -> Table:
    """Quantities and values of each product before, in and after the period, with totals of the values.

    ``sold`` is less what customers brought back. Narrowed by ``company_id`` (below the scope of all: the actor's
    own), ``category_id`` and words.
    """
    with snapshot():
        sums = _sums(actor, asked)
        told = _told(asked)
    sees_cost = actor.can(COST)
    rows = []
    for product_id, flows in sums.items():
        if product_id in told and any(any(pair) for pair in flows.values()):
            figures = _figures(flows)
            if not sees_cost:
                figures = {key: value for key, value in figures.items() if key not in _VALUES}
            rows.append({"id": product_id, **told[product_id], **figures})
    rows.sort(key=lambda row: (row["name_key"], row["id"]))
    keys = [key for key in _VALUES if sees_cost]
    if len({row["unit"] for row in rows}) == 1:
        keys += _QUANTITIES
    totals = {key: sum(row[key] for row in rows) for key in keys}
    return Table("进销存", stock_flow_columns(actor), rows, totals, asked.period.show())


def _figures(flows: dict[str, tuple[int, int]]) -> dict[str, int]:
    def of(flow: str) -> tuple[int, int]:
        return flows.get(flow, (0, 0))

    found = {"opening_milli": of("before")[0], "opening_fen": of("before")[1]}
    found |= {"in_milli": of("in")[0], "in_fen": of("in")[1]}
    found |= {"sold_milli": -of("sold")[0], "sold_fen": -of("sold")[1]}
    found |= {"out_milli": -of("out")[0], "out_fen": -of("out")[1], "adjusted_fen": of("adjusted")[1]}
    found["closing_milli"] = sum(qty for qty, _ in flows.values())
    found["closing_fen"] = sum(fen for _, fen in flows.values())
    return found


def _sums(actor: Actor, asked: ReportAsked) -> dict[int, dict[str, tuple[int, int]]]:
    """Quantity and value by product and flow, all of what was before the period as one.

    What was before is what lies there now less all that moved since: of late periods little is to be read for it.
    """
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for product_id, flow, qty, fen in _moved(actor, asked, asked.period, "product_id, flow"):
        found.setdefault(product_id, {})[flow] = (qty, fen)
    if asked.period.first is None:
        return found
    now = add_companies(Where(), actor, asked.get("company_id"))
    lying = fetch(_LYING.format(where=now.sql), *now.values)
    before = {product_id: (qty, fen) for product_id, qty, fen in lying}
    if asked.period.last is not None:
        after = Period(asked.period.last + timedelta(days=1), None)
        for product_id, qty, fen in _moved(actor, asked, after, "product_id"):
            there = before.get(product_id, (0, 0))
            before[product_id] = (there[0] - qty, there[1] - fen)
    for product_id, (qty, fen) in before.items():
        flows = found.setdefault(product_id, {})
        here = list(flows.values())
        flows["before"] = (qty - sum(one for one, _ in here), fen - sum(one for _, one in here))
    return found


def _moved(actor: Actor, asked: ReportAsked, period: Period, by: str) -> list[tuple[Any, ...]]:
    """Quantity and value that moved in a period."""
    selects: list[tuple[str, Where]] = []
    parts = nearest_parts(period)
    for sign, days in parts.days:
        where = Where().add("business_date BETWEEN ? AND ?", *days_of(days))
        selects.append((_MOVES.format(sign=sign), add_companies(where, actor, asked.get("company_id"))))
    for unit, span in spans_of(parts.months):
        where = sums_where(actor, unit, span, company_id=asked.get("company_id"))
        selects.append((_KEPT.format(table=f"stock_{unit}"), where))
    text, values = together(selects)
    return fetch(f"SELECT {by}, sum(qty_milli), sum(value_fen) FROM ({text}) GROUP BY {by}", *values)


def _told(asked: ReportAsked) -> dict[int, dict[str, Any]]:
    columns = (Product.id, Product.name, Product.name_key, Product.code, Product.category, Product.unit)
    wanted = ProductFilter(asked.text, asked.get("category_id"), State.ALL)
    sql, values = narrowed(Product.select(*columns), wanted).sql()
    titles = {one.id: one.title for one in categories()}
    return {
        key: {
            "name": name,
            "name_key": name_key,
            "code": code,
            "category": titles.get(category_id, ""),
            "unit": unit,
        }
        for key, name, name_key, code, category_id, unit in fetch(sql, *values)
    }
