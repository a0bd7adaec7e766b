"""任务统计: tasks by person, state or month, and how many of them were done in time."""

from typing import Any

from meiping.adapters.charts import Chart
from meiping.domains.office.queries import people_with_tasks
from meiping.domains.office.rules import USE
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import TaskGroup, task_columns, task_report
from meiping.domains.reports.rules import Unit
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import grouped_by
from meiping.ui.pages.reports.done_chart import done_chart
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Begin, Choice, ReportSpec

_QUESTION = "谁的任务最多，做完了多少？"


def _people(actor: Actor) -> list[tuple[int, str]]:
    return people_with_tasks(actor) if actor.can(USE) else []


def _chart(table: Table, asked: ReportAsked) -> Chart:
    by_month = asked.get("by") == TaskGroup.MONTH.key
    return done_chart(_QUESTION, table.rows, counted="tasks", by_month=by_month)


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """The tasks behind a row: added on the same days, of the same person."""
    if not context.actor.can(USE):
        return
    by, period = asked.get("by"), asked.period
    narrow: dict[str, Any] = {
        "whose": None,
        "state": "all",
        "assignee_id": asked.get("person_id"),
        "period": None,
    }
    if by == TaskGroup.MONTH.key:
        period = period.cut(Unit.MONTH.days(str(row["id"])))
    elif by == TaskGroup.STATE.key:
        narrow["state"] = None if row["id"] == "open" else row["id"]
    else:
        narrow["assignee_id"] = row["id"]
    context.open_page("tasks", text="", first_date=period.first, last_date=period.last, **narrow)


SPEC = ReportSpec(
    key="task_report",
    title="任务统计",
    columns=task_columns,
    read=task_report,
    choices=(
        grouped_by(TaskGroup, TaskGroup.PERSON.key),
        Choice("person_id", "", _people, all_word="全部负责人", width=10),
    ),
    figures=("tasks", "done_bp", "in_time_bp", "late", "days_milli"),
    worse=frozenset({"late", "days_milli"}),
    compared="tasks",
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看任务",
    empty="这段时间没有添加任务。布置了任务，这里看得出谁做完了多少、按时不按时。",
    begins=Begin("去添加任务", "tasks", USE),
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.TASKS, Topic.ACCESS}),
    help="这段时间添加的任务，按负责人、状态或月份看：做完多少、按期完成多少（有期限的任务里）、逾期多少"
    "（过了期限才完成，或到现在还没完成）、从添加到完成平均几天。只算您看得到的任务。双击看这些任务。",
)
