"""进销存: what lay there, came in, was sold, went out otherwise, and lies there after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any

from meiping.domains.catalog.models import Product
from meiping.domains.catalog.queries import ProductFilter, State, categories, narrowed
from meiping.domains.catalog.rules import COST
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.long_table import Fact, LazyRows, LongTable, Value
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
from meiping.kernel.tabular import Column, Kind, Row, Table
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
_LYING = "SELECT product_id, 'closing' AS flow, qty_milli, value_fen FROM stock WHERE {where}"
_SINCE = "SELECT product_id, 'closing', 0 - qty_milli, 0 - value_fen FROM ({moved})"
_FLOWS = ("in", "sold", "out", "adjusted", "closing")
_SUMMED = ", ".join(
    f"coalesce(sum({what}) FILTER (WHERE flow = '{flow}'), 0) AS {flow}_{unit}"
    for unit, what in (("milli", "qty_milli"), ("fen", "value_fen"))
    for flow in _FLOWS
)
_MOVED = {unit: " + ".join(f"{flow}_{unit}" for flow in _FLOWS[:-1]) for unit in ("milli", "fen")}
"""What came less what went within the period."""
_GOODS = f"""
WITH moved AS (SELECT product_id, {_SUMMED} FROM ({{moves}}) GROUP BY product_id),
figures AS (
    SELECT product_id, {{opening_milli}} AS opening_milli, in_milli, 0 - sold_milli AS sold_milli,
        0 - out_milli AS out_milli, {{closing_milli}} AS closing_milli, {{opening_fen}} AS opening_fen, in_fen,
        0 - sold_fen AS sold_fen, 0 - out_fen AS out_fen, adjusted_fen, {{closing_fen}} AS closing_fen, adjusted_milli
    FROM moved)
SELECT p.id, {", ".join((*_QUANTITIES, *_VALUES))}, p.name, p.code, p.category_id, p.unit
FROM figures CROSS JOIN product p ON p.id = product_id
WHERE ({" OR ".join((*_QUANTITIES[:-1], *_VALUES[:-1], "adjusted_milli"))}) AND {{where}}
ORDER BY p.name_key, p.id
"""
_PLACES: dict[str, Value] = {
    key: itemgetter(place) for place, key in enumerate((*_QUANTITIES, *_VALUES, "name", "code"), start=1)
}


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
        text, values = _asking(actor, asked)
        facts = fetch(text, *values)
        titles = {one.id: one.title for one in categories()}
    figures = (*_QUANTITIES, *_VALUES) if actor.can(COST) else _QUANTITIES
    keys = list(figures[len(_QUANTITIES) :])
    if len({fact[-1] for fact in facts}) == 1:
        keys += _QUANTITIES
    totals = {key: sum(map(_PLACES[key], facts)) for key in keys}

    def make(some: Sequence[Fact]) -> list[Row]:
        return [_row(fact, figures, titles) for fact in some]

    columns, period = stock_flow_columns(actor), asked.period.show()
    return LongTable("进销存", columns, LazyRows(facts, make), totals, period, values=_PLACES)


def _row(fact: Fact, figures: Sequence[str], titles: Mapping[int, str]) -> Row:
    name, code, category_id, unit = fact[-4:]
    told = {"id": fact[0], "name": name, "code": code, "category": titles.get(category_id, ""), "unit": unit}
    return told | dict(zip(figures, fact[1:], strict=False))


def _asking(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """What lay there, moved and lies there of each product asked for, by name.

    What lies there at the end is what lies there now less all that moved since, and what lay there before is that less
    all that moved meanwhile: of late periods little is to be read for it. Without a first day nothing lay there before.
    """
    company_id, period = asked.get("company_id"), asked.period
    moves, values = _moved(actor, asked, period)
    ends = {f"opening_{unit}": "0" for unit in _MOVED} | {f"closing_{unit}": _MOVED[unit] for unit in _MOVED}
    if period.first is not None:
        now = add_companies(Where(), actor, company_id)
        moves, values = f"{moves} UNION ALL {_LYING.format(where=now.sql)}", [*values, *now.values]
        if period.last is not None:
            since, more = _moved(actor, asked, Period(period.last + timedelta(days=1), None))
            moves, values = f"{moves} UNION ALL {_SINCE.format(moved=since)}", [*values, *more]
        ends = {f"opening_{unit}": f"closing_{unit} - ({_MOVED[unit]})" for unit in _MOVED}
        ends |= {f"closing_{unit}": f"closing_{unit}" for unit in _MOVED}
    where = Where()
    if asked.text.strip() or asked.get("category_id") is not None:
        wanted = ProductFilter(asked.text, asked.get("category_id"), State.ALL)
        where.add_select("p.id", narrowed(Product.select(Product.id), wanted))
    return _GOODS.format(moves=moves, where=where.sql, **ends), [*values, *where.values]


def _moved(actor: Actor, asked: ReportAsked, period: Period) -> tuple[str, list[Any]]:
    """A select of product, flow, quantity and value that moved in a period; some stand there several times."""
    selects: list[tuple[str, Where]] = []
    parts = nearest_parts(period)
    for sign, days in parts.days:
        where = Where().add("business_date BETWEEN ? AND ?", *days_of(days))
        selects.append((_MOVES.format(sign=sign), add_companies(where, actor, asked.get("company_id"))))
    for unit, span in spans_of(parts.months):
        where = sums_where(actor, unit, span, company_id=asked.get("company_id"))
        selects.append((_KEPT.format(table=f"stock_{unit}"), where))
    return together(selects)
