"""Lines of words that break well."""

import math
from tkinter import font as tkfont

import ttkbootstrap as ttk

_LEAST = 3
"""Characters a last line has at least: a full stop alone looks like a mistake."""


def even_wrap(label: ttk.Label, most: int) -> int:
    """The ``wraplength`` in pixels, ``most`` or a little less, at which the last line of the label's words is no leftover."""
    chosen = label.cget("font") or ttk.Style.get_instance().lookup(label.cget("style") or "TLabel", "font")
    font = tkfont.nametofont(str(chosen or "TkDefaultFont"), label)
    character = font.measure("字")
    room = most // character * character
    lines = math.ceil(font.measure(label.cget("text")) / max(1, room))
    last = font.measure(label.cget("text")) - (lines - 1) * room
    wanted = _LEAST * character
    if lines < 2 or last >= wanted:
        return most
    return max(wanted, most - math.ceil((wanted - last) / (lines - 1) / character) * character)
