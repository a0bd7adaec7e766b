"""进销存: what lay there, came in, was sold, went out otherwise, and lies there after."""

from meiping.adapters.charts import Chart
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import stock_flow_columns, stock_flow_report
from meiping.domains.stock.rules import RECEIVE_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import CATEGORY, COMPANY, open_bills
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Begin, ReportSpec

_QUESTION = "哪些商品的库存金额最大？"
_rank = ranking(_QUESTION, "name", "closing_fen")


def _chart(table: Table, asked: ReportAsked) -> Chart | None:
    """The largest values lying there; nothing for who may not see costs."""
    if not any(column.key == "closing_fen" for column in table.columns):
        return None
    return _rank(table, asked)


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    open_bills(context, asked, product_id=row["id"])


SPEC = ReportSpec(
    key="stock_flow",
    title="进销存",
    columns=stock_flow_columns,
    read=stock_flow_report,
    choices=(CATEGORY, COMPANY),
    search="商品 / 编码 / 条码",
    figures=("opening_fen", "in_fen", "sold_fen", "out_fen", "closing_fen"),
    neither=frozenset({"opening_fen", "in_fen", "sold_fen", "out_fen", "closing_fen"}),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看业务单",
    empty="这段时间没有库存，也没有出入库。商品入库以后，这里是每种的期初、进、销、存。",
    begins=Begin("去入库", "stock_in", RECEIVE_GOODS),
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.STOCK, Topic.SETTINGS}),
    help="每种商品的期初、入库、销售（已减去退货）、其他出库和结存，数量和金额（按成本）都在。双击看卖出它的业务单。",
)
