"""A line of words with the usual ones to choose from."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.text import clean
from meiping.ui.widgets.bindings import on_write


class SuggestBox(ttk.Combobox):
    """An entry that offers words and takes any other; never moved by the mouse wheel in passing.

    ``words`` gives what is offered, asked anew each time the list drops down.
    """

    def __init__(
        self,
        parent: tk.Misc,
        words: Callable[[], Sequence[str]],
        *,
        width: int = 18,
        limit: int = 200,
        name: str = "文字",
    ) -> None:
        self.text = ttk.StringVar(parent)
        super().__init__(parent, width=width, textvariable=self.text)
        self.widget: tk.Widget = self
        self.target: tk.Widget = self
        self._words, self._limit, self._name = words, limit, name
        self.configure(postcommand=lambda: self.configure(values=list(self._words())))
        self.bind("<<ComboboxSelected>>", lambda _event: self.selection_clear(), add=True)
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            self.bind(event, lambda _event: "break")

    def get_value(self) -> str:
        """The cleaned text. Raises InputError above the limit."""
        return clean(self.text.get(), name=self._name, limit=self._limit)

    def set_value(self, value: Any) -> None:
        """Show a text; None empties."""
        self.text.set(value or "")

    def raw(self) -> object:
        """The text."""
        return self.text.get()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """Colour the edge."""
        self.configure(style=f"{tone}.TCombobox" if tone else "TCombobox")

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        on_write(self, self.text, callback)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        self.configure(state="normal" if on else "disabled")
