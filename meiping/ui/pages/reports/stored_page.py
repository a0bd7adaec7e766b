"""储值统计: what customers have left with the shop, and what became of it."""

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import StoredGroup, stored_columns, stored_report
from meiping.domains.reports.rules import Quick, Unit
from meiping.domains.wallet.rules import RECHARGE
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, grouped_by, open_dealings, with_real_days
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Begin, ReportSpec

_QUESTION = "客户的储值还剩多少？"
_MOST = 120


def _chart(table: Table, asked: ReportAsked) -> Chart:
    if asked.get("by") == StoredGroup.CUSTOMER.key:
        return ranking("谁的储值最多？", "name", "closing_fen")(table, asked)
    rows = list(table.rows[:_MOST])[::-1]
    series = [Series("期末余额", [row["closing_fen"] for row in rows])]
    kind = ChartKind.LINE if len(rows) > 1 else ChartKind.BAR  # a line needs two ends
    return Chart(kind, _QUESTION, [row["name"] for row in rows], series, Kind.MONEY)


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """A month shows its days, a day what moved, a customer stands in the hub."""
    by = asked.get("by")
    if by == StoredGroup.CUSTOMER.key:
        context.open_page("customer_hub", customer_id=row["id"])
    elif by == StoredGroup.MONTH.key:
        days = asked.period.cut(Unit.MONTH.days(row["id"]))
        context.open_page("stored_value", first=days.first, last=days.last, by=StoredGroup.DAY.key)
    else:
        open_dealings(context, Unit.DAY.days(row["id"]), company_id=asked.get("company_id"))


SPEC = ReportSpec(
    key="stored_value",
    title="储值统计",
    columns=stored_columns,
    read=stored_report,
    choices=(grouped_by(StoredGroup, StoredGroup.MONTH.key), COMPANY),
    figures=("closing_fen", "recharged_fen", "bonus_fen", "used_fen", "refunded_fen"),
    neither=frozenset({"closing_fen", "bonus_fen", "used_fen", "refunded_fen"}),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看更细的数字",
    output=with_real_days,
    quick=Quick.YEAR,
    empty="这段时间没有储值的往来。给客户充值以后，这里看得出充了、用了、还剩多少。",
    begins=Begin("打开客户操作", "customer_hub", RECHARGE),
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.MONEY, Topic.CUSTOMERS, Topic.SETTINGS}),
    help="客户存在店里的钱：期初、充值、赠送、消费、退货退回、退款和期末余额。按日、按月，或按客户看。双击一个月看它的每一天，双击一天看每一笔，双击一位客户打开客户。",
)
