"""Reading tasks: the lists, one with all that was said and done about it, those of the desk, found ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import Case, ModelSelect, Value, fn

from meiping.domains.access.models import Operator
from meiping.domains.audit.queries import HIDDEN, changes_of
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import or_customer_found, require_visible
from meiping.domains.customers.rules import shown_name
from meiping.domains.office.models import Task, TaskComment
from meiping.domains.office.people import led_by, seen_tasks
from meiping.domains.office.rules import (
    KIND,
    PRIORITY_BY_PLACE,
    STATE_BY_KEY,
    TASK_TITLES,
    USE,
    WHOLE,
    WORDS_HIDDEN,
    Priority,
    TaskState,
    days_late,
    state_words,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.source import Source
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing, on_days
from meiping.store.unit_of_work import query

TASK_COLUMNS = (
    Column("title", "任务", width=26, stretch=True),
    Column("customer", "客户", width=16),
    Column("due_date", "截止日期", Kind.DATE, width=11),
    Column("standing", "状态", width=9, sortable=False),
    Column("priority", "优先级", width=7),
    Column("progress", "进度 %", Kind.NUMBER, width=6),
    Column("assignee", "负责人", width=7),
    Column("giver", "布置人", width=7, hidden=True),
    Column("content", "内容", width=26, sortable=False, hidden=True),
    Column("created_at", "添加时间", Kind.MOMENT, width=17, hidden=True),
    Column("ended_at", "完成时间", Kind.MOMENT, width=17, hidden=True),
)
TASK_BIN_COLUMNS = (
    *TASK_COLUMNS[:3],
    TASK_COLUMNS[6],
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)
WHOSE = (("mine", "我负责的"), ("given", "我布置的"))
"""Whose tasks, in words of who looks; without either all that he may see."""
STATES = (
    ("open", "未完成"),
    ("due", "到期和逾期"),
    ("overdue", "已逾期"),
    ("done", "已完成"),
    ("given_up", "已放弃"),
    ("all", "全部"),
)
_NO_DAY = "9999-12-31"
_LIVING = Task.deleted_at.is_null()
_OPEN = Task.state == TaskState.OPEN.key
_due_order = fn.coalesce(Task.due_date, _NO_DAY).concat(Task.priority.cast("text"))
"""The next day first, those without a day last; of one day what matters most first."""
_open_first = Case(None, [(_OPEN, Value("0").concat(_due_order))], Value("1").concat(10**13 - Task.ended_at))
"""Open ones by their day, then those that ended, the last one first."""
_how_far = Case(None, [(Task.state == TaskState.DONE.key, WHOLE)], Task.progress)
_Giver: Any = Operator.alias("giver_row")


# ------------------------------------------------------------------ lists
@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks: words in them or of the customer, of ``WHOSE``, in which of ``STATES``, whose, and added when."""

    text: str = ""
    whose: str | None = None
    state: str = "open"
    assignee_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    in_bin: bool = False


@query(USE)
def task_list(actor: Actor, narrow: TaskFilter | None = None) -> Listing:
    """The tasks the actor may see, open ones first by their day; of the recycle bin the last deleted."""
    narrow = narrow or TaskFilter()
    if narrow.in_bin:
        met = [Task.deleted_at.is_null(False), seen_tasks(actor), _with_words(narrow.text)]
        return _listing(actor, met, Sort("deleted_at", descending=True))
    met = [_LIVING, seen_tasks(actor), _in_state(narrow.state, actor.today()), _with_words(narrow.text)]
    if narrow.whose == "mine":
        met.append(Task.assignee == actor.operator_id)
    elif narrow.whose == "given":
        met += [Task.giver == actor.operator_id, Task.assignee != actor.operator_id]
    if narrow.assignee_id is not None:
        met.append(Task.assignee == narrow.assignee_id)
    met += added_between(narrow.first_date, narrow.last_date)
    whole = narrow.state in (TaskState.DONE.key, TaskState.GIVEN_UP.key, "all")
    return _listing(actor, met, Sort("standing" if whole else "due_date"))


@query(USE)
def tasks_of(actor: Actor, *, customer_id: int) -> Listing:
    """The tasks about one customer that the actor may see, open ones before those that have ended."""
    require_visible(actor, customer_id)
    return _listing(actor, [_LIVING, seen_tasks(actor), Task.customer == customer_id], Sort("standing"))


def added_between(first: date | None, last: date | None) -> list[Any]:
    """The conditions on tasks that they were added on these days of the shop's clock; None leaves an end open."""
    return on_days(Task.created_at, first, last)


@query(USE)
def people_with_tasks(actor: Actor) -> list[tuple[int, str]]:
    """Those whose tasks the actor may see, out of use or not, as (id, name)."""
    met = [one for one in (_LIVING, seen_tasks(actor)) if one is not None]
    have = Task.select(Task.assignee).where(*met)
    rows = Operator.select(Operator.id, Operator.name).where(Operator.id.in_(have)).order_by(Operator.id)
    return [(row.id, row.name) for row in rows]


def _in_state(state: str, today: date) -> Any:
    return {
        "open": _OPEN,
        "due": _OPEN & (Task.due_date <= today),
        "overdue": _OPEN & (Task.due_date < today),
        "done": Task.state == TaskState.DONE.key,
        "given_up": Task.state == TaskState.GIVEN_UP.key,
        "all": None,
    }[state]


def _with_words(text: str) -> Any:
    words = text.strip()
    if not words:
        return None
    within = Task.title.contains(words) | Task.content.contains(words)
    return or_customer_found(within, Task.customer, words)


def _select() -> ModelSelect[Any]:
    return cast(
        "ModelSelect[Any]",
        Task.select(
            Task,
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            Operator.name.alias("assignee_name"),
            _Giver.name.alias("giver_name"),
        )
        .left_outer_join(Customer, on=(Task.customer == Customer.id))
        .switch(Task)
        .join(Operator, on=(Task.assignee == Operator.id))
        .switch(Task)
        .join(_Giver, on=(Task.giver == _Giver.id)),
    )


def _listing(actor: Actor, met: Sequence[Any], default: Sort) -> Listing:
    today = actor.today()
    return SelectListing(
        _select().where(*(one for one in met if one is not None)),
        identity=Task.id,
        sorts={
            "title": Task.title,
            "customer": Customer.name_key,
            "due_date": _due_order,
            "standing": _open_first,
            "priority": Task.priority,
            "progress": _how_far,
            "assignee": Operator.name,
            "giver": _Giver.name,
            "created_at": Task.created_at,
            "ended_at": Task.ended_at,
            "deleted_at": Task.deleted_at,
            "deleted_by": Task.deleted_by,
        },
        default=default,
        to_row=lambda row: _to_row(row, today),
    )


def _to_row(row: dict[str, Any], today: date) -> Row:
    state = STATE_BY_KEY[row["state"]]
    late = days_late(row["due_date"], state, today)
    ended = state is not TaskState.OPEN
    return {
        **row,
        "customer_id": row["customer"],
        "customer": shown_name(row["customer_name"] or "", row["customer_phone"] or ""),
        "assignee_id": row["assignee"],
        "assignee": row["assignee_name"],
        "giver_id": row["giver"],
        "giver": row["giver_name"],
        "standing": state_words(row["due_date"], state, today),
        "days_late": late,
        "priority_place": row["priority"],
        "priority": PRIORITY_BY_PLACE[row["priority"]].title,
        "progress": percent_of(state, row["progress"]),
        "tone": "muted" if ended else "warning" if late else None,
    }


def percent_of(state: TaskState, said: int) -> int:
    """How far a task is, in percent: what was ``said`` last, all of it once it is done."""
    return WHOLE if state is TaskState.DONE else said


# ------------------------------------------------------------------ one of them
@dataclass(frozen=True, slots=True)
class TaskDetail:
    """One task as it stands; ``may_change`` whether the actor may change its words, day and person."""

    id: int
    title: str
    content: str
    customer_id: int | None
    customer: str
    assignee_id: int
    assignee: str
    giver_id: int
    giver: str
    due_date: date | None
    priority: Priority
    percent: int
    state: TaskState
    created_at: int
    deleted_at: int | None
    may_change: bool


@query(USE)
def task_detail(actor: Actor, *, task_id: int) -> TaskDetail:
    """One task the actor may see, in the recycle bin or not. Raises NotFound."""
    return read_task(actor, visible_task(actor, task_id))


def read_task(actor: Actor, row: Task) -> TaskDetail:
    """A task as it stands for who may see it."""
    state = STATE_BY_KEY[row.state]
    return TaskDetail(
        row.id,
        row.title,
        row.content,
        row.customer_id,
        _customer(row),
        row.assignee_id,
        row.assignee.name,
        row.giver_id,
        row.giver.name,
        cast("date | None", row.due_date),
        PRIORITY_BY_PLACE[row.priority],
        percent_of(state, row.progress),
        state,
        row.created_at,
        row.deleted_at,
        may_change(actor, row),
    )


def visible_task(actor: Actor, task_id: int) -> Task:
    """The row of a task the actor may see. Raises NotFound."""
    bound = seen_tasks(actor)
    select = Task.select().where(Task.id == task_id)
    row: Task | None = (select if bound is None else select.where(bound)).first()
    if row is None:
        raise NotFound("没有这个任务，可能已被彻底删除，或者不在您的查看范围内。")
    return row


def may_change(actor: Actor, row: Task) -> bool:
    """Whether the actor may change what a task says: who gave it, and who leads one of the two.

    Who has a task of somebody no longer there may, too.
    """
    led = led_by(actor)
    if row.giver_id == actor.operator_id or led is None or {row.giver_id, row.assignee_id} & led:
        return True
    return row.assignee_id == actor.operator_id and not row.giver.active


def may_work(actor: Actor, row: Task) -> bool:
    """Whether the actor may say how far it is, that it is done or given up: who has it, too."""
    return row.assignee_id == actor.operator_id or may_change(actor, row)


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """Something said or done about a task: when, by whom, and the words; ``said`` marks a comment."""

    at: int
    operator: str
    words: str
    said: bool


@query(USE)
def task_course(actor: Actor, *, task_id: int, limit: int = 200) -> list[TaskEvent]:
    """What was said about a task and what changed, the latest first. Raises NotFound."""
    row = visible_task(actor, task_id)
    hidden = row.customer is not None and row.customer.anonymised_at is not None
    comments = (
        TaskComment.select(TaskComment, Operator)
        .join(Operator)
        .where(TaskComment.task == task_id)
        .order_by(TaskComment.id.desc())
        .limit(limit)
    )
    events = [TaskEvent(one.at, one.operator.name, one.text or WORDS_HIDDEN, True) for one in comments]
    changes = changes_of(Source(KIND, task_id), hidden=hidden).window(0, limit, None)
    events += [TaskEvent(one["at"], one["operator_name"], _changed(one), False) for one in changes]
    events.append(TaskEvent(row.created_at, row.giver.name, "添加了任务", False))
    return sorted(events, key=lambda one: (-one.at, one.said))[:limit]


def _changed(change: Row) -> str:
    """A change in a line: ``截止日期：2026-03-20 → 2026-03-25``; long texts are only named."""
    long = change["field"] == TASK_TITLES["content"]
    if long or HIDDEN in (change["old"], change["new"]):
        return f"改了{change['field']}"
    return f"{change['field']}：{change['old'] or '空'} → {change['new'] or '空'}"


# ------------------------------------------------------------------ the desk, and finding
NEXT_TASKS = 3
"""How many of one's own tasks the desk names."""


@dataclass(frozen=True, slots=True)
class NextTask:
    """A task in short."""

    id: int
    title: str
    due_date: date | None
    customer: str


@dataclass(frozen=True, slots=True)
class OwnTasks:
    """One's own open tasks: how many, how many for today and overdue, and the next few."""

    open: int
    today: int
    overdue: int
    next: tuple[NextTask, ...]


@query(USE)
def own_tasks(actor: Actor) -> OwnTasks:
    """What the actor has to do."""
    today = actor.today()
    mine = Task.select().where(_LIVING, _OPEN, Task.assignee == actor.operator_id)
    rows = mine.order_by(_due_order, Task.id).limit(NEXT_TASKS)
    return OwnTasks(
        mine.count(),
        mine.where(Task.due_date == today).count(),
        mine.where(Task.due_date < today).count(),
        tuple(NextTask(row.id, row.title, cast("date | None", row.due_date), _customer(row)) for row in rows),
    )


def _customer(row: Task) -> str:
    """What the customer of a task is called; none is empty."""
    return shown_name(row.customer.name, row.customer.phone) if row.customer is not None else ""


@query(USE)
def task_figures(actor: Actor) -> tuple[int, int]:
    """Of the open tasks the actor may see, how many are due today and how many overdue."""
    met = [one for one in (_LIVING, _OPEN, seen_tasks(actor)) if one is not None]
    seen, today = Task.select().where(*met), actor.today()
    return seen.where(Task.due_date == today).count(), seen.where(Task.due_date < today).count()


@query(USE)
def find_tasks(actor: Actor, text: str, *, limit: int = 20) -> list[Row]:
    """Tasks the actor may see with what was typed in their title or content, open ones first; rows as in the lists."""
    words = text.strip()
    if not words:
        return []
    within = Task.title.contains(words) | Task.content.contains(words)
    found = _listing(actor, [_LIVING, seen_tasks(actor), within], Sort("standing"))
    return list(found.window(0, limit, None))
