"""Menus that appear where the hand is."""

import tkinter as tk
from collections.abc import Callable, Sequence
from math import ceil

import ttkbootstrap as ttk

from meiping.ui.theme import palette, px

Action = Callable[[], object]
MenuEntry = tuple[str, "Action | tuple[tk.BooleanVar, Action] | list[MenuEntry] | None"]
"""A word and what it does; with a variable it is a tick; a list is a menu beside it; None is greyed out; the word
``-`` draws a line."""

_SPACE = "\u2002"
_MOST_ROWS = 22
"""As many entries below each other as a small screen shows; more stand in further columns."""


def build_menu(owner: tk.Misc, entries: Sequence[MenuEntry]) -> ttk.Menu:
    """A menu of these entries. The variables of its ticks live as long as it does."""
    colours = palette(owner)
    menu = ttk.Menu(owner, tearoff=False, activeborderwidth=0, selectcolor=colours.foreground)
    # Tk draws a thick bevel where an active entry's border gives it room; an invisible picture gives room without.
    # That of a disabled entry it dots over: as narrow as can be, nobody sees it, and a space stands in for it.
    font = ttk.nametofont(str(menu.cget("font")), root=owner)
    high = font.metrics("linespace") + 2 * px(owner, 4)
    room, narrow = (tk.PhotoImage(master=owner, width=wide, height=high) for wide in (px(owner, 8), 1))
    kept: list[object] = [room, narrow, *(one[0] for _word, one in entries if isinstance(one, tuple))]
    menu.bind("<Destroy>", lambda _event: kept.clear(), add=True)
    rows = ceil(len(entries) / ceil(len(entries) / _MOST_ROWS)) if entries else 1
    for place, (word, action) in enumerate(entries):
        if word == "-":
            menu.add_separator()
        elif isinstance(action, tuple):
            menu.add_checkbutton(label=word, variable=action[0], command=action[1])
        elif isinstance(action, list):
            menu.add_cascade(label=word, menu=build_menu(menu, action))
        elif action is None:
            menu.add_command(label=f"{_SPACE}{word}", state="disabled", image=narrow, compound="left")
        else:
            menu.add_command(label=word, command=action)
        if word != "-" and action is not None:
            menu.entryconfigure("end", image=room, compound="left")
            menu.entryconfigure(
                "end", activeforeground=colours.foreground, activebackground=colours.selection
            )
        if place and place % rows == 0:
            menu.entryconfigure("end", columnbreak=True)
    return menu


def popup(owner: tk.Misc, entries: Sequence[MenuEntry], x: int, y: int) -> ttk.Menu | None:
    """Show a menu at a place of the screen; the owner's last one goes away."""
    for child in owner.winfo_children():
        if isinstance(child, tk.Menu):
            child.destroy()
    if not entries:
        return None
    menu = build_menu(owner, entries)
    menu.tk_popup(x, y)
    return menu
