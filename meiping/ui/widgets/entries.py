"""Entries that understand what a person types: money, quantities, dates, phones.

All editors share one face, ``Editor``, so that a form can hold any of them.
"""

import tkinter as tk
from collections.abc import Callable
from datetime import date, time
from typing import Any, Protocol

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.kernel.moments import local_day, parse_clock_time, parse_date, show_date, system_clock
from meiping.kernel.money import WHOLE_BP, parse_discount, parse_fen, show_discount, show_fen
from meiping.kernel.phones import parse_phone, show_phone
from meiping.kernel.quantity import ONE, parse_decimal, parse_milli, show_milli
from meiping.kernel.text import clean, plain
from meiping.ui.widgets.bindings import on_write

WRONG, DOUBTFUL = "Wrong", "Doubtful"


class Editor(Protocol):
    """What a form asks of an editor."""

    widget: tk.Widget
    """What is placed on the page."""
    target: tk.Widget
    """What gets the focus."""

    def get_value(self) -> Any:
        """The parsed value; None (text: empty) if nothing was typed. Raises InputError."""

    def set_value(self, value: Any) -> None:
        """Show a value; None empties."""

    def raw(self) -> object:
        """What stands there, unparsed: to see whether it was changed."""

    def doubt(self) -> str | None:
        """A warning that does not stop, if any."""

    def mark(self, tone: str) -> None:
        """Colour the edge: WRONG, DOUBTFUL or empty."""

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back whenever it changes."""

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""


class ParsedEntry(ttk.Entry):
    """An entry with a value behind its text; forgiving on the way in, tidy once it is left."""

    def __init__(
        self, parent: tk.Misc, *, width: int = 20, justify: str = "left", name: str = "", show: str = ""
    ) -> None:
        self.text = ttk.StringVar(parent)
        super().__init__(parent, width=width, justify=justify, textvariable=self.text, show=show)
        self.widget: tk.Widget = self
        self.target: tk.Widget = self
        self.name = name
        self.bind("<FocusOut>", lambda _event: self._leave(), add=True)
        self.bind("<FocusIn>", lambda _event: self.select_range(0, "end"), add=True)

    def _leave(self) -> None:
        self.selection_clear()
        self.tidy()

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty. Raises InputError."""
        return text

    def display(self, value: Any) -> str:
        """The text of a value."""
        return str(value)

    def get_value(self) -> Any:
        """The parsed value, None if empty. Raises InputError."""
        text = self.text.get()
        return self.parse(text) if text.strip() else None

    def set_value(self, value: Any) -> None:
        """Show a value; None empties."""
        self.text.set("" if value is None else self.display(value))

    def tidy(self) -> None:
        """Show what was understood; what was not stays as it was typed."""
        try:
            value = self.get_value()
        except InputError:
            return
        if value is not None and str(self.cget("state")) == "normal":
            self.set_value(value)

    def raw(self) -> object:
        """The text."""
        return self.text.get()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """Colour the edge."""
        self.configure(style=f"{tone}.TEntry" if tone else "TEntry")

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change of the text, typed or set."""
        on_write(self, self.text, callback)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        self.configure(state="normal" if on else "disabled")


class TextEntry(ParsedEntry):
    """One line of words, cleaned; empty is an empty string."""

    def __init__(self, parent: tk.Misc, *, width: int = 20, limit: int = 200, name: str = "文字") -> None:
        super().__init__(parent, width=width, name=name)
        self._limit = limit

    def get_value(self) -> str:
        """The cleaned text. Raises InputError above the limit."""
        return clean(self.text.get(), name=self.name, limit=self._limit)

    def tidy(self) -> None:
        """Words stay as they were typed."""


class CodeEntry(TextEntry):
    """Codes and card numbers: half width, no blanks around; empty is an empty string."""

    def get_value(self) -> str:
        """The code in half-width form. Raises InputError above the limit."""
        return plain(super().get_value())


class PasswordEntry(ParsedEntry):
    """A secret, taken as it is; empty is an empty string."""

    def __init__(self, parent: tk.Misc, *, width: int = 20) -> None:
        super().__init__(parent, width=width, show="●")

    def get_value(self) -> str:
        """Exactly what was typed."""
        return self.text.get()

    def tidy(self) -> None:
        """A secret is never touched."""


class MoneyEntry(ParsedEntry):
    """An amount; the value is fen."""

    def __init__(
        self,
        parent: tk.Misc,
        *,
        width: int = 12,
        name: str = "金额",
        minimum: int | None = 0,
        justify: str = "right",
    ) -> None:
        super().__init__(parent, width=width, justify=justify, name=name)
        self._minimum = minimum

    def parse(self, text: str) -> int:
        """Fen. Raises InputError."""
        return parse_fen(text, name=self.name, minimum=self._minimum)

    def display(self, value: int) -> str:
        """``1,234.50``, without the sign."""
        return show_fen(value, sign="")


class QuantityEntry(ParsedEntry):
    """A quantity; the value is thousandths."""

    def __init__(
        self,
        parent: tk.Misc,
        *,
        width: int = 10,
        name: str = "数量",
        decimals: int = 3,
        minimum: int = 1,
        justify: str = "right",
    ) -> None:
        super().__init__(parent, width=width, justify=justify, name=name)
        self._decimals, self._minimum = decimals, minimum

    def parse(self, text: str) -> int:
        """Thousandths. Raises InputError."""
        return parse_milli(text, decimals=self._decimals, name=self.name, minimum=self._minimum)

    def display(self, value: int) -> str:
        """``1,200`` or ``0.5``."""
        return show_milli(value)


class NumberEntry(QuantityEntry):
    """A whole number; the value is an int."""

    def __init__(
        self, parent: tk.Misc, *, width: int = 8, name: str = "数字", minimum: int = 0, justify: str = "right"
    ) -> None:
        super().__init__(parent, width=width, name=name, decimals=0, minimum=minimum * ONE, justify=justify)

    def parse(self, text: str) -> int:
        """The number. Raises InputError."""
        return super().parse(text) // ONE

    def display(self, value: int) -> str:
        """``1,200``."""
        return show_milli(value * ONE)


class DecimalEntry(ParsedEntry):
    """Any number with up to three decimals; the value is thousandths."""

    def parse(self, text: str) -> int:
        """Thousandths. Raises InputError."""
        return parse_decimal(text, name=self.name)

    def display(self, value: int) -> str:
        """``1,200`` or ``-0.5``."""
        return show_milli(value)


class DiscountEntry(ParsedEntry):
    """A discount in any of the three spellings; the value is the basis points that stay."""

    def __init__(self, parent: tk.Misc, *, width: int = 10, justify: str = "right") -> None:
        super().__init__(parent, width=width, justify=justify, name="折扣")

    def parse(self, text: str) -> int:
        """Basis points. Raises InputError."""
        if plain(text) in ("不打折", "无", "原价"):
            return WHOLE_BP
        return parse_discount(text)

    def display(self, value: int) -> str:
        """``8.5 折``; none is said in words."""
        return show_discount(value) or "不打折"


class TimeEntry(ParsedEntry):
    """A time of day; the value is ``datetime.time``."""

    def __init__(self, parent: tk.Misc, *, width: int = 8, name: str = "时间") -> None:
        super().__init__(parent, width=width, name=name)

    def parse(self, text: str) -> time:
        """The time. Raises InputError."""
        return time(*parse_clock_time(text, name=self.name))

    def display(self, value: time) -> str:
        """``09:30``."""
        return f"{value:%H:%M}"


class PhoneEntry(ParsedEntry):
    """A telephone number; the value is the stored form, empty if none. A doubt is a warning, not a wall."""

    def __init__(self, parent: tk.Misc, *, width: int = 18, name: str = "电话") -> None:
        super().__init__(parent, width=width, name=name)

    def get_value(self) -> str:
        """The stored digits. Raises InputError for what can't be a phone."""
        text = self.text.get()
        return parse_phone(text, name=self.name).digits if text.strip() else ""

    def set_value(self, value: str | None) -> None:
        """Show a stored number."""
        self.text.set(show_phone(value))

    def tidy(self) -> None:
        """Show the number in its groups."""
        try:
            self.set_value(self.get_value())
        except InputError:
            return

    def doubt(self) -> str | None:
        """What looks odd about the number, if anything."""
        text = self.text.get()
        try:
            return parse_phone(text, name=self.name).warning if text.strip() else None
        except InputError:
            return None


class DayEntry(ParsedEntry):
    """A day typed in a short form; the value is ``datetime.date``. ``today`` stands in for the clock."""

    def __init__(
        self, parent: tk.Misc, *, width: int = 12, name: str = "日期", today: Callable[[], date] | None = None
    ) -> None:
        super().__init__(parent, width=width, name=name)
        self.today = today or (lambda: local_day(system_clock()))

    def parse(self, text: str) -> date:
        """The day. Raises InputError."""
        return parse_date(text, today=self.today(), name=self.name)

    def display(self, value: date) -> str:
        """``2026-11-21``."""
        return show_date(value)
