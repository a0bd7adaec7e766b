"""客户业务统计: what each customer bought, and the sums a salesperson's report is made of too."""

from __future__ import annotations

from typing import Any

from meiping.domains.catalog.rules import COST
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import (
    Where,
    bills_where,
    parts_of,
    ratio_bp,
    shown_columns,
    sums_where,
    together,
    whole,
    with_profit,
)
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store import search_index
from meiping.store.database import fetch
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
_KEPT = f"SELECT salesperson_id, customer_id, {', '.join(SUMS)} FROM customer_month WHERE {{where}}"
_BILLS = """
SELECT coalesce(s.salesperson_id, 0) AS salesperson_id, coalesce(s.customer_id, 0) AS customer_id,
    s.kind <> 'return' AS bills, s.total_fen AS net_fen,
    CASE s.kind WHEN 'sale' THEN 0 ELSE coalesce((
        SELECT 0 - sum(net_fen) FROM sale_line WHERE sale_id = s.id AND qty_milli < 0), 0) END AS returns_fen,
    s.discount_fen - s.rounding_fen AS discount_fen, s.cost_fen
FROM sale s WHERE {where}
"""


KIN = "kin (id, survivor_id) AS MATERIALIZED (SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL)"
"""For ``WITH``: who was merged into whom; few, so that looking there costs nothing."""
OF_KIN = "LEFT JOIN kin ON kin.id = b.customer_id"
SURVIVOR = "coalesce(kin.survivor_id, b.customer_id)"


def bought(actor: Actor, asked: ReportAsked) -> tuple[str, list[Any]]:
    """A select of salesperson, customer and sums of what was bought in the period, with its values.

    For reports of this room; narrowed by ``company_id`` and ``person_id`` and to the actor's scope.
    """
    company_id, person_id = asked.get("company_id"), asked.get("person_id")

    def of_bills(period: Any) -> tuple[str, Where]:
        return _BILLS, bills_where(actor, period, company_id=company_id, person_id=person_id)

    if not whole(actor):
        return together([of_bills(asked.period)])
    parts = parts_of(asked.period)
    selects = [of_bills(days) for days in parts.days]
    if parts.months:
        where = sums_where(actor, "month", parts.months, company_id=company_id)
        if person_id is not None:
            where.add("salesperson_id = ?", person_id)
        selects.append((_KEPT, where))
    return together(selects)


@query(VIEW)
def customer_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``customer_report`` for the actor."""
    return shown_columns(actor, COLUMNS)


@query(VIEW)
def customer_report(actor: Actor, asked: ReportAsked) -> Table:
    """What each customer bought, the most net sales first, with totals; bills without a customer are one row.

    What was bought by one merged into another is the other's. Narrowed by ``company_id``, the bill's salesperson
    ``person_id``, the customer's ``level_id`` and words.
    """
    text, values = bought(actor, asked)
    where = _narrowed(asked)
    summed, kept = (
        ", ".join(f"sum(b.{key}) AS {key}" for key in SUMS),
        ", ".join(f"t.{key}" for key in SUMS),
    )
    rows = fetch(
        f"WITH {KIN}, b AS MATERIALIZED (SELECT b.customer_id, {summed} FROM ({text}) b GROUP BY 1),"
        f" t AS MATERIALIZED (SELECT {SURVIVOR} AS id, {summed} FROM b {OF_KIN} GROUP BY 1)"
        f" SELECT t.id, k.name, k.code, k.phone, v.name, o.name, {kept}"
        " FROM t LEFT JOIN customer k ON k.id = t.id LEFT JOIN level v ON v.id = k.level_id"
        f" LEFT JOIN operator o ON o.id = k.owner_id WHERE {where.sql}",
        *values,
        *where.values,
    )
    sees_cost = actor.can(COST)
    sums = {key: sum(row[place] for row in rows) for place, key in enumerate(SUMS, start=6)}
    totals = with_profit(sums, sees_cost=sees_cost)
    totals["average_fen"] = _average(totals["sales_fen"], totals["bills"])
    found = [_row(row, sums["net_fen"], sees_cost=sees_cost) for row in rows]
    found.sort(key=lambda row: (-row["net_fen"], row["id"]))
    return Table("客户业务统计", customer_columns(actor), found, totals, asked.period.show())


def _narrowed(asked: ReportAsked) -> Where:
    where = Where()
    if asked.get("level_id") is not None:
        where.add("k.level_id = ?", asked.get("level_id"))
    if asked.text.strip():
        matching = search_index.records(asked.text, kind=CUSTOMER)
        if matching is None:
            where.add("instr(k.name, ?)", asked.text.strip())
        else:
            where.add(f"t.id IN {matching.sql}", *(matching.params or ()))
    return where


def _row(row: tuple[Any, ...], all_fen: int, *, sees_cost: bool) -> dict[str, Any]:
    key, name, code, phone, level, owner, bills, net_fen, returns_fen, discount_fen, cost_fen = row
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
