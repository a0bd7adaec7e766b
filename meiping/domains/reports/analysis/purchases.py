"""What customers bought, a line a customer, within what the actor sees; merged ones count as the survivor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from peewee import fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.analysis.rules import Bought, CutPoints
from meiping.domains.reports.queries.scope import Where, days_of
from meiping.domains.reports.rules import Period
from meiping.domains.settings.models import Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor, Scope
from meiping.store.database import fetch

YEAR = timedelta(days=365)
_FEW_DAYS = timedelta(days=92)


def cut_points() -> CutPoints:
    """Where the owner drew the lines."""
    return CutPoints(
        option("analysis.near_days"),
        option("analysis.lost_days"),
        option("analysis.often"),
        option("analysis.much_yuan") * 100,
        option("analysis.slip_times"),
    )


_FAMILIES = (
    "s.customer_id IN (SELECT id FROM customer WHERE merged_into_id IS NOT NULL"
    " UNION SELECT merged_into_id FROM customer WHERE merged_into_id IS NOT NULL)"
)
"""Bills of customers who were merged, and of those they were merged into."""


def _by_customer(
    actor: Actor, figures: str, values: Sequence[Any], period: Period
) -> dict[int, Sequence[Any]]:
    """Figures of the bills of a period by whom they count for, of customers the actor sees.

    Everybody is added up alone, in one pass over the bills, then the few who were merged again together: that is four
    times as quick as looking for each bill's survivor.
    """
    day = "s.business_date" if _short(period) else "+s.business_date"
    where = Where().add("+s.customer_id IS NOT NULL").add(f"{day} BETWEEN ? AND ?", *days_of(period))
    if actor.scope() is not Scope.ALL:
        where.add("s.company_id = ?", actor.company_id)
        where.add_select("s.customer_id", visible_customers(actor))
    alone = f"SELECT +s.customer_id, {figures} FROM sale s WHERE {where.sql} GROUP BY +s.customer_id"
    found = {who: row for who, *row in fetch(alone, *values, *where.values)}
    for twin, _survivor in fetch("SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL"):
        found.pop(twin, None)
    merged = (
        f"SELECT coalesce(c.merged_into_id, c.id), {figures} FROM sale s JOIN customer c ON c.id = s.customer_id"
        f" WHERE {where.sql} AND {_FAMILIES} GROUP BY 1"
    )
    return found | {who: row for who, *row in fetch(merged, *values, *where.values)}


def _short(period: Period) -> bool:
    """Whether its bills are found sooner by their days than by reading all there are."""
    if period.first is None or period.last is None:
        return False
    return period.last - period.first <= _FEW_DAYS


_BOUGHT_ON = "CASE WHEN s.kind <> 'return' THEN s.business_date END"
_EVER = f"""min({_BOUGHT_ON}), max({_BOUGHT_ON}), count(DISTINCT {_BOUGHT_ON}), sum(s.kind <> 'return'),
    sum(s.total_fen), sum(s.kind <> 'return' AND s.business_date > ?),
    sum(CASE WHEN s.business_date > ? THEN s.total_fen ELSE 0 END)"""


def bought_ever(actor: Actor) -> dict[int, Bought]:
    """Everybody's purchases up to today, by customer; those who only brought something back are not among them."""
    lately = (actor.today() - YEAR).isoformat()
    rows = _by_customer(actor, _EVER, (lately, lately), Period(None, actor.today()))
    return {
        who: Bought(date.fromisoformat(first), date.fromisoformat(last), *figures)
        for who, (first, last, *figures) in rows.items()
        if first is not None
    }


def spent_within(actor: Actor, period: Period) -> dict[int, tuple[int, int, date]]:
    """By customer: net fen, bills and the last day, of those with any bill or return in the period."""
    figures = "sum(s.total_fen), sum(s.kind <> 'return'), max(s.business_date)"
    rows = _by_customer(actor, figures, (), period)
    return {who: (net, bills, date.fromisoformat(last)) for who, (net, bills, last) in rows.items()}


def people(actor: Actor) -> dict[int, Mapping[str, Any]]:
    """Name, phone, level and salesperson of everybody in the actor's list of customers. Needs the right to see them."""
    actor.require(VIEW_CUSTOMERS)
    rows = (
        Customer.select(
            Customer.id,
            Customer.name,
            Customer.phone,
            fn.coalesce(Level.name, "").alias("level"),
            fn.coalesce(Operator.name, "").alias("owner"),
        )
        .left_outer_join(Level, on=(Customer.level == Level.id))
        .switch(Customer)
        .left_outer_join(Operator, on=(Customer.owner == Operator.id))
        .where(Customer.deleted_at.is_null(), Customer.id.in_(visible_customers(actor)))
        .dicts()
    )
    return {
        row["id"]: {**row, "name": shown_name(row["name"], row["phone"])}
        for row in cast("Iterable[dict[str, Any]]", rows)
    }
