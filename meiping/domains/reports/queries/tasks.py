"""任务统计: how many tasks there were, how many of them were done, in time, and how many are late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from meiping.domains.office.models import Task
from meiping.domains.office.people import seen_tasks
from meiping.domains.office.queries import added_between
from meiping.domains.office.rules import STATE_BY_KEY, TaskState
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import added_up, ratio_bp
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.kernel.moments import from_ms, local_day
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Table
from meiping.kernel.titled import Titled
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


class TaskGroup(Titled):
    """What is added up to one row: key and word on screen."""

    PERSON = ("person", "按负责人")
    STATE = ("state", "按状态")
    MONTH = ("month", "按月")


COLUMNS = (
    Column("name", "负责人 / 名称", width=18, stretch=True),
    Column("tasks", "任务", Kind.NUMBER, width=8),
    Column("done", "已完成", Kind.NUMBER, width=9),
    Column("done_bp", "完成率", Kind.PERCENT, width=9),
    Column("in_time_bp", "按期完成率", Kind.PERCENT, width=11),
    Column("open", "未完成", Kind.NUMBER, width=9),
    Column("late", "逾期", Kind.NUMBER, width=8),
    Column("given_up", "已放弃", Kind.NUMBER, width=9),
    Column("days_milli", "平均天数", Kind.QUANTITY, width=10),
)
_SUMS = ("tasks", "done", "open", "given_up", "late", "days", "dated", "in_time")
_BY_KEY = {group.key: group for group in TaskGroup}


@query(VIEW)
def task_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``task_report``."""
    return COLUMNS


@query(VIEW)
def task_report(actor: Actor, asked: ReportAsked) -> Table:
    """The tasks added in the period that the actor may see, by person, state or month (``by``).

    ``late`` were done after their last day or are open after it; of those done that had one, ``in_time_bp`` were done
    by it. ``days_milli`` is how many days (thousandths, to a tenth) those done took on average. Narrowed by
    ``person_id``; those of most tasks come first, states and months in turn.
    """
    group, today = _BY_KEY[asked.get("by") or TaskGroup.PERSON.key], actor.today()
    sums: dict[Any, dict[str, int]] = {}
    for row in _rows(actor, asked):
        added = local_day(from_ms(row["created_at"]))
        key = {
            TaskGroup.PERSON: row["assignee"],
            TaskGroup.STATE: row["state"],
            TaskGroup.MONTH: f"{added:%Y-%m}",
        }[group]
        mine = sums.setdefault(key, dict.fromkeys(_SUMS, 0))
        for one, count in _counted(row, added, today).items():
            mine[one] += count
    names = _names(group)
    rows = [{"id": key, "name": names.get(key, str(key)), **_figures(one)} for key, one in sums.items()]
    if group is TaskGroup.MONTH:
        rows.sort(key=lambda row: str(row["id"]), reverse=True)
    elif group is TaskGroup.STATE:
        rows.sort(key=lambda row: list(STATE_BY_KEY).index(str(row["id"])))
    else:
        rows.sort(key=lambda row: (-row["tasks"], str(row["name"])))
    return Table("任务统计", COLUMNS, rows, _figures(added_up(sums.values(), _SUMS)), asked.period.show())


def _rows(actor: Actor, asked: ReportAsked) -> Iterable[dict[str, Any]]:
    bound = seen_tasks(actor)
    met = [Task.deleted_at.is_null(), *added_between(asked.period.first, asked.period.last)]
    met += [bound] if bound is not None else []
    if asked.get("person_id") is not None:
        met.append(Task.assignee == asked["person_id"])
    columns = (Task.assignee, Task.state, Task.created_at, Task.ended_at, Task.due_date)
    return cast("Iterable[dict[str, Any]]", Task.select(*columns).where(*met).dicts())


def _counted(row: Mapping[str, Any], added: date, today: date) -> dict[str, int]:
    """What one task adds to the sums of its row."""
    state, due = STATE_BY_KEY[row["state"]], row["due_date"]
    ended = None if row["ended_at"] is None else local_day(from_ms(row["ended_at"]))
    done = state is TaskState.DONE
    in_time = due is None or (ended or today) <= due
    return {
        "tasks": 1,
        "done": int(done),
        "open": int(state is TaskState.OPEN),
        "given_up": int(state is TaskState.GIVEN_UP),
        "late": int(not in_time and state is not TaskState.GIVEN_UP),
        "days": (ended - added).days if done and ended is not None else 0,
        "dated": int(done and due is not None),
        "in_time": int(done and due is not None and in_time),
    }


def _figures(sums: Mapping[str, int]) -> dict[str, Any]:
    return {
        **{key: sums[key] for key in ("tasks", "done", "open", "late", "given_up")},
        "done_bp": ratio_bp(sums["done"], sums["tasks"]),
        "in_time_bp": ratio_bp(sums["in_time"], sums["dated"]),
        "days_milli": rounded_ratio(sums["days"] * 10, sums["done"]) * 100 if sums["done"] else None,
    }


def _names(group: TaskGroup) -> Mapping[Any, str]:
    if group is TaskGroup.PERSON:
        return dict(fetch("SELECT id, name FROM operator"))
    return {state.key: state.title for state in TaskState} if group is TaskGroup.STATE else {}
