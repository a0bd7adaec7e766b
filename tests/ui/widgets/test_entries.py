"""What a person may type, and what the entries make of it."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.ui.widgets import entries
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.date_entry import CalendarPage, DateEntry

Press = Callable[..., None]
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "tidied"),
    [
        (entries.MoneyEntry, "１，２００元", 120000, "1,200.00"),
        (entries.MoneyEntry, "¥12.5", 1250, "12.50"),
        (entries.QuantityEntry, "０.5", 500, "0.5"),
        (entries.NumberEntry, "1200", 1200, "1,200"),
        (entries.DiscountEntry, "85", 8500, "8.5 折"),
        (entries.DiscountEntry, "9", 9000, "9 折"),
        (entries.TimeEntry, "9点半", time(9, 30), "09:30"),
        (entries.PhoneEntry, "１３８ 2201-7788", "13822017788", "138 2201 7788"),
        (entries.CodeEntry, "００12", "0012", "００12"),
    ],
)
def test_forgiving_on_the_way_in_tidy_once_left(
    page: tk.Widget, kind: Callable[..., Any], typed: str, value: Any, tidied: str
) -> None:
    entry, other = kind(page), ttk.Entry(page)
    entry.pack()
    other.pack()
    entry.focus_force()
    page.update()
    entry.insert(0, typed)
    assert entry.get_value() == value
    other.focus_force()
    page.update()
    assert entry.get() == tidied
    assert entry.get_value() == value


def test_what_cannot_be_understood_stays_as_typed(page: tk.Widget) -> None:
    entry = entries.MoneyEntry(page, name="赊账额度")
    entry.insert(0, "一百")
    entry.tidy()
    assert entry.get() == "一百"
    with pytest.raises(InputError, match="赊账额度“一百”不是数字"):
        entry.get_value()


def test_an_odd_phone_is_doubted_and_an_impossible_one_refused(page: tk.Widget) -> None:
    entry = entries.PhoneEntry(page)
    entry.insert(0, "12345678")
    assert entry.get_value() == "12345678"
    assert "不像有效的号码" in (entry.doubt() or "")
    entry.set_value(None)
    entry.insert(0, "没有电话")
    with pytest.raises(InputError):
        entry.get_value()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("19891203", date(1989, 12, 3)),
        ("1203", date(2026, 12, 3)),
        ("89-12-3", date(1989, 12, 3)),
        ("明天", date(2026, 11, 22)),
    ],
)
def test_days_are_typed_short(page: tk.Widget, typed: str, day: date) -> None:
    entry = DateEntry(page, today=lambda: TODAY)
    entry.entry.insert(0, typed)
    assert entry.get_value() == day
    entry.entry.tidy()
    assert entry.entry.get() == day.isoformat()


@pytest.fixture
def calendar(page: tk.Widget) -> tuple[CalendarPage, list[date | None]]:
    picked: list[date | None] = []
    made = CalendarPage(page, date(2026, 1, 31), TODAY, picked.append)
    made.pack()
    page.update()
    return made, picked


def test_the_calendar_is_walked_by_keys(
    calendar: tuple[CalendarPage, list[date | None]], press: Press
) -> None:
    shown, picked = calendar
    press(shown, "<Next>")
    assert shown.day == date(2026, 2, 28)
    press(shown, "<Down>", "<Left>", "<Shift-Prior>", "<Return>")
    assert picked == [date(2025, 3, 6)]
    press(shown, "<Escape>")
    assert picked[-1] is None


def test_the_calendar_begins_with_monday_and_marks_the_day(
    calendar: tuple[CalendarPage, list[date | None]],
) -> None:
    shown, _picked = calendar
    texts = [str(cell.cget("text")) for cell in shown._cells]
    assert texts[:4] == ["29", "30", "31", "1"]
    marked = [cell.cget("text") for cell in shown._cells if str(cell.cget("style")) == "DayChosen.TLabel"]
    assert [str(text) for text in marked] == ["31"]


def test_a_birthday_year_is_typed_not_clicked(
    calendar: tuple[CalendarPage, list[date | None]], press: Press
) -> None:
    shown, _picked = calendar
    shown._year.delete(0, "end")
    shown._year.insert(0, "1989")
    press(shown._year, "<Return>")
    shown._month.set("12")
    shown._month.event_generate("<<ComboboxSelected>>")
    shown.update()
    assert shown.day == date(1989, 12, 31)
    shown._year.delete(0, "end")
    shown._year.insert(0, "12")
    shown._year_set()
    assert (shown.day.year, shown._year.get()) == (1989, "1989")


def test_the_calendar_opens_below_and_gives_the_day_back(
    page: tk.Widget, pump: Callable[..., None], press: Press
) -> None:
    entry = DateEntry(page, today=lambda: TODAY)
    entry.pack()
    page.update()
    press(entry.entry, "<Alt-Down>")
    window = entry._popup.window
    assert window is not None
    shown = window.winfo_children()[0].winfo_children()[0]
    pump(lambda: page.tk.eval("focus") == str(shown))
    press(shown, "<Right>", "<Return>")
    assert entry.get_value() == date(2026, 11, 22)
    assert entry._popup.window is None
    assert page.tk.eval("focus") == str(entry.entry)


def test_search_follows_the_text_not_the_keys(page: tk.Widget, pump: Callable[..., None]) -> None:
    asked: list[str] = []
    box = SearchBox(page, asked.append, "姓名 / 手机", delay_ms=30)
    box.pack()
    page.update()
    for part in ("王", "晓", "梅"):
        box.entry.insert("end", part)
    pump(lambda: asked == ["王晓梅"])
    box.text.set("李")
    box.text.set("王晓梅")
    pump(lambda: not box._jobs.waits("tell"))
    assert asked == ["王晓梅"]


def test_escape_empties_the_search_and_down_goes_into_the_list(
    page: tk.Widget, pump: Callable[..., None], press: Press
) -> None:
    asked: list[str] = []
    box, below = SearchBox(page, asked.append, "搜索"), ttk.Treeview(page)
    box.pack()
    below.pack()
    box.leads_to(below.focus_set)
    page.update()
    assert box._hint is not None
    assert box._hint.winfo_ismapped()
    box.entry.insert(0, "王")
    press(box.entry, "<Return>")
    assert not box._hint.winfo_ismapped()
    press(box.entry, "<Escape>")
    assert asked == ["王", ""]
    press(box.entry, "<Down>")
    assert page.tk.eval("focus") == str(below)
