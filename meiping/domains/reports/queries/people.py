"""业务员业务统计: what each salesperson sold, against the month's target, and the commission it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.catalog.rules import COST
from meiping.domains.customers.queries import visible_customers
from meiping.domains.reports.asking import ANYTIME, ReportAsked
from meiping.domains.reports.models import SalesTarget
from meiping.domains.reports.queries.customers import SUMS, bought, bought_by_customer, bought_by_person
from meiping.domains.reports.queries.scope import (
    Where,
    add_companies,
    added_up,
    days_of,
    few_days,
    month_of,
    ratio_bp,
    shown_columns,
    whole,
    with_profit,
)
from meiping.domains.reports.rules import VIEW, commission_fen
from meiping.domains.settings.options import COMMISSION_NONE, COMMISSION_ON_PROFIT
from meiping.domains.settings.queries import option
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch, snapshot
from meiping.store.unit_of_work import query

NOBODY = 0
"""The id of the row of bills without a salesperson."""
COLUMNS = (
    Column("name", "业务员", width=18, stretch=True),
    Column("bills", "单数", Kind.NUMBER, width=7),
    Column("customers", "服务客户", Kind.NUMBER, width=9),
    Column("new_customers", "新增客户", Kind.NUMBER, width=9),
    Column("sales_fen", "销售额", Kind.MONEY, width=13, hidden=True),
    Column("returns_fen", "退货", Kind.MONEY, width=11, hidden=True),
    Column("net_fen", "净销售额", Kind.MONEY, width=13),
    Column("target_fen", "目标", Kind.MONEY, width=12),
    Column("reached_bp", "完成率", Kind.PERCENT, width=8),
    Column("cost_fen", "成本", Kind.MONEY, width=12, hidden=True),
    Column("profit_fen", "毛利", Kind.MONEY, width=12),
    Column("margin_bp", "毛利率", Kind.PERCENT, width=8),
    Column("commission_fen", "提成", Kind.MONEY, width=11),
)


def _shows_commission(actor: Actor) -> bool:
    """Commission on profit would tell what goods cost."""
    base = option("commission.base")
    return base != COMMISSION_NONE and (base != COMMISSION_ON_PROFIT or actor.can(COST))


@query(VIEW)
def people_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``people_report``; commission where the shop pays one."""
    shown = shown_columns(actor, COLUMNS)
    return tuple(c for c in shown if c.key != "commission_fen" or _shows_commission(actor))


@query(VIEW)
def people_report(actor: Actor, asked: ReportAsked) -> Table:
    """What each salesperson sold, the most net sales first, with totals; bills without one are a row of their own.

    What a line brought counts for its own salesperson where it has one; ``bills`` are counted for whose bills they are.
    ``customers`` were served in the period, ``new_customers`` (his own) registered in it. Targets are those of all
    months the period touches. Commission follows the shop's rule; returns take it back. Narrowed by ``company_id``.
    """
    with snapshot():
        sums = _sums(actor, asked)
        fresh = _new_customers(actor, asked)
        targets = _targets(actor, asked)
        names = {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
        served = _served(actor, asked)
    rows = [
        _row(
            actor,
            person,
            {"customers": served.get(person, 0), **sums.get(person, {})},
            fresh.get(person, 0),
            targets.get(person),
            names,
        )
        for person in sums.keys() | fresh.keys() | targets.keys()
    ]
    rows.sort(key=lambda row: (-row["net_fen"], row["id"]))
    totals: dict[str, Any] = with_profit(added_up(sums.values(), SUMS), sees_cost=actor.can(COST))
    totals |= {"customers": served.get(None, 0), "new_customers": sum(fresh.values())}
    totals |= _reached(totals["net_fen"], sum(targets.values()) or None)
    if _shows_commission(actor):
        totals["commission_fen"] = sum(row["commission_fen"] for row in rows)
    return Table("业务员业务统计", people_columns(actor), rows, totals, asked.period.show())


def _row(
    actor: Actor,
    person: int,
    sums: Mapping[str, int],
    fresh: int,
    target_fen: int | None,
    names: Mapping[int, str],
) -> dict[str, Any]:
    found = with_profit({**dict.fromkeys(SUMS, 0), **sums}, sees_cost=actor.can(COST))
    found |= {"id": person, "name": names.get(person, "没有业务员"), "new_customers": fresh}
    found |= _reached(found["net_fen"], target_fen)
    if _shows_commission(actor):
        on_profit = option("commission.base") == COMMISSION_ON_PROFIT
        base_fen = found["profit_fen"] if on_profit else found["net_fen"]
        found["commission_fen"] = commission_fen(base_fen, option("commission.permille")) if person else 0
    return found


def _reached(net_fen: int, target_fen: int | None) -> dict[str, int | None]:
    return {"target_fen": target_fen, "reached_bp": ratio_bp(net_fen, target_fen or 0)}


def _sums(actor: Actor, asked: ReportAsked) -> dict[int, dict[str, int]]:
    text, values = bought_by_person(actor, asked)
    summed = ", ".join(f"sum(b.{key})" for key in SUMS)
    rows = fetch(f"SELECT b.salesperson_id, {summed} FROM ({text}) b GROUP BY 1", *values)
    return {row[0]: dict(zip(SUMS, row[1:], strict=True)) for row in rows}


_KIN = "WITH kin (id, survivor_id) AS MATERIALIZED (SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL)"


def _served(actor: Actor, asked: ReportAsked) -> dict[int | None, int]:
    """How many customers bought something, by person and under None of all; one merged into another is the other's.

    Who sold a line of a bill served its customer as who made the bill.
    """
    merged = fetch("SELECT EXISTS (SELECT 1 FROM customer WHERE merged_into_id IS NOT NULL)")[0][0]
    kin, whose = "LEFT JOIN kin ON kin.id = b.customer_id", "coalesce(kin.survivor_id, b.customer_id)"
    if not merged:
        kin, whose = "", "b.customer_id"
    found: dict[int | None, int] = {}
    for person, (text, values) in (
        ("b.salesperson_id", bought(actor, asked)),
        ("NULL", bought_by_customer(actor, asked)),
    ):
        found |= fetch(
            f"{_KIN} SELECT {person}, count(DISTINCT {whose}) FROM ({text}) b {kin}"
            " WHERE (b.bills > 0 OR b.net_fen + b.returns_fen > 0) AND b.customer_id <> 0 GROUP BY 1",
            *values,
        )
    return found


def _new_customers(actor: Actor, asked: ReportAsked) -> dict[int, int]:
    """How many customers were registered in the period, by whom they belong to now."""
    where = Where().add("c.owner_id IS NOT NULL")
    if asked.period == ANYTIME:  # so the index of owners is enough
        where.add("c.id NOT IN (SELECT id FROM customer WHERE deleted_at IS NOT NULL)")
    else:
        day = "c.created_date" if few_days(asked.period) else "+c.created_date"
        where.add(f"c.deleted_at IS NULL AND {day} BETWEEN ? AND ?", *days_of(asked.period))
    if actor.scope() is not Scope.ALL or asked.get("company_id") is not None:
        add_companies(where, actor, asked.get("company_id"), "c.company_id")
    if not whole(actor):
        where.add_select("c.id", visible_customers(actor))
    return dict(
        fetch(f"SELECT c.owner_id, count(*) FROM customer c WHERE {where.sql} GROUP BY 1", *where.values)
    )


def _targets(actor: Actor, asked: ReportAsked) -> dict[int, int]:
    """The targets of the months touched; who does not see a whole company sees his own."""
    first, last = days_of(asked.period)
    months = first[:7], min(last[:7], month_of(actor.today())) if asked.period.last is None else last[:7]
    where = Where().add("month BETWEEN ? AND ?", *months)
    if not whole(actor):
        where.add("operator_id = ?", actor.operator_id)
    return dict(
        fetch(
            f"SELECT operator_id, sum(amount_fen) FROM sales_target WHERE {where.sql} GROUP BY 1",
            *where.values,
        )
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What a salesperson is to sell in a month, in fen; None where nothing is set."""

    operator_id: int
    name: str
    amount_fen: int | None


@query(MANAGE_SETTINGS)
def targets_of(actor: Actor, month: str) -> list[Target]:
    """Every active operator with the target of a month (``2026-11``)."""
    set_before: Iterable[SalesTarget] = SalesTarget.select().where(SalesTarget.month == month)
    amounts = {target.operator_id: target.amount_fen for target in set_before}
    people = Operator.select(Operator.id, Operator.name).where(Operator.active).order_by(Operator.id)
    return [Target(one.id, one.name, amounts.get(one.id)) for one in people]
