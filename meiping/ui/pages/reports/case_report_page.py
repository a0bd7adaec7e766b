"""服务统计: service cases by type, product, person, status or month, how soon and how well they were done."""

from typing import Any

from meiping.adapters.charts import Chart
from meiping.domains.access.queries import colleagues
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import CaseGroup, case_columns, case_report
from meiping.domains.reports.rules import Unit
from meiping.domains.settings.queries import words
from meiping.domains.support.rules import HANDLE, TYPES
from meiping.domains.support.rules import VIEW as VIEW_CASES
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, grouped_by
from meiping.ui.pages.reports.done_chart import done_chart
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Begin, Choice, ReportSpec

_QUESTION = "哪里的服务单最多，办完了多少？"
_NARROWED_BY = {
    CaseGroup.TYPE.key: "type_id",
    CaseGroup.PRODUCT.key: "product_id",
    CaseGroup.PERSON.key: "handler_id",
    CaseGroup.STATUS.key: "state",
}


def _types(_actor: Actor) -> list[tuple[Any, str]]:
    return [(word.id, word.name) for word in words(TYPES, with_inactive=True)]


def _chart(table: Table, asked: ReportAsked) -> Chart:
    by_month = asked.get("by") == CaseGroup.MONTH.key
    return done_chart(_QUESTION, table.rows, counted="cases", by_month=by_month)


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """The cases behind a row: of the same days and choices."""
    if not context.actor.can(VIEW_CASES):
        return
    by, period = asked.get("by"), asked.period
    narrow: dict[str, Any] = dict.fromkeys(_NARROWED_BY.values())
    narrow |= {"type_id": asked.get("type_id"), "handler_id": asked.get("person_id")}
    narrow["company_id"] = asked.get("company_id")
    if by == CaseGroup.MONTH.key:
        period = period.cut(Unit.MONTH.days(str(row["id"])))
    else:
        narrow[_NARROWED_BY[by or CaseGroup.TYPE.key]] = row["id"]
    context.open_page("cases", text="", first_date=period.first, last_date=period.last, period=None, **narrow)


SPEC = ReportSpec(
    key="case_report",
    title="服务统计",
    columns=case_columns,
    read=case_report,
    choices=(
        grouped_by(CaseGroup, CaseGroup.TYPE.key),
        COMPANY,
        Choice("type_id", "", _types, all_word="全部类型"),
        Choice("person_id", "", colleagues, all_word="全部人员", width=8),
    ),
    figures=("cases", "done_bp", "late", "days_milli", "satisfied_bp"),
    worse=frozenset({"cases", "late", "days_milli"}),
    compared="cases",
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看服务单",
    empty="这段时间没有登记服务单。登记、派工、完成以后，这里看得出办得快不快、好不好。",
    begins=Begin("去登记服务单", "cases", HANDLE),
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SUPPORT, Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS, Topic.PRODUCTS}),
    help="这段时间登记的服务单，按类型、商品、人员、状态或月份看：办完多少、逾期多少（过了期限才完成，或到现在还没完成）、"
    "从登记到完成平均几天、完成度和客户满意率。人员是完成的人，没完成的算负责的人。双击看这些服务单。",
)
