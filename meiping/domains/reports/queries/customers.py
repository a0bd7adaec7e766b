"""客户业务统计: what each customer bought, and the sums a salesperson's report is made of too."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from meiping.domains.catalog.rules import COST
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.asking import ANYTIME, ReportAsked
from meiping.domains.reports.long_table import Fact, LazyRows, LongTable, Value
from meiping.domains.reports.queries.scope import (
    Where,
    add_companies,
    bills_where,
    parts_of,
    ratio_bp,
    shown_columns,
    sums_where,
    together,
    whole,
    with_profit,
)
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.sales.line_people import lines_count_apart
from meiping.kernel.actor import Actor
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Row
from meiping.store import search_index
from meiping.store.database import fetch, fetch_value, snapshot
from meiping.store.unit_of_work import query

NOBODY = 0
"""The id of the row of bills without a customer."""
COLUMNS = (
    Column("name", "客户", width=20, stretch=True),
    Column("code", "编号", Kind.CODE, width=9, hidden=True),
    Column("phone", "电话", Kind.PHONE, width=14, hidden=True),
    Column("level", "等级", width=7),
    Column("owner", "业务员", width=9, hidden=True),
    Column("bills", "单数", Kind.NUMBER, width=7),
    Column("sales_fen", "销售额", Kind.MONEY, width=13, hidden=True),
    Column("returns_fen", "退货", Kind.MONEY, width=11, hidden=True),
    Column("net_fen", "净销售额", Kind.MONEY, width=13),
    Column("share_bp", "占比", Kind.PERCENT, width=8),
    Column("discount_fen", "优惠", Kind.MONEY, width=11, hidden=True),
    Column("average_fen", "客单价", Kind.MONEY, width=11),
    Column("cost_fen", "成本", Kind.MONEY, width=12, hidden=True),
    Column("profit_fen", "毛利", Kind.MONEY, width=12),
    Column("margin_bp", "毛利率", Kind.PERCENT, width=8),
)
SUMS = ("bills", "net_fen", "returns_fen", "discount_fen", "cost_fen")
_SUMMED = ", ".join(f"sum({key}) AS {key}" for key in SUMS)
_KEPT = f"SELECT salesperson_id, customer_id, {', '.join(SUMS)} FROM customer_month WHERE {{where}}"
_KEPT_OF_PEOPLE = (
    f"SELECT salesperson_id, 0 AS customer_id, {', '.join(SUMS)} FROM person_month WHERE {{where}}"
)
_KEPT_FOR_EVER = (
    f"SELECT 0 AS salesperson_id, customer_id, {', '.join(SUMS)} FROM customer_total WHERE {{where}}"
)
_BILLS = """
SELECT coalesce(s.salesperson_id, 0) AS salesperson_id, coalesce(s.customer_id, 0) AS customer_id,
    s.kind <> 'return' AS bills, s.total_fen AS net_fen,
    CASE s.kind WHEN 'sale' THEN 0 ELSE coalesce((
        SELECT 0 - sum(net_fen) FROM sale_line WHERE sale_id = s.id AND qty_milli < 0), 0) END AS returns_fen,
    s.discount_fen - s.rounding_fen AS discount_fen, s.cost_fen
FROM sale s WHERE {where}
"""
_OF_LINES = """
SELECT {person} AS salesperson_id, coalesce(s.customer_id, 0) AS customer_id, 0 AS bills, {sign} l.net_fen AS net_fen,
    CASE WHEN l.qty_milli < 0 THEN 0 - ({sign} l.net_fen) ELSE 0 END AS returns_fen,
    {sign} ((l.list_price_fen * l.qty_milli + CASE WHEN l.qty_milli < 0 THEN 0 - 500 ELSE 500 END) / 1000 - l.net_fen)
        AS discount_fen, {sign} l.cost_fen AS cost_fen
FROM sale s CROSS JOIN sale_line l INDEXED BY sale_line_own ON l.sale_id = s.id AND l.salesperson_id IS NOT NULL
WHERE {{where}}
"""
_TO_OWN = _OF_LINES.format(person="l.salesperson_id", sign="")
_FROM_BILLS = _OF_LINES.format(person="coalesce(s.salesperson_id, 0)", sign="0 -")
_TRADING = "SELECT count(DISTINCT company_id) FROM person_month"
_WHO = """
SELECT k.id, k.name, k.code, k.phone, v.name, o.name
FROM customer k LEFT JOIN level v ON v.id = k.level_id LEFT JOIN operator o ON o.id = k.owner_id WHERE k.id IN ({marks})
"""
_NO_ONE = ("", "", "", "", "")
_VALUES: dict[str, Value] = {
    "bills": lambda fact: fact[1],
    "sales_fen": lambda fact: fact[2] + fact[3],
    "returns_fen": lambda fact: fact[3],
    "net_fen": lambda fact: fact[2],
    "discount_fen": lambda fact: fact[4],
    "cost_fen": lambda fact: fact[5],
    "profit_fen": lambda fact: fact[2] - fact[5],
}


def bought(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """A select of salesperson, customer and sums of what was bought in the period, with its values.

    A line with a salesperson of its own counts for him, the bill itself for the bill's. A bill stands there several
    times where it has such lines. For reports of this room; narrowed by ``company_id`` and ``person_id`` and to the
    actor's scope.
    """
    return _bought(actor, asked, _KEPT)


def bought_by_person(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """As ``bought``, without telling the customers apart."""
    return _bought(actor, asked, _KEPT_OF_PEOPLE)


def bought_by_customer(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """As ``bought``, without telling the salespersons apart."""
    if _for_ever(actor, asked):
        return together([(_KEPT_FOR_EVER, add_companies(Where(), actor, asked.get("company_id")))])
    return _bought(actor, asked, _KEPT, people=asked.get("person_id") is not None)


def _for_ever(actor: Actor, asked: ReportAsked) -> bool:
    return asked.period == ANYTIME and whole(actor) and asked.get("person_id") is None


def _bought(actor: Actor, asked: ReportAsked, kept: str, *, people: bool = True) -> tuple[str, list[Any]]:
    """``people``: salespersons are told apart, so that lines of their own matter."""
    company_id, person_id = asked.get("company_id"), asked.get("person_id")

    def of_bills(period: Period) -> list[tuple[str, Where]]:
        selects = [(_BILLS, bills_where(actor, period, company_id=company_id, person_id=person_id))]
        if people and lines_count_apart():
            own = bills_where(actor, period, company_id=company_id)
            if person_id is not None:
                own.add("l.salesperson_id = ?", person_id)
            selects += [(_FROM_BILLS, selects[0][1]), (_TO_OWN, own)]
        return selects

    if not whole(actor):
        return together(of_bills(asked.period))
    parts = parts_of(asked.period)
    selects = [select for days in parts.days for select in of_bills(days)]
    if parts.months:
        where = sums_where(actor, "month", parts.months, company_id=company_id)
        if person_id is not None:
            where.add("salesperson_id = ?", person_id)
        selects.append((kept, where))
    return together(selects)


@query(VIEW)
def customer_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``customer_report`` for the actor."""
    return shown_columns(actor, COLUMNS)


@query(VIEW)
def customer_report(actor: Actor, asked: ReportAsked) -> LongTable:
    """What each customer bought, the most net sales first, with totals; bills without a customer are one row.

    What was bought by one merged into another is the other's. Narrowed by ``company_id``, by who
    sold it (``person_id``), by the customer's ``level_id`` and words.
    """
    text, values = bought_by_customer(actor, asked)
    with snapshot():
        one_each = _for_ever(actor, asked) and fetch_value(_TRADING) == 1
        summed, grouped = (", ".join(SUMS), "") if one_each else (_SUMMED, "GROUP BY 1")
        facts = fetch(f"SELECT b.customer_id, {summed} FROM ({text}) b {grouped} ORDER BY 3 DESC, 1", *values)
        facts = added_to_survivors(facts, by=2)
        wanted = _narrowed(asked)
    if wanted is not None:
        facts = [fact for fact in facts if fact[0] in wanted]
    sees_cost = actor.can(COST)
    sums = {key: sum(map(itemgetter(place), facts)) for place, key in enumerate(SUMS, start=1)}
    totals = with_profit(sums, sees_cost=sees_cost)
    totals["average_fen"] = _average(totals["sales_fen"], totals["bills"])

    def make(some: Sequence[Fact]) -> list[Row]:
        who = told(_WHO, [fact[0] for fact in some])
        return [_row(fact, who.get(fact[0], _NO_ONE), sums["net_fen"], sees_cost=sees_cost) for fact in some]

    rows = LazyRows(facts, make)
    return LongTable(
        "客户业务统计", customer_columns(actor), rows, totals, asked.period.show(), values=_VALUES
    )


def told(statement: str, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What a select with ``{marks}`` for some ids says of each; its first column is the id."""
    marks = ", ".join("?" * len(ids))
    return {row[0]: row[1:] for row in fetch(statement.format(marks=marks), *ids)}


def added_to_survivors(facts: list[Fact], *, by: int) -> list[Fact]:
    """Sums by customer, with those of customers who were merged added to whom they were merged into.

    They stand in order of the sum at ``by``, the largest first, then of the customer, and do so again.
    """
    kin = dict(fetch("SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL"))
    if not kin:
        return facts
    apart = {*kin, *kin.values()}
    found: dict[Any, Fact] = {}
    for fact in facts:
        if (whose := fact[0]) in apart:
            survivor = kin.get(whose, whose)
            before = found.get(survivor, (survivor, *(0 for _ in fact[1:])))
            found[survivor] = (survivor, *(a + b for a, b in zip(before[1:], fact[1:], strict=True)))
    alone = [fact for fact in facts if fact[0] not in apart]
    for one in found.values():
        insort(alone, one, key=lambda fact: (-fact[by], fact[0]))
    return alone


def _narrowed(asked: ReportAsked) -> set[int] | None:
    """The customers asked for by level and words; None where all are."""
    where = Where()
    if asked.get("level_id") is not None:
        where.add("k.level_id = ?", asked.get("level_id"))
    if asked.text.strip():
        matching = search_index.records(asked.text, kind=CUSTOMER)
        if matching is None:
            where.add("instr(k.name, ?)", asked.text.strip())
        else:
            where.add(f"k.id IN {matching.sql}", *(matching.params or ()))
    if not where.parts:
        return None
    return {row[0] for row in fetch(f"SELECT k.id FROM customer k WHERE {where.sql}", *where.values)}


def _row(fact: Fact, who: tuple[Any, ...], all_fen: int, *, sees_cost: bool) -> dict[str, Any]:
    key, bills, net_fen, returns_fen, discount_fen, cost_fen = fact
    name, code, phone, level, owner = who
    found = {
        "id": key,
        "name": shown_name(name, phone) if key else "散客",
        "code": code or "",
        "phone": phone or "",
        "level": level or "",
        "owner": owner or "",
        "bills": bills,
        "sales_fen": net_fen + returns_fen,
        "returns_fen": returns_fen,
        "net_fen": net_fen,
        "share_bp": ratio_bp(net_fen, all_fen),
        "discount_fen": discount_fen,
        "average_fen": _average(net_fen + returns_fen, bills),
    }
    if sees_cost:
        profit_fen = net_fen - cost_fen
        found |= {"cost_fen": cost_fen, "profit_fen": profit_fen, "margin_bp": ratio_bp(profit_fen, net_fen)}
    return found


def _average(sales_fen: int, bills: int) -> int | None:
    return rounded_ratio(sales_fen, bills) if bills else None
