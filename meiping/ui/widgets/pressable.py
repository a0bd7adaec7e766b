"""What opens something at a click without being a button: it is reached by Tab and pressed by key too."""

import tkinter as tk
from collections.abc import Callable, Iterable

import ttkbootstrap as ttk

from meiping.ui.theme import px

PRESS_KEYS = ("<Return>", "<KP_Enter>", "<space>")
"""What presses whatever has the focus."""


class Ring:
    """Four thin lines over a widget, around all of it or a part: shows where the keys go."""

    def __init__(self, parent: tk.Misc) -> None:
        self._parent = parent
        self._thick = max(px(parent, 2), 1)
        self._edges: list[ttk.Frame] = []

    def show(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Around these pixels of the parent."""
        if not self._edges:  # most of them are never shown
            self._edges = [ttk.Frame(self._parent, style="EdgeInfo.TFrame") for _ in range(4)]
        thick = self._thick
        width, height = max(x1 - x0, 2 * thick), max(y1 - y0, 2 * thick)
        places = (
            (x0, y0, width, thick),
            (x0, y0 + height - thick, width, thick),
            (x0, y0, thick, height),
            (x0 + width - thick, y0, thick, height),
        )
        for edge, (x, y, across, down) in zip(self._edges, places, strict=True):
            edge.place(x=x, y=y, width=across, height=down, bordermode="outside")
            edge.lift()

    def hide(self) -> None:
        """Take it away."""
        for edge in self._edges:
            edge.place_forget()

    @property
    def shown(self) -> bool:
        """Whether it is there."""
        return bool(self._edges and self._edges[0].winfo_manager())


def pressable(whole: tk.Widget, command: Callable[[], object], parts: Iterable[tk.Widget] = ()) -> Ring:
    """Have a click on a widget or its parts, and Enter or space on it, call ``command``. Arrows go on as Tab does."""
    ring = Ring(whole)
    for part in (whole, *parts):
        part["cursor"] = "hand2"
        part.bind("<Button-1>", lambda _event: command(), add=True)
    whole["takefocus"] = True
    whole.bind("<FocusIn>", lambda _event: _around(ring, whole), add=True)
    whole.bind("<FocusOut>", lambda _event: ring.hide(), add=True)

    def press(_event: object) -> str:
        command()
        return "break"

    for key in PRESS_KEYS:
        whole.bind(key, press, add=True)
    for key, step in (("Down", _after), ("Right", _after), ("Up", _before), ("Left", _before)):
        whole.bind(f"<{key}>", step, add=True)
    return ring


def _around(ring: Ring, whole: tk.Widget) -> None:
    ring.show(0, 0, whole.winfo_width(), whole.winfo_height())


def _after(event: "tk.Event[tk.Misc]") -> str:
    return _go(event.widget.tk_focusNext())


def _before(event: "tk.Event[tk.Misc]") -> str:
    return _go(event.widget.tk_focusPrev())


def _go(to: tk.Misc | None) -> str:
    if to is not None:
        to.focus_set()
    return "break"
