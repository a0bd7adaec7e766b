"""Verbs about tasks: written down, changed, said how far they are, ended, talked about, deleted."""

from collections.abc import Collection
from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.contacts.queries.reach import usable_customer
from meiping.domains.documents.rules import PURGE
from meiping.domains.office.forgetting import forget_task
from meiping.domains.office.models import Task, TaskComment
from meiping.domains.office.people import led_by, seen_tasks
from meiping.domains.office.queries import (
    TaskDetail,
    may_change,
    may_work,
    read_task,
    visible_task,
)
from meiping.domains.office.rules import (
    KIND,
    STATE_BY_KEY,
    TASK_TITLES,
    USE,
    WHOLE,
    TaskInput,
    TaskState,
    check_comment,
    check_progress,
    check_task,
)
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, UserError
from meiping.kernel.moments import show_date
from meiping.kernel.source import Source
from meiping.store import recycle_bin
from meiping.store.unit_of_work import Work, verb

_OTHERS = "这个任务是别人布置的，只有布置人和上级可以改；您可以更新进度或写批注。"


@verb(USE)
def add_task(work: Work, *, key: str, task: TaskInput) -> int:
    """Write a task down, for oneself or for who one leads, and give its id; the same ``key`` again gives the first one's.

    Raises InputError with the field it concerns, NotFound for a customer out of scope.
    """
    there = Task.get_or_none(Task.key == key)
    if there is not None:
        return int(visible_task(work.actor, there.id).id)
    if not work.actor.operator_id:
        raise InputError("任务要由一位操作员添加，请先登录。")
    wanted = check_task(task)
    if wanted.customer_id is not None:
        usable_customer(work.actor, wanted.customer_id)
    made = Task.create(
        key=key,
        giver=work.actor.operator_id,
        assignee=_assignee(work, wanted.assignee_id),
        state=TaskState.OPEN.key,
        created_at=work.at,
        **_columns(wanted),
    )
    _written(work, "task.add", "新增任务", made.id)
    return int(made.id)


@verb(USE)
def change_task(work: Work, *, task_id: int, task: TaskInput) -> int:
    """Change what a task says; every field that changed is written down. Gives how many did.

    For who gave it and who leads one of the two. Raises InputError, UserError.
    """
    row = _usable(work, task_id)
    if not may_change(work.actor, row):
        raise UserError(_OTHERS)
    before = read_task(work.actor, row)
    wanted = check_task(task)
    if wanted.customer_id is not None and wanted.customer_id != row.customer_id:
        usable_customer(work.actor, wanted.customer_id)
    same = wanted.assignee_id == row.assignee_id
    assignee_id = row.assignee_id if same else _assignee(work, wanted.assignee_id)
    Task.update(assignee=assignee_id, **_columns(wanted)).where(Task.id == task_id).execute()
    after = read_task(work.actor, Task.get_by_id(task_id))
    count = _log(work, before, after)
    if count:
        _written(work, "task.change", "修改任务", task_id)
    return count


@verb(USE)
def set_progress(work: Work, *, task_id: int, percent: int, text: str = "") -> None:
    """Say how far an open task is, with a comment if wanted; the whole means that it is done.

    Raises InputError with the field, UserError for a task of others or one that has ended.
    """
    row = _workable(work, task_id)
    if row.state != TaskState.OPEN.key:
        raise UserError(f"这个任务{STATE_BY_KEY[row.state].title}，请先重新打开。")
    check_progress(percent)
    words = check_comment(text, needed=False)
    if words:
        _comment(work, task_id, words)
    if percent == WHOLE:
        _end(work, row, TaskState.DONE)
    elif percent != row.progress:
        told = [(TASK_TITLES["progress"], f"{row.progress}%", f"{percent}%")]
        audit.record_changes(work, Source(KIND, task_id), told)
        Task.update(progress=percent).where(Task.id == task_id).execute()
        audit.record(work, "task.progress", "更新任务进度", Source(KIND, task_id))
    work.changed(Topic.TASKS)


@verb(USE)
def finish_tasks(work: Work, *, task_ids: Collection[int]) -> list[int]:
    """Write down that open tasks are done; gives the ids of those that were open. Raises UserError for a task of others."""
    return _end_each(work, task_ids, TaskState.DONE)


@verb(USE)
def give_up_tasks(work: Work, *, task_ids: Collection[int]) -> list[int]:
    """Write down that nothing comes of open tasks; the same."""
    return _end_each(work, task_ids, TaskState.GIVEN_UP)


@verb(USE)
def reopen_tasks(work: Work, *, task_ids: Collection[int]) -> list[int]:
    """Let tasks that ended be open again, as far as they were; gives the ids of those that had ended."""
    rows = [_workable(work, task_id) for task_id in task_ids]
    ended = [row for row in rows if row.state != TaskState.OPEN.key]
    for row in ended:
        _turn(work, row, TaskState.OPEN, "task.reopen", "重新打开任务")
    return [row.id for row in ended]


@verb(USE)
def comment_task(work: Work, *, task_id: int, text: str) -> int:
    """Say something about a task that one may see, and give the comment's id; it stays as it is. Raises InputError."""
    row = _usable(work, task_id)
    made = _comment(work, row.id, check_comment(text, needed=True))
    work.changed(Topic.TASKS)
    return made


@verb(USE)
def delete_tasks(work: Work, *, task_ids: Collection[int]) -> int:
    """Put tasks into the recycle bin; gives how many went. Raises UserError for one that others gave."""
    return _move(work, task_ids, into_bin=True, action="task.delete", summary="任务移入回收站")


@verb(USE)
def restore_tasks(work: Work, *, task_ids: Collection[int]) -> int:
    """Take tasks out of the recycle bin; gives how many came back."""
    return _move(work, task_ids, into_bin=False, action="task.restore", summary="从回收站恢复任务")


@verb(USE)
def purge_tasks(work: Work, *, task_ids: Collection[int], confirmed: frozenset[str] = frozenset()) -> int:
    """Let tasks of the recycle bin go for good with what was said about them, and give how many; asks first."""
    bound = seen_tasks(work.actor)
    met = [
        Task.id.in_(list(task_ids)),
        Task.deleted_at.is_null(False),
        *([bound] if bound is not None else ()),
    ]
    rows = list(Task.select().where(*met))
    if not rows:
        raise NotFound("选中的内容已经不在回收站里，请刷新。")
    _require_changeable(work, rows)
    if PURGE not in confirmed:
        question = f"彻底删除 {len(rows):,} 个任务吗？"
        raise NeedsConfirmation(PURGE, question, verb="彻底删除", danger=True, detail="删除后不能恢复。")
    for row in rows:
        forget_task(work, row.id)
    return len(rows)


# ---------------------------------------------------------------- inside
def _end_each(work: Work, task_ids: Collection[int], state: TaskState) -> list[int]:
    rows = [_workable(work, task_id) for task_id in task_ids]
    still_open = [row for row in rows if row.state == TaskState.OPEN.key]
    for row in still_open:
        _end(work, row, state)
    return [row.id for row in still_open]


def _end(work: Work, row: Task, state: TaskState) -> None:
    if state is TaskState.DONE:
        _turn(work, row, state, "task.done", "完成任务")
    else:
        _turn(work, row, state, "task.give_up", "放弃任务")


def _turn(work: Work, row: Task, state: TaskState, action: str, summary: str) -> None:
    before = STATE_BY_KEY[row.state]
    audit.record_changes(work, Source(KIND, row.id), [(TASK_TITLES["state"], before.title, state.title)])
    ended_at = None if state is TaskState.OPEN else work.at
    Task.update(state=state.key, ended_at=ended_at).where(Task.id == row.id).execute()
    _written(work, action, summary, row.id)


def _move(work: Work, task_ids: Collection[int], *, into_bin: bool, action: str, summary: str) -> int:
    seen = [visible_task(work.actor, task_id) for task_id in task_ids]
    _require_changeable(work, [row for row in seen if (row.deleted_at is None) is into_bin])
    moved = recycle_bin.move(work, seen, into_bin=into_bin)
    for row in moved:
        _written(work, action, summary, row.id)
    return len(moved)


def _require_changeable(work: Work, rows: Collection[Task]) -> None:
    if not all(may_change(work.actor, row) for row in rows):
        raise UserError("选中的任务里有别人布置的，只有布置人和上级可以删除或恢复。")


def _usable(work: Work, task_id: int) -> Task:
    row = visible_task(work.actor, task_id)
    recycle_bin.require_outside(row, "这个任务")
    return row


def _workable(work: Work, task_id: int) -> Task:
    row = _usable(work, task_id)
    if not may_work(work.actor, row):
        raise UserError("这个任务由别人负责，您可以写批注。")
    return row


def _assignee(work: Work, assignee_id: int | None) -> int:
    """Who is to do it: oneself unless somebody is named. Raises InputError for one whom the actor does not lead."""
    if assignee_id is None or assignee_id == work.actor.operator_id:
        return work.actor.operator_id
    found = Operator.get_or_none(Operator.id == assignee_id, Operator.active)
    if found is None:
        raise InputError("这位操作员已停用，请另选一位。", field="assignee_id")
    led = led_by(work.actor)
    if led is not None and assignee_id not in led:
        raise InputError("只能布置给自己或下属，请另选一位。", field="assignee_id")
    return assignee_id


def _columns(task: TaskInput) -> dict[str, Any]:
    return {
        "title": task.title,
        "content": task.content,
        "customer": task.customer_id,
        "due_date": task.due_date,
        "priority": task.priority.place,
    }


def _log(work: Work, before: TaskDetail, after: TaskDetail) -> int:
    changes = [(title, _shown(before, key), _shown(after, key)) for key, title in TASK_TITLES.items()]
    return audit.record_changes(work, Source(KIND, after.id), changes)


def _shown(detail: TaskDetail, key: str) -> str:
    special = {
        "due_date": show_date(detail.due_date),
        "priority": detail.priority.title,
        "progress": f"{detail.percent}%",
        "state": detail.state.title,
    }
    return special[key] if key in special else str(getattr(detail, key))


def _comment(work: Work, task_id: int, words: str) -> int:
    made = TaskComment.create(task=task_id, operator=work.actor.operator_id, at=work.at, text=words)
    audit.record(work, "task.comment", "批注任务", Source(KIND, task_id))
    return int(made.id)


def _written(work: Work, action: str, summary: str, task_id: int) -> None:
    audit.record(work, action, summary, Source(KIND, task_id))
    work.changed(Topic.TASKS)
