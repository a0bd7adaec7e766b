"""Choosing a period: one press for the usual ones, two dates for any other."""

import tkinter as tk
from collections.abc import Callable
from datetime import date

import ttkbootstrap as ttk

from meiping.domains.reports.rules import Period, Quick
from meiping.kernel.errors import InputError
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.date_entry import DateEntry
from meiping.ui.widgets.entries import WRONG
from meiping.ui.widgets.jobs import Jobs

_OWN = "own"
_SETTLE_MS = 500


class PeriodBar(ttk.Frame):
    """A row of the usual periods and two date fields; ``on_change`` hears every period that can be understood."""

    def __init__(
        self,
        parent: tk.Misc,
        *,
        today: Callable[[], date],
        on_change: Callable[[], object],
        quick: Quick = Quick.MONTH,
    ) -> None:
        super().__init__(parent)
        self._today, self._on_change = today, on_change
        self._setting = False
        self._chosen = ttk.StringVar(self, quick.key)
        line = ttk.Frame(self)
        line.pack(fill="x")
        presses = ttk.Frame(line)
        presses.pack(side="left")
        for one in Quick:
            ttk.Radiobutton(
                presses,
                text=one.title,
                value=one.key,
                variable=self._chosen,
                command=self._pressed,
                bootstyle="primary outline toolbutton",
            ).pack(side="left")
        self.first = DateEntry(line, width=11, name="开始日期", today=today)
        self.last = DateEntry(line, width=11, name="结束日期", today=today)
        self.first.pack(side="left", padx=(px(self, 16), 0))
        ttk.Label(line, text="至", style="Muted.TLabel").pack(side="left", padx=px(self, 6))
        self.last.pack(side="left")
        self._wrong = ttk.Label(self, style="Bad.TLabel", font="MpSmall")
        wrap_to_width(self._wrong)
        self._period = quick.period(today())
        self._show_days()
        self._jobs = Jobs(self)
        for box in (self.first, self.last):
            box.watch(self._typed)
            for event in ("<Return>", "<KP_Enter>", "<FocusOut>"):
                box.entry.bind(event, lambda _event: self._take(), add=True)

    @property
    def period(self) -> Period:
        """The days chosen; the usual ones move on with the day."""
        quick = next((one for one in Quick if one.key == self._chosen.get()), None)
        return self._period if quick is None else quick.period(self._today())

    @property
    def quick(self) -> Quick | None:
        """Which of the usual periods is chosen; None for own dates."""
        return next((one for one in Quick if one.key == self._chosen.get()), None)

    def choose(self, quick: Quick) -> None:
        """Choose one of the usual periods."""
        self._chosen.set(quick.key)
        self._pressed()

    def set(self, period: Period) -> None:
        """Choose any days."""
        self._chosen.set(_OWN)
        self._period = period
        self._show_days()
        self._on_change()

    def _pressed(self) -> None:
        self._period = self.period
        self._show_days()
        self._on_change()

    def _show_days(self) -> None:
        self._setting = True
        self.first.set_value(self._period.first)
        self.last.set_value(self._period.last)
        self._setting = False
        self._complain("")

    def _typed(self) -> None:
        """Half a date is no mistake yet: complaints wait until the field is left."""
        if not self._setting:
            self._jobs.once("take", lambda: self._take(complain=False), delay=_SETTLE_MS)

    def _take(self, *, complain: bool = True) -> None:
        """Choose the days typed, if they can be understood."""
        if self._setting:
            return
        try:
            period = Period(self.first.get_value(), self.last.get_value())
        except InputError as error:
            if complain:
                self._complain(error.sentence)
            return
        self._complain("")
        if period != self._period:
            self._chosen.set(_OWN)
            self._period = period
            self._on_change()

    def _complain(self, sentence: str) -> None:
        self._wrong.configure(text=sentence)
        for box in (self.first, self.last):
            box.mark(WRONG if sentence else "")
        if sentence:
            self._wrong.pack(fill="x", pady=(px(self, 2), 0))
        else:
            self._wrong.pack_forget()
