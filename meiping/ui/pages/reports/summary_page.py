"""汇总统计: sales, returns, profit and tenders by day, month or year, with the course of sales above."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.access.queries import companies_of
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import summary, summary_columns
from meiping.domains.reports.rules import Unit
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import TO_COUNTER
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

MOST_BARS = 400
"""Above this many the empty days between are left out of the chart."""
_UNITS = {unit.key: unit for unit in Unit}
_FINER = {Unit.YEAR: Unit.MONTH, Unit.MONTH: Unit.DAY}
_QUESTIONS = {Unit.DAY: "每天卖了多少？", Unit.MONTH: "每月卖了多少？", Unit.YEAR: "每年卖了多少？"}


def _unit(asked: ReportAsked) -> Unit:
    return _UNITS[asked["by"]]


def _read(actor: Actor, asked: ReportAsked) -> Table:
    return summary(actor, asked.period, _unit(asked), company_id=asked["company_id"])


def _chart(table: Table, asked: ReportAsked) -> Chart:
    """Net sales of every day, month or year, those without any among them."""
    unit = _unit(asked)
    sums = {row["label"]: row["net_fen"] for row in table.rows}
    days = unit.days(min(sums)).first, unit.days(max(sums)).last
    first, last = asked.period.first or days[0], days[1]
    if asked.period.last is not None and last is not None:
        last = max(last, asked.period.last)
    assert first is not None
    assert last is not None
    labels = unit.labels(first, last)
    if len(labels) > MOST_BARS:
        labels = sorted(sums)
    short = unit is Unit.DAY and labels[0][:4] == labels[-1][:4]
    values = [sums.get(label, 0) for label in labels]
    names = [label[5:] if short else label for label in labels]
    return Chart(
        ChartKind.BAR, _QUESTIONS[unit], names, [Series("净销售额", values)], Kind.MONEY, keys=labels
    )


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """A year shows its months, a month its days, a day its bills."""
    unit = _unit(asked)
    days = asked.period.cut(unit.days(row["label"]))
    if unit in _FINER:
        last = min(day for day in (days.last, context.actor.today()) if day is not None)
        context.open_page("summary", first=days.first, last=last, by=_FINER[unit].key)
    elif context.actor.can(VIEW_SALES):
        context.open_page("bills", first_date=days.first, last_date=days.last)


def _output(columns: Sequence[Column], asked: ReportAsked) -> Sequence[Column]:
    """A workbook of days is to hold real dates."""
    if _unit(asked) is not Unit.DAY:
        return columns
    return [replace(c, key="first", kind=Kind.DATE) if c.key == "label" else c for c in columns]


def _units(_actor: Actor) -> list[tuple[Any, str]]:
    return [(unit.key, unit.title) for unit in Unit]


SPEC = ReportSpec(
    key="summary",
    title="汇总统计",
    columns=summary_columns,
    read=_read,
    choices=(
        Choice("by", "", _units, all_word="", default=Unit.DAY.key, width=6),
        Choice("company_id", "公司", companies_of, all_word="全部公司"),
    ),
    figures=("net_fen", "profit_fen", "result_fen", "bills", "received_fen"),
    chart=_chart,
    question=_QUESTIONS[Unit.DAY],
    opens=_open,
    opens_word="查看更细的数字",
    output=_output,
    empty="这段时间没有业务。收银、充值、收款以后，这里显示每天的销售额。",
    begins=TO_COUNTER,
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.MONEY, Topic.EXPENSES, Topic.SETTINGS}),
    help="按日、按月、按年汇总销售、退货、优惠、成本、毛利、费用、净利（毛利减费用）和各种收款。双击一行看更细的数字：年看月，月看日，日看业务单。",
)
