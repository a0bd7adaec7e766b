"""工作台: today at a glance; every figure and every line opens its place."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.desk.rules import COMPARED, TREND_DAYS, WEEKS, busy_days, trend_start
from meiping.domains.maintenance.rules import MAKE_BACKUP
from meiping.domains.reminders.rules import USE
from meiping.domains.reports.rules import VIEW
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Kind
from meiping.store.database import snapshot
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.chart_panel import CHART_KEYS, ChartPanel
from meiping.ui.pages.reports.desk_cards import GoodsCard, KpiRow, RemindersCard, WatchCard
from meiping.ui.pages.reports.desk_office import office_lines
from meiping.ui.pages.reports.opening import open_customers
from meiping.ui.read_beside import ReadBeside
from meiping.ui.theme import px
from meiping.ui.widgets.cards import PageHead, margins
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.scroller import Scroller

if (
    TYPE_CHECKING
):  # what is read, and knows many rooms, comes in the worker that reads: the desk can be seen before
    from meiping.domains.desk.overview import DayFigures, Waiting
    from meiping.domains.desk.trade import GoodsLine
    from meiping.domains.maintenance.queries import LastBackup
    from meiping.domains.reports.queries import DaySales

_WEEKDAYS = "一二三四五六日"
_SALES = f"近 {TREND_DAYS} 天卖了多少？"
_BUSY = "一周里什么时候最忙？"
_COMPARED_KEY = "desk.compared"
_NEW_DAY_MS = 60_000
_CHART_AFTER_MS = 150
_TREND_HEIGHT, _HEAT_HEIGHT = 232, 250

Watched = tuple[str, str, bool, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class _Trade:
    """What only those who may see reports are shown."""

    days: "Mapping[str, DayFigures]"
    trend: "list[DaySales]"
    hours: Mapping[tuple[int, int], int]
    best: "Sequence[GoodsLine]"
    slow: "Sequence[GoodsLine] | None"


class DeskPage:
    """Figures in a row, below them the last days and what is due, then the hours, the goods, and what waits."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, "工作台")
        if context.actor.can(CHECKOUT):
            self.head.primary("收银", "cart3", lambda: context.open_page("counter"))
        if context.actor.can(USE):
            self.head.action("客户提醒", "bell", lambda: context.open_page("reminders"))
        self.kpis: KpiRow | None = None
        self.chart: ChartPanel | None = None
        self.hours: ChartPanel | None = None
        self.goods: GoodsCard | None = None
        self.reminders: RemindersCard | None = None
        self._trade: _Trade | None = None
        if context.actor.can(VIEW):
            self._build_comparison()
        self._build_body()
        self._jobs = Jobs(self.widget)
        self._day: date | None = None
        self._painted = False
        self._waiting: Waiting | None = None
        self._backup: LastBackup | None = None
        self._read = ReadBeside(
            self.widget,
            context,
            title="工作台",
            prepare=lambda: partial(_read, context.actor),
            show=self._show,
        )
        self._tell_day()
        self._jobs.once_drawn(
            "reload", self.reload
        )  # a worker that reads would make the window wait for its turn
        self._look_for_a_new_day()

    # ---------------------------------------------------------------- building

    def _build_comparison(self) -> None:
        """Against which day today is held: a button with a menu, kept for the next time."""
        kept = self.context.view.get(_COMPARED_KEY)
        self.compared = kept if kept in dict(COMPARED) else COMPARED[0][0]
        self._chooser = self.head.menu("", "calendar-week", self.comparisons)
        self._tell_comparison()

    def comparisons(self) -> list[tuple[str, Callable[[], None]]]:
        """What today can be held against."""
        return [(f"比{word}", partial(self.compare, key)) for key, word in COMPARED]

    def compare(self, key: str) -> None:
        """Hold today against another day."""
        self.compared = key
        self.context.view.set(_COMPARED_KEY, key)
        self._tell_comparison()
        if self.kpis is not None and self._trade is not None:
            self.kpis.show(self._trade.days, key)

    def _tell_comparison(self) -> None:
        self._chooser.configure(text=f"比{dict(COMPARED)[self.compared]} ▾")

    def _build_body(self) -> None:
        context, margin, gap = self.context, margins(self.widget), px(self.widget, 10)
        scroller = Scroller(self.widget)
        scroller.pack(fill="both", expand=True)
        if context.actor.can(VIEW):
            self.kpis = KpiRow(scroller.inner, context)  # before the rest, as Tab goes
            self.kpis.pack(fill="x", padx=margin, pady=(0, gap))
        body = ttk.Frame(scroller.inner)
        if context.actor.can(VIEW):
            self.chart = ChartPanel(body, context, on_pick=self._open_day, height=_TREND_HEIGHT)
            self.chart.grid(row=0, column=0, columnspan=2, sticky="nsew", padx=(0, gap), pady=(0, gap))
            self.hours = ChartPanel(body, context, on_pick=self._open_hour, height=_HEAT_HEIGHT)
            self.hours.grid(row=1, column=0, sticky="nsew", padx=(0, gap))
            self.goods = GoodsCard(body, context)
            self.goods.grid(row=1, column=1, sticky="nsew", padx=(0, gap))
        body.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        body.columnconfigure((0, 1, 2), weight=1, uniform="desk")
        body.rowconfigure(0, weight=3)
        body.rowconfigure(1, weight=2)
        if context.actor.can(USE):
            self.reminders = RemindersCard(body, context)
            place: dict[str, int] = (
                {"column": 2} if self.kpis else {"column": 0, "columnspan": 2, "rowspan": 2}
            )
            self.reminders.grid(
                row=0,
                sticky="nsew",
                pady=(0, gap if self.kpis else 0),
                padx=(0, 0 if self.kpis else gap),
                **place,
            )
        self.watch = WatchCard(body)
        self.watch.grid(row=1 if self.kpis else 0, column=2, sticky="nsew" if self.kpis else "new")
        if self.kpis is None and self.reminders is None:
            words = "请从左边选择要做的事。"
            ttk.Label(body, text=words, style="Muted.TLabel").grid(
                row=0, column=0, columnspan=3, pady=px(self.widget, 40)
            )

    # ---------------------------------------------------------------- what is shown

    def reload(self) -> None:
        """Look again at everything; the figures are read beside the window, one reading at a time."""
        self._tell_day()
        if self.reminders is not None:
            self.reminders.reload()
        self._show_watched()
        self._read.again()
        if self.context.actor.can(MAKE_BACKUP):
            self._ask_backup()

    def _tell_day(self) -> None:
        today = self._day = self.context.actor.today()
        self.head.facts(f"{today.isoformat()} 星期{_WEEKDAYS[today.weekday()]}")

    def has_figures(self) -> bool:
        """Whether what was read stands there."""
        return self._waiting is not None

    def _show(self, found: "tuple[_Trade | None, Waiting]") -> None:
        self._trade, self._waiting = found
        self._show_watched()
        if self.reminders is not None:
            self.reminders.show_tasks(self._waiting.tasks)
        if self._trade is None or self.kpis is None or self.chart is None:
            return
        self.kpis.show(self._trade.days, self.compared)
        assert self.goods is not None
        assert self.hours is not None
        self.goods.show(self._trade.best, self._trade.slow)
        self._show_sales(self.chart, self._trade.trend)
        if self._trade.hours:
            self._draw("hours", partial(self.hours.show, _busy_chart(self._trade.hours)))
        else:
            self.hours.show_empty(_BUSY, f"有了业务以后，这里显示近 {WEEKS} 周每个钟点有多少张单。")

    def _show_sales(self, chart: ChartPanel, days: "list[DaySales]") -> None:
        if any(day.net_fen or day.bills for day in days):
            self._draw("sales", partial(chart.show, _sales_chart(days)))
            return
        can = self.context.actor.can(CHECKOUT)
        action = ("去收银", lambda: self.context.open_page("counter"))
        chart.show_empty(
            _SALES, "近 30 天还没有业务。收银以后，这里显示每天的销售额。", action if can else None
        )

    def _draw(self, key: str, draw: Callable[[], None]) -> None:
        """The first charts wait until the window has been painted: the drawing library takes a second to load."""
        if self._painted:
            draw()
            return

        def painted() -> None:
            self._painted = True
            draw()

        self._jobs.once(f"idle.{key}", lambda: self._jobs.once(key, painted, delay=_CHART_AFTER_MS))

    def _show_watched(self) -> None:
        lines = _watched(self.context, self._waiting) if self._waiting is not None else []
        if self.context.actor.can(MAKE_BACKUP):
            last = self._backup
            told = ("正在查看……", False) if last is None else (last.words, last.stale)
            lines.append(("备份", *told, self._opener("backup")))
        self.watch.show(lines)
        if lines:
            self.watch.grid()
        else:
            self.watch.grid_remove()

    def _ask_backup(self) -> None:
        """The heads of all backups are read: off the main thread."""
        folder, now = self.context.folder.root, self.context.actor.now()

        def look(_progress: object) -> "LastBackup":
            from meiping.domains.maintenance.queries import last_backup

            return last_backup(folder, now)

        def show(last: "LastBackup") -> None:
            self._backup = last
            if self.widget.winfo_exists():
                self.watch.say("备份", last.words, alarming=last.stale)

        self.context.background(look, title="查看备份", done=show, quiet=True)

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

    def _open_hour(self, cell: str) -> None:
        """What was sold in an hour of a weekday, bill by bill."""
        if not self.context.actor.can(VIEW_SALES):
            return
        weekday, hour = cell.split("/")
        first, last = busy_days(self.context.actor.today())
        at = _WEEKDAYS.index(weekday[-1]), int(hour)
        self.context.open_page("bills", first_date=first, last_date=last, hour=at)

    def focus(self) -> None:
        """Nothing to type here: the page itself, so that its keys work."""
        self.widget.focus_set()


def _read(actor: Actor) -> "tuple[_Trade | None, Waiting]":
    """In a worker: everything of one state of the shop."""
    from meiping.domains.desk.overview import day_figures, what_waits
    from meiping.domains.desk.trade import best_goods, busy_hours, slow_goods
    from meiping.domains.reports.queries import sales_by_day

    with snapshot():
        waiting = what_waits(actor)
        if not actor.can(VIEW):
            return None, waiting
        today = actor.today()
        slow = slow_goods(actor) if actor.can(VIEW_STOCK) else None
        trend = sales_by_day(actor, first=trend_start(today), last=today)
        return _Trade(day_figures(actor), trend, busy_hours(actor), best_goods(actor), slow), waiting


def _watched(context: Context, waiting: "Waiting") -> list[Watched]:
    """The lines for what the actor may see: word, how it stands, whether that is alarming, what a click opens."""
    from meiping.domains.receivables.debtors import LATE
    from meiping.domains.renewals.queries import WAITING

    opens = context.open_page
    lines: list[Watched] = []
    if (held := waiting.held) is not None:
        lines.append(("挂单", f"{held} 张" if held else "没有", held > 0, partial(opens, "counter")))
    if (visits := waiting.visits) is not None:
        late = f"，逾期 {visits.overdue:,} 位" if visits.overdue else ""
        told = f"{visits.today:,} 位{late}" if visits.today or late else "没有"
        lines.append(("今日回访", told, bool(late), partial(opens, "visits", text="")))
    if (born := waiting.birthdays) is not None:
        told = f"{len(born):,} 位" if born else "没有"
        ids = [one.customer_id for one in born]
        lines.append(("近 7 天生日", told, False, partial(open_customers, context, "近 7 天生日", ids)))
    if (overdue := waiting.overdue) is not None:
        told = f"{overdue.customers:,} 位，{show_fen(overdue.fen)}" if overdue.customers else "没有"
        opens_debts = partial(opens, "debtors", late=LATE)
        lines.append(("逾期欠款", told, overdue.customers > 0, opens_debts))
    if (services := waiting.services) is not None:
        counts = ((services.overdue, "已过期"), (services.soon, "即将到期"))
        told = "，".join(f"{word} {count:,} 项" for count, word in counts if count) or "没有"
        lines.append(("服务到期", told, services.overdue > 0, partial(opens, "service_terms", state=WAITING)))
    if (low := waiting.low) is not None:
        told = f"{low:,} 种到了下限" if low else "都够"
        low_here = partial(opens, "stock", low=True, company=context.actor.company_id)
        lines.append(("库存", told, low > 0, low_here))
    if (cases := waiting.cases) is not None:
        mine, overdue_cases = cases.mine, cases.mine_overdue if cases.mine else cases.overdue
        told = f"等我处理 {mine:,} 张" if mine else f"{cases.open:,} 张未完成"
        told += f"，逾期 {overdue_cases:,} 张" if overdue_cases else ""
        state = "mine" if mine else "open"
        lines.append(("服务单", told, overdue_cases > 0, partial(opens, "cases", state=state)))
    lines += office_lines(context, waiting)
    return lines


def open_days(context: Context, day: date) -> None:
    """The bills of a day; for who may not see bills, its figures."""
    if context.actor.can(VIEW_SALES):
        context.open_page("bills", first_date=day, last_date=day)
    else:
        context.open_page("summary", first=day, last=day)


def _sales_chart(days: "list[DaySales]") -> Chart:
    return Chart(
        ChartKind.BAR,
        _SALES,
        [f"{day.day:%m-%d}" for day in days],
        [Series("净销售额", [day.net_fen for day in days])],
        Kind.MONEY,
        keys=[day.day.isoformat() for day in days],
    )


def _busy_chart(hours: Mapping[tuple[int, int], int]) -> Chart:
    """From the first to the last hour in which there ever was a bill."""
    shown = range(min(hour for _, hour in hours), max(hour for _, hour in hours) + 1)
    rows = [
        Series(f"周{name}", [hours.get((day, hour), 0) for hour in shown])
        for day, name in enumerate(_WEEKDAYS)
    ]
    words = [f"{hour}点" for hour in shown]
    return Chart(ChartKind.HEAT, _BUSY, words, rows, Kind.NUMBER, keys=[str(hour) for hour in shown])


PAGE = PageParts(
    build=DeskPage,
    watches=frozenset(
        {
            Topic.SALES,
            Topic.MONEY,
            Topic.CUSTOMERS,
            Topic.CONTACTS,
            Topic.STOCK,
            Topic.PRODUCTS,
            Topic.CART,
            Topic.DEALS,
            Topic.REMINDERS,
            Topic.SUPPORT,
            Topic.TASKS,
            Topic.EXPENSES,
            Topic.BACKUPS,
        }
    ),
    help="今天的数字和另一天比（昨天、上周、上月或去年的同一天），近 30 天的销售，什么时候最忙，卖得好和卖不动的商品，"
    "到时间的提醒和要留意的事。点数字、柱子或一行，打开它的页面。",
    keys=(CHART_KEYS, ("F5", "刷新")),
)
