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


def test_what_can_not_be_done_is_passed_by_and_stands_in_line(page: tk.Widget) -> None:
    menu = build_menu(page, [("还没有保存过", None), ("保存现在的条件…", lambda: None), ("-", None)])
    assert [menu.entrycget(place, "state") for place in range(2)] == ["disabled", "normal"]
    assert menu.entrycget(0, "label").strip() == "还没有保存过"
    tops = [menu.yposition(place) for place in range(3)]
    assert tops[1] - tops[0] == tops[2] - tops[1]
