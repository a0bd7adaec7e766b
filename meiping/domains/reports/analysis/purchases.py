"""What customers bought, a line a customer, within what the actor sees; merged ones count as the survivor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.analysis.rules import CutPoints
from meiping.domains.reports.queries.customers import told
from meiping.domains.reports.queries.scope import (
    Where,
    add_companies,
    days_of,
    few_days,
    parts_of,
    together,
)
from meiping.domains.reports.rules import Period
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor, Scope
from meiping.store.database import fetch, fetch_value

YEAR = timedelta(days=365)


def cut_points() -> CutPoints:
    """Where the owner drew the lines."""
    return CutPoints(
        option("analysis.near_days"),
        option("analysis.lost_days"),
        option("analysis.often"),
        option("analysis.much_yuan") * 100,
        option("analysis.slip_times"),
    )


_KIN = "kin (id, survivor_id) AS MATERIALIZED (SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL)"
_APART = """
apart (id) AS MATERIALIZED (SELECT id FROM kin UNION SELECT survivor_id FROM kin{several})
"""
_SEVERAL = " UNION SELECT customer_id FROM customer_total GROUP BY customer_id HAVING count(*) > 1"
_BOUGHT_ON = "CASE WHEN s.kind <> 'return' THEN s.business_date END"
_EVER = f"""
ever (id, first_date, last_date, days, bills, net_fen) AS (
    SELECT customer_id, first_date, last_date, days, bills, net_fen FROM customer_total
    WHERE {{kept}} AND customer_id NOT IN (SELECT id FROM apart)
    UNION ALL
    SELECT coalesce(kin.survivor_id, s.customer_id), min({_BOUGHT_ON}), max({_BOUGHT_ON}),
        count(DISTINCT {_BOUGHT_ON}), sum(s.kind <> 'return'), sum(s.total_fen)
    FROM sale s LEFT JOIN kin ON kin.id = s.customer_id
    WHERE s.customer_id IN (SELECT id FROM apart) AND {{bills}} GROUP BY 1)
"""
"""What everybody bought up to now. Days of those who were merged, or went to several companies, don't add up: theirs
are counted from the bills."""
_KEPT = "SELECT customer_id, bills, net_fen FROM {table} WHERE {{where}}"
_BILLS = "SELECT s.customer_id, s.kind <> 'return' AS bills, s.total_fen AS net_fen FROM sale s WHERE {where}"
Select = tuple[str, list[Any]]


def companies_of(actor: Actor, column: str = "company_id") -> Where:
    """The companies whose bills count: all, or below that scope the actor's own."""
    where = Where()
    return where if actor.scope() is Scope.ALL else where.add(f"{column} = ?", actor.company_id)


def ever(actor: Actor) -> Select:
    """For ``WITH``: the table ``ever`` of what everybody bought up to now, by the survivor of those who were merged."""
    kept, bills = companies_of(actor), companies_of(actor, "s.company_id")
    several = _SEVERAL if actor.scope() is Scope.ALL and _trade_in_several() else ""
    text = _EVER.format(kept=kept.sql, bills=bills.sql)
    return f"{_KIN}, {_APART.format(several=several)}, {text}", [*kept.values, *bills.values]


def _trade_in_several() -> bool:
    return bool(fetch_value("SELECT count(DISTINCT company_id) > 1 FROM person_month"))


def spent(actor: Actor, period: Period) -> Select:
    """A select of customer, bills and net fen of the period; some stand there several times, and merged ones alone."""

    def kept(table: str) -> tuple[str, Where]:
        return _KEPT.format(table=table), companies_of(actor).add("customer_id <> 0")

    if period == Period():
        return together([kept("customer_total")])
    parts = parts_of(period)
    selects = []
    for days in parts.days:
        day = "s.business_date" if few_days(days) else "+s.business_date"
        where = companies_of(actor, "s.company_id").add("+s.customer_id IS NOT NULL")
        selects.append((_BILLS, where.add(f"{day} BETWEEN ? AND ?", *days_of(days))))
    if parts.months:
        text, where = kept("customer_month")
        by_key = add_companies(where, actor, None)  # named one by one, so that the key's order helps
        selects.append((text, by_key.add("month BETWEEN ? AND ?", *parts.months)))
    return together(selects)


def added_up(text: str, period: Period) -> str:
    """A select of customer, net fen and bills, a row each, of the select ``spent`` gave for a period."""
    if period == Period() and not _trade_in_several():
        return f"SELECT customer_id, net_fen, bills FROM ({text})"
    return f"SELECT customer_id, sum(net_fen), sum(bills) FROM ({text}) GROUP BY customer_id"


def seen(actor: Actor) -> Where:
    """Which customers (``customer c``) are in the actor's list. Raises PermissionDenied without the right to see them."""
    actor.require(VIEW_CUSTOMERS)
    where = Where().add("c.deleted_at IS NULL")
    return where if actor.scope() is Scope.ALL else where.add_select("c.id", visible_customers(actor))


def seen_ids(actor: Actor) -> set[int]:
    """The ids of the customers in the actor's list. Raises PermissionDenied without the right to see them."""
    where = seen(actor)
    return {row[0] for row in fetch(f"SELECT c.id FROM customer c WHERE {where.sql}", *where.values)}


def count_seen(actor: Actor) -> int:
    """How many customers are in the actor's list. Raises PermissionDenied without the right to see them."""
    where = seen(actor)
    if actor.scope() is Scope.ALL:  # counting all and the few deleted reads two small indexes
        return int(
            fetch_value(f"SELECT (SELECT count(*) FROM customer) - (SELECT count(*) FROM ({_DELETED}))")
        )
    return int(fetch_value(f"SELECT count(*) FROM customer c WHERE {where.sql}", *where.values))


_DELETED = "SELECT id FROM customer WHERE deleted_at IS NOT NULL"
"""Named by an index of their own: far fewer than those who are left."""


def seen_among(actor: Actor, column: str) -> Where:
    """Which customers named by a column are in the actor's list; 0 stands for nobody and is not.

    Raises PermissionDenied without the right to see them.
    """
    where = seen(actor)
    if actor.scope() is Scope.ALL:
        return Where().add(f"{column} <> 0 AND {column} NOT IN ({_DELETED})")
    return Where().add(f"{column} IN (SELECT c.id FROM customer c WHERE {where.sql})", *where.values)


def left_out(actor: Actor, facts: Sequence[tuple[int, ...]]) -> frozenset[int]:
    """Whom of the customers that begin these facts the actor has not in his list.

    Raises PermissionDenied without the right to see them.
    """
    if actor.scope() is not Scope.ALL:
        return frozenset(fact[0] for fact in facts) - seen_ids(actor)
    seen(actor)
    return frozenset(row[0] for row in fetch(_DELETED))


def rounded(numerator: str, denominator: str) -> str:
    """In SQL what ``rounded_ratio`` makes of two numbers, where neither is negative."""
    return f"((2 * ({numerator}) + ({denominator})) / (2 * ({denominator})))"


def any_merged() -> bool:
    """Whether some customer was merged into another."""
    return bool(fetch_value("SELECT EXISTS (SELECT 1 FROM customer WHERE merged_into_id IS NOT NULL)"))


def last_days(actor: Actor, period: Period, ids: Sequence[int]) -> dict[int, date]:
    """The last day of a period with a bill or return, of some customers who have one."""
    where = companies_of(actor, "s.company_id").add("s.business_date BETWEEN ? AND ?", *days_of(period))
    marks = ", ".join("?" * len(ids))
    rows = fetch(
        "SELECT coalesce(k.merged_into_id, k.id), max(s.business_date) FROM customer k"
        " CROSS JOIN sale s ON s.customer_id = k.id"
        f" WHERE (k.id IN ({marks}) OR k.merged_into_id IN ({marks})) AND {where.sql} GROUP BY 1",
        *ids,
        *ids,
        *where.values,
    )
    return {key: date.fromisoformat(day) for key, day in rows}


_WHO = """
SELECT c.id, c.name, c.phone, coalesce(v.name, ''), coalesce(o.name, '')
FROM customer c LEFT JOIN level v ON v.id = c.level_id LEFT JOIN operator o ON o.id = c.owner_id WHERE c.id IN ({marks})
"""


def who(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Name, phone, level and salesperson of some customers."""
    return {
        key: {"id": key, "name": shown_name(name, phone), "phone": phone, "level": level, "owner": owner}
        for key, (name, phone, level, owner) in told(_WHO, ids).items()
    }
