"""A day: typed in any short form, or picked from a calendar that is quick with years too."""

import tkinter as tk
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import BoxedEntry
from meiping.ui.widgets.entries import DayEntry
from meiping.ui.widgets.popups import Popup

_YEARS = (1900, 2199)


class DateEntry(BoxedEntry):
    """An entry for a day with a calendar behind its button (or Alt+↓). The value is ``datetime.date``."""

    entry: DayEntry

    def __init__(
        self, parent: tk.Misc, *, width: int = 12, name: str = "日期", today: Callable[[], date] | None = None
    ) -> None:
        super().__init__(parent, lambda box: DayEntry(box, width=width, name=name, today=today))
        self._button = self.add_button("calendar3", self.show_calendar)
        self._popup = Popup(self)
        self.entry.bind("<Alt-Down>", lambda _event: self.show_calendar())

    def get_value(self) -> date | None:
        """The day, None if empty. Raises InputError."""
        found: date | None = self.entry.get_value()
        return found

    def set_value(self, value: date | None) -> None:
        """Show a day; None empties."""
        self.entry.set_value(value)

    def raw(self) -> object:
        """The text."""
        return self.entry.raw()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        self.entry.watch(callback)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        self.entry.enable(on)
        self._button.configure(state="normal" if on else "disabled")

    def show_calendar(self) -> str:
        """Open the calendar at the day typed, or today; opened already, close it."""
        if self._popup.window is not None:
            self._popup.close()
            return "break"
        try:
            day = self.get_value() or self.entry.today()
        except InputError:
            day = self.entry.today()

        def fill(parent: tk.Misc) -> None:
            page = CalendarPage(parent, day, self.entry.today(), self._picked)
            page.pack()
            page.after_idle(page.take_focus)

        self._popup.open(fill)
        return "break"

    def _picked(self, day: date | None) -> None:
        self._popup.close()
        if day is not None:
            self.set_value(day)
        self.entry.focus_force()  # the window that had the focus is gone


class CalendarPage(ttk.Frame):
    """A month, Monday first. Arrows walk days, PgUp/PgDn months, with Shift years; Enter takes, Esc leaves."""

    def __init__(
        self, parent: tk.Misc, day: date, today: date, on_pick: Callable[[date | None], object]
    ) -> None:
        super().__init__(parent, padding=px(parent, 8), takefocus=True)
        self.day, self._today, self._on_pick = day, today, on_pick
        head = ttk.Frame(self)
        head.pack(fill="x", pady=(0, px(self, 6)))
        self._icon_button(head, "chevron-left", -1, "left")
        self._year = ttk.Spinbox(head, from_=_YEARS[0], to=_YEARS[1], width=5, command=self._year_set)
        self._year.pack(side="left", padx=px(self, 4))
        ttk.Label(head, text="年").pack(side="left")
        self._month = ttk.Combobox(
            head, values=[str(month) for month in range(1, 13)], width=3, state="readonly"
        )
        self._month.pack(side="left", padx=px(self, 4))
        ttk.Label(head, text="月").pack(side="left")
        self._icon_button(head, "chevron-right", 1, "right")
        self._year.bind("<Return>", lambda _event: self._year_set())
        self._year.bind("<FocusOut>", lambda _event: self._year_set())
        self._month.bind("<<ComboboxSelected>>", lambda _event: self._month_set())
        self._grid = ttk.Frame(self)
        self._grid.pack()
        foot = ttk.Frame(self)
        foot.pack(fill="x", pady=(px(self, 6), 0))
        now = ttk.Button(foot, text="今天", bootstyle="primary ghost", command=lambda: on_pick(today))
        now.pack(side="left")
        ttk.Button(foot, text="取消", bootstyle="neutral ghost", command=lambda: on_pick(None)).pack(
            side="right"
        )
        self._cells: list[ttk.Label] = []
        self._build()
        self._bind_keys()
        self._show()

    def _icon_button(self, head: ttk.Frame, icon: str, months: int, side: Any) -> None:
        command = partial(self.step_months, months)
        ttk.Button(head, icon=icon, icon_only=True, command=command, bootstyle="neutral ghost").pack(
            side=side
        )

    def _build(self) -> None:
        for column, word in enumerate("一二三四五六日"):
            label = ttk.Label(self._grid, text=word, style="Muted.TLabel", anchor="center", width=4)
            label.grid(row=0, column=column, pady=(0, px(self, 4)))
        for place in range(42):
            cell = ttk.Label(self._grid, anchor="center", width=4, padding=(0, px(self, 4)), cursor="hand2")
            cell.grid(row=1 + place // 7, column=place % 7)
            cell.bind("<Button-1>", partial(self._clicked, place))
            self._cells.append(cell)

    def _bind_keys(self) -> None:
        for key, days in (("Left", -1), ("Right", 1), ("Up", -7), ("Down", 7)):
            self.bind(f"<{key}>", partial(self._step_days, days))
        for key, sign in (("Prior", -1), ("Next", 1)):
            self.bind(f"<{key}>", partial(self._stepped, sign))
            self.bind(f"<Shift-{key}>", partial(self._stepped, sign * 12))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: self._on_pick(self.day))
        self.bind("<Escape>", lambda _event: self._on_pick(None))

    def take_focus(self) -> None:
        """Take the keys."""
        self.focus_force()

    def _weeks(self) -> list[date]:
        first = date(self.day.year, self.day.month, 1)
        start = first - timedelta(days=first.weekday())
        return [start + timedelta(days=place) for place in range(42)]

    def _show(self) -> None:
        self._year.set(self.day.year)
        self._month.set(str(self.day.month))
        for day, cell in zip(self._weeks(), self._cells, strict=True):
            if day == self.day:
                style = "DayChosen.TLabel"
            elif day == self._today:
                style = "DayToday.TLabel"
            else:
                style = "TLabel" if day.month == self.day.month else "Faint.TLabel"
            cell.configure(text=str(day.day), style=style)

    def _clicked(self, place: int, _event: object) -> None:
        self._on_pick(self._weeks()[place])

    def _step_days(self, days: int, _event: object = None) -> str:
        self._go(self.day + timedelta(days=days))
        return "break"

    def _stepped(self, months: int, _event: object = None) -> str:
        self.step_months(months)
        return "break"

    def step_months(self, months: int) -> None:
        """So many months on or back; the day is clamped to the month's end."""
        whole = self.day.year * 12 + self.day.month - 1 + months
        year, month = divmod(whole, 12)
        if _YEARS[0] <= year <= _YEARS[1]:
            self._go(date(year, month + 1, min(self.day.day, monthrange(year, month + 1)[1])))

    def _go(self, day: date) -> None:
        if _YEARS[0] <= day.year <= _YEARS[1]:
            self.day = day
            self._show()

    def _year_set(self) -> None:
        text = self._year.get()
        if text.isdigit() and _YEARS[0] <= int(text) <= _YEARS[1]:
            self.step_months((int(text) - self.day.year) * 12)
        else:
            self._show()

    def _month_set(self) -> None:
        self.step_months(int(self._month.get()) - self.day.month)
        self.focus_set()
