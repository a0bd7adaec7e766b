"""流失预警: who stays away longer than usual, and what that costs a month."""

from meiping.domains.reports.analysis.queries import SLIPPING_COLUMNS, slipping_away
from meiping.domains.reports.asking import ReportAsked
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.customer_report import CustomerReportPage, customer_parts
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTION = "谁不来了，每月少收多少？"
_STATES = ((False, "还能挽回的"), (True, "已经流失的"))


def _read(actor: Actor, asked: ReportAsked) -> Table:
    return slipping_away(actor, lost=asked["lost"])


def _open(context: Context, row: Row, _asked: ReportAsked) -> None:
    context.open_page("customer_hub", customer_id=int(row["id"]))


SPEC = ReportSpec(
    key="slipping",
    title="流失预警",
    columns=lambda _actor: SLIPPING_COLUMNS,
    read=_read,
    choices=(Choice("lost", "情况", lambda _actor: _STATES),),
    figures=("month_fen", "lost_fen"),
    worse=frozenset({"month_fen", "lost_fen"}),
    chart=ranking(_QUESTION, "name", "month_fen"),
    question=_QUESTION,
    opens=_open,
    opens_word="打开客户",
    periods=False,
    empty="没有客户比平时来得少。买过三天以上的客户，超过通常间隔的两倍没来，会列在这里。",
)
PAGE = customer_parts(
    SPEC,
    page=CustomerReportPage,
    help="每位客户有自己通常多久来一次。比平时久得多没来的列在这里，最可惜的在前；"
    "“以前月均消费”按第一次到最后一次购买算，“估计少收”是该来而没来的日子里少收的钱。",
)
