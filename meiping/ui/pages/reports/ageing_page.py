"""应收账龄: what customers owe by how long it has been due."""

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.access.queries import colleagues
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import ageing_columns, ageing_report
from meiping.domains.reports.queries.ageing import AGES
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTION = "欠款到期多久了？"
_TITLES = {key: title for key, title, _ in AGES}
_AGES = tuple(_TITLES)


def _chart(table: Table, _asked: ReportAsked) -> Chart:
    series = [Series("欠款", [table.totals[key] for key in _AGES])]
    return Chart(ChartKind.BAR, _QUESTION, [_TITLES[key] for key in _AGES], series, Kind.MONEY, keys=_AGES)


def _pick(context: Context, age: str, _asked: ReportAsked, _table: Table) -> None:
    """Who owes something of an age."""
    context.open_page("ageing", age=age)


def _open(context: Context, row: Row, _asked: ReportAsked) -> None:
    context.open_page("customer_hub", customer_id=row["customer_id"])


SPEC = ReportSpec(
    key="ageing",
    title="应收账龄",
    columns=ageing_columns,
    read=ageing_report,
    choices=(COMPANY, Choice("owner_id", "业务员", colleagues, all_word="全部业务员")),
    narrows={"age": lambda _actor, value: _TITLES[value]},
    search="客户 / 电话",
    figures=("debt_fen", *_AGES),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    picks=_pick,
    opens_word="打开客户",
    periods=False,
    empty="没有客户欠款。收银时选“赊账”的单记在这里，看得出到期了多久。",
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.MONEY, Topic.CUSTOMERS, Topic.SETTINGS}),
    help="每位客户欠多少、到期多久：赊账之日加上客户的账期就是到期日，收到的钱先还最早的。双击打开客户去收款；点图上的一根柱子，只看有这样欠款的客户。",
)
