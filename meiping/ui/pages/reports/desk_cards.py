"""The cards of the desk: today's figures, reminders that wait, things to keep an eye on."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.reminders.queries import DueReminder, ReminderFilter, due, reminder_list
from meiping.domains.reminders.rules import SNOOZES, snooze_until
from meiping.domains.reports.queries import DeskFigures
from meiping.domains.reports.rules import Quick
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.moments import from_ms, show_moment
from meiping.kernel.money import show_fen
from meiping.ui import reminder_verbs
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Card, Kpi, Trend, wrap_to_width
from meiping.ui.widgets.menus import MenuEntry, popup
from meiping.ui.widgets.scroller import Scroller

MOST_REMINDERS = 30
Open = Callable[[], object]


class KpiRow(ttk.Frame):
    """Today's figures against yesterday's, each a way to its rows."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        today = partial(context.open_page, "summary", quick=Quick.TODAY.key)
        bills = partial(self._open_bills) if context.actor.can(VIEW_SALES) else today
        self.cards = {
            "sales": Kpi(self, "今日销售额", command=today),
            "bills": Kpi(self, "今日单数", command=bills),
            "average": Kpi(self, "客单价", command=bills),
            "received": Kpi(self, "今日实收", command=today),
        }
        if context.actor.can(VIEW_CUSTOMERS):
            opens = partial(context.open_page, "customers")
            self.cards["customers"] = Kpi(self, "今日新增客户", command=opens)
        count, gap = len(self.cards), px(self, 12)
        for place, card in enumerate(self.cards.values()):
            self.columnconfigure(place, weight=1, uniform="kpi")
            sides = (gap * place // count, gap * (count - 1 - place) // count)  # all cards are equally wide
            card.grid(row=0, column=place, sticky="nsew", padx=sides)

    def _open_bills(self) -> None:
        today = self._context.actor.today()
        self._context.open_page("bills", first_date=today, last_date=today)

    def show(self, figures: DeskFigures) -> None:
        """Set the figures and how they stand against yesterday's."""
        today, before = figures.today, figures.yesterday
        self._show("sales", today.net_fen, before.net_fen, show_fen)
        self._show("bills", today.bills, before.bills, _count)
        self._show("average", today.average_fen, before.average_fen, show_fen, whole_day=False)
        self._show("received", today.received_fen, before.received_fen, show_fen)
        self._show("customers", figures.new_customers, figures.new_customers_yesterday, _count)

    def _show(
        self,
        key: str,
        now: int | None,
        before: int | None,
        word: Callable[[int], str],
        *,
        whole_day: bool = True,
    ) -> None:
        card = self.cards.get(key)
        if card is None:
            return
        remark, trend = against(now, before, word, whole_day=whole_day)
        card.show("—" if now is None else word(now), remark, trend)


def against(
    now: int | None, before: int | None, word: Callable[[int], str], *, whole_day: bool
) -> tuple[str, Trend]:
    """How a figure stands against yesterday's, in words, and whether that is good.

    What grows over a ``whole_day`` is only praised when it is ahead: before the evening less is no bad news.
    """
    if before is None:
        return "昨天没有", "muted"
    said = f"昨天 {word(before)}"
    if now is None or before <= 0 or now == before or (whole_day and now < before):
        return said, "muted"
    change = abs(now - before) * 100 / before
    share = f"{now / before:.0f} 倍" if change >= 1000 else f"{change:.{0 if change >= 10 else 1}f}%"
    return (f"▲ {share}  {said}", "good") if now > before else (f"▼ {share}  {said}", "bad")


def _count(number: int) -> str:
    return f"{number:,}"


class RemindersCard(Card):
    """What is due, each with what can be done; what comes next where nothing is."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, "到时间的提醒")
        self._context = context
        add = ttk.Button(self.head, text="添加", icon="plus-lg", bootstyle="neutral ghost", command=self._add)
        add.pack(side="right")
        self._scroller = Scroller(self.body, width=px(self, 200), height=px(self, 120))
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
        for text, style, font in (
            (reminder.subject, "TLabel", "MpBody"),
            (detail, "Muted.TLabel", "MpSmall"),
        ):
            label = ttk.Label(words, text=text, style=style, font=font, justify="left", cursor="hand2")
            label.pack(anchor="w", fill="x")
            wrap_to_width(label)
            label.bind("<Button-1>", partial(self._open, reminder.id))

    def _offer(self, button: ttk.Button, reminder_id: int) -> None:
        entries: list[MenuEntry] = [
            (f"推迟到 {word}", partial(self._put_off, reminder_id, key)) for key, word in SNOOZES
        ]
        popup(self, entries, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _put_off(self, reminder_id: int, key: str) -> None:
        reminder_verbs.put_off(self._context, [reminder_id], snooze_until(key, self._context.actor.now()))

    def _open(self, reminder_id: int, _event: object) -> None:
        reminder_verbs.open_subject(self._context, reminder_id)

    def _add(self) -> None:
        self._context.open_page("reminders", add=True)


class WatchCard(Card):
    """Things to keep an eye on, a line each: what, how it stands; a click opens its page."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, "留意")
        self._values: dict[str, ttk.Label] = {}

    def show(self, lines: Sequence[tuple[str, str, bool, Open]]) -> None:
        """Set the lines: word, how it stands, whether that is alarming, what a click opens."""
        if [line[0] for line in lines] != list(self._values):
            for child in self.body.winfo_children():
                child.destroy()
            self._values = {word: self._line(word, opens) for word, _, _, opens in lines}
        for word, shown, alarming, _ in lines:
            self.say(word, shown, alarming=alarming)

    def _line(self, word: str, opens: Open) -> ttk.Label:
        line = ttk.Frame(self.body, padding=(0, px(self, 5)))
        line.pack(fill="x")
        name = ttk.Label(line, text=word, style="Muted.TLabel")
        name.pack(side="left")
        value = ttk.Label(line)
        value.pack(side="right")
        for part in (line, name, value):
            part.configure(cursor="hand2")
            part.bind("<Button-1>", lambda _event: opens())
        return value

    def say(self, word: str, shown: str, *, alarming: bool = False) -> None:
        """How one of the lines stands."""
        label = self._values.get(word)
        if label is not None:
            label.configure(text=shown, style="Warn.TLabel" if alarming else "TLabel")

    def texts(self) -> dict[str, str]:
        """What is said, by word."""
        return {word: str(label.cget("text")) for word, label in self._values.items()}
