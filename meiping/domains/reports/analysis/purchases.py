"""What customers bought, a line a customer, within what the actor sees; merged ones count as the survivor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from peewee import Case, fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.analysis.rules import Bought, CutPoints
from meiping.domains.reports.rules import Period
from meiping.domains.sales.models import Sale
from meiping.domains.settings.models import Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor, Scope

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


def _bills(actor: Actor, *columns: Any) -> Any:
    """Bills of customers the actor sees, grouped by whom they count for."""
    whose = fn.coalesce(Customer.merged_into, Sale.customer)
    select = Sale.select(whose.alias("whose"), *columns).join(Customer, on=(Sale.customer == Customer.id))
    if actor.scope() is not Scope.ALL:
        select = select.where(Sale.company == actor.company_id, Sale.customer.in_(visible_customers(actor)))
    return select.group_by(whose)


def bought_ever(actor: Actor) -> dict[int, Bought]:
    """Everybody's purchases up to today, by customer; those who only brought something back are not among them."""
    sold = Sale.kind != "return"
    lately = Sale.business_date > actor.today() - YEAR
    bought_on = Case(None, [(sold, Sale.business_date)])
    select = _bills(
        actor,
        fn.MIN(bought_on).coerce(False),
        fn.MAX(bought_on).coerce(False),
        fn.COUNT(bought_on.distinct()),
        fn.SUM(sold),
        fn.SUM(Sale.total_fen),
        fn.SUM(sold & lately),
        fn.SUM(Case(None, [(lately, Sale.total_fen)], 0)),
    ).where(Sale.business_date <= actor.today())
    return {
        whose: Bought(date.fromisoformat(first), date.fromisoformat(last), *figures)
        for whose, first, last, *figures in cast("Iterable[tuple[Any, ...]]", select.tuples())
        if first is not None
    }


def spent_within(actor: Actor, period: Period) -> dict[int, tuple[int, int, date]]:
    """By customer: net fen, bills and the last day, of those with any bill or return in the period."""
    select = _bills(
        actor, fn.SUM(Sale.total_fen), fn.SUM(Sale.kind != "return"), fn.MAX(Sale.business_date).coerce(False)
    )
    if period.first is not None:
        select = select.where(Sale.business_date >= period.first)
    if period.last is not None:
        select = select.where(Sale.business_date <= period.last)
    rows = cast("Iterable[tuple[int, int, int, str]]", select.tuples())
    return {whose: (net, bills, date.fromisoformat(last)) for whose, net, bills, last in rows}


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
