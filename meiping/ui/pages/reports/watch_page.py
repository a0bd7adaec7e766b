"""收银监督: voids, prices by hand, gifts, returns and drawer openings by operator."""

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.watching import watch_columns, watch_report
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import ReportSpec

_QUESTION = "谁改价和赠送得最多？"


def _chart(table: Table, _asked: ReportAsked) -> Chart:
    given = [row["price_changed_fen"] + row["gift_fen"] for row in table.rows]
    return Chart(
        ChartKind.HBAR,
        _QUESTION,
        [str(row["name"]) for row in table.rows],
        [Series("让出的金额", given)],
        Kind.MONEY,
        keys=[str(row["id"]) for row in table.rows],
    )


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """The events of an operator in these days."""
    period = asked.period
    context.open_page("till_events", person=row["id"], first_date=period.first, last_date=period.last)


SPEC = ReportSpec(
    key="watch",
    title="收银监督",
    columns=watch_columns,
    read=watch_report,
    choices=(COMPANY,),
    figures=("line_removed", "bill_cleared", "price_changed", "gift", "returned", "drawer"),
    neither=frozenset({"line_removed", "bill_cleared", "price_changed", "gift", "returned", "drawer"}),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看记录",
    empty="这段时间没有需要留意的操作。删除商品、改价、赠送、退货、开钱箱都会记在这里。",
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.CART, Topic.ACCESS}),
    help="删除商品、清空整单、改价、赠送、退货、赊账、开钱箱各多少次、多少钱，按操作员看。双击一行看每一条记录。",
)
