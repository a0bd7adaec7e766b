"""客户业务统计: what each customer bought in a period."""

from typing import Any

from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import customer_columns, customer_report
from meiping.domains.reports.queries.customers import NOBODY
from meiping.domains.settings.queries import levels
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, SALESPERSON, TO_COUNTER, open_bills
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTION = "哪些客户买得最多？"


def _levels(_actor: Actor) -> list[tuple[Any, str]]:
    return [(level.id, level.name) for level in levels()]


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    open_bills(context, asked, customer_id=row["id"])


SPEC = ReportSpec(
    key="customer_report",
    title="客户业务统计",
    columns=customer_columns,
    read=customer_report,
    choices=(COMPANY, SALESPERSON, Choice("level_id", "等级", _levels, all_word="全部等级", width=8)),
    search="客户 / 电话",
    figures=("net_fen", "bills", "average_fen", "profit_fen"),
    compared="net_fen",
    chart=ranking(_QUESTION, "name", "net_fen", without=(NOBODY,)),
    question=_QUESTION,
    opens=_open,
    opens_word="查看业务单",
    empty="这段时间没有客户的业务。收银时选上客户，这里就看得出谁买了多少。",
    begins=TO_COUNTER,
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.CUSTOMERS, Topic.SETTINGS}),
    help="每位客户买了多少、退了多少、赚了多少；没有记客户的单合在“散客”一行。双击看这位客户的业务单。",
)
