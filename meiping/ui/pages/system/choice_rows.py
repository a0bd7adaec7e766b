"""The words of a choice, one a row, each knowing what it was called before."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.entries import TextEntry


@dataclass(slots=True)
class _Row:
    frame: ttk.Frame
    entry: TextEntry
    before: str


class ChoiceRows(ttk.Frame):
    """Enter goes on to the next word and makes one at the end; Alt+↑ and Alt+↓ move a word, Ctrl+Delete drops it."""

    def __init__(
        self, parent: tk.Misc, words: Sequence[str], *, on_change: Callable[[], object], most: int
    ) -> None:
        super().__init__(parent)
        self._on_change, self._most = on_change, most
        self._rows: list[_Row] = []
        self._room = ttk.Frame(self)
        self._room.pack(fill="x")
        self._more = ttk.Button(
            self, text="加一个选项", icon="plus-lg", command=self.add, bootstyle="primary ghost"
        )
        self._more.pack(anchor="w", pady=(px(self, 2), 0))
        for word in words or ("", ""):
            self._make(word)
        self._lay()

    def words(self) -> tuple[str, ...]:
        """The words in order, as typed; empty rows are left out."""
        return tuple(word for row in self._rows if (word := row.entry.text.get().strip()))

    def renamed(self) -> dict[str, str]:
        """Which word was called what before: {new: old}."""
        return {
            word: row.before
            for row in self._rows
            if row.before and (word := row.entry.text.get().strip()) and word != row.before
        }

    def add(self) -> None:
        """One more row, with the cursor in it."""
        if len(self._rows) < self._most:
            self._make("")
            self._lay()
            self._rows[-1].entry.focus_set()

    def focus_first(self) -> None:
        """Into the first word."""
        self._rows[0].entry.focus_set()

    def _make(self, word: str) -> None:
        frame = ttk.Frame(self._room)
        entry = TextEntry(frame, width=24, limit=30, name="选项")
        entry.set_value(word)
        entry.pack(side="left", fill="x", expand=True)
        row = _Row(frame, entry, word)
        for icon, act in (
            ("arrow-up", lambda: self._move(row, -1)),
            ("arrow-down", lambda: self._move(row, 1)),
            ("x-lg", lambda: self._drop(row)),
        ):
            button = ttk.Button(frame, icon=icon, command=act, bootstyle="neutral ghost", takefocus=False)
            button.pack(side="left", padx=(px(self, 2), 0))
        for key in ("<Return>", "<KP_Enter>"):
            entry.bind(key, lambda _event: self._on(row), add=True)
        entry.bind("<Control-Return>", lambda _event: None)  # not the Enter above: the dialog saves
        entry.bind("<Alt-Up>", lambda _event: self._move(row, -1))
        entry.bind("<Alt-Down>", lambda _event: self._move(row, 1))
        entry.bind("<Control-Delete>", lambda _event: self._drop(row))
        entry.watch(self._on_change)
        self._rows.append(row)

    def _lay(self) -> None:
        for row in self._rows:
            row.frame.pack_forget()
            row.frame.pack(fill="x", pady=px(self, 2))
        self._more.configure(state="normal" if len(self._rows) < self._most else "disabled")

    def _on(self, row: _Row) -> str:
        place = self._rows.index(row) + 1
        if place < len(self._rows):
            self._rows[place].entry.focus_set()
        elif row.entry.text.get().strip():
            self.add()
        return "break"

    def _move(self, row: _Row, step: int) -> str:
        place = self._rows.index(row)
        if 0 <= place + step < len(self._rows):
            self._rows.insert(place + step, self._rows.pop(place))
            self._lay()
            row.entry.focus_set()
            self._on_change()
        return "break"

    def _drop(self, row: _Row) -> str:
        place = self._rows.index(row)
        if len(self._rows) == 1:
            row.entry.set_value(None)
            return "break"
        self._rows.remove(row)
        row.frame.destroy()
        self._lay()
        self._rows[min(place, len(self._rows) - 1)].entry.focus_set()
        self._on_change()
        return "break"
