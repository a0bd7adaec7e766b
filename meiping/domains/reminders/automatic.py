"""Reminders that make themselves: birthdays, next contact dates, debts that fall due, services that end.

They follow from other tables. A pass compares what should be there with what is: it adds, changes and removes
reminders that are not done; what was done stays done. ``origin`` names the cause and its day, each only once:
``birthday/customer/12/2026-03-04``. They are for the customer's owner, or, where none is in use, for the
administrator of the longest standing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meiping.domains.audit import service as audit
from meiping.domains.reminders.causes import KINDS, chunks, marks
from meiping.domains.reminders.models import Reminder
from meiping.domains.reminders.rules import MORNING, USE, Repeat, Schedule
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import Work, query, verb


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A reminder that should be there."""

    customer_id: int | None
    operator_id: int
    subject: str
    day: date
    days_ahead: int

    @property
    def due_at(self) -> int:
        return Schedule(self.day, MORNING, Repeat.ONCE, days_ahead=self.days_ahead).at(0)


@dataclass(frozen=True, slots=True)
class _Open:
    """An automatic reminder that is not done."""

    id: int
    origin: str
    as_it_is: _Wanted


@dataclass(frozen=True, slots=True)
class _Plan:
    added: Mapping[str, _Wanted]
    changed: Mapping[int, _Wanted]
    removed: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@query(USE)
def automatic_outdated(actor: Actor) -> bool:
    """Whether ``renew_automatic`` has anything to do now. Reads only the days near ``actor.today()``."""
    return bool(_plan(actor.today()))


@verb(USE)
def renew_automatic(work: Work) -> int:
    """Make the automatic reminders of all operators what they should be today; gives how many were touched."""
    plan = _plan(work.day)
    added = [{"origin": origin, "created_at": work.at, **_columns(one)} for origin, one in plan.added.items()]
    for some in chunks(added):
        Reminder.insert_many(some).execute()
    for reminder_id, wanted in plan.changed.items():
        Reminder.update(**_columns(wanted)).where(Reminder.id == reminder_id).execute()
    for gone in chunks(plan.removed):
        Reminder.delete().where(Reminder.id.in_(gone)).execute()
    touched = len(plan.added) + len(plan.changed) + len(plan.removed)
    if touched:
        summary = (
            f"自动提醒：添加 {len(plan.added)} 条，更新 {len(plan.changed)} 条，移除 {len(plan.removed)} 条"
        )
        audit.record(work, "reminder.automatic", summary)
        work.changed(Topic.REMINDERS)
    return touched


def _columns(wanted: _Wanted) -> dict[str, Any]:
    return {
        "customer": wanted.customer_id,
        "operator": wanted.operator_id,
        "subject": wanted.subject,
        "first_date": wanted.day,
        "time_of_day": f"{MORNING:%H:%M}",
        "repeat": Repeat.ONCE.key,
        "days_ahead": wanted.days_ahead,
        "due_at": wanted.due_at,
    }


# ------------------------------------------------------------------ the comparison
def _plan(today: date) -> _Plan:
    there = {one.origin: one for one in _open_ones()}
    wanted = dict(_wanted(today, list(there.values())))
    missing = {origin: one for origin, one in wanted.items() if origin not in there}
    done = {
        row[0]
        for some in chunks(list(missing))
        for row in fetch(f"SELECT origin FROM reminder WHERE origin IN ({marks(some)})", *some)
    }
    return _Plan(
        added={origin: one for origin, one in missing.items() if origin not in done},
        changed={
            one.id: wanted[origin]
            for origin, one in there.items()
            if origin in wanted and wanted[origin] != one.as_it_is
        },
        removed=[one.id for origin, one in there.items() if origin not in wanted],
    )


def _open_ones() -> Iterator[_Open]:
    rows = fetch(
        "SELECT id, origin, customer_id, operator_id, subject, first_date, days_ahead"
        " FROM reminder INDEXED BY reminder_due WHERE done_at IS NULL AND origin IS NOT NULL"
    )
    for reminder_id, origin, customer_id, operator_id, subject, first_date, days_ahead in rows:
        day = date.fromisoformat(first_date)
        yield _Open(reminder_id, origin, _Wanted(customer_id, operator_id, subject, day, days_ahead))


def _wanted(today: date, there: Sequence[_Open]) -> Iterator[tuple[str, _Wanted]]:
    """All that should be there: what the near days ask for, and what is there already with its cause unchanged."""
    recipient = _recipients()
    for key, (prefix, find) in KINDS.items():
        if not option(f"reminders.{key}"):
            continue
        days_ahead = int(option(f"reminders.{key}_days"))
        told = _days_by_record(prefix, there)
        for cause in find(today, today + timedelta(days=days_ahead), told):
            operator_id = recipient(cause.owner_id)
            if operator_id is not None:
                origin = f"{prefix}/{cause.record_id}/{cause.day.isoformat()}"
                yield origin, _Wanted(cause.customer_id, operator_id, cause.subject, cause.day, days_ahead)


def _days_by_record(prefix: str, there: Sequence[_Open]) -> dict[int, set[date]]:
    """The days that reminders of a kind are there for, by customer, contact or service term."""
    days: dict[int, set[date]] = {}
    for one in there:
        kind, _, record = one.origin.rpartition("/")[0].rpartition("/")
        if kind == prefix:
            days.setdefault(int(record), set()).add(one.as_it_is.day)
    return days


def _recipients() -> Callable[[int | None], int | None]:
    """Who is told for an owner: the owner if in use, else the administrator of the longest standing."""
    active = {row[0] for row in fetch("SELECT id FROM operator WHERE active")}
    administrator: int | None = fetch_value(
        "SELECT min(o.id) FROM operator o JOIN operator_role x ON x.operator_id = o.id"
        " JOIN role r ON r.id = x.role_id WHERE o.active AND r.administrator"
    )
    return lambda owner_id: owner_id if owner_id in active else administrator
