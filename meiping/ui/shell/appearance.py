"""Theme, font size and the place of the window: chosen by the user, found again at the next start."""

import re
import tkinter as tk
from typing import Any

import ttkbootstrap as ttk

from meiping.ui import theme
from meiping.ui.theme import FontSize, Mode
from meiping.ui.view_state import ViewState

SMALLEST = (1180, 700)
SCALINGS = (1.0, 1.25, 1.5, 2.0)
_LARGEST = (1600, 1000)


def remembered_mode(view: ViewState) -> Mode:
    """Light or dark, as last chosen."""
    return "dark" if view.get("theme.mode") == "dark" else "light"


def remembered_font_size(view: ViewState) -> FontSize:
    """The font size, as last chosen."""
    size: Any = view.get("theme.font_size")
    return size if size in tuple(theme.FONT_SIZE_TITLES) else "medium"


def remembered_scaling(view: ViewState) -> float | None:
    """The size of everything as a factor, as last chosen; None follows the screen."""
    scaling = view.get("theme.scaling")
    return scaling if scaling in SCALINGS else None


class Appearance:
    """Changes the look of the window and remembers it."""

    def __init__(self, root: ttk.App, view: ViewState) -> None:
        self._root, self._view = root, view
        self.font_size = remembered_font_size(view)
        self.scaling = remembered_scaling(view)

    def set_mode(self, mode: Mode) -> None:
        """Light or dark, at once."""
        theme.set_mode(self._root, mode)
        self._view.set("theme.mode", mode)

    def set_font_size(self, size: FontSize) -> None:
        """小, 中 or 大, at once."""
        theme.set_font_size(self._root, size)
        self.font_size = size
        self._view.set("theme.font_size", size)

    def set_scaling(self, scaling: float | None) -> None:
        """The size of everything, from the next start on."""
        self.scaling = scaling
        self._view.set("theme.scaling", scaling)


class WindowPlace:
    """Gives the window its last size and place, and keeps them as they change."""

    def __init__(self, root: tk.Tk, view: ViewState) -> None:
        self._root, self._view = root, view
        self._restore()
        root.bind("<Configure>", self._keep, add=True)

    def _restore(self) -> None:
        root = self._root
        width, height = root.winfo_screenwidth(), root.winfo_screenheight()
        # Bars of the desktop and the title take their part of a screen too small for the smallest size.
        least = (min(theme.px(root, SMALLEST[0]), width), min(theme.px(root, SMALLEST[1]), height * 9 // 10))
        root.minsize(*least)
        kept = re.fullmatch(r"(\d+)x(\d+)([+-]\d+)([+-]\d+)", str(self._view.get("window.geometry", "")))
        if kept is not None:
            wide, high, left, top = (int(part) for part in kept.groups())
            wide, high = min(max(wide, least[0]), width), min(max(high, least[1]), height)
            left, top = max(0, min(left, width - wide)), max(0, min(top, height - high))
        else:
            wide = min(max(width * 9 // 10, least[0]), max(theme.px(root, _LARGEST[0]), least[0]))
            high = min(max(height * 9 // 10, least[1]), max(theme.px(root, _LARGEST[1]), least[1]))
            left, top = (width - wide) // 2, (height - high) // 3
        root.geometry(f"{wide}x{high}+{left}+{top}")
        small = width <= theme.px(root, 1400) or height <= theme.px(root, 820)
        if self._view.get("window.maximised", kept is None and small):
            _maximise(root)

    def _keep(self, event: "tk.Event[tk.Misc]") -> None:
        root = self._root
        if event.widget is not root or root.state() not in ("normal", "zoomed"):
            return
        maximised = _is_maximised(root)
        self._view.set("window.maximised", maximised)
        if not maximised:
            self._view.set("window.geometry", root.winfo_geometry())


def _maximise(root: tk.Tk) -> None:
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.attributes("-zoomed", True)
        root.update_idletasks()
        if root.winfo_width() < root.winfo_screenwidth() // 2:  # no window manager heard it
            root.geometry(f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}+0+0")
    else:
        root.state("zoomed")


def _is_maximised(root: tk.Tk) -> bool:
    if root.tk.call("tk", "windowingsystem") == "x11":
        return bool(int(root.attributes("-zoomed")))
    return str(root.state()) == "zoomed"
