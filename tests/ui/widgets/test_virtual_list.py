"""Lists as hands use them."""

import time
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.kernel.tabular import Column, Kind, Row, Sort, Table
from meiping.ui import theme
from meiping.ui.widgets.menus import MenuEntry
from meiping.ui.widgets.virtual_list import VirtualList
from tests.ui.widgets.conftest import MemoryView

Press = Callable[..., None]
COLUMNS = (
    Column("code", "卡号", Kind.CODE, 8),
    Column("name", "姓名", width=10, stretch=True),
    Column("balance", "余额", Kind.MONEY, 12),
    Column("last", "最近到店", Kind.DATE, 11),
    Column("note", "备注", hidden=True),
)


class Members:
    """So many members, made when asked for; counts the questions."""

    def __init__(self, count: int, *, gone: Sequence[int] = ()) -> None:
        self.ids = [place + 1 for place in range(count) if place + 1 not in gone]
        self.asked: list[tuple[int, int]] = []

    def count(self) -> int:
        return len(self.ids)

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        self.asked.append((first, size))
        ids = self.ids
        if sort is not None and sort.descending:
            places = range(len(ids) - 1 - first, max(-1, len(ids) - 1 - first - size), -1)
        else:
            places = range(first, min(first + size, len(ids)))
        return [self.row(ids[place]) for place in places]

    def row(self, number: int) -> Row:
        tone = {"tone": "danger"} if number == 3 else {}
        name = f"客户{number}\n第二行" if number == 2 else f"客户{number}"
        return {
            "id": number,
            "code": f"{number:05d}",
            "name": name,
            "balance": number * 100,
            "last": date(2026, 11, 21) if number % 2 else None,
            "note": None,
            **tone,
        }

    def summary(self) -> Mapping[str, Any]:
        return {"balance": 123}


@pytest.fixture
def make(page: tk.Widget, view: MemoryView, pump: Callable[..., None]) -> Callable[..., VirtualList]:
    def build(listing: Any, **options: Any) -> VirtualList:
        made = VirtualList(page, COLUMNS, key="members", view=view, listing=listing, **options)
        made.pack(fill="both", expand=True)
        pump()
        return made

    return build


def test_a_list_opened_later_has_its_colours_at_once(page: tk.Widget, view: MemoryView) -> None:
    late = VirtualList(page, COLUMNS, key="members", view=view, listing=Members(3))
    assert str(late.tree.tag_configure("danger", "foreground")) == theme.palette(page).danger
    assert str(late.tree.tag_configure("stripe", "background")) == theme.palette(page).stripe
    late.destroy()


def texts(shown: VirtualList) -> list[tuple[str, ...]]:
    return [tuple(shown.tree.item(item, "values")) for item in shown.tree.get_children()]


def middle(shown: VirtualList, item: str) -> tuple[int, int]:
    """A point inside a row."""
    x, y, _width, height = (int(part) for part in shown.tree.bbox(item))
    return x + 5, y + height // 2


def lit(shown: VirtualList) -> list[str]:
    return [str(shown.tree.item(item, "values")[0]) for item in shown.tree.selection()]


def test_only_the_rows_in_view_are_fetched_with_one_question(make: Callable[..., VirtualList]) -> None:
    listing = Members(100_000)
    shown = make(listing)
    assert len(listing.asked) == 1
    assert len(texts(shown)) == shown.capacity() < 30


def test_the_last_row_is_seen_whole(make: Callable[..., VirtualList], press: Press) -> None:
    shown = make(Members(1000))
    press(shown.tree, "<End>")
    last = shown.tree.get_children()[-1]
    assert shown.tree.item(last, "values")[0] == "01000"
    _x, y, _width, height = (int(part) for part in shown.tree.bbox(last))
    assert y + height <= shown.tree.winfo_height()


def test_coming_from_the_search_takes_the_first_row(make: Callable[..., VirtualList], press: Press) -> None:
    shown = make(Members(1000))
    shown.enter()
    assert shown.selected_ids() == [1]
    press(shown.tree, "<Down>")
    shown.enter()
    assert shown.selected_ids() == [2]


def test_the_first_step_after_tab_takes_the_first_row(
    make: Callable[..., VirtualList], press: Press, pump: Callable[..., None]
) -> None:
    shown = make(Members(1000))
    shown.focus_set()
    pump()
    press(shown.tree, "<Down>")
    assert lit(shown) == ["00001"]


def test_values_read_as_the_program_shows_them(make: Callable[..., VirtualList]) -> None:
    shown = make(Members(3))
    assert texts(shown)[0][:4] == ("00001", "客户1", "¥1.00", "2026-11-21")
    assert texts(shown)[1][1:4] == ("客户2 第二行", "¥2.00", "")
    assert "danger" in shown.tree.item("r2", "tags")
    assert str(shown.tree.column("balance", "anchor")) == "e"


def test_arrows_and_pages_walk_and_each_redraw_asks_once(
    make: Callable[..., VirtualList], press: Press
) -> None:
    listing = Members(1000)
    shown = make(listing)
    shown.tree.focus_force()
    press(shown.tree, "<Down>", "<Down>")
    assert shown.selected_ids() == [2]
    listing.asked.clear()
    press(shown.tree, "<Next>")
    assert shown.selected_ids() == [2 + shown.capacity() - 1]
    assert len(listing.asked) <= 2
    press(shown.tree, "<Home>")
    assert shown.selected_ids() == [1]


def test_pages_of_the_window_are_turned_from_within_a_list(
    make: Callable[..., VirtualList], press: Press
) -> None:
    shown = make(Members(1000))
    press(shown.tree, "<Home>", "<Control-Next>")
    assert shown.selected_ids() == [1]


def test_shift_extends_across_windows(make: Callable[..., VirtualList], press: Press) -> None:
    shown = make(Members(1000))
    press(shown.tree, "<Home>", "<Shift-End>")
    assert len(shown.selected_ids()) == 1000
    press(shown.tree, "<Home>", "<Shift-Down>", "<Shift-Down>", "<Shift-Up>")
    assert shown.selected_ids() == [1, 2]


def test_selection_by_control_click_survives_scrolling(make: Callable[..., VirtualList]) -> None:
    shown = make(Members(1000))
    for item, state in (("r1", 0), ("r4", 4)):
        x, y = middle(shown, item)
        shown.tree.event_generate("<ButtonPress-1>", x=x, y=y, state=state)
        shown.tree.event_generate("<ButtonRelease-1>", x=x, y=y, state=state)
    for _ in range(30):
        shown.tree.event_generate("<Button-5>")
    shown.update()
    assert shown.first > 5
    assert lit(shown) == []
    assert shown.selected_ids() == [2, 5]
    for _ in range(60):
        shown.tree.event_generate("<Button-4>")
    shown.update()
    assert lit(shown) == ["00002", "00005"]


def test_a_flick_of_the_wheel_makes_one_redraw(make: Callable[..., VirtualList]) -> None:
    listing = Members(1000)
    shown = make(listing)
    listing.asked.clear()
    for _ in range(50):
        shown.tree.event_generate("<Button-5>")
    shown.update()
    assert len(listing.asked) == 1


def test_a_click_means_the_row_one_sees_even_while_the_wheel_is_turning(
    make: Callable[..., VirtualList],
) -> None:
    shown = make(Members(1000))
    x, y = middle(shown, "r4")
    shown.tree.event_generate("<Button-5>")
    shown.tree.event_generate("<ButtonPress-1>", x=x, y=y)
    shown.update()
    assert shown.selected_ids() == [5]


def test_everything_is_selected_without_fetching_it(make: Callable[..., VirtualList], press: Press) -> None:
    listing = Members(5000)
    shown = make(listing)
    listing.asked.clear()
    press(shown.tree, "<Control-a>")
    assert shown.selected_count() == 5000
    assert sum(size for _, size in listing.asked) < 100
    shown._hands.toggle(0)
    assert shown.selected_count() == 4999
    assert len(shown.selected_ids()) == 4999


def test_headings_sort_and_the_sort_is_remembered(
    make: Callable[..., VirtualList], view: MemoryView, pump: Callable[..., None]
) -> None:
    shown = make(Members(100))
    shown.sort_by("balance")
    shown.sort_by("balance")
    pump()
    assert texts(shown)[0][0] == "00100"
    assert shown.tree.heading("balance", "image")
    shown.destroy()
    again = make(Members(100))
    assert texts(again)[0][0] == "00100"
    assert view["list.members"]["sort"] == ["balance", True]


def choose_in(menu: Sequence[MenuEntry], word: str) -> None:
    action = dict(menu)[word]
    assert callable(action)
    action()


def test_columns_are_hidden_moved_and_put_back(
    make: Callable[..., VirtualList], pump: Callable[..., None]
) -> None:
    shown = make(Members(5))
    ticks = {word: action for word, action in shown._hands.column_menu("name") if isinstance(action, tuple)}
    ticks["卡号"][1]()
    ticks["备注"][1]()
    choose_in(shown._hands.column_menu("balance"), "左移这一列")
    pump()
    assert [column.key for column in shown.visible_columns()] == ["balance", "name", "last", "note"]
    shown.destroy()
    again = make(Members(5))
    assert [column.key for column in again.visible_columns()] == ["balance", "name", "last", "note"]
    choose_in(again._hands.column_menu("name"), "恢复原来的列")
    assert [column.key for column in again.visible_columns()] == ["code", "name", "balance", "last"]


def test_a_heading_dragged_onto_another_takes_its_place(make: Callable[..., VirtualList]) -> None:
    shown = make(Members(5))
    where = {}
    left = 0
    for column in shown.visible_columns():
        where[column.key] = left + 12
        left += shown.tree.column(column.key, "width")
    shown.tree.event_generate("<ButtonPress-1>", x=where["last"], y=10)
    shown.tree.event_generate("<B1-Motion>", x=where["code"], y=10)
    shown.tree.event_generate("<ButtonRelease-1>", x=where["code"], y=10)
    shown.update()
    assert [column.key for column in shown.visible_columns()] == ["last", "code", "name", "balance"]


def test_rows_are_copied_with_headings_for_a_spreadsheet(
    make: Callable[..., VirtualList], press: Press
) -> None:
    shown = make(Members(5))
    press(shown.tree, "<Home>", "<Shift-Down>", "<Control-c>")
    lines = shown.clipboard_get().split("\n")
    assert lines == [
        "卡号\t姓名\t余额\t最近到店",
        "00001\t客户1\t¥1.00\t2026-11-21",
        "00002\t客户2 第二行\t¥2.00\t",
    ]


def test_enter_f2_and_double_click_open(make: Callable[..., VirtualList], press: Press) -> None:
    opened: list[int] = []
    shown = make(Members(5), on_open=lambda row: opened.append(row["id"]))
    press(shown.tree, "<Home>", "<Return>", "<F2>")
    x, y = middle(shown, "r2")
    for sequence in ("<ButtonPress-1>", "<ButtonRelease-1>", "<ButtonPress-1>", "<ButtonRelease-1>"):
        shown.tree.event_generate(sequence, x=x, y=y)
    shown.update()
    assert opened == [1, 1, 3]


def test_the_detail_hears_of_the_row_once_it_rests(
    make: Callable[..., VirtualList], press: Press, pump: Callable[..., None]
) -> None:
    heard: list[int | None] = []
    shown = make(Members(500), on_select=lambda row: heard.append(row and row["id"]))
    press(shown.tree, "<Home>")
    pump(lambda: heard == [1])
    shown.clear_selection()
    pump(lambda: heard == [1, None])


def test_the_menu_of_a_row_ends_with_copying(make: Callable[..., VirtualList], press: Press) -> None:
    shown = make(Members(5), on_menu=lambda row: [(f"打开 {row['name']}", None)])
    assert shown._hands.row_menu() == []
    press(shown.tree, "<Home>")
    assert [word for word, _ in shown._hands.row_menu()] == ["打开 客户1", "-", "复制"]


def test_by_key_the_rows_are_put_in_order_and_columns_chosen(
    make: Callable[..., VirtualList], press: Press
) -> None:
    shown = make(Members(30))
    press(shown.tree, "<Down>")
    offered = dict(shown._hands.menu_of_keys())
    assert list(offered) == ["复制", "-", "排序", "显示的列"]
    orders = offered["排序"]
    assert isinstance(orders, list)
    assert [word for word, _ in orders] == ["卡号", "姓名", "余额", "最近到店"]
    choose_in(orders, "余额")
    assert shown.layout.sort == Sort("balance")
    orders = dict(shown._hands.menu_of_keys())["排序"]
    assert isinstance(orders, list)
    choose_in(orders, "余额  ▲")
    assert shown.layout.sort == Sort("balance", descending=True)


def test_arrows_bring_columns_into_view_that_find_no_room(
    make: Callable[..., VirtualList], press: Press, page: tk.Widget
) -> None:
    shown = make(Members(30))
    for column in COLUMNS:
        shown.layout.set_width(column.key, 60)
    shown.columns_changed()
    page.update()
    assert shown.tree.xview()[0] == 0
    press(shown.tree, "<Right>", "<Right>")
    assert shown.tree.xview()[0] > 0
    press(shown.tree, "<Left>", "<Left>", "<Left>")
    assert shown.tree.xview()[0] == 0


def test_reloading_keeps_place_and_selection(make: Callable[..., VirtualList], press: Press) -> None:
    listing = Members(1000)
    shown = make(listing)
    shown.select_id(501)
    shown.update()
    first = shown.first
    shown.reload()
    shown.update()
    assert (shown.first, shown.selected_ids()) == (first, [501])


def test_a_deleted_row_is_no_longer_selected(make: Callable[..., VirtualList], press: Press) -> None:
    listing = Members(10)
    shown = make(listing)
    shown.select_id(4)
    shown.update()
    listing.ids.remove(4)
    shown.reload()
    shown.update()
    assert shown.selected_ids() == []
    press(shown.tree, "<Down>")
    assert shown.selected_ids() == [5]


def test_an_empty_list_says_what_belongs_there(
    make: Callable[..., VirtualList], pump: Callable[..., None]
) -> None:
    asked: list[str] = []
    listing = Members(0)
    shown = make(listing, empty=("还没有客户。", "新增客户", lambda: asked.append("new")))
    assert shown.blank.winfo_ismapped()
    shown.blank.button.invoke()
    assert asked == ["new"]
    listing.ids.append(1)
    shown.reload()
    pump()
    assert not shown.blank.winfo_ismapped()


def test_totals_stand_under_their_columns(make: Callable[..., VirtualList]) -> None:
    shown = make(Members(5))
    values = shown._totals.item(shown._totals.get_children()[0], "values")
    assert (values[0], values[2]) == ("合计", "¥1.23")
    assert shown._totals.column("balance", "width") == shown.tree.column("balance", "width")


def test_figures_are_never_cut_and_words_beside_them_give_way(
    root: ttk.App, page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    columns = (Column("name", "姓名", width=20, stretch=True), Column("sum", "余额", Kind.MONEY, 6))
    rows = [{"id": 1, "name": "王", "sum": 1_234_567_890_00}]
    table = Table("余额", columns, rows, {"sum": 11_234_567_890_00})
    shown = VirtualList(page, columns, key="balances", view=view, listing=table)
    shown.pack(fill="both", expand=True)
    for mode in ("dark", "light"):
        theme.set_mode(root, mode)
        pump()
        widths = {key: int(shown.tree.column(key, "width")) for key in ("name", "sum")}
        cell = ttk.nametofont("MpBody", root=shown).measure("¥1,234,567,890.00")
        total = ttk.nametofont("MpBold", root=shown).measure("¥11,234,567,890.00")
        assert widths["sum"] > max(cell, total)
        assert sum(widths.values()) <= shown.tree.winfo_width()


def test_words_without_room_end_in_dots_and_are_taken_out_whole(
    page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    name = "广州市天河区万和科技有限公司第二分公司"
    columns = (Column("name", "客户", width=14), Column("note", "备注", width=200, stretch=True))
    table = Table("客户", columns, [{"id": 1, "name": name, "note": "常来"}])
    shown = VirtualList(page, columns, key="long", view=view, listing=table)
    shown.pack(fill="both", expand=True)
    pump()
    first = str(shown.tree.item("r0", "values")[0])
    assert first.endswith("…")
    assert name.startswith(first[:-1])
    assert len(first) > 4
    drawn = int(shown.tree.column("name", "width")) - 2 * theme.px(shown, 12)
    assert ttk.nametofont("MpBody", root=shown).measure(first) <= drawn, "no half of a character"
    shown.tree.column("name", width=theme.px(shown, 600))
    shown.width_dragged("name")
    pump()
    assert shown.tree.item("r0", "values")[0] == name
    assert shown.visible_rows()[0]["name"] == name


def test_dates_stay_whole_beside_totals_wider_than_the_window(
    page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    sums = [Column(f"sum{place}", "金额", Kind.MONEY, 40) for place in range(6)]
    rows = [{"id": 1, "day": "2026-11-21"}]
    totals = {column.key: 10_000_000_000_00 for column in sums}
    table = Table("汇总", (Column("day", "日期", Kind.CODE, 12), *sums), rows, totals)
    shown = VirtualList(page, table.columns, key="days", view=view, listing=table)
    shown.pack(fill="both", expand=True)
    pump()
    assert int(shown.tree.column("day", "width")) >= theme.chars(shown, 12)


def test_a_width_is_remembered_when_its_edge_is_dragged_and_not_at_a_click(
    make: Callable[..., VirtualList], pump: Callable[..., None]
) -> None:
    shown = make(Members(5))
    x, y = middle(shown, "r0")
    for sequence in ("<ButtonPress-1>", "<ButtonRelease-1>"):
        shown.tree.event_generate(sequence, x=x, y=y)
    assert shown.layout.widths == {}
    edge = int(shown.tree.column("code", "width"))
    shown.tree.event_generate("<Motion>", x=edge, y=5)
    shown.tree.event_generate("<ButtonPress-1>", x=edge, y=5)
    shown.tree.event_generate("<B1-Motion>", x=edge + 60, y=5, state=0x100)
    shown.tree.event_generate("<ButtonRelease-1>", x=edge + 60, y=5, state=0x100)
    pump()
    assert list(shown.layout.widths) == ["code"]


def test_columns_that_come_later_find_room_where_words_can_give_way(
    page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    frame = ttk.Frame(page, width=theme.px(page, 500), height=theme.px(page, 300))
    frame.pack_propagate(False)
    frame.pack()
    columns = (Column("name", "客户", width=40, stretch=True), Column("code", "编号", Kind.CODE, 14))
    shown = VirtualList(frame, columns, key="late", view=view, listing=Table("客户", columns, [{"id": 1}]))
    shown.pack(fill="both", expand=True)
    pump()
    shown.set_columns((*columns, Column("skin", "肤质", width=10)))
    pump()
    widths = [int(shown.tree.column(key, "width")) for key in ("name", "code", "skin")]
    assert sum(widths) <= shown.tree.winfo_width()


def test_the_column_that_stretches_can_be_drawn_wider_where_there_is_little_room(
    page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    columns = (
        Column("name", "客户", width=14, stretch=True),
        *(Column(f"c{n}", "列", width=30) for n in range(6)),
    )
    frame = ttk.Frame(page, width=theme.px(page, 500), height=theme.px(page, 300))
    frame.pack_propagate(False)
    frame.pack()

    def width() -> int:
        return int(shown.tree.column("name", "width"))

    for start in range(2):
        shown = VirtualList(
            frame, columns, key="tight", view=view, listing=Table("客户", columns, [{"id": 1}])
        )
        shown.pack(fill="both", expand=True)
        pump()
        if start == 0:
            edge = width()
            shown.tree.event_generate("<Motion>", x=edge, y=5)
            shown.tree.event_generate("<ButtonPress-1>", x=edge, y=5)
            shown.tree.event_generate("<B1-Motion>", x=edge + 90, y=5, state=0x100)
            shown.tree.event_generate("<ButtonRelease-1>", x=edge + 90, y=5, state=0x100)
            pump()
        assert abs(width() - edge - 90) <= 3
        shown.destroy()


def test_the_whole_list_can_be_taken_out_as_shown(make: Callable[..., VirtualList]) -> None:
    shown = make(Members(2500))
    shown.sort_by("code")
    shown.sort_by("code")
    table = shown.current_table("客户", "全部")
    assert (table.count(), table.rows[0]["code"], table.totals) == (2500, "02500", {"balance": 123})
    assert [column.key for column in table.columns] == ["code", "name", "balance", "last"]


def test_a_table_in_memory_is_a_listing_too(
    make: Callable[..., VirtualList], pump: Callable[..., None]
) -> None:
    rows = [{"code": str(n), "name": "", "balance": -n, "last": None, "note": None} for n in range(50)]
    shown = make(Table("t", COLUMNS, rows))
    shown.sort_by("balance")
    pump()
    assert texts(shown)[0][0] == "49"


def test_rows_follow_theme_and_font_size(
    root: ttk.App, make: Callable[..., VirtualList], pump: Callable[..., None]
) -> None:
    shown = make(Members(1000))
    before = shown.capacity()
    theme.set_mode(root, "dark")
    theme.set_font_size(root, "large")
    pump(lambda: shown.capacity() < before)
    pump(lambda: len(texts(shown)) == shown.capacity())
    assert str(shown.tree.tag_configure("stripe", "background")) == theme.DARK.stripe
    theme.set_font_size(root, "medium")
    pump(lambda: len(texts(shown)) == before)


def test_a_hundred_thousand_rows_are_as_quick_as_fifty(
    page: tk.Widget, view: MemoryView, root: ttk.App
) -> None:
    def first_paint(count: int) -> float:
        listing = Members(count)
        began = time.perf_counter()
        shown = VirtualList(page, COLUMNS, key=f"k{count}", view=view, listing=listing)
        shown.pack(fill="both", expand=True)
        root.update()
        took = time.perf_counter() - began
        shown.destroy()
        return took

    small, large = (median(first_paint(count) for _ in range(5)) for count in (50, 100_000))
    assert large < small * 3
