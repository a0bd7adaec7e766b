"""Tasks in the customer hub and in the recycle bin."""

from collections.abc import Callable
from typing import Any

import pytest

from meiping.domains.office.queries import task_detail, tasks_of
from meiping.domains.office.rules import TaskState
from meiping.domains.office.service import delete_tasks
from meiping.ui.pages.customers.customer_hub_page import PAGE
from meiping.ui.pages.customers.recycle_bin_page import PAGE as BIN_PAGE
from tests.domains.office.giving import give
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.ui.pages.customers.test_customer_hub_page import rows, tab
from tests.windows import PageContext

Press = Callable[..., None]


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    return add_customer(shop, name="王总")


@pytest.fixture
def pane(opened: Any, wang: int) -> Any:
    """The sub-tab in front, showing the customer."""
    page = opened(PAGE)
    page.open(customer_id=wang)
    return tab(page, "任务")


def test_a_task_is_written_for_the_customer_shown(
    pane: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop, wang: int
) -> None:
    pane.add()
    fill(dialog(), title="送样品")
    press(dialog(), "<Control-s>")

    assert [row["title"] for row in rows(pane)] == ["送样品"]
    assert tasks_of(shop.actor, customer_id=wang).count() == 1


def test_it_is_told_how_far_it_is_and_done(
    pane: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop, wang: int, context: PageContext
) -> None:
    task = give(shop.actor, "送样品", customer_id=wang)
    pane.changed()
    pane.list.select_id(task)
    pane._actions.perform(pane._actions.called("进度"))
    fill(dialog(), percent="30")
    press(dialog(), "<Control-s>")
    assert rows(pane)[0]["progress"] == 30
    press(pane.list.tree, "<Control-d>")

    assert rows(pane)[0]["standing"] == "已完成"
    assert task_detail(shop.actor, task_id=task).state is TaskState.DONE
    pane._actions.perform(pane._actions.called("看进展和批注"))
    assert context.opened == [("tasks", {"select": task})]


def test_a_deleted_task_comes_back_from_the_recycle_bin(shop: OpenedShop, opened: Any, wang: int) -> None:
    task = give(shop.actor, "送样品", customer_id=wang)
    delete_tasks(shop.actor, task_ids=[task])
    page = opened(BIN_PAGE)
    page.open(kind="task")
    page.widget.update()
    (row,) = page.front.list.visible_rows()
    assert (row["title"], row["customer"]) == ("送样品", "王总")

    page.front.restore([row["id"]])

    assert tasks_of(shop.actor, customer_id=wang).count() == 1
