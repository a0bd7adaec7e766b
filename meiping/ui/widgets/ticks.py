"""Words to tick or to press: several of some, or one of two or three."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.bindings import on_write

Choices = Sequence[tuple[Any, str]]
"""Values and their words, in order."""

_SHORT, _MIDDLING, _LONG = 2, 5, 12
"""Words of so many characters stand closer together, longer ones below each other."""


class TickGrid(ttk.Frame):
    """A tick for each word, in columns; the value is the list of those ticked, in the words' order."""

    _COLUMNS = 6

    def __init__(self, parent: tk.Misc, choices: Choices, *, columns: int = 0) -> None:
        super().__init__(parent)
        self._ticks: list[tuple[Any, tk.BooleanVar, ttk.Checkbutton]] = []
        longest = max(len(word) for _value, word in choices)
        usual = self._COLUMNS + (longest <= _SHORT) - 2 * (longest > _MIDDLING)
        columns = columns or (1 if longest > _LONG else usual)
        for place, (value, word) in enumerate(choices):
            variable = ttk.BooleanVar(self, False)
            button = ttk.Checkbutton(self, text=word, variable=variable)
            row, column = divmod(place, columns)
            button.grid(row=row, column=column, sticky="w", padx=(0, px(self, 14)), pady=px(self, 3))
            self._ticks.append((value, variable, button))
        self.widget: tk.Widget = self
        self.target: tk.Widget = self._ticks[0][2]
        self.parts: Sequence[tk.Widget] = [button for _value, _variable, button in self._ticks]

    def get_value(self) -> list[Any]:
        """The values ticked."""
        return [value for value, variable, _button in self._ticks if variable.get()]

    def set_value(self, value: Any) -> None:
        """Tick just these."""
        wanted = list(value or ())
        for one, variable, _button in self._ticks:
            variable.set(one in wanted)

    def raw(self) -> object:
        """The values ticked."""
        return self.get_value()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """Ticks have no edge to colour."""

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        for _value, variable, _button in self._ticks:
            on_write(self, variable, callback)

    def enable(self, on: bool) -> None:
        """Let them be changed, or not."""
        for _value, _variable, button in self._ticks:
            button.configure(state="normal" if on else "disabled")


class SwitchBox(ttk.Frame):
    """Two or three words side by side, one of them pressed; Left and Right choose another."""

    def __init__(self, parent: tk.Misc, choices: Choices) -> None:
        super().__init__(parent)
        self._values = [value for value, _word in choices]
        self._place = ttk.IntVar(self, 0)
        self._presses = [
            ttk.Radiobutton(
                self, text=word, value=place, variable=self._place, bootstyle="primary outline toolbutton"
            )
            for place, (_value, word) in enumerate(choices)
        ]
        for press in self._presses:
            press.pack(side="left", fill="x", expand=True)
            for key, step in (("<Left>", -1), ("<Right>", 1)):
                press.bind(key, partial(self._step, step))
        self.widget: tk.Widget = self
        self.target: tk.Widget = self._presses[0]
        self.parts: Sequence[tk.Widget] = self._presses
        on_write(self, self._place, self._chosen)
        self._chosen()

    def _chosen(self) -> None:
        """Tab stops at the word pressed only."""
        for place, press in enumerate(self._presses):
            press.configure(takefocus=place == self._place.get())

    def _step(self, step: int, _event: object) -> str:
        place = min(max(self._place.get() + step, 0), len(self._values) - 1)
        self._place.set(place)
        self._presses[place].focus_set()
        return "break"

    def get_value(self) -> Any:
        """The value of the word pressed."""
        return self._values[self._place.get()]

    def set_value(self, value: Any) -> None:
        """Press the word of a value; for an unknown one the first."""
        self._place.set(self._values.index(value) if value in self._values else 0)

    def raw(self) -> object:
        """The value."""
        return self.get_value()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """One of them is always right."""

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        on_write(self, self._place, callback)

    def enable(self, on: bool) -> None:
        """Let it be changed, or not."""
        for press in self._presses:
            press.configure(state="normal" if on else "disabled")
