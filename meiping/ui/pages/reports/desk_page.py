"""工作台: today at a glance; every figure and every line opens its place."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.maintenance.queries import LastBackup, last_backup
from meiping.domains.maintenance.rules import MAKE_BACKUP
from meiping.domains.reminders.rules import USE
from meiping.domains.reports.queries import DaySales, DeskFigures, sales_by_day, today_figures
from meiping.domains.reports.rules import VIEW
from meiping.domains.sales.queries import held_carts
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.domains.stock.queries import low_stock
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.chart_panel import ChartPanel
from meiping.ui.pages.reports.desk_cards import KpiRow, RemindersCard, WatchCard
from meiping.ui.theme import px
from meiping.ui.widgets.cards import PageHead, margins
from meiping.ui.widgets.jobs import Jobs

DAYS_SHOWN = 30
_WEEKDAYS = "一二三四五六日"
_SALES = "近 30 天卖了多少？"
_NEW_DAY_MS = 60_000
_CHART_AFTER_MS = 150


class DeskPage:
    """Figures in a row, below them the last days at the left, what waits at the right."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, "工作台")
        if context.actor.can(CHECKOUT):
            self.head.primary("收银", "cart3", lambda: context.open_page("counter"))
        if context.actor.can(USE):
            self.head.action("客户提醒", "bell", lambda: context.open_page("reminders"))
        self._build_body()
        self._jobs = Jobs(self.widget)
        self._day: date | None = None
        self._painted = False
        self._backup = LastBackup(None, "正在查看……", stale=False)
        self.reload()
        self._look_for_a_new_day()

    def _build_body(self) -> None:
        context, margin, gap = self.context, margins(self.widget), px(self.widget, 12)
        self.kpis: KpiRow | None = None
        self.chart: ChartPanel | None = None
        body = ttk.Frame(self.widget)
        if context.actor.can(VIEW):
            self.kpis = KpiRow(self.widget, context)
            self.kpis.pack(fill="x", padx=margin, pady=(0, gap))
            self.chart = ChartPanel(body, context, on_pick=self._open_day)
            self.chart.grid(row=0, column=0, rowspan=2, sticky="nsew", padx=(0, gap))
            body.columnconfigure(0, weight=13, uniform="desk")
        body.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        body.columnconfigure(1, weight=7, uniform="desk")
        body.rowconfigure(0, weight=1)
        self.reminders: RemindersCard | None = None
        if context.actor.can(USE):
            self.reminders = RemindersCard(body, context)
            self.reminders.grid(row=0, column=1, sticky="nsew", pady=(0, gap))
        self.watch = WatchCard(body)
        self.watch.grid(row=1, column=1, sticky="sew")
        if self.kpis is None and self.reminders is None:
            words = "请从左边选择要做的事。"
            ttk.Label(body, text=words, style="Muted.TLabel").grid(row=0, column=1, pady=px(self.widget, 40))

    # ---------------------------------------------------------------- what is shown

    def reload(self) -> None:
        """Look again at everything."""
        today = self._day = self.context.actor.today()
        self.head.facts(f"{today.isoformat()} 星期{_WEEKDAYS[today.weekday()]}")
        if self.kpis is not None:
            figures: DeskFigures | None = self.context.read(today_figures)
            if figures is not None:
                self.kpis.show(figures)
        if self.chart is not None:
            first = today - timedelta(days=DAYS_SHOWN - 1)
            days = self.context.read(sales_by_day, first=first, last=today)
            if days is not None:
                self._show_sales(self.chart, days)
        if self.reminders is not None:
            self.reminders.reload()
        self._show_watched()

    def _show_sales(self, chart: ChartPanel, days: list[DaySales]) -> None:
        if any(day.net_fen or day.bills for day in days):
            self._draw(partial(chart.show, _sales_chart(days)))
            return
        can = self.context.actor.can(CHECKOUT)
        action = ("去收银", lambda: self.context.open_page("counter"))
        chart.show_empty(
            _SALES, "近 30 天还没有业务。收银以后，这里显示每天的销售额。", action if can else None
        )

    def _draw(self, draw: Callable[[], None]) -> None:
        """The first chart waits until the window has been painted: the drawing library takes a second to load."""
        if self._painted:
            draw()
            return

        def painted() -> None:
            self._painted = True
            draw()

        self._jobs.once("idle", lambda: self._jobs.once("chart", painted, delay=_CHART_AFTER_MS))

    def _show_watched(self) -> None:
        actor, lines = self.context.actor, []
        if actor.can(CHECKOUT):
            held = len(self.context.read(held_carts) or ())
            lines.append(_line("挂单", f"{held} 张" if held else "没有", held > 0, self._opener("counter")))
        if actor.can(VIEW_STOCK):
            low = low_stock(actor).count()
            shown = f"{low:,} 种到了下限" if low else "都够"
            lines.append(_line("库存", shown, low > 0, self._opener("stock", low=True)))
        if actor.can(MAKE_BACKUP):
            lines.append(_line("备份", self._backup.words, self._backup.stale, self._opener("backup")))
        self.watch.show(lines)
        if lines:
            self.watch.grid()
        else:
            self.watch.grid_remove()
        if actor.can(MAKE_BACKUP):
            self._ask_backup()

    def _ask_backup(self) -> None:
        """The heads of all backups are read: off the main thread."""
        folder, now = self.context.folder.root, self.context.actor.now()

        def show(last: LastBackup) -> None:
            self._backup = last
            if self.widget.winfo_exists():
                self.watch.say("备份", last.words, alarming=last.stale)

        self.context.background(
            lambda _progress: last_backup(folder, now), title="查看备份", done=show, quiet=True
        )

    def _look_for_a_new_day(self) -> None:
        """A window that stays open over midnight begins a new day."""
        self._jobs.once("day", self._look_for_a_new_day, delay=_NEW_DAY_MS)
        if self._day != self.context.actor.today():
            self.reload()

    # ---------------------------------------------------------------- going elsewhere

    def _opener(self, key: str, **arguments: Any) -> Callable[[], None]:
        return partial(self.context.open_page, key, **arguments)

    def _open_day(self, day: str) -> None:
        open_days(self.context, date.fromisoformat(day))

    def focus(self) -> None:
        """Nothing to type here: the page itself, so that its keys work."""
        self.widget.focus_set()


def open_days(context: Context, day: date) -> None:
    """The bills of a day; for who may not see bills, its figures."""
    if context.actor.can(VIEW_SALES):
        context.open_page("bills", first_date=day, last_date=day)
    else:
        context.open_page("summary", first=day, last=day)


def _line(
    word: str, shown: str, alarming: bool, command: Callable[[], None]
) -> tuple[str, str, bool, Callable[[], None]]:
    return word, shown, alarming, command


def _sales_chart(days: list[DaySales]) -> Chart:
    return Chart(
        ChartKind.BAR,
        _SALES,
        [f"{day.day:%m-%d}" for day in days],
        [Series("净销售额", [day.net_fen for day in days])],
        Kind.MONEY,
        keys=[day.day.isoformat() for day in days],
    )


PAGE = PageParts(
    build=DeskPage,
    watches=frozenset(
        {
            Topic.SALES,
            Topic.MONEY,
            Topic.CUSTOMERS,
            Topic.STOCK,
            Topic.PRODUCTS,
            Topic.CART,
            Topic.REMINDERS,
            Topic.BACKUPS,
        }
    ),
    help="今天的数字、近 30 天的销售、到时间的提醒和要留意的事。点数字、柱子或一行，打开它的页面。",
    keys=(("F5", "刷新"),),
)
