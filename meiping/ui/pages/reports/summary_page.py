"""汇总统计: sales, returns, profit and tenders by day, month or year, with the course of sales above."""

import tkinter as tk
from collections.abc import Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.access.queries import companies_of, company_name
from meiping.domains.audit.rules import EXPORT
from meiping.domains.reports.queries import SUMMARY_COLUMNS, summary, summary_columns
from meiping.domains.reports.rules import Period, Quick, Unit
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Row, Sort, Table
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_output import export_listing, print_listing
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.chart_panel import ChartPanel
from meiping.ui.pages.reports.period_bar import PeriodBar
from meiping.ui.theme import px
from meiping.ui.widgets.cards import FilterBar, PageHead, margins
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.virtual_list import VirtualList

MOST_BARS = 400
"""Above this many the empty days between are left out of the chart."""
_FINER = {Unit.YEAR: Unit.MONTH, Unit.MONTH: Unit.DAY}


class SummaryPage:
    """Period and unit above, then the chart, then the table with its totals."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self._going = False
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, "汇总统计")
        if context.actor.can(EXPORT):
            self.head.action("导出", "download", self.export)
            self.head.action("打印", "printer", self.print)
        self._build_bars()
        margin = margins(self.widget)
        self.chart = ChartPanel(self.widget, context, on_pick=self._picked, height=190)
        self.chart.pack(fill="x", padx=margin, pady=(0, px(self.widget, 10)))
        self.table = Table("汇总统计", SUMMARY_COLUMNS, ())
        self._rows = FreshListing(lambda: self.table)
        self.list = VirtualList(
            self.widget,
            context.read(summary_columns) or SUMMARY_COLUMNS,
            key="summary",
            view=context.view,
            on_open=lambda row: self._picked(row["label"]),
            on_menu=self._menu,
        )
        self.list.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        keys = {"Control-e": self.export, "Control-p": self.print} if context.actor.can(EXPORT) else {}
        context.keys.bind(self.widget, keys)
        self._ask_again()

    def _build_bars(self) -> None:
        today = self.context.actor.today
        line = FilterBar(self.widget)
        self.periods = PeriodBar(line, today=today, on_change=self._ask_again)
        line.add(self.periods)
        units = [(unit, unit.title) for unit in Unit]
        self.unit = ChoiceBox(line, units, width=6, blank=False)
        self.unit.set_value(Unit.DAY)
        self.unit.watch(self._ask_again)
        line.add(self.unit)
        companies = companies_of(self.context.actor)
        self.company = ChoiceBox(line, [(None, "全部公司"), *companies], width=12, blank=False)
        self.company.set_value(None)
        self.company.watch(self._ask_again)
        if len(companies) > 1:
            line.add(self.company, "公司")

    # ---------------------------------------------------------------- what is shown

    def reload(self) -> None:
        """Add up again, keeping the place in the table."""
        self._add_up()
        self.list.reload()

    def _ask_again(self) -> None:
        """Another period, unit or company."""
        if not self._going:
            self._add_up()
            self.list.set_listing(self._rows)

    def _add_up(self) -> None:
        unit: Unit = self.unit.get_value()
        found = self.context.read(
            summary, period=self.periods.period, by=unit, company_id=self.company.get_value()
        )
        if found is None:
            return
        self.table = found
        self.head.facts(f"{found.subtitle} · {unit.title}")
        self.list.set_empty("这段时间没有业务")
        if found.rows:
            self.chart.show(self._chart(found))
        else:
            words = "这段时间没有业务。收银、充值、收款以后，这里显示每天的销售额。"
            self.chart.show_empty(self._title(), words, self._way_out())

    def _way_out(self) -> Any:
        if self.periods.quick is not Quick.ALL:
            return ("看全部日期", lambda: self.periods.choose(Quick.ALL))
        if self.context.actor.can(CHECKOUT):
            return ("去收银", lambda: self.context.open_page("counter"))
        return None

    def _title(self) -> str:
        word = {Unit.DAY: "每天", Unit.MONTH: "每月", Unit.YEAR: "每年"}[self.unit.get_value()]
        return f"{word}卖了多少？"

    def _chart(self, table: Table) -> Chart:
        unit: Unit = self.unit.get_value()
        sums = {row["label"]: row["net_fen"] for row in table.rows}
        period = self.periods.period
        first = period.first or unit.days(min(sums)).first
        last = min(
            period.last or self.context.actor.today(), max(self.context.actor.today(), _last(unit, sums))
        )
        assert first is not None
        labels = unit.labels(first, max(first, last))
        if len(labels) > MOST_BARS:
            labels = sorted(sums)
        names = [
            label[5:] if unit is Unit.DAY and labels[0][:4] == labels[-1][:4] else label for label in labels
        ]
        values = [sums.get(label, 0) for label in labels]
        return Chart(
            ChartKind.BAR, self._title(), names, [Series("净销售额", values)], Kind.MONEY, keys=labels
        )

    def focus(self) -> None:
        """The rows."""
        self.list.focus_set()

    def open(self, *, quick: str | None = None, first: Any = None, last: Any = None) -> None:
        """Come here from elsewhere: to one of the usual periods, or to any days."""
        if quick is not None:
            self.periods.choose(next(one for one in Quick if one.key == quick))
        elif first is not None:
            self.periods.set(Period(first, last))

    # ---------------------------------------------------------------- going deeper

    def _picked(self, label: str) -> None:
        """A row or a bar: a year shows its months, a month its days, a day its bills."""
        unit: Unit = self.unit.get_value()
        days = unit.days(label)
        if unit in _FINER:
            self._going = True
            self.unit.set_value(_FINER[unit])
            self._going = False
            self.periods.set(days)
        elif self.context.actor.can(VIEW_SALES):
            self.context.open_page("bills", first_date=days.first, last_date=days.last)

    def _menu(self, row: Row) -> list[tuple[str, Any]]:
        word = {Unit.YEAR: "查看各月", Unit.MONTH: "查看各天"}.get(self.unit.get_value(), "查看这天的业务单")
        return [(word, lambda: self._picked(row["label"])), ("复制", self.list.copy)]

    # ---------------------------------------------------------------- taking it out

    def export(self) -> None:
        """The table in the columns and order shown, into a workbook."""
        export_listing(self.widget, self.context, *self._output())

    def print(self) -> None:
        """The table on paper."""
        print_listing(self.context, *self._output())

    def _output(self) -> tuple[str, Sequence[Column], Table, Sort | None, str]:
        subtitle = f"{self.table.subtitle} {self.unit.get_value().title}"
        company_id = self.company.get_value()
        if company_id is not None:
            subtitle += f" {company_name(company_id)}"
        columns = self.list.visible_columns()
        if self.unit.get_value() is Unit.DAY:
            columns = tuple(_DAY if column.key == "label" else column for column in columns)
        return self.table.title, columns, self.table, self.list.layout.sort, subtitle


_DAY = Column("first", "日期", Kind.DATE, width=12)
"""In place of the label where rows are days: a workbook is to hold real dates."""


def _last(unit: Unit, sums: dict[str, int]) -> Any:
    return unit.days(max(sums)).last


PAGE = PageParts(
    build=SummaryPage,
    watches=frozenset({Topic.SALES, Topic.MONEY, Topic.SETTINGS}),
    help="按日、按月、按年汇总销售、退货、优惠、成本、毛利和各种收款。双击一行看更细的数字。",
    keys=(
        ("回车 / 双击", "看更细的数字：年看月，月看日，日看业务单"),
        ("Ctrl+E", "导出 Excel"),
        ("Ctrl+P", "打印"),
        ("Ctrl+C", "复制选中的行"),
        ("F5", "重新统计"),
    ),
)
