"""Whose birthday comes in the next days, solar and lunar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from peewee import fn

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.kernel.actor import Actor
from meiping.kernel.birthdays import birth_month_days, written
from meiping.store.unit_of_work import query

WEEK = 7


@dataclass(frozen=True, slots=True)
class ComingBirthday:
    """A customer and the day on which the birthday is kept."""

    customer_id: int
    name: str
    day: date


@query(VIEW)
def coming_birthdays(actor: Actor, *, days: int = WEEK) -> list[ComingBirthday]:
    """Customers in the actor's scope with a birthday from today on, within so many days, the next one first."""
    ahead = [actor.today() + timedelta(days=number) for number in range(days)]
    kept: dict[tuple[bool, str], date] = {}
    for day in reversed(ahead):
        for lunar in (False, True):
            kept |= dict.fromkeys(((lunar, end) for end in written(birth_month_days(day, lunar=lunar))), day)
    if not kept:
        return []
    end_of = fn.substr(Customer.birth_date, 6)
    born: list[Any] = [
        (Customer.birthday_lunar == lunar) & end_of.in_([end for one, end in kept if one is lunar])
        for lunar in (False, True)
    ]
    rows = (
        Customer.select(
            Customer.id, Customer.name, Customer.phone, Customer.birthday_lunar, end_of.coerce(False)
        )
        .where(
            Customer.birth_date.is_null(False),
            reduce(or_, born),
            Customer.deleted_at.is_null(),
            Customer.id.in_(visible_customers(actor)),
        )
        .tuples()
    )
    found = [
        ComingBirthday(row_id, shown_name(name, phone), kept[bool(lunar), end])
        for row_id, name, phone, lunar, end in cast("Iterable[tuple[Any, ...]]", rows)
    ]
    return sorted(found, key=lambda one: (one.day, one.customer_id))
