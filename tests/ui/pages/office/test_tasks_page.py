"""Somebody keeps what is to be done, gives it to those below, and talks about it, mostly by keyboard."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.office.queries import TaskFilter, task_course, task_detail, task_list
from meiping.domains.office.rules import Priority, TaskState
from meiping.domains.office.service import comment_task, finish_tasks
from meiping.ui.pages.office.tasks_page import PAGE
from meiping.ui.widgets.picker import Picker
from tests.domains.office.giving import give, put_below
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts

Press = Callable[..., None]
TODAY = date(2026, 3, 16)


def titles(page: Any) -> list[str]:
    page.list.draw_now()
    return [row["title"] for row in page.list.visible_rows()]


def undo(context: PageContext) -> None:
    """Press 撤销 in the message."""
    _text, _kind, action = context.toasts[-1]
    assert action is not None
    assert action[0] == "撤销"
    action[1]()


def press_button(widget: tk.Misc, word: str) -> None:
    next(button for button in parts(widget, ttk.Button) if button.cget("text") == word).invoke()


def the_only_task(shop: OpenedShop) -> Any:
    (row,) = task_list(shop.actor, TaskFilter(state="all")).window(0, 9, None)
    return task_detail(shop.actor, task_id=row["id"])


def test_an_empty_list_says_what_belongs_there_and_offers_it(opened: Any, dialog: Any) -> None:
    page = opened(PAGE)

    assert any("写上期限" in word for word in texts(page.widget))
    press_button(page.list, "添加任务")
    dialog().close()


def test_a_task_is_typed_and_saved_without_the_mouse(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop, context: PageContext
) -> None:
    add_customer(shop, name="王建国")
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(form, title="送样品", customer_id="wjg", due_date="0320", content="红茶两盒")
    picker = form.form.editor("customer_id")
    assert isinstance(picker, Picker)
    press(picker.entry, "<Down>", "<Return>")
    press(form, "<Control-s>")

    detail = the_only_task(shop)
    assert (detail.title, detail.customer, detail.content) == ("送样品", "王建国", "红茶两盒")
    assert (detail.due_date, detail.priority, detail.assignee) == (
        date(2026, 3, 20),
        Priority.NORMAL,
        "王老板",
    )
    assert titles(page) == ["送样品"]
    assert context.told() == "已添加任务。"
    press(page.widget.focus_get(), "<F7>")  # the keys of the list work at once
    dialog().close()


def test_who_leads_nobody_is_not_asked_for_whom(
    opened: Any, press: Press, dialog: Any, shop: OpenedShop, context: PageContext
) -> None:
    context.actor = shop.as_role("业务员")
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()

    assert not any(word.startswith("负责人") for word in texts(form))
    form.close()


def test_done_by_one_key_and_taken_back(
    opened: Any, press: Press, shop: OpenedShop, context: PageContext
) -> None:
    give(shop.actor, "送样品", due_date=TODAY)
    page = opened(PAGE)
    press(page.list.tree, "<Control-d>")
    assert titles(page) == []
    assert context.told() == "已完成。"

    undo(context)

    assert titles(page) == ["送样品"]


def test_how_far_it_is_and_what_is_said_stands_at_the_right(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop
) -> None:
    give(shop.actor, "送样品")
    page = opened(PAGE)
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<F6>")
    form = dialog()
    fill(form, percent="60", text="样品已备好")
    press(form, "<Control-s>")
    press(page.list.tree, "<F7>")
    form = dialog()
    fill(form, text="要不要带合同？")
    press(form, "<Control-s>")

    words = texts(page.detail.widget)
    assert "样品已备好" in words
    assert "要不要带合同？" in words
    assert "进度：0% → 60%" in words
    assert any(word.endswith("60%") for word in words)


def test_the_whole_finishes_it(opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop) -> None:
    give(shop.actor, "送样品")
    page = opened(PAGE)
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<F6>")
    form = dialog()
    fill(form, percent="100")
    press(form, "<Control-s>")

    assert the_only_task(shop).state is TaskState.DONE


def test_a_wrong_progress_is_told_in_the_form(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop
) -> None:
    give(shop.actor, "送样品")
    page = opened(PAGE)
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<F6>")
    form = dialog()
    fill(form, percent="130")
    press(form, "<Control-s>")

    assert any("0 到 100" in word for word in texts(form))
    form.close()


def test_a_superior_gives_a_task_and_reads_what_is_answered(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop, context: PageContext
) -> None:
    jia, yi = shop.add_operator("组长甲", "业务员"), shop.add_operator("业务员乙", "业务员")
    put_below(shop, yi, jia)
    context.actor = jia
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    form.form.set_value("assignee_id", yi.operator_id)
    fill(form, title="盘点茶叶")
    press(form, "<Control-s>")
    task = page.list.current_row()["id"]
    comment_task(yi, task_id=task, text="周五前行吗？")
    page.reload()

    assert "周五前行吗？" in texts(page.detail.widget)
    page.narrow(whose="mine")
    assert titles(page) == []
    page.narrow(whose="given")
    assert titles(page) == ["盘点茶叶"]


def test_a_task_of_a_superior_asks_for_the_progress_instead(
    opened: Any, press: Press, dialog: Any, shop: OpenedShop, context: PageContext
) -> None:
    clerk = shop.as_role("收银员")
    give(shop.as_role("店长"), "盘点", assignee_id=clerk.operator_id)
    context.actor = clerk
    page = opened(PAGE)
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<F2>")

    form = dialog()
    assert form.form.value("percent") == 0
    assert "布置" in context.told()
    form.close()


def test_what_is_deleted_is_offered_back_at_once(
    opened: Any, press: Press, shop: OpenedShop, context: PageContext
) -> None:
    give(shop.actor, "送样品")
    page = opened(PAGE)
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<Delete>")
    assert titles(page) == []

    undo(context)

    assert titles(page) == ["送样品"]


@pytest.mark.parametrize("state", ["open", "done"])
def test_a_task_is_found_from_elsewhere_whatever_became_of_it(
    opened: Any, shop: OpenedShop, state: str
) -> None:
    give(shop.actor, "别的", due_date=TODAY + timedelta(days=1))
    task = give(shop.actor, "送样品")
    if state == "done":
        finish_tasks(shop.actor, task_ids=[task])
    page = opened(PAGE)
    page.narrow(whose="given", period="today")
    page.open(select=task)

    assert page.list.current_row()["title"] == "送样品"


def test_the_buttons_at_the_right_do_the_same(
    opened: Any, shop: OpenedShop, context: PageContext, dialog: Any, pump: Any
) -> None:
    customer = add_customer(shop, name="王总")
    task = give(shop.actor, "送样品", customer_id=customer)
    page = opened(PAGE)
    page.list.select_id(task)
    pump(lambda: "王总" in texts(page.detail.widget))
    press_button(page.detail.widget, "客户")
    assert context.opened == [("customer_hub", {"customer_id": customer})]
    press_button(page.detail.widget, "批注")
    dialog().close()

    press_button(page.detail.widget, "完成")

    assert the_only_task(shop).state is TaskState.DONE
    assert any("已完成" in event.words for event in task_course(shop.actor, task_id=task))
