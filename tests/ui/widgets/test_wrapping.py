"""Words in several lines read well."""

import tkinter as tk

import pytest
import ttkbootstrap as ttk

from meiping.ui.widgets.wrapping import even_wrap


def lines_of(label: ttk.Label, wrap: int) -> int:
    label.configure(wraplength=wrap)
    label.update_idletasks()
    one = ttk.Label(label.master, text="字", font=label.cget("font"))
    return round(label.winfo_reqheight() / one.winfo_reqheight())


@pytest.mark.parametrize("length", range(18, 64))
def test_no_mark_stands_alone_on_the_last_line(page: tk.Widget, length: int) -> None:
    words = "客" * (length - 1) + "。"
    label = ttk.Label(page, text=words, font="MpBody")
    label.pack()
    as_wide_as_may_be = lines_of(label, 300)
    wrap = even_wrap(label, 300)
    assert lines_of(label, wrap) == as_wide_as_may_be
    label.configure(text=words[:-2])
    assert lines_of(label, wrap) == as_wide_as_may_be


def test_what_fits_on_a_line_stays_on_it(page: tk.Widget) -> None:
    label = ttk.Label(page, text="2026-11-22 06:59", font="MpBody")
    label.pack()
    width = ttk.nametofont("MpBody", root=page).measure(label.cget("text"))
    assert lines_of(label, even_wrap(label, width + 1)) == 1
