"""Picking a record by typing."""

import tkinter as tk
from collections.abc import Callable

import pytest
import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.ui.widgets.picker import Choice, Picker

Press = Callable[..., None]
PEOPLE = [Choice(n, f"客户{n}", f"138 0000 {n:04d}", "金卡") for n in range(1, 31)]


class Desk:
    """A picker with everything it tells."""

    def __init__(self, page: tk.Widget) -> None:
        self.asked: list[str] = []
        self.picked: list[Choice | None] = []
        self.created: list[str] = []
        self.picker = Picker(
            page,
            self.search,
            on_pick=self.picked.append,
            hint="姓名 / 手机",
            create=("新增客户", self.create),
        )
        self.picker.pack()
        self.after = ttk.Entry(page)
        self.after.pack()
        page.update()

    def search(self, text: str) -> list[Choice]:
        self.asked.append(text)
        return [person for person in PEOPLE if text in person.title]

    def create(self, text: str) -> Choice | None:
        self.created.append(text)
        return Choice(99, text)

    def type(self, text: str) -> None:
        self.picker.entry.focus_force()
        self.picker.update()
        self.picker.entry.delete(0, "end")
        self.picker.entry.insert(0, text)
        self.picker.update()


@pytest.fixture
def desk(page: tk.Widget) -> Desk:
    return Desk(page)


def shown(desk: Desk) -> list[str]:
    return [str(row._title.cget("text")) for row in desk.picker._rows if row.shown]


def test_results_follow_typing_and_enter_takes_the_first(
    desk: Desk, pump: Callable[..., None], press: Press
) -> None:
    desk.type("客户2")
    pump(desk.picker.is_open)
    assert shown(desk)[0] == "客户2"
    press(desk.picker.entry, "<Return>")
    assert (desk.picker.value, desk.picker.entry.get(), desk.picker.is_open()) == (2, "客户2", False)
    assert [choice and choice.id for choice in desk.picked] == [2]


def test_quick_fingers_need_not_wait_for_the_results(desk: Desk, press: Press) -> None:
    desk.type("客户7")
    press(desk.picker.entry, "<Return>")
    assert desk.picker.get_value() == 7


def test_arrows_go_beyond_what_is_in_view(desk: Desk, press: Press) -> None:
    press(desk.picker.entry, "<Down>", *["<Down>"] * 12)
    assert shown(desk)[-1] == "客户13"
    press(desk.picker.entry, "<Up>", "<Return>")
    assert desk.picker.value == 12


def test_escape_only_closes_the_results(desk: Desk, press: Press) -> None:
    desk.picker.set_value(PEOPLE[0])
    press(desk.picker.entry, "<Down>", "<Down>", "<Escape>")
    assert (desk.picker.value, desk.picker.is_open(), desk.picked) == (1, False, [])


def test_nobody_found_offers_to_make_one(desk: Desk, pump: Callable[..., None], press: Press) -> None:
    desk.type("赵新")
    pump(desk.picker.is_open)
    assert shown(desk) == ["＋ 新增客户“赵新”"]
    press(desk.picker.entry, "<Return>")
    assert (desk.created, desk.picker.value) == (["赵新"], 99)


def test_a_click_picks_and_a_click_elsewhere_closes(desk: Desk, press: Press) -> None:
    press(desk.picker.entry, "<Down>")
    desk.picker._rows[2].frame.event_generate("<ButtonRelease-1>")
    desk.picker.update()
    assert desk.picker.value == 3
    press(desk.picker.entry, "<Down>")
    desk.after.event_generate("<ButtonPress-1>")
    desk.picker.update()
    assert not desk.picker.is_open()


def test_emptying_it_means_nobody(desk: Desk, press: Press) -> None:
    desk.picker.set_value(PEOPLE[4])
    desk.type("")
    desk.after.focus_force()
    desk.picker.update()
    assert (desk.picker.get_value(), desk.picked) == (None, [None])


def test_an_unfinished_text_stays_and_is_asked_about(desk: Desk) -> None:
    desk.picker.set_value(PEOPLE[4])
    desk.type("客户5x")
    desk.after.focus_force()
    desk.picker.update()
    assert desk.picker.entry.get() == "客户5x"
    with pytest.raises(InputError, match="还没有选定"):
        desk.picker.get_value()
