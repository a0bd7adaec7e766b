"""Reading reminders: what is due for an operator, and the lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from peewee import Expression, ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import or_customer_found, require_visible, visible_customers
from meiping.domains.customers.rules import shown_name
from meiping.domains.reminders.models import Reminder
from meiping.domains.reminders.rules import REPEAT_BY_KEY, USE, Repeat, Schedule, Standing, task_of
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import from_ms, to_ms
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.database import fetch
from meiping.store.listing import SelectListing, on_days
from meiping.store.unit_of_work import query

waiting_since = fn.coalesce(Reminder.snoozed_until_at, Reminder.due_at)
"""When a reminder comes, or came: the moment it was put off to, else its own."""
OPEN = Reminder.done_at.is_null()


def schedule_of(
    first_date: date, time_of_day: str, repeat: str, weekdays: int = 0, days_ahead: int = 0
) -> Schedule:
    """A schedule from what stands in the file."""
    return Schedule(first_date, time.fromisoformat(time_of_day), REPEAT_BY_KEY[repeat], weekdays, days_ahead)


def standing_of(row: Reminder) -> Standing:
    """Where a reminder stands."""
    schedule = schedule_of(row.first_date, row.time_of_day, row.repeat, row.weekdays, row.days_ahead)
    return Standing(schedule, row.occurrence, row.due_at, row.snoozed_until_at, row.notified_at)


# ------------------------------------------------------------------ what is due
@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose time has come. ``fresh`` as long as it has not been told; the customer may be none.

    ``about`` is the day it is about where it is told days ahead of it; ``automatic`` if it made itself.
    """

    id: int
    subject: str
    content: str
    customer_id: int | None
    customer: str
    due_at: int
    fresh: bool
    about: date | None = None
    automatic: bool = False


@query(USE)
def due(actor: Actor, *, now: datetime | None = None) -> list[DueReminder]:
    """What is due for the actor and not done, the longest waiting first.

    Of a repeating one that was missed several times only the latest is there.
    """
    now_ms = to_ms(now or actor.now())
    found = (_due(row, now_ms) for row in fetch(_WAITING, actor.operator_id, now_ms))
    return sorted((one for one in found if one is not None), key=lambda one: (one.due_at, one.id))


_WAITING = """
SELECT r.id, r.subject, r.content, r.customer_id, c.name, c.phone, r.origin IS NOT NULL, r.occurrence, r.due_at,
    r.snoozed_until_at, r.notified_at, r.first_date, r.time_of_day, r.repeat, r.weekdays, r.days_ahead
FROM reminder r LEFT JOIN customer c ON c.id = r.customer_id
WHERE r.done_at IS NULL AND r.operator_id = ? AND coalesce(r.snoozed_until_at, r.due_at) <= ?
"""


def _due(row: tuple[Any, ...], now_ms: int) -> DueReminder | None:
    """A row of ``_WAITING`` as it is due now."""
    reminder_id, subject, content, customer_id, name, phone, automatic, *standing, first, clock, repeat = row[
        :14
    ]
    weekdays, days_ahead = row[14:]
    stands = Standing(schedule_of(date.fromisoformat(first), clock, repeat, weekdays, days_ahead), *standing)
    came = stands.due(now_ms)
    if came is None:
        return None
    return DueReminder(
        reminder_id,
        subject,
        content,
        customer_id,
        shown_name(name, phone) if customer_id is not None else "",
        came[1],
        stands.notified_at is None or stands.notified_at < came[1],
        stands.schedule.day(came[0]) if days_ahead else None,
        bool(automatic),
    )


@query(USE)
def next_due_at(actor: Actor, *, now: datetime | None = None) -> int | None:
    """When there is next something to tell the actor, in UTC milliseconds; None if nothing is to come."""
    now_ms = to_ms(now or actor.now())
    untold = Reminder.notified_at.is_null() | (Reminder.notified_at < waiting_since)
    first = _own_open(actor).where(untold).select(fn.MIN(waiting_since)).scalar()
    moments = [first] if first is not None else []
    for row in _own_open(actor).where(~untold, Reminder.repeat != Repeat.ONCE.key):
        following = standing_of(row).next_due(now_ms)
        moments += [following] if following is not None else []
    return min(moments, default=None)


def _own_open(actor: Actor) -> ModelSelect[Reminder]:
    return Reminder.select().where(OPEN, Reminder.operator == actor.operator_id)


# -------------------------------------------------------------------- the lists
REMINDER_COLUMNS = (
    Column("when_at", "提醒时间", Kind.MOMENT, width=16),
    Column("subject", "主题", width=18, stretch=True),
    Column("customer", "客户", width=22),
    Column("state", "状态", width=9, sortable=False),
    Column("repeat", "重复", width=13),
    Column("operator", "提醒谁", width=8),
    Column("about_date", "所指日期", Kind.DATE, width=11, sortable=False, hidden=True),
    Column("content", "内容", width=26, sortable=False, hidden=True),
    Column("first_date", "首次日期", Kind.DATE, width=12, hidden=True),
    Column("time_of_day", "时刻", Kind.CODE, width=7, hidden=True),
    Column("done_at", "完成时间", Kind.MOMENT, width=17, hidden=True),
    Column("created_at", "添加时间", Kind.MOMENT, width=17, hidden=True),
)
REMINDER_KINDS = (
    ("own", "自己定的"),
    ("birthday", "生日"),
    ("next_contact", "约好联系"),
    ("payment_due", "赊账到期"),
    ("task_due", "任务到期"),
    ("service_expiry", "服务到期"),
)
"""What reminders come from: key and word on screen; all but the first make themselves."""
STATES = (("open", "未完成"), ("due", "已到时间"), ("done", "已完成"), ("all", "全部"))


@dataclass(frozen=True, slots=True)
class ReminderFilter:
    """Which reminders: words in them or of the customer, whose, in which of ``STATES``, of which of
    ``REMINDER_KINDS``, and from which days.
    """

    text: str = ""
    state: str = "open"
    kind: str | None = None
    customer_id: int | None = None
    operator_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None


def visible_reminders(actor: Actor) -> Expression | None:
    """The condition on reminders the actor may see: own ones, and those about customers in the scope.

    None where that is all.
    """
    if actor.scope() is Scope.ALL:
        return None
    return (Reminder.operator == actor.operator_id) | Reminder.customer.in_(visible_customers(actor))


@query(USE)
def reminder_list(actor: Actor, narrow: ReminderFilter | None = None) -> Listing:
    """The reminders the actor may see, the next one first."""
    narrow = narrow or ReminderFilter()
    now_ms = to_ms(actor.now())
    met = [visible_reminders(actor), _in_state(narrow.state, now_ms), _with_words(narrow.text)]
    if narrow.kind is not None:
        made = Reminder.origin.startswith(f"{narrow.kind}/")
        met.append(Reminder.origin.is_null() if narrow.kind == "own" else made)
    if narrow.customer_id is not None:
        met.append(Reminder.customer == narrow.customer_id)
    if narrow.operator_id is not None:
        met.append(Reminder.operator == narrow.operator_id)
    met += on_days(waiting_since, narrow.first_date, narrow.last_date)
    return _listing([one for one in met if one is not None], now_ms, latest_first=narrow.state == "done")


@query(USE)
def reminders_of(actor: Actor, *, customer_id: int) -> Listing:
    """All reminders about one customer, the latest first."""
    require_visible(actor, customer_id)
    return _listing([Reminder.customer == customer_id], to_ms(actor.now()), latest_first=True)


def _in_state(state: str, now_ms: int) -> Any:
    return {
        "open": OPEN,
        "due": OPEN & (waiting_since <= now_ms),
        "done": Reminder.done_at.is_null(False),
        "all": None,
    }[state]


def _with_words(text: str) -> Any:
    words = text.strip()
    if not words:
        return None
    within = Reminder.subject.contains(words) | Reminder.content.contains(words)
    return or_customer_found(within, Reminder.customer, words)


def _listing(met: list[Any], now_ms: int, *, latest_first: bool) -> Listing:
    select = (
        Reminder.select(
            Reminder,
            waiting_since.alias("when_at"),
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            Operator.name.alias("operator_name"),
        )
        .left_outer_join(Customer, on=(Reminder.customer == Customer.id))
        .switch(Reminder)
        .join(Operator, on=(Reminder.operator == Operator.id))
    )
    if met:
        select = select.where(*met)
    return SelectListing(
        select,
        identity=Reminder.id,
        sorts={
            "when_at": waiting_since,
            "subject": Reminder.subject,
            "customer": Customer.name_key,
            "repeat": Reminder.repeat,
            "operator": Operator.name,
            "first_date": Reminder.first_date,
            "time_of_day": Reminder.time_of_day,
            "done_at": Reminder.done_at,
            "created_at": Reminder.created_at,
        },
        default=Sort("when_at", descending=latest_first),
        to_row=lambda row: _to_row(row, now_ms),
    )


def _to_row(row: dict[str, Any], now_ms: int) -> Row:
    state, tone = _state(row, now_ms)
    schedule = schedule_of(
        row["first_date"], row["time_of_day"], row["repeat"], row["weekdays"], row["days_ahead"]
    )
    automatic = "自动" if row["origin"] else ""
    return {
        **row,
        "customer_id": row["customer"],
        "customer": shown_name(row["customer_name"] or "", row["customer_phone"] or ""),
        "operator_id": row["operator"],
        "operator": row["operator_name"],
        "repeat_key": row["repeat"],
        "repeat": " · ".join(part for part in (automatic, schedule.words()) if part),
        "about_date": schedule.day(row["occurrence"]),
        "automatic": bool(automatic),
        "state": state,
        "tone": tone,
    }


def _state(row: dict[str, Any], now_ms: int) -> tuple[str, str | None]:
    if row["done_at"] is not None:
        return "已完成", "muted"
    if row["when_at"] <= now_ms:
        same_day = from_ms(row["when_at"]).date() == from_ms(now_ms).date()
        # what made itself, a debt fallen due, waits as long as its cause does: no reminder anybody forgot
        return "已到时间", None if same_day or row["origin"] else "warning"
    return ("已推迟", None) if row["snoozed_until_at"] is not None else ("待提醒", None)


@dataclass(frozen=True, slots=True)
class ReminderDetail:
    """One reminder as entered, and where it stands."""

    id: int
    subject: str
    content: str
    customer_id: int | None
    customer: str
    operator_id: int
    operator: str
    schedule: Schedule
    when_at: int
    done_at: int | None
    automatic: bool
    task_id: int | None = None
    """The task whose last day it tells of, if it is that."""


@query(USE)
def reminder_detail(actor: Actor, *, reminder_id: int) -> ReminderDetail:
    """One reminder. Raises NotFound outside what the actor may see."""
    row = visible_reminder(actor, reminder_id)
    customer = row.customer
    return ReminderDetail(
        row.id,
        row.subject,
        row.content,
        row.customer_id,
        shown_name(customer.name, customer.phone) if customer else "",
        row.operator_id,
        row.operator.name,
        standing_of(row).schedule,
        row.due_at if row.snoozed_until_at is None else row.snoozed_until_at,
        row.done_at,
        row.origin is not None,
        task_of(row.origin),
    )


def visible_reminder(actor: Actor, reminder_id: int) -> Reminder:
    """The row of a reminder the actor may see. Raises NotFound."""
    bound = visible_reminders(actor)
    select = Reminder.select().where(Reminder.id == reminder_id)
    row: Reminder | None = (select if bound is None else select.where(bound)).first()
    if row is None:
        raise NotFound("没有这条提醒，可能已被删除，或者不在您的查看范围内。")
    return row
