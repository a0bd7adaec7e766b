"""How the shop stands today: figures against other days, and what waits; each only for who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import fn

from meiping.domains.contacts.queries import VisitCounts, visit_counts
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import CustomerFilter, customer_list, visible_customers
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.desk.rules import COMPARED, compared_day
from meiping.domains.expenses.queries import undecided
from meiping.domains.expenses.rules import APPROVE
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.office.queries import OwnTasks, own_tasks
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.receivables.debtors import DebtorFilter, debtors
from meiping.domains.reminders.coming_birthdays import ComingBirthday, coming_birthdays
from meiping.domains.renewals.queries import ExpiringServices, expiring_services
from meiping.domains.reports.queries import summary
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.models import Sale
from meiping.domains.sales.queries import in_scope
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.stock.queries import low_stock
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.domains.support.queries import CaseCounts, case_counts
from meiping.domains.support.rules import VIEW as VIEW_CASES
from meiping.kernel.actor import Actor
from meiping.kernel.permissions import OPEN
from meiping.store.database import fetch_value, snapshot
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day. ``sums`` are the totals of the summary of the day, without cost and profit for who may not see them.

    New customers and the ids of those who had bought before are None for who may not see customers.
    """

    day: date
    sums: Mapping[str, Any]
    new_customers: int | None
    returning: tuple[int, ...] | None


@query(VIEW)
def day_figures(actor: Actor) -> dict[str, DayFigures]:
    """Today under ``today`` and the days of ``COMPARED`` under their keys, all at one instant."""
    today = actor.today()
    days = {"today": today} | {key: compared_day(key, today) for key, _ in COMPARED}
    with snapshot():
        return {key: _of_day(actor, day) for key, day in days.items()}


def _of_day(actor: Actor, day: date) -> DayFigures:
    sums = summary(actor, Period(day, day)).totals
    if not actor.can(VIEW_CUSTOMERS):
        return DayFigures(day, sums, None, None)
    created = customer_list(actor, CustomerFilter(created_from=day, created_until=day)).count()
    return DayFigures(day, sums, created, tuple(_came_again(actor, day)))


def _came_again(actor: Actor, day: date) -> list[int]:
    """Customers the actor sees who bought something on the day, and not for the first time."""
    whose = fn.coalesce(Customer.merged_into, Customer.id)
    sold = in_scope(actor, Sale.select(whose).join(Customer, on=(Sale.customer == Customer.id)))
    today = sold.where(Sale.business_date == day, Sale.kind != "return").distinct()
    came = [row[0] for row in cast("Iterable[tuple[int]]", today.tuples())]
    if not came:
        return []
    seen = visible_customers(actor).where(Customer.id.in_(came), Customer.deleted_at.is_null())
    return [row.id for row in seen if _bought_before(row.id, day)]


def _bought_before(customer_id: int, day: date) -> bool:
    earlier = (
        "SELECT 1 FROM sale WHERE customer_id IN (SELECT id FROM customer WHERE id = ?1 OR merged_into_id = ?1)"
        " AND business_date < ?2 AND kind <> 'return' LIMIT 1"
    )
    return bool(fetch_value(earlier, customer_id, day.isoformat()))


# ------------------------------------------------------------------ what waits
@dataclass(frozen=True, slots=True)
class OverdueDebts:
    """How many customers owe the company what should have been paid by now, and how many fen of it."""

    customers: int
    fen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be kept an eye on; None for what the actor may not see."""

    held: int | None
    visits: VisitCounts | None
    birthdays: tuple[ComingBirthday, ...] | None
    overdue: OverdueDebts | None
    low: int | None
    tasks: OwnTasks | None
    approvals: Mapping[str, int] | None
    """Expenses and advances that wait for a decision, by their kind."""
    services: ExpiringServices | None
    """None too where no service was ever sold."""
    cases: CaseCounts | None
    """None too where no service case is open."""


@query(OPEN)
def what_waits(actor: Actor) -> Waiting:
    """Bills put aside, visits, birthdays of the next days, debts overdue and goods running low, one's own tasks, what
    waits for one's approval, services that end.
    """
    with snapshot():
        customers = actor.can(VIEW_CUSTOMERS)
        return Waiting(
            held=len(held_carts(actor)) if actor.can(CHECKOUT) else None,
            visits=visit_counts(actor) if customers else None,
            birthdays=tuple(coming_birthdays(actor)) if customers else None,
            overdue=_overdue(actor) if customers and actor.can(VIEW_MONEY) else None,
            low=low_stock(actor).count() if actor.can(VIEW_STOCK) else None,
            tasks=own_tasks(actor) if actor.can(USE_TASKS) else None,
            approvals=undecided(actor) if actor.can(APPROVE) else None,
            services=expiring_services(actor) if customers and fetch_value(_ANY_SERVICE) else None,
            cases=_open_cases(actor) if actor.can(VIEW_CASES) else None,
        )


def _open_cases(actor: Actor) -> CaseCounts | None:
    found = case_counts(actor)
    return found if found.open else None


_ANY_SERVICE = "SELECT 1 FROM service_term LIMIT 1"


def _overdue(actor: Actor) -> OverdueDebts:
    late = debtors(actor, narrow=DebtorFilter(least_days=1))
    return OverdueDebts(late.count(), late.totals["overdue_fen"])
