"""收款方式: the money by tender, by day, shift, company or person."""

from datetime import date
from typing import Any

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.access.queries import colleagues
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import MoneyGroup, tender_columns, tender_report
from meiping.domains.reports.rules import TENDERS, Period
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.till.rules import SHIFT
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, TO_COUNTER, grouped_by, open_dealings, with_real_days
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTION = "哪种方式收得最多？"


def _chart(table: Table, _asked: ReportAsked) -> Chart:
    keys = [f"{tender}_fen" for tender in TENDERS]
    titles = {column.key: column.title for column in table.columns}
    return Chart(
        ChartKind.HBAR,
        _QUESTION,
        [titles[key] for key in keys],
        [Series("实收", [table.totals[key] for key in keys])],
        Kind.MONEY,
        keys=TENDERS,
    )


def _pick(context: Context, tender: str, asked: ReportAsked, _table: Table) -> None:
    """What came in and went out by a tender in these days."""
    open_dealings(context, asked.period, tender=tender, **_whose(asked))


def _whose(asked: ReportAsked) -> dict[str, Any]:
    return {"company_id": asked.get("company_id"), "operator_id": asked.get("person_id")}


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """A day shows what came in and went out, a shift its figures; a company or a person its days."""
    if asked.get("by") == MoneyGroup.DAY.key:
        day = date.fromisoformat(row["id"])
        shown = open_dealings(context, Period(day, day), **_whose(asked))
        if not shown and context.actor.can(VIEW_SALES):
            context.open_page("bills", first_date=day, last_date=day)
        return
    if asked.get("by") == MoneyGroup.SHIFT.key:
        if context.actor.can(SHIFT):
            context.open_page("shifts", text=row["name"] if row["id"] else "")
        return
    key = "company_id" if asked.get("by") == MoneyGroup.COMPANY.key else "person_id"
    context.open_page("tenders", by=MoneyGroup.DAY.key, **{key: row["id"]})


SPEC = ReportSpec(
    key="tenders",
    title="收款方式",
    columns=tender_columns,
    read=tender_report,
    choices=(
        grouped_by(MoneyGroup, MoneyGroup.DAY.key),
        COMPANY,
        Choice("person_id", "操作员", colleagues, all_word="全部操作员"),
    ),
    figures=("received_fen", "of_sales_fen", "of_others_fen", "paid_out_fen"),
    worse=frozenset({"paid_out_fen"}),
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    picks=_pick,
    opens_word="查看更细的数字",
    output=with_real_days,
    empty="这段时间没有收款。收银、充值、收回欠款以后，这里看得出各种方式收了多少。",
    begins=TO_COUNTER,
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.MONEY, Topic.SALES, Topic.SETTINGS}),
    help="现金、微信、支付宝、银行卡各收了多少：销售、充值、收款都在内，退出的已经减去。按日、按班次、按公司、按操作员看。"
    "双击一天，或点图上的一种方式，看这些钱的每一笔。",
)
