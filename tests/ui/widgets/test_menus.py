"""Menus as they are seen."""

import gc
import tkinter as tk

import ttkbootstrap as ttk

from meiping.ui.widgets.menus import MenuEntry, build_menu


def test_ticks_stay_as_long_as_their_menu(page: tk.Widget) -> None:
    shown: list[MenuEntry] = [
        (word, (ttk.BooleanVar(page, value), lambda: None))
        for word, value in (("编号", True), ("备注", False))
    ]
    menu = build_menu(page, shown)
    shown.clear()
    gc.collect()
    ticked = [menu.getvar(str(menu.entrycget(place, "variable"))) for place in range(2)]
    assert [bool(int(value)) for value in ticked] == [True, False]


def test_a_long_menu_stands_in_columns(page: tk.Widget) -> None:
    menu = build_menu(page, [(f"第 {place} 列", None) for place in range(48)])
    begins = [place for place in range(48) if int(menu.entrycget(place, "columnbreak"))]
    assert begins == [16, 32]
