"""The desk names what one has to do next and what waits for one's approval; each leads to its place."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.expenses.rules import ADVANCE, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import request_expense
from meiping.domains.office.service import finish_tasks
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.ui.pages.reports.desk_page import PAGE, DeskPage
from tests.domains.office.giving import give
from tests.factories import add_customer, new_key
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts

Opened = Callable[..., DeskPage]
TODAY = date(2026, 3, 16)


def click_words(widget: tk.Misc, words: str) -> None:
    found = [one for one in parts(widget, ttk.Label) if str(one.cget("text")).startswith(words)]
    found[0].event_generate("<Button-1>", x=2, y=2)
    widget.update()


def ask_for(shop: OpenedShop, kind: str) -> None:
    category = words("expense_category")[0].id if kind == EXPENSE else None
    expense = ExpenseInput(shop.actor.operator_id, 100, category)
    request_expense(shop.actor, key=new_key(), kind=kind, expense=expense)


def test_the_next_tasks_stand_below_the_reminders_and_open_themselves(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    customer = add_customer(shop, name="王总")
    late = give(shop.actor, "送样品", due_date=TODAY - timedelta(days=2), customer_id=customer)
    give(shop.actor, "盘点", due_date=TODAY + timedelta(days=1))
    page = opened(PAGE)
    assert page.reminders is not None

    said = texts(page.reminders)
    first = said.index("接下来的任务")
    assert said[first + 1 : first + 5] == ["逾期 2 天", "送样品 · 王总", "明天", "盘点"]
    click_words(page.reminders, "送样品")

    assert context.opened == [("tasks", {"select": late})]


def test_without_tasks_nothing_is_said_of_them(opened: Opened, shop: OpenedShop) -> None:
    task = give(shop.actor, "送样品")
    finish_tasks(shop.actor, task_ids=[task])
    page = opened(PAGE)
    assert page.reminders is not None

    assert "接下来的任务" not in texts(page.reminders)
    assert page.watch.texts()["我的任务"] == "没有"


@pytest.mark.parametrize(
    ("days", "told", "state"),
    [((0, 0, -1), "今天到期 2 个，逾期 1 个", "due"), ((1, 5), "2 个", None)],
)
def test_the_line_of_ones_own_tasks_opens_them(
    opened: Opened,
    shop: OpenedShop,
    context: PageContext,
    days: tuple[int, ...],
    told: str,
    state: str | None,
) -> None:
    for number in days:
        give(shop.actor, due_date=TODAY + timedelta(days=number))
    page = opened(PAGE)

    assert page.watch.texts()["我的任务"] == told
    click_words(page.watch, "我的任务")

    ((key, narrowed),) = context.opened
    assert (key, narrowed["whose"], narrowed["state"]) == ("tasks", "mine", state)


@pytest.mark.parametrize(
    ("kinds", "told", "page_key"),
    [
        ((EXPENSE, ADVANCE, EXPENSE), "费用 2 笔，借支 1 笔", "expenses"),
        ((ADVANCE,), "借支 1 笔", "advances"),
    ],
)
def test_what_waits_for_approval_is_told_to_who_approves(
    opened: Opened, shop: OpenedShop, context: PageContext, kinds: tuple[str, ...], told: str, page_key: str
) -> None:
    save_options(shop.actor, values={"expenses.approval": True})
    for kind in kinds:
        ask_for(shop, kind)
    page = opened(PAGE)

    assert page.watch.texts()["等我审批"] == told
    click_words(page.watch, "等我审批")

    ((key, narrowed),) = context.opened
    assert (key, narrowed["status"]) == (page_key, "requested")


def test_a_clerk_is_not_told_of_approvals(opened: Opened, shop: OpenedShop, context: PageContext) -> None:
    save_options(shop.actor, values={"expenses.approval": True})
    ask_for(shop, EXPENSE)
    context.actor = shop.as_role("收银员")
    page: Any = opened(PAGE)

    assert "等我审批" not in page.watch.texts()
