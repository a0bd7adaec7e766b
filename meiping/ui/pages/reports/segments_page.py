"""客户分层: customers by when they came last, how often they come and what they spend, in plain words."""

from collections.abc import Callable, Sequence
from functools import partial

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.analysis.queries import SEGMENT_COLUMNS, segment_members, segments
from meiping.domains.reports.asking import ReportAsked
from meiping.kernel.tabular import Kind, Row, Table
from meiping.store.database import reading
from meiping.ui.context import Context, Progress
from meiping.ui.pages.reports.customer_report import CustomerReportPage, customer_parts
from meiping.ui.pages.reports.opening import open_customers
from meiping.ui.pages.reports.report_spec import ReportSpec
from meiping.ui.pages.reports.segment_reminders import remind_of_dialog

_QUESTION = "各层各有多少位客户？"


class SegmentsPage(CustomerReportPage):
    """A row a segment: the actions are about the customers of the one chosen."""

    def show_customers(self) -> None:
        """Open the list of the customers of the chosen segment."""
        if (row := self._chosen()) is not None:
            _open(self.context, row, self.asked())

    def remind(self) -> None:
        """Ask for a reminder about each customer of the chosen segment."""
        if (row := self._chosen()) is not None:
            _with_members(self.context, row, partial(remind_of_dialog, self.widget, self.context))

    def _chosen(self) -> Row | None:
        row = self.list.current_row()
        if row is None:
            self.context.toast("请先在表里选择一层客户。", kind="info")
        return row


def _with_members(context: Context, row: Row, act: Callable[[str, Sequence[int]], object]) -> None:
    """Read in a worker who belongs to the segment of a row, and do something with its title and them."""
    title, actor = str(row["title"]), context.actor

    def read(_progress: Progress) -> list[int]:
        with reading():
            return segment_members(actor, segment=row["id"])

    def done(members: list[int]) -> None:
        if members:
            act(title, members)
        else:
            context.toast(f"“{title}”里没有客户。", kind="info")

    context.background(read, title=title, done=done, quiet=True)


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
    _with_members(context, row, partial(open_customers, context))


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
