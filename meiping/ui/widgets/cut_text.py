"""Names too long for their place end in …, whole characters only."""

import tkinter as tk
from typing import Any

import ttkbootstrap as ttk

CELL_EDGE = 12
"""Pixels at 100 % that a cell of a list keeps free at each side: the theme's, and what Tk adds."""


def cut(text: str, font: Any, width: int) -> str:
    """As much of ``text`` as ``width`` pixels of the font take."""
    if font.measure(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.measure(text[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def one_after_another(*words: str) -> str:
    """Words for one line; where it is full it is broken between two of them, not within one. Empty ones are left out."""
    return "\u00a0· ".join(word.replace(" ", "\u00a0") for word in words if word)


class CutLabel(ttk.Label):
    """One line of text in whatever width the layout gives it; ``fill`` or ``sticky`` must stretch it."""

    def __init__(self, parent: tk.Misc, **options: Any) -> None:
        super().__init__(parent, width=1, **options)
        self._text = ""
        self.bind("<Configure>", lambda _event: self._fit(), add=True)
        self.bind("<<ThemeChanged>>", lambda _event: self._fit(), add=True)

    def say(self, text: str) -> None:
        """Another text."""
        self._text = text
        self._fit()

    @property
    def whole(self) -> str:
        """The text uncut."""
        return self._text

    def _fit(self) -> None:
        font = ttk.nametofont(str(self.cget("font") or "TkDefaultFont"), root=self)
        room = self.winfo_width()
        shown = cut(self._text, font, room) if room > 1 else self._text
        if self.cget("text") != shown:
            self.configure(text=shown)


def one_line(text: str) -> str:
    """The text without breaks and tabs, as a cell shows it."""
    return text.replace("\n", " ").replace("\t", " ")
