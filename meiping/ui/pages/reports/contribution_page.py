"""客户贡献: which customers bring the sales, the largest first, with classes A, B and C."""

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.analysis.queries import CONTRIBUTION_COLUMNS, contribution
from meiping.domains.reports.analysis.rules import CLASSES
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.long_table import LongTable
from meiping.domains.reports.rules import Quick
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import TO_COUNTER
from meiping.ui.pages.reports.customer_report import CustomerReportPage, customer_parts
from meiping.ui.pages.reports.opening import open_customers
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTION = "前百分之几的客户，带来多少销售额？"
_PARTS = 10


def _read(actor: Actor, asked: ReportAsked) -> Table:
    return contribution(actor, asked.period, letter=asked["letter"])


def _chart(table: Table, asked: ReportAsked) -> Chart:
    """The cumulated share at every tenth of the customers; of one class its largest."""
    if asked["letter"] is not None:
        return ranking(f"{asked['letter']} 级客户各带来多少？", "name", "net_fen")(table, asked)
    count = len(table.rows)
    ends = [-(-count * part // _PARTS) for part in range(1, _PARTS + 1)]
    return Chart(
        ChartKind.LINE,
        _QUESTION,
        [f"前 {100 * part // _PARTS}%" for part in range(1, _PARTS + 1)],
        [Series("累计占比", [table.rows[end - 1]["cumulated_bp"] for end in ends])],
        Kind.PERCENT,
        keys=[str(end) for end in ends],
    )


def _pick(context: Context, key: str, asked: ReportAsked, table: Table) -> None:
    """The first customers up to the point of the line; of one class the customer of the bar."""
    if asked["letter"] is not None:
        context.open_page("customer_hub", customer_id=int(key))
    elif isinstance(table, LongTable):
        open_customers(context, f"贡献最大的 {int(key):,} 位", table.ids()[: int(key)])


def _open(context: Context, row: Row, _asked: ReportAsked) -> None:
    context.open_page("customer_hub", customer_id=int(row["id"]))


SPEC = ReportSpec(
    key="contribution",
    title="客户贡献",
    columns=lambda _actor: CONTRIBUTION_COLUMNS,
    read=_read,
    choices=(Choice("letter", "分级", lambda _actor: [(one, f"{one} 级") for one in CLASSES], width=6),),
    figures=("net_fen", "bills"),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    picks=_pick,
    opens_word="打开客户",
    quick=Quick.YEAR,
    empty="这段时间没有记在客户名下的业务。收银时选上客户，这里就看得出谁带来的销售最多。",
    begins=TO_COUNTER,
)
PAGE = customer_parts(
    SPEC,
    page=CustomerReportPage,
    help="客户按带来的净销售额排名。累计到 80% 为止是 A 级，到 95% 是 B 级，其余是 C 级；比例可以在“分界点”里改。"
    "没有记客户的单不算在内。选几位客户，或者不选就是全部，打开客户列表或各建一条提醒。",
)
