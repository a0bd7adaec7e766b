"""Rows of a list dragged onto a place outside it, with words beside the pointer that say what would happen."""

import tkinter as tk
from collections.abc import Callable
from typing import Protocol

import ttkbootstrap as ttk

from meiping.ui.theme import px

_BEGINS = 6
"""Pixels a pressed pointer must go before it drags."""


class DropPlace(Protocol):
    """Where rows can be dropped; it marks the part of itself that is meant."""

    def over(self, x: int, y: int) -> str | None:
        """What dropping at this place of the screen would do, in a few words; None where it does nothing."""

    def leave(self) -> None:
        """Take the mark away."""

    def drop(self) -> None:
        """Do what ``over`` said last."""


class RowDrag:
    """One hand that drags: pressed, moved, let go; Esc gives up. ``words`` names what is dragged."""

    def __init__(self, rows: tk.Misc, place: DropPlace, words: Callable[[], str]) -> None:
        self._rows, self._place, self._words = rows, place, words
        self._from: tuple[int, int] | None = None
        self._ghost: ttk.Toplevel | None = None
        self._label: ttk.Label | None = None
        self._what = ""
        self._meant: str | None = None
        rows.bind("<Escape>", lambda _event: self.cancel(), add=True)
        rows.bind("<Destroy>", lambda event: self.cancel() if event.widget is rows else None, add=True)

    def press(self, x: int, y: int) -> None:
        """The pointer went down on a row."""
        self._from = (x, y)

    def move(self, x: int, y: int) -> bool:
        """The pressed pointer moved; True once this drags."""
        if self._from is None:
            return False
        if self._ghost is None:
            if max(abs(x - self._from[0]), abs(y - self._from[1])) < px(self._rows, _BEGINS):
                return False
            self._begin()
        self._meant = self._place.over(x, y)
        if self._meant is None:
            self._place.leave()
        if self._label is not None and self._ghost is not None:
            self._label.configure(text=f"{self._what} → {self._meant}" if self._meant else self._what)
            self._ghost.geometry(f"+{x + px(self._rows, 14)}+{y + px(self._rows, 10)}")
        return True

    def _begin(self) -> None:
        self._what = self._words()
        ghost = ttk.Toplevel(master=self._rows.winfo_toplevel(), iconphoto=None)
        ghost.overrideredirect(True)
        pad = (px(ghost, 10), px(ghost, 5))
        self._label = ttk.Label(ghost, text=self._what, style="InkInfo.TLabel", padding=pad)
        self._label.pack()
        self._ghost = ghost

    def release(self) -> bool:
        """The pointer was let go; True if this was a drag."""
        dragged, meant = self._ghost is not None, self._meant
        self.cancel()
        if dragged and meant:
            self._place.drop()
        return dragged

    def cancel(self) -> None:
        """Give up, with nothing done."""
        ghost, self._ghost, self._label = self._ghost, None, None
        self._from, self._meant = None, None
        if ghost is not None:
            self._place.leave()
            if ghost.winfo_exists():
                ghost.destroy()
