"""The cards of the desk: today's figures, reminders that wait, things to keep an eye on."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from meiping.domains.catalog.rules import COST
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.desk.rules import COMPARED, GOODS_DAYS, compared_day
from meiping.domains.reminders.queries import DueReminder, ReminderFilter, due, reminder_list
from meiping.domains.reminders.rules import SNOOZES, snooze_until
from meiping.domains.reports.rules import Quick, Unit
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.moments import from_ms, show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.ui import reminder_verbs
from meiping.ui.context import Context
from meiping.ui.pages.reports.desk_office import NextTasks
from meiping.ui.pages.reports.opening import open_created, open_customers
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Card, Kpi, Trend, wrap_to_width
from meiping.ui.widgets.cut_text import CutLabel
from meiping.ui.widgets.menus import MenuEntry, popup
from meiping.ui.widgets.pressable import pressable
from meiping.ui.widgets.scroller import Scroller

if TYPE_CHECKING:  # read in a worker; the cards are seen before
    from meiping.domains.desk.overview import DayFigures
    from meiping.domains.desk.trade import GoodsLine
    from meiping.domains.office.queries import OwnTasks

MOST_REMINDERS = 30
Open = Callable[[], object]


class KpiRow(ttk.Frame):
    """Today's figures against those of another day, each a way to its rows."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._days: Mapping[str, DayFigures] = {}
        self._compared = COMPARED[0][0]
        actor = context.actor
        bills = self._open_bills if actor.can(VIEW_SALES) else self._open_summary
        self.cards = {
            "net_fen": self._card("今日销售额", self._open_summary),
            "bills": self._card("今日单数", bills),
            "average_fen": self._card("客单价", self._open_summary),
        }
        if actor.can(COST):
            self.cards["profit_fen"] = self._card("今日毛利", self._open_summary)
        self.cards["received_fen"] = self._card("今日实收", self._open_summary)
        if actor.can(VIEW_CUSTOMERS):
            self.cards["new"] = self._card("今日新增客户", self._open_new)
            self.cards["returning"] = self._card("今日回头客", self._open_returning)
        count, gap = len(self.cards), px(self, 10)
        for place, card in enumerate(self.cards.values()):
            self.columnconfigure(place, weight=1, uniform="kpi")
            sides = (gap * place // count, gap * (count - 1 - place) // count)  # all cards are equally wide
            card.grid(row=0, column=place, sticky="nsew", padx=sides)
            card.share_size(list(self.cards.values()))
        line = ttk.Frame(self, padding=(px(self, 2), px(self, 2)))
        line.grid(row=1, column=0, columnspan=count, sticky="w", pady=(px(self, 4), 0))
        self._tenders = ttk.Label(line, style="Muted.TLabel", font="MpSmall")
        self._tenders.pack(anchor="w")
        pressable(line, self._open_tenders, (self._tenders,))

    def _card(self, title: str, opens: Callable[[str], object]) -> Kpi:
        """A figure of today; what it is held against opens the rows of that day."""
        return Kpi(
            self,
            title,
            command=lambda: opens("today"),
            remark_command=lambda: opens(self._compared),
        )

    def _day(self, key: str) -> date:
        today = self._context.actor.today()
        return today if key == "today" else compared_day(key, today)

    def _open_summary(self, key: str) -> None:
        day = self._day(key)
        days: dict[str, Any] = {"first": day, "last": day}
        if key == "today":
            days = {"quick": Quick.TODAY.key}
        self._context.open_page("summary", **days, by=Unit.DAY.key, company_id=None)

    def _open_bills(self, key: str) -> None:
        day = self._day(key)
        self._context.open_page("bills", first_date=day, last_date=day, sold=True)

    def _open_tenders(self) -> None:
        from meiping.domains.reports.queries import MoneyGroup

        all_there_are = {"company_id": None, "person_id": None}
        self._context.open_page("tenders", quick=Quick.TODAY.key, by=MoneyGroup.DAY.key, **all_there_are)

    def _open_new(self, key: str) -> None:
        day = self._day(key)
        open_created(self._context, day, day)

    def _open_returning(self, key: str) -> None:
        found = self._days[key].returning if self._days else ()
        when = "今天" if key == "today" else dict(COMPARED)[key]
        open_customers(self._context, f"{when}回头的客户", found or ())

    def show(self, days: "Mapping[str, DayFigures]", compared: str) -> None:
        """Set the figures and how they stand against those of the day ``compared``."""
        self._days, self._compared = days, compared
        now, before, when = _figures(days["today"]), _figures(days[compared]), dict(COMPARED)[compared]
        for key, card in self.cards.items():
            word = show_fen if key.endswith("_fen") else _count
            remark, trend = against(now[key], before[key], word, whole_day=key != "average_fen", when=when)
            card.show("—" if now[key] is None else word(now[key]), remark.replace("  ", "\n"), trend)
        taken = [(title, now[key]) for key, title in _TENDERS if now.get(key)]
        told = "　".join(f"{title} {show_fen(fen)}" for title, fen in taken)
        self._tenders.configure(text=f"今日收款：{told}" if told else "今天还没有收款")

    def tenders(self) -> str:
        """What is said of today's tenders."""
        return str(self._tenders.cget("text"))


_TENDERS = (
    ("cash_fen", "现金"),
    ("wechat_fen", "微信"),
    ("alipay_fen", "支付宝"),
    ("card_fen", "银行卡"),
    ("stored_used_fen", "储值消费"),
    ("credit_fen", "赊账"),
)


def _figures(day: "DayFigures") -> dict[str, Any]:
    returning = None if day.returning is None else len(day.returning)
    return {**day.sums, "new": day.new_customers, "returning": returning}


def against(
    now: int | None, before: int | None, word: Callable[[int], str], *, whole_day: bool, when: str = "昨天"
) -> tuple[str, Trend]:
    """How a figure stands against another day's, in words, and whether that is good.

    What grows over a ``whole_day`` is only praised when it is ahead: before the evening less is no bad news.
    """
    if before is None:
        return f"{when}没有", "muted"
    said = f"{when} {word(before)}"
    if now is None or before <= 0 or now == before or (whole_day and now < before):
        return said, "muted"
    change = abs(now - before) * 100 / before
    share = f"{now / before:.0f} 倍" if change >= 1000 else f"{change:.{0 if change >= 10 else 1}f}%"
    return (f"{said}  ▲ {share}", "good") if now > before else (f"{said}  ▼ {share}", "bad")


def _count(number: int) -> str:
    return f"{number:,}"


class GoodsCard(Card):
    """Two short lists: what goes best, and what lies there; a click opens what was sold of it, or its stock."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, f"近 {GOODS_DAYS} 天的商品")
        self._context = context

    def show(self, best: "Sequence[GoodsLine]", slow: "Sequence[GoodsLine] | None") -> None:
        """Set the lines; ``slow`` is None for who may not see stock."""
        for child in self.body.winfo_children():
            child.destroy()
        self._heading("卖得最好")
        for line in best:
            self._line(line, show_fen(line.net_fen), partial(self._open_sold, line))
        if not best:
            self._words("还没有卖出商品。")
        if slow is None:
            return
        self._heading(f"{GOODS_DAYS} 天没有卖出")
        today = self._context.actor.today()
        for line in slow:
            days = "没有卖过" if line.last_sold is None else f"{(today - line.last_sold).days} 天"
            self._line(
                line, f"{show_milli(line.qty_milli)}{line.unit} · {days}", partial(self._open_stock, line)
            )
        if not slow:
            self._words("没有卖不动的商品。")

    def _heading(self, text: str) -> None:
        label = ttk.Label(self.body, text=text, style="Muted.TLabel", font="MpSmall")
        label.pack(anchor="w", pady=(px(self, 4), px(self, 1)))

    def _words(self, text: str) -> None:
        ttk.Label(self.body, text=text).pack(anchor="w")

    def _open_sold(self, line: "GoodsLine") -> None:
        """What of it was sold in these days."""
        from meiping.domains.reports.queries import ProductGroup

        all_there_is = dict.fromkeys(("category_id", "company_id", "person_id"))
        by = ProductGroup.PRODUCT.key
        narrow = {"quick": Quick.LAST_30.key, "by": by, "product_id": line.id, "text": "", **all_there_is}
        self._context.open_page("product_report", **narrow)

    def _open_stock(self, line: "GoodsLine") -> None:
        """What lies there of it in the company."""
        company_id = self._context.actor.company_id
        self._context.open_page("stock", text=line.code, company=company_id, low=False)

    def _line(self, line: "GoodsLine", shown: str, opens: Open) -> None:
        row = ttk.Frame(self.body, padding=(0, px(self, 1)))
        row.pack(fill="x")
        value = ttk.Label(row, text=shown)
        value.pack(side="right", padx=(px(self, 8), 0))
        name = CutLabel(row)
        name.say(line.name)
        name.pack(side="left", fill="x", expand=True)
        pressable(row, opens, (name, value))


class RemindersCard(Card):
    """What is due, each with what can be done; what comes next where nothing is."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, "到时间的提醒")
        self._context = context
        add = ttk.Button(self.head, text="添加", icon="plus-lg", bootstyle="neutral ghost", command=self._add)
        add.pack(side="right")
        self._tasks = NextTasks(self.body, context)
        self._scroller = Scroller(self.body, width=px(self, 200), height=px(self, 120), gutter=True)
        self._scroller.pack(fill="both", expand=True)
        self.shown: list[DueReminder] = []

    def reload(self) -> None:
        """Ask again what is due."""
        self.shown = self._context.read(due) or []
        inner = self._scroller.inner
        for child in inner.winfo_children():
            child.destroy()
        for reminder in self.shown[:MOST_REMINDERS]:
            self._line(inner, reminder)
        if len(self.shown) > MOST_REMINDERS:
            self._words(inner, f"还有 {len(self.shown) - MOST_REMINDERS:,} 条……")
        if not self.shown:
            self._words(inner, self._next_one())

    def show_tasks(self, own: "OwnTasks | None") -> None:
        """Name below the reminders what one has to do next; None for who has no tasks."""
        self._tasks.show(own)

    def _next_one(self) -> str:
        narrow = ReminderFilter(operator_id=self._context.actor.operator_id)
        rows = reminder_list(self._context.actor, narrow).window(0, 1, None)
        if not rows:
            return "没有提醒。添加一条，到时间会在这里和窗口上方提醒您。"
        row = rows[0]
        who = f" · {row['customer']}" if row["customer"] else ""
        return f"没有到时间的提醒。\n下一条：{show_moment(row['when_at'])} {row['subject']}{who}"

    def _words(self, inner: tk.Misc, text: str) -> None:
        label = ttk.Label(inner, text=text, style="Muted.TLabel", justify="left")
        label.pack(fill="x", pady=px(self, 8))
        wrap_to_width(label)

    def _line(self, inner: tk.Misc, reminder: DueReminder) -> None:
        line = ttk.Frame(inner, padding=(0, px(self, 6), px(self, 8), px(self, 6)))
        line.pack(fill="x")
        ttk.Frame(inner, style="Hairline.TFrame", height=1).pack(fill="x")
        done = ttk.Button(line, text="完成", bootstyle="primary outline")
        done.configure(command=partial(reminder_verbs.tick_off, self._context, [reminder.id]))
        later = ttk.Button(line, text="▾", bootstyle="neutral outline", width=2)
        later.configure(command=partial(self._offer, later, reminder.id))
        later.pack(side="right", padx=(px(self, 6), 0))
        done.pack(side="right", padx=(px(self, 8), 0))
        words = ttk.Frame(line)
        words.pack(side="left", fill="x", expand=True)
        today = self._context.actor.today()
        came = from_ms(reminder.due_at)
        when = f"{came:%H:%M}" if came.date() == today else show_moment(reminder.due_at)
        detail = " · ".join(part for part in (reminder.customer, when) if part)
        labels = []
        for text, style, font in (
            (reminder.subject, "TLabel", "MpBody"),
            (detail, "Muted.TLabel", "MpSmall"),
        ):
            label = ttk.Label(words, text=text, style=style, font=font, justify="left")
            label.pack(anchor="w", fill="x")
            wrap_to_width(label)
            labels.append(label)
        pressable(words, partial(self._open, reminder.id), labels)

    def _offer(self, button: ttk.Button, reminder_id: int) -> None:
        entries: list[MenuEntry] = [
            (f"推迟到 {word}", partial(self._put_off, reminder_id, key)) for key, word in SNOOZES
        ]
        popup(self, entries, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _put_off(self, reminder_id: int, key: str) -> None:
        reminder_verbs.put_off(self._context, [reminder_id], snooze_until(key, self._context.actor.now()))

    def _open(self, reminder_id: int) -> None:
        reminder_verbs.open_subject(self._context, reminder_id)

    def _add(self) -> None:
        self._context.open_page("reminders", add=True)


class WatchCard(Card):
    """Things to keep an eye on, a line each: what, how it stands; a click opens its page."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, "留意")
        self._values: dict[str, ttk.Label] = {}
        self._opens: dict[str, Open] = {}

    def show(self, lines: Sequence[tuple[str, str, bool, Open]]) -> None:
        """Set the lines: word, how it stands, whether that is alarming, what a click opens."""
        if [line[0] for line in lines] != list(self._values):
            for child in self.body.winfo_children():
                child.destroy()
            self._values = {line[0]: self._line(line[0]) for line in lines}
        self._opens = {word: opens for word, _, _, opens in lines}
        for word, shown, alarming, _ in lines:
            self.say(word, shown, alarming=alarming)

    def _line(self, word: str) -> ttk.Label:
        line = ttk.Frame(self.body, padding=(0, px(self, 5)))
        line.pack(fill="x")
        name = ttk.Label(line, text=word, style="Muted.TLabel")
        name.pack(side="left")
        value = ttk.Label(line)
        value.pack(side="right")
        pressable(line, partial(self._open, word), (name, value))
        return value

    def _open(self, word: str) -> None:
        self._opens[word]()

    def say(self, word: str, shown: str, *, alarming: bool = False) -> None:
        """How one of the lines stands."""
        label = self._values.get(word)
        if label is not None:
            label.configure(text=shown, style="Warn.TLabel" if alarming else "TLabel")

    def texts(self) -> dict[str, str]:
        """What is said, by word."""
        return {word: str(label.cget("text")) for word, label in self._values.items()}
