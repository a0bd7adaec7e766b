"""客户分层: customers by when they came last, how often they come and what they spend, in plain words."""

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.analysis.queries import SEGMENT_COLUMNS, segment_members, segments
from meiping.domains.reports.asking import ReportAsked
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.customer_report import CustomerReportPage, Who, customer_parts
from meiping.ui.pages.reports.opening import open_customers
from meiping.ui.pages.reports.report_spec import ReportSpec

_QUESTION = "各层各有多少位客户？"


class SegmentsPage(CustomerReportPage):
    """A row a segment: the actions are about the customers of the one chosen."""

    def who(self) -> Who | None:
        """The customers of the chosen segment."""
        row = self.list.current_row()
        if row is None:
            self.context.toast("请先在表里选择一层客户。", kind="info")
            return None
        members = self.context.read(segment_members, segment=row["id"])
        if members is None:
            return None
        if not members:
            self.context.toast(f"“{row['title']}”里没有客户。", kind="info")
            return None
        return str(row["title"]), members


def _chart(table: Table, _asked: ReportAsked) -> Chart:
    return Chart(
        ChartKind.BAR,
        _QUESTION,
        [row["title"] for row in table.rows],
        [Series("客户", [row["customers"] for row in table.rows])],
        Kind.NUMBER,
        keys=[str(row["id"]) for row in table.rows],
    )


def _open(context: Context, row: Row, _asked: ReportAsked) -> None:
    if members := context.read(segment_members, segment=row["id"]):
        open_customers(context, str(row["title"]), members)


SPEC = ReportSpec(
    key="segments",
    title="客户分层",
    columns=lambda _actor: SEGMENT_COLUMNS,
    read=lambda actor, _asked: segments(actor),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看这些客户",
    periods=False,
    empty="还没有客户。有了客户和业务以后，这里按最近来没来、来得勤不勤、花得多不多分层。",
)
PAGE = customer_parts(
    SPEC,
    page=SegmentsPage,
    help="每位客户只在一层：按最近一次购买、近一年买了几次、花了多少来分，分界点由店主自己定。"
    "双击一层打开这些客户，可以导出；也可以给整层客户各建一条提醒。",
)
