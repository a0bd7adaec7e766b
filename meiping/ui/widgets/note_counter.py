"""Counting money by note and coin: pieces of each, and what they come to."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.ui.theme import px
from meiping.ui.widgets.entries import NumberEntry

_MOST = 99_999


class NoteCounter(ttk.Frame):
    """A line for each of ``pieces`` (fen, word); Enter and the arrows walk through them, the last Enter goes on.

    ``on_change`` is called whenever a number changes, ``on_done`` by Enter in the last line.
    """

    def __init__(
        self,
        parent: tk.Misc,
        pieces: Sequence[tuple[int, str]],
        *,
        on_change: Callable[[], object],
        on_done: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._on_change, self._on_done = on_change, on_done
        self._entries: dict[int, NumberEntry] = {}
        self._sums: dict[int, ttk.Label] = {}
        self._setting = False
        for row, (fen, word) in enumerate(pieces):
            self._add(row, fen, word)
        self.columnconfigure(3, weight=1)

    def _add(self, row: int, fen: int, word: str) -> None:
        gap = px(self, 2)
        ttk.Label(self, text=word).grid(row=row, column=0, sticky="e", pady=gap)
        ttk.Label(self, text="×", style="Muted.TLabel").grid(row=row, column=1, padx=px(self, 8))
        entry = NumberEntry(self, width=7, name=f"{word}的张数")
        entry.grid(row=row, column=2, pady=gap)
        said = ttk.Label(self, style="Muted.TLabel", anchor="e", width=13)
        said.grid(row=row, column=3, sticky="e", padx=(px(self, 10), 0))
        self._entries[fen], self._sums[fen] = entry, said
        entry.watch(partial(self._changed, fen))
        for key in ("<Return>", "<KP_Enter>", "<Down>"):
            entry.bind(key, partial(self._step, fen, 1))
        for key in ("<Shift-Return>", "<Up>"):
            entry.bind(key, partial(self._step, fen, -1))

    def _step(self, fen: int, step: int, _event: object) -> str:
        order = list(self._entries)
        place = order.index(fen) + step
        if 0 <= place < len(order):
            self._entries[order[place]].focus_set()
        elif step > 0:
            self._on_done()
        return "break"

    def _changed(self, fen: int) -> None:
        pieces = self._pieces(fen)
        wrong = self._wrong(fen) is not None
        said = "不是张数" if wrong else show_fen(fen * pieces) if pieces else ""
        self._sums[fen].configure(text=said, style="Bad.TLabel" if wrong else "Muted.TLabel")
        self._entries[fen].configure(style="Wrong.TEntry" if wrong else "TEntry")
        if not self._setting:
            self._on_change()

    def _pieces(self, fen: int) -> int:
        """How many; what can't be understood yet counts as none."""
        try:
            typed = self._entries[fen].get_value() or 0
        except InputError:
            return 0
        return int(typed) if 0 <= typed <= _MOST else 0

    def _wrong(self, fen: int) -> InputError | None:
        """What is wrong with what stands in a line."""
        try:
            typed = self._entries[fen].get_value() or 0
        except InputError as error:
            return error
        return None if typed <= _MOST else InputError(f"{self._entries[fen].name}太大，请检查。")

    def check(self) -> None:
        """Raise InputError, with the cursor in the line, where something else than a number of pieces stands."""
        for fen, entry in self._entries.items():
            if error := self._wrong(fen):
                entry.focus_set()
                raise error

    def get(self) -> Mapping[int, int]:
        """Pieces by fen, those that are there."""
        return {fen: pieces for fen in self._entries if (pieces := self._pieces(fen))}

    @property
    def sum_fen(self) -> int:
        """What all pieces come to."""
        return sum(fen * pieces for fen, pieces in self.get().items())

    def clear(self) -> None:
        """No pieces, without telling."""
        self._setting = True
        for entry in self._entries.values():
            entry.set_value(None)
        self._setting = False

    def enable(self, on: bool) -> None:
        """Let the pieces be typed, or not."""
        for entry in self._entries.values():
            entry.enable(on)

    def focus_first(self) -> None:
        """The cursor into the first line."""
        next(iter(self._entries.values())).focus_set()
