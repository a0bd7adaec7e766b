"""Toasts, charts, heads, cards."""

import threading
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import ttkbootstrap as ttk
from PIL import Image

from meiping.ui import theme
from meiping.ui.widgets.cards import DetailPane, Facts, FilterBar, Kpi, PageHead, Split
from meiping.ui.widgets.chart_view import ChartView
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.scroller import Scroller
from meiping.ui.widgets.toast import Toasts
from tests.ui.widgets.conftest import MemoryView


@dataclass(frozen=True)
class Bar:
    x0: float
    y0: float
    x1: float
    y1: float
    key: str
    text: str = ""


@dataclass(frozen=True)
class Picture:
    image: Image.Image
    regions: tuple[Bar, ...] = (Bar(0, 0, 50, 50, "11月", "11月\n¥40.00"),)


def test_toasts_stack_leave_and_stay_off_the_right(root: ttk.App, page: tk.Widget) -> None:
    undone: list[str] = []
    toasts = Toasts(root)
    for number in range(5):
        toasts.show(f"已保存 {number}")
    last = toasts.show("已删除 1 位客户", kind="warning", action=("撤销", lambda: undone.append("x")))
    root.update()
    assert toasts.texts() == ["已保存 3", "已保存 4", "已删除 1 位客户"]
    right = last.frame.winfo_x() + last.frame.winfo_width()
    assert right < root.winfo_width() * 0.7
    last.button.invoke()
    assert (undone, toasts.texts()) == (["x"], ["已保存 3", "已保存 4"])
    toasts.clear()
    assert toasts.texts() == []


def test_the_newest_toast_that_offers_it_is_taken_back_by_key(root: ttk.App) -> None:
    undone: list[str] = []
    toasts = Toasts(root)
    for word in ("客户", "商品"):
        toasts.show(f"已删除{word}", action=("撤销", partial(undone.append, word)))
    toasts.show("已导出", action=("打开", lambda: undone.append("opened")))
    toasts.undo()
    toasts.undo()
    toasts.undo()
    assert undone == ["商品", "客户"]
    assert toasts.texts() == ["已导出"]
    toasts.clear()


def test_a_toast_waits_while_the_mouse_rests_on_it(root: ttk.App) -> None:
    toast = Toasts(root).show("已收款")
    assert toast._job is not None
    toast.frame.event_generate("<Enter>")
    assert toast._job is None
    toast.frame.event_generate("<Leave>")
    assert toast._job is not None
    toast.close()


def test_a_chart_is_drawn_in_its_size_and_again_for_another_theme(
    root: ttk.App, page: tk.Widget, pump: Callable[..., None], tmp_path: Path
) -> None:
    drawn: list[tuple[int, int, str]] = []
    picked: list[str] = []

    def prepare() -> Callable[[int, int], Picture]:
        mode = theme.palette(root).mode

        def render(width: int, height: int) -> Picture:
            drawn.append((width, height, mode))
            return Picture(Image.new("RGB", (width, height), "#888888"))

        return render

    view = ChartView(page, render=prepare, on_pick=picked.append, width=400, height=300)
    view.pack()
    pump(lambda: drawn)
    assert drawn == [(400, 300, "light")]
    view._label.event_generate("<Button-1>", x=20, y=20)
    view._label.event_generate("<Button-1>", x=200, y=20)
    assert picked == ["11月"]
    view._label.event_generate("<Motion>", x=20, y=20)
    root.update()
    assert (view._told.cget("text"), view._told.winfo_ismapped()) == ("11月\n¥40.00", 1)
    view._label.event_generate("<Motion>", x=200, y=20)
    root.update()
    assert not view._told.winfo_ismapped()
    theme.set_mode(root, "dark")
    pump(lambda: len(drawn) == 2)
    assert drawn[-1][2] == "dark"
    shown = view.picture()
    assert shown is not None
    assert shown.size == (400, 300)


GRID = tuple(
    Bar(
        100 * column, 100 * row, 100 * column + 90, 100 * row + 90, f"{row}/{column}", f"行 {row} 列 {column}"
    )
    for row in range(2)
    for column in range(3)
)
BARS = tuple(Bar(100 * place, 0, 100 * place + 90, 200, f"{place}月", f"{place}月") for place in range(3))
LISTED = (  # a ring of two parts with its list: both places of a part stand for it
    *(Bar(10, 20 * place, 60, 20 * place + 20, f"{place % 2}", "") for place in range(4)),
    *(Bar(100, 30 * place, 200, 30 * place + 30, f"{1 - place}", "") for place in range(2)),
)


@pytest.mark.parametrize(
    ("regions", "keys", "picked"),
    [
        (BARS, "", "0月"),
        (BARS, "Right Right Left", "1月"),
        (BARS, "Down", "1月"),
        (BARS, "Right Right Right", "2月"),
        (BARS, "End", "2月"),
        (BARS, "End Up Home", "0月"),
        (GRID, "Down Right", "1/1"),
        (GRID, "Down Right Up", "0/1"),
        (GRID, "Up", "0/0"),
        (LISTED, "", "1"),
        (LISTED, "Down", "0"),
        (LISTED, "Down Down Up", "1"),
    ],
)
def test_the_parts_of_a_chart_are_reached_and_picked_by_key(
    page: tk.Widget, regions: tuple[Bar, ...], keys: str, picked: str
) -> None:
    told: list[str] = []
    picture = Picture(Image.new("RGB", (300, 200)), regions)
    view = ChartView(page, render=lambda: lambda _w, _h: picture, on_pick=told.append, width=300, height=200)
    view.pack()
    page.update()
    _chart_of(view, page).focus_force()
    page.update()
    for key in [*keys.split(), "Return"]:
        focused = page.focus_get()
        assert focused is not None
        focused.event_generate(f"<{key}>")
        page.update()
    assert told == [picked]


def test_where_the_keys_are_in_a_chart_is_seen_and_told(page: tk.Widget) -> None:
    picture = Picture(Image.new("RGB", (300, 200)), BARS)
    view = ChartView(page, render=lambda: lambda _w, _h: picture, width=300, height=200)
    view.pack()
    other = ttk.Entry(page)
    other.pack()
    page.update()
    chart = _chart_of(view, page)
    chart.focus_force()
    page.update()
    chart.event_generate("<Right>")
    page.update()
    assert view.in_front() == BARS[1]
    assert _told(view) == "1月"
    view.draw()
    page.update()
    assert _told(view) == "1月"
    other.focus_force()
    page.update()
    assert _told(view) == ""


def _chart_of(view: ChartView, page: tk.Widget) -> tk.Misc:
    """Where Tab leads to in a chart."""
    (found,) = (child for child in view.winfo_children() if str(child.cget("takefocus")) not in ("", "0"))
    return found


def _told(view: ChartView) -> str:
    """What stands beside a part of the chart."""
    return "".join(
        str(child.cget("text"))
        for child in view.winfo_children()
        if isinstance(child, ttk.Label) and child.winfo_manager() == "place"
    )


def test_a_figure_that_opens_its_rows_is_pressed_by_key(page: tk.Widget) -> None:
    opened: list[str] = []
    cards = [Kpi(page, word, command=partial(opened.append, word)) for word in ("销售额", "单数")]
    for card in cards:
        card.pack()
        card.show("1", "昨天 2")
    page.update()
    cards[0].focus_force()
    page.update()
    for key in ("Return", "Down", "space"):
        focused = page.focus_get()
        assert focused is not None
        focused.event_generate(f"<{key}>")
        page.update()
    assert opened == ["销售额", "单数"]


def test_a_late_picture_does_not_cover_a_newer_one(page: tk.Widget, pump: Callable[..., None]) -> None:
    waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    view = ChartView(page, background=lambda work, done: waiting.append((work, done)))
    view.pack()
    view.draw(lambda: lambda width, height: Picture(Image.new("RGB", (width, height), "red")))
    pump(lambda: len(waiting) == 1)
    view.draw(lambda: lambda width, height: Picture(Image.new("RGB", (width, height), "blue")))
    pump(lambda: len(waiting) == 2)
    results: list[Any] = []
    for work, _done in waiting:
        worker = threading.Thread(target=lambda work=work: results.append(work()))
        worker.start()
        worker.join()
    for (_work, done), result in reversed(list(zip(waiting, results, strict=True))):
        done(result)
    picture = view.picture()
    assert picture is not None
    assert picture.getpixel((5, 5)) == (0, 0, 255)


def test_the_head_has_its_primary_button_at_the_very_right(page: tk.Widget) -> None:
    head = PageHead(page, "客户")
    main = head.primary("新增客户", "person-plus", lambda: None, "Ctrl+N")
    other = head.action("导出", "download", lambda: None)
    head.facts("共 3 位")
    page.update()
    assert main.winfo_x() > other.winfo_x()
    assert main.cget("text") == "新增客户 Ctrl+N"


def test_the_facts_of_a_head_give_way_in_words_not_in_halves(
    page: tk.Widget, pump: Callable[..., None]
) -> None:
    holder = ttk.Frame(page, width=460, height=60)
    holder.pack_propagate(False)
    holder.pack()
    head = PageHead(holder, "收银")
    button = head.action("取单 F6", "pause-circle", lambda: None)
    head.facts("班次 JB-20261122-0001 · 06:39 起", "06:39 起", "06:39")
    pump()
    assert head._facts.cget("text") == "班次 JB-20261122-0001 · 06:39 起"
    button.configure(text="取单 F6（4）取单 F6（4）")
    head.fit()
    assert head._facts.cget("text") == "06:39 起"
    holder.configure(width=300)
    pump()
    assert head._facts.cget("text") == "06:39"


def test_tab_walks_a_filter_bar_from_left_to_right(page: tk.Widget, pump: Callable[..., None]) -> None:
    bar = FilterBar(page)
    bar.pack(fill="x")
    first = bar.choice("等级", [(None, "全部")], lambda _level: None)
    second = bar.choice("状态", [(None, "全部")], lambda _state: None)
    bar.check("只看到了下限的", lambda _on: None)
    pump()
    assert first.tk_focusNext() is second
    assert isinstance(second.tk_focusNext(), ttk.Checkbutton)


def test_words_to_read_are_scrolled_by_keys(page: tk.Widget, pump: Callable[..., None]) -> None:
    scroller = Scroller(page, width=300, height=200)
    scroller.pack()
    ttk.Label(scroller.inner, text="\n".join(f"第{n}行" for n in range(80))).pack()
    reader = ttk.Button(page, text="关闭")
    reader.pack()
    scroller.take_keys(reader)
    reader.focus_force()
    pump()
    canvas = scroller.inner.nametowidget(scroller.inner.winfo_parent()).master
    seen = []
    for key in ("Down", "Next", "Prior", "End", "Next", "Home", "Up"):
        reader.event_generate(f"<{key}>")
        page.update()
        seen.append(canvas.canvasy(0))
    down, page_down, page_up, end, no_further, *home = seen
    assert 0 < down == page_up < page_down < end == no_further
    assert home == [0, 0]


def test_the_wheel_scrolls_over_a_choice_and_over_bare_ground_too(
    page: tk.Widget, pump: Callable[..., None]
) -> None:
    scroller = Scroller(page, width=300, height=100)
    scroller.pack()
    form = Form(
        scroller.inner, [Field(f"c{n}", f"第{n}", FieldKind.CHOICE, choices=((1, "一"),)) for n in range(9)]
    )
    form.pack()
    pump()
    canvas = form.editor("c0").target.nametowidget(scroller.inner.winfo_parent()).master
    before = canvas.canvasy(0)
    form.editor("c0").target.event_generate("<Button-5>")
    page.update()
    after_choice = canvas.canvasy(0)
    assert after_choice > before
    assert form.value("c0") is None
    canvas.event_generate("<Button-5>")
    page.update()
    assert canvas.canvasy(0) > after_choice


def test_filters_give_values_not_words(page: tk.Widget) -> None:
    heard: list[object] = []
    bar = FilterBar(page)
    box = bar.choice("等级", [(None, "全部"), (2, "金卡")], heard.append)
    switch = bar.check("只看欠款", heard.append)
    page.update()
    box.current(1)
    box.event_generate("<<ComboboxSelected>>")
    toggle = next(child for child in bar.winfo_children() if isinstance(child, ttk.Checkbutton))
    toggle.invoke()
    assert (heard, switch.get()) == ([2, True], True)


def test_filters_that_find_no_room_stand_on_a_further_line(
    page: tk.Widget, pump: Callable[..., None]
) -> None:
    bar = FilterBar(page)
    boxes = [bar.choice(f"条件 {number}", [(None, "全部")], lambda _value: None) for number in range(6)]
    page.update()
    assert len({box.winfo_rooty() for box in boxes}) == 1
    bar.pack_forget()
    bar.place(x=0, y=0, width=420)
    pump(lambda: len({box.winfo_rooty() for box in boxes}) == 3)
    assert all(box.winfo_ismapped() for box in boxes)
    bar.place(width=1100)
    pump(lambda: len({box.winfo_rooty() for box in boxes}) == 1)


def test_facts_without_a_value_are_left_out(page: tk.Widget) -> None:
    facts = Facts(page)
    facts.show([("生日", "1989-12-03"), ("微信", ""), ("来源", "老带新")])
    assert len(facts.winfo_children()) == 4


def test_the_detail_pane_says_when_nothing_is_chosen(page: tk.Widget) -> None:
    pane = DetailPane(page)
    pane.pack(fill="both", expand=True)
    page.update()
    assert pane._empty.winfo_ismapped()
    pane.show("王晓梅", "金卡 · 138 2201 7788")
    page.update()
    assert pane.content.winfo_ismapped()
    assert not pane._empty.winfo_ismapped()


def test_a_figure_can_be_clicked(page: tk.Widget) -> None:
    opened: list[str] = []
    figure = Kpi(page, "营业额", command=lambda: opened.append("rows"))
    figure.pack()
    figure.show("¥86,420.00", "▲ 12.4% 较上期", "good")
    page.update()
    figure._value.event_generate("<Button-1>")
    assert opened == ["rows"]


def test_the_sash_stays_where_it_was_put(
    page: tk.Widget, view: MemoryView, pump: Callable[..., None]
) -> None:
    def build() -> Split:
        split = Split(page, key="customers", view=view, share=0.6)
        split.add(ttk.Frame(split, width=10), weight=3)
        split.add(ttk.Frame(split, width=10), weight=2)
        split.pack(fill="both", expand=True)
        pump()
        return split

    split = build()
    width = split.winfo_width()
    assert abs(split.sashpos(0) - width * 0.6) < 3
    split.sashpos(0, 400)
    split.event_generate("<ButtonRelease-1>")
    split.destroy()
    assert abs(build().sashpos(0) - 400) < 3


def test_what_grows_past_its_room_later_can_be_scrolled_to(
    page: tk.Widget, root: ttk.App, pump: Callable[..., None]
) -> None:
    scroller = Scroller(page, width=200, height=100)
    scroller.pack()
    ttk.Frame(scroller.inner, height=60).pack()
    last = ttk.Frame(scroller.inner, height=60)
    root.update()
    assert not scroller._bar.winfo_ismapped()
    assert scroller.inner.winfo_height() == 100, "little content fills the room"

    last.pack()
    pump(scroller._bar.winfo_ismapped)
    scroller._canvas.yview_moveto(1)
    root.update()
    assert last.winfo_rooty() + last.winfo_height() <= scroller.winfo_rooty() + scroller.winfo_height()

    last.pack_forget()
    pump(lambda: not scroller._bar.winfo_ismapped())


def test_the_bar_is_seen_in_the_room_that_is_kept_free_for_it(page: tk.Widget, root: ttk.App) -> None:
    scroller = Scroller(page, width=200, height=100, gutter=True)
    scroller.pack()
    ttk.Frame(scroller.inner, width=200, height=300).pack()
    root.update()
    right = scroller.winfo_rootx() + scroller.winfo_width()
    assert (
        scroller.winfo_containing(right - scroller.gutter // 2, scroller.winfo_rooty() + 50) is scroller._bar
    )
    assert scroller.inner.winfo_rootx() + scroller.inner.winfo_width() <= right - scroller.gutter
