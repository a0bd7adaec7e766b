"""任务统计 in its window: a double click leads to the tasks behind a row."""

from datetime import date, timedelta
from typing import Any

import pytest

from meiping.domains.office.service import finish_tasks
from meiping.ui.pages.office.tasks_page import PAGE as TASKS
from meiping.ui.pages.reports.task_report_page import PAGE
from tests.domains.office.giving import give
from tests.shop import OpenedShop
from tests.windows import PageContext

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize("by", ["person", "state", "month"])
def test_a_double_click_shows_just_the_tasks_behind_a_row(
    opened: Any, pump: Any, shop: OpenedShop, context: PageContext, by: str
) -> None:
    finish_tasks(shop.actor, task_ids=[give(shop.actor, "做完的")])
    give(shop.actor, "没做完的", due_date=TODAY + timedelta(days=1))
    shop.clock.advance(days=40)
    give(shop.actor, "四月的", assignee_id=shop.as_role("店长").operator_id)
    page = opened(PAGE)
    page.open(by=by, first=TODAY, last=shop.actor.today())
    pump(lambda: page.list.count == 2)
    row = page.list.row_at(1)[1]
    page.list.on_open(row)

    ((key, narrowed),) = context.opened
    assert key == "tasks"
    tasks = opened(TASKS)
    tasks.open(**narrowed)
    assert tasks.list.count == row["tasks"]
