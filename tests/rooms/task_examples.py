"""One good call of every verb and query of tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from meiping.domains.documents.rules import PURGE
from meiping.domains.office.rules import TaskInput
from meiping.domains.office.service import add_task, delete_tasks, finish_tasks
from meiping.domains.reports.asking import ReportAsked
from meiping.kernel.actor import AllRights
from tests.factories import new_key

if TYPE_CHECKING:
    from tests.rooms.examples import Furnished


def _about_the_canary(f: Furnished, title: str = "送样品") -> TaskInput:
    return TaskInput(title, customer_id=f.canary, due_date=f.admin.today())


def _own(f: Furnished, *, done: bool = False, in_bin: bool = False) -> int:
    """A task of the trainee's own, whatever he may do just then."""
    trainee = replace(f.trainee, rights=AllRights())
    made = add_task(trainee, key=new_key(), task=TaskInput("盘点", due_date=f.admin.today()))
    if done:
        finish_tasks(trainee, task_ids=[made])
    if in_bin:
        delete_tasks(trainee, task_ids=[made])
    return made


def _with_one(f: Furnished, **values: Any) -> dict[str, Any]:
    """These values, in a shop in which there is a task about the canary."""
    add_task(f.admin, key=new_key(), task=_about_the_canary(f))
    return values


TASK_EXAMPLES: dict[str, Callable[[Furnished], dict[str, Any]]] = {
    "reports.task_columns": lambda f: {},
    "reports.task_report": lambda f: _with_one(f, asked=ReportAsked()),
    "office.add_task": lambda f: {"key": new_key(), "task": _about_the_canary(f)},
    "office.assignees": lambda f: {},
    "office.change_task": lambda f: {"task_id": _own(f), "task": TaskInput("改期")},
    "office.comment_task": lambda f: {"task_id": _own(f), "text": "先打电话"},
    "office.delete_tasks": lambda f: {"task_ids": [_own(f)]},
    "office.find_tasks": lambda f: _with_one(f, text="样品"),
    "office.finish_tasks": lambda f: {"task_ids": [_own(f)]},
    "office.give_up_tasks": lambda f: {"task_ids": [_own(f)]},
    "office.own_tasks": _with_one,
    "office.people_with_tasks": _with_one,
    "office.purge_tasks": lambda f: {
        "task_ids": [_own(f, in_bin=True)],
        "confirmed": frozenset({PURGE}),
    },
    "office.reopen_tasks": lambda f: {"task_ids": [_own(f, done=True)]},
    "office.restore_tasks": lambda f: {"task_ids": [_own(f, in_bin=True)]},
    "office.set_progress": lambda f: {"task_id": _own(f), "percent": 40},
    "office.task_course": lambda f: {"task_id": _own(f)},
    "office.task_detail": lambda f: {"task_id": _own(f)},
    "office.task_figures": lambda f: {},
    "office.task_list": _with_one,
    "office.tasks_of": lambda f: _with_one(f, customer_id=f.canary),
}
