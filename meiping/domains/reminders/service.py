"""Verbs about reminders: adding, changing, doing, putting off, and telling each once."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from peewee import SQL

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, visible_customers
from meiping.domains.reminders.models import Reminder
from meiping.domains.reminders.queries import standing_of, visible_reminder
from meiping.domains.reminders.rules import (
    FOLLOWS,
    KIND,
    LONGEST_SNOOZE,
    USE,
    ReminderInput,
    Repeat,
    check_content,
    check_subject,
    occurrence_at,
)
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.moments import show_moment, to_ms
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


@verb(USE)
def add_reminder(work: Work, *, reminder: ReminderInput) -> int:
    """Add a reminder and give its id. A repeating one that began in the past waits for its next coming.

    Raises InputError for a time that has passed.
    """
    row = Reminder.create(
        **_columns(work, reminder, customer_before=None),
        **_fresh_start(work, reminder),
        created_at=work.at,
    )
    _written(work, "reminder.add", "添加提醒", row.id)
    return int(row.id)


REMIND_MANY = "remind_many"
"""The token that confirms that many reminders are added at once."""


@verb(USE)
def remind_of_many(
    work: Work,
    *,
    customer_ids: Collection[int],
    reminder: ReminderInput,
    owners: bool = False,
    confirmed: frozenset[str] = frozenset(),
) -> list[int]:
    """Add the same reminder about each of many customers and give their ids; asks first, telling how many.

    With ``owners`` each customer's own salesperson is reminded, where there is one. Raises InputError for customers
    outside the actor's scope, and for a time that has passed.
    """
    wanted = list(dict.fromkeys(customer_ids))
    listed = SQL("(SELECT value FROM json_each(?))", [json.dumps(wanted)])
    seen = Customer.select(Customer.id, Customer.owner).where(
        Customer.id.in_(listed), Customer.id.in_(visible_customers(work.actor)), Customer.deleted_at.is_null()
    )
    owner_of = {row.id: row.owner_id for row in seen}
    if not wanted or len(owner_of) < len(wanted):
        raise InputError("有客户已经删除，或者不在您的查看范围内，请刷新后再试。", field="customer_id")
    if REMIND_MANY not in confirmed:
        question = f"给 {len(wanted):,} 位客户各添加一条“{check_subject(reminder.subject)}”的提醒吗？"
        raise NeedsConfirmation(REMIND_MANY, question, verb="添加")
    columns = _columns(work, replace(reminder, customer_id=None), customer_before=None)
    columns |= {**_fresh_start(work, reminder), "created_at": work.at}
    working = {row.id for row in Operator.select(Operator.id).where(Operator.active)}
    made = []
    for customer_id in wanted:
        owner = owner_of[customer_id] if owners else None
        whom = owner if owner in working else columns["operator"]
        made.append(int(Reminder.create(**{**columns, "customer": customer_id, "operator": whom}).id))
    audit.record(work, "reminder.add_many", f"给 {len(made):,} 位客户添加提醒")
    work.changed(Topic.REMINDERS)
    return made


@verb(USE)
def change_reminder(work: Work, *, reminder_id: int, reminder: ReminderInput) -> None:
    """Change a reminder; with another time or repetition it begins anew.

    Raises InputError for a new time that has passed, and for one that made itself.
    """
    row = visible_reminder(work.actor, reminder_id)
    if row.origin is not None:
        raise InputError(FOLLOWS)
    values = _columns(work, reminder, customer_before=row.customer_id)
    if standing_of(row).schedule != reminder.schedule:
        values |= _fresh_start(work, reminder)
    Reminder.update(**values).where(Reminder.id == reminder_id).execute()
    _written(work, "reminder.change", "修改提醒", reminder_id)


def _columns(work: Work, reminder: ReminderInput, *, customer_before: int | None) -> dict[str, Any]:
    operator_id = reminder.operator_id or work.actor.operator_id
    if not Operator.select().where(Operator.id == operator_id, Operator.active).exists():
        raise InputError("请选择要提醒的操作员。", field="operator_id")
    if reminder.customer_id is not None and reminder.customer_id != customer_before:
        try:
            require_visible(work.actor, reminder.customer_id)
        except NotFound as error:
            raise InputError(error.sentence, field="customer_id") from None
    return {
        "customer": reminder.customer_id,
        "subject": check_subject(reminder.subject),
        "content": check_content(reminder.content),
        "first_date": reminder.first_date,
        "time_of_day": f"{reminder.time_of_day:%H:%M}",
        "repeat": reminder.repeat.key,
        "weekdays": reminder.schedule.weekdays,
        "days_ahead": reminder.days_ahead,
        "operator": operator_id,
    }


def _fresh_start(work: Work, reminder: ReminderInput) -> dict[str, Any]:
    occurrence = reminder.schedule.waiting(work.at)
    if occurrence is None:
        told = show_moment(to_ms(occurrence_at(reminder.first_date, reminder.time_of_day, Repeat.ONCE, 0)))
        raise InputError(f"{told} 已经过去，请选择以后的时间，或改为重复提醒。", field="time_of_day")
    return {
        "occurrence": occurrence,
        "due_at": reminder.schedule.at(occurrence),
        "snoozed_until_at": None,
        "notified_at": None,
        "done_at": None,
    }


# ------------------------------------------------------------ done and put off
@dataclass(frozen=True, slots=True)
class Kept:
    """A reminder as it was before a verb, to take that verb back: its columns by name."""

    columns: tuple[tuple[str, Any], ...]


@verb(USE)
def mark_done(work: Work, *, reminder_ids: Collection[int]) -> list[Kept]:
    """Tick reminders off; gives what they were before.

    A repeating one moves on to its first coming after now, or after the one ticked off early.
    """
    kept = []
    for reminder_id in reminder_ids:
        row = visible_reminder(work.actor, reminder_id)
        if row.done_at is not None:
            continue
        kept.append(_keep(row))
        standing = standing_of(row)
        if standing.schedule.repeat is Repeat.ONCE:
            values: dict[str, Any] = {"done_at": work.at}
        else:
            following = max(standing.schedule.following(work.at) or 0, row.occurrence + 1)
            values = {"occurrence": following, "due_at": standing.schedule.at(following)}
        _settle(row, values)
        _written(work, "reminder.done", "完成提醒", reminder_id)
    return kept


@verb(USE)
def snooze(
    work: Work,
    *,
    reminder_ids: Collection[int],
    minutes: int | None = None,
    until: datetime | None = None,
) -> list[Kept]:
    """Put reminders off by ``minutes`` or to a moment; gives what they were before.

    Raises InputError for a moment that has passed or lies more than a year ahead.
    """
    moment = until or work.now + timedelta(minutes=minutes or 0)
    if not work.now < moment <= work.now + LONGEST_SNOOZE:
        raise InputError("请推迟到以后的时间，最多一年。")
    kept = []
    for reminder_id in reminder_ids:
        row = visible_reminder(work.actor, reminder_id)
        if row.done_at is not None:
            continue
        kept.append(_keep(row))
        _settle(row, {"snoozed_until_at": to_ms(moment)})
        _written(work, "reminder.snooze", "推迟提醒", reminder_id)
    return kept


def _settle(row: Reminder, values: dict[str, Any]) -> None:
    """What was told is dealt with; the next coming is told anew."""
    fresh = {"snoozed_until_at": None, "notified_at": None}
    Reminder.update(**(fresh | values)).where(Reminder.id == row.id).execute()


@verb(USE)
def claim_notified(work: Work, *, reminder_ids: Collection[int]) -> list[int]:
    """Take it upon oneself to tell the actor's due reminders; gives those not told yet.

    A repeating one missed several times stands at its latest coming from then on.
    """
    claimed = []
    mine = Reminder.operator == work.actor.operator_id
    wanted = Reminder.id.in_(list(reminder_ids))
    for row in Reminder.select().where(mine, wanted, Reminder.done_at.is_null()):
        standing = standing_of(row)
        came = standing.due(work.at)
        if came is None or not standing.to_notify(work.at):
            continue
        values: dict[str, Any] = {"notified_at": work.at}
        if came[0] > row.occurrence:
            values |= {
                "occurrence": came[0],
                "due_at": standing.schedule.at(came[0]),
                "snoozed_until_at": None,
            }
        untold = Reminder.notified_at.is_null() | (Reminder.notified_at < came[1])
        if Reminder.update(**values).where(Reminder.id == row.id, untold).execute():
            claimed.append(int(row.id))
    if claimed:
        work.changed(Topic.REMINDERS)
    return claimed


# ------------------------------------------------------------ deleting, taking back
@verb(USE)
def delete_reminders(work: Work, *, reminder_ids: Collection[int]) -> list[Kept]:
    """Delete reminders; gives what ``take_back`` needs to bring them back.

    One that made itself would come again: it is ticked off instead.
    """
    kept = []
    for reminder_id in reminder_ids:
        row = visible_reminder(work.actor, reminder_id)
        kept.append(_keep(row))
        if row.origin is None:
            row.delete_instance()
        else:
            Reminder.update(done_at=row.done_at or work.at).where(Reminder.id == reminder_id).execute()
        _written(work, "reminder.delete", "删除提醒", reminder_id)
    return kept


@verb(USE)
def take_back(work: Work, *, kept: Sequence[Kept]) -> None:
    """Bring reminders back to what they were before they were ticked off, put off or deleted."""
    for one in kept:
        columns = dict(one.columns)
        Reminder.replace(**columns).execute()
        visible_reminder(work.actor, columns["id"])
        _written(work, "reminder.take_back", "撤销对提醒的操作", columns["id"])


def _keep(row: Reminder) -> Kept:
    return Kept(tuple(row.__data__.items()))


def _written(work: Work, action: str, summary: str, reminder_id: int) -> None:
    audit.record(work, action, summary, Source(KIND, reminder_id))
    work.changed(Topic.REMINDERS)
