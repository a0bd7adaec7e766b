"""Tasks about a customer who is merged or made anonymous, and those of a colleague who leaves: parts of those verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.office.models import Task, TaskComment
from meiping.domains.office.rules import KIND, TASK_TITLES, WORDS_HIDDEN, TaskState
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def move_tasks(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Let all tasks about a customer be about another."""
    work.changed(Topic.TASKS)
    return {"task": give_rows(work, Task, rows_of(work, Task, from_id), to_id)}


def move_tasks_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along and is still there."""
    give_rows_back(work, Task, moved, from_id=from_id, to_id=to_id)
    work.changed(Topic.TASKS)


def hide_tasks(work: Work, customer_id: int) -> None:
    """Leave of the tasks about a customer only whose they were, and when."""
    about = Task.select(Task.id).where(Task.customer == customer_id)
    TaskComment.update(text="").where(TaskComment.task.in_(about)).execute()
    Task.update(title=WORDS_HIDDEN, content="").where(Task.customer == customer_id).execute()
    work.changed(Topic.TASKS)


def open_tasks_of(operator_id: int) -> Any:
    """The open tasks an operator has or gave, but for those in the recycle bin."""
    his = (Task.assignee == operator_id) | (Task.giver == operator_id)
    return Task.select().where(his, Task.state == TaskState.OPEN.key, Task.deleted_at.is_null())


def pass_on_tasks(work: Work, *, from_id: int, to_id: int) -> int:
    """Have another do the open tasks of a leaver, and answer for those he gave; gives how many passed on.

    The caller has checked the right to it.
    """
    names = {row.id: row.name for row in Operator.select().where(Operator.id.in_([from_id, to_id]))}
    rows = list(open_tasks_of(from_id))
    for row in rows:
        parts = [key for key in ("assignee", "giver") if getattr(row, f"{key}_id") == from_id]
        told = [(TASK_TITLES[key], names[from_id], names[to_id]) for key in parts]
        audit.record_changes(work, Source(KIND, row.id), told)
        Task.update(**dict.fromkeys(parts, to_id)).where(Task.id == row.id).execute()
        audit.record(work, "task.pass_on", "任务转给他人", Source(KIND, row.id))
    if rows:
        work.changed(Topic.TASKS)
    return len(rows)
