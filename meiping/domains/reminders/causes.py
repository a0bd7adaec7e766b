"""What automatic reminders come from: looked up near a day, and again for those that are there already."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from meiping.domains.office.rules import due_subject
from meiping.domains.reminders.rules import SUBJECT_LIMIT, TASK_ORIGIN
from meiping.domains.renewals.ending import EndingService, ending_between, still_open
from meiping.domains.sales.due_dates import earliest_due_dates
from meiping.kernel.birthdays import birth_month_days, is_birthday, lunar_words, written
from meiping.store.database import fetch

BIRTHDAY_MISSED_DAYS, CONTACT_MISSED_DAYS, SERVICE_MISSED_DAYS = 3, 31, 31
"""How long ago such a day may lie and still be told for the first time: the shop was closed."""
TASK_MISSED_DAYS = 31
"""The same for a task's last day."""
_CHUNK = 500
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Cause:
    """A customer's, contact's or service's day that asks for a reminder; ``owner_id`` is None in the public pool."""

    record_id: int
    customer_id: int | None
    owner_id: int | None
    day: date
    subject: str


Told = Mapping[int, Collection[date]]
"""The days that reminders are there for, by customer, contact or service term."""
Find = Callable[[date, date, Told], Iterator[Cause]]
"""Causes for today, the last day to look at, and what is there: those of the near days, and of what is there."""


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """As many at a time as a statement takes."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def marks(items: Sequence[object]) -> str:
    """A question mark each."""
    return ", ".join("?" * len(items))


# ------------------------------------------------------------------ birthdays
_YEARS = "WITH RECURSIVE years (y) AS (SELECT 1900 UNION ALL SELECT y + 1 FROM years WHERE y < ?)"
_CUSTOMERS = (
    "SELECT c.id, c.id, c.owner_id, c.birth_date, c.birthday_lunar, '' FROM {near} customer c"
    " WHERE c.deleted_at IS NULL AND {met}"
)
_CONTACTS = (
    "SELECT p.id, c.id, c.owner_id, p.birth_date, p.birthday_lunar, p.name FROM {near} contact p"
    " CROSS JOIN customer o ON o.id = p.customer_id"
    " CROSS JOIN customer c ON c.id = coalesce(o.merged_into_id, o.id)"
    " WHERE p.deleted_at IS NULL AND c.deleted_at IS NULL AND {met}"
)


def _birthdays(select: str, person: str, today: date, last: date, told: Told) -> Iterator[Cause]:
    """The birthdays from some days ago to ``last``, and older ones that were told and stand as they stood."""
    first = today - timedelta(days=BIRTHDAY_MISSED_DAYS)
    days = {first + timedelta(days=offset) for offset in range((last - first).days + 1)}
    rows = {row[0]: row for row in _born_on(select, person, days)}
    for some in chunks(list(told)):
        known = select.format(
            near="", met=f"{person}.birth_date IS NOT NULL AND {person}.id IN ({marks(some)})"
        )
        rows |= {row[0]: row for row in fetch(known, *some)}
    for record_id, customer_id, owner_id, written_date, lunar, name in rows.values():
        born = date.fromisoformat(written_date)
        for day in days.union(told.get(record_id, ())):
            if is_birthday(day, born, lunar=bool(lunar)):
                yield Cause(record_id, customer_id, owner_id, day, _subject(born, bool(lunar), name))


def _born_on(select: str, person: str, days: Collection[date]) -> Sequence[tuple[Any, ...]]:
    """Who keeps a birthday on one of the days: each year of birth by itself, on the index over whole dates."""
    keys = {
        (key, lunar)
        for day in days
        for lunar in (False, True)
        for key in written(birth_month_days(day, lunar=lunar))
    }
    values = ", ".join(f"('{key}', {int(lunar)})" for key, lunar in sorted(keys))
    near = select.format(
        near="kept CROSS JOIN years CROSS JOIN",
        met=f"{person}.birth_date = years.y || '-' || kept.month_day AND {person}.birthday_lunar = kept.lunar",
    )
    return fetch(f"{_YEARS}, kept (month_day, lunar) AS (VALUES {values}) {near}", max(days).year)


def _subject(born: date, lunar: bool, contact: str) -> str:
    whose = f"联系人 {contact} " if contact else ""
    return f"{whose}农历生日 {lunar_words(born)}" if lunar else f"{whose}生日 {born.month} 月 {born.day} 日"


# ------------------------------------------------------------------ next contacts, debts
def _next_contacts(today: date, last: date, told: Told) -> Iterator[Cause]:
    select = "SELECT id, owner_id, next_contact_date FROM customer WHERE deleted_at IS NULL AND "
    first = today - timedelta(days=CONTACT_MISSED_DAYS)
    rows = fetch(f"{select} next_contact_date BETWEEN ? AND ?", first.isoformat(), last.isoformat())
    found = {row[0]: row for row in rows}
    for some in chunks(list(told)):
        rows = fetch(f"{select} next_contact_date <= ? AND id IN ({marks(some)})", last.isoformat(), *some)
        found |= {row[0]: row for row in rows if date.fromisoformat(row[2]) in told[row[0]]}
    for customer_id, owner_id, day in found.values():
        yield Cause(customer_id, customer_id, owner_id, date.fromisoformat(day), "约好联系")


def _payments_due(today: date, last: date, told: Told) -> Iterator[Cause]:
    for customer_id, owner_id, day in earliest_due_dates():
        if day <= last:
            yield Cause(customer_id, customer_id, owner_id, day, "赊账到期")


# ------------------------------------------------------------------ services
def _services_ending(today: date, last: date, told: Told) -> Iterator[Cause]:
    first = today - timedelta(days=SERVICE_MISSED_DAYS)
    found: dict[int, EndingService] = {one.term_id: one for one in ending_between(first, last)}
    for some in chunks(list(told)):
        found |= {one.term_id: one for one in still_open(some) if one.end in told[one.term_id]}
    for one in found.values():
        subject = f"服务到期 {one.product}"[:SUBJECT_LIMIT]
        yield Cause(one.term_id, one.customer_id, one.owner_id, one.end, subject)


# ------------------------------------------------------------------ tasks
def _tasks_due(today: date, last: date, told: Told) -> Iterator[Cause]:
    """For who is to do it, whoever looks after the customer."""
    select = "SELECT id, customer_id, assignee_id, due_date, title FROM task WHERE state = 'open' AND deleted_at IS NULL"
    first = today - timedelta(days=TASK_MISSED_DAYS)
    rows = fetch(f"{select} AND due_date BETWEEN ? AND ?", first.isoformat(), last.isoformat())
    found = {row[0]: row for row in rows}
    for some in chunks(list(told)):
        rows = fetch(f"{select} AND due_date <= ? AND id IN ({marks(some)})", last.isoformat(), *some)
        found |= {row[0]: row for row in rows if date.fromisoformat(row[3]) in told[row[0]]}
    for task_id, customer_id, assignee_id, day, title in found.values():
        yield Cause(task_id, customer_id, assignee_id, date.fromisoformat(day), due_subject(title))


KINDS: Mapping[str, tuple[str, Find]] = {
    "birthday": ("birthday/customer", partial(_birthdays, _CUSTOMERS, "c")),
    "contact_birthday": ("birthday/contact", partial(_birthdays, _CONTACTS, "p")),
    "next_contact": ("next_contact/customer", _next_contacts),
    "payment_due": ("payment_due/customer", _payments_due),
    "task_due": (TASK_ORIGIN, _tasks_due),
    "service_expiry": ("service_expiry/term", _services_ending),
}
"""The kinds by the name of their switch: how origins begin, and what finds the causes."""
