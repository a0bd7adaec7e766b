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
    character, length = font.measure("字"), font.measure(label.cget("text"))
    if length <= most:
        return most
    room = max(1, most // character) * character
    lines = math.ceil(length / room)
    last, wanted = length - (lines - 1) * room, _LEAST * character
    if last >= wanted:
        return most
    return max(wanted, most - math.ceil((wanted - last) / max(1, lines - 1) / character) * character)
