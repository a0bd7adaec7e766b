"""任务统计, computed a second way from the rows of the tasks."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.office.queries import TaskFilter, task_list
from meiping.domains.office.service import delete_tasks, finish_tasks, give_up_tasks
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import TaskGroup, task_report
from meiping.domains.reports.rules import Period
from meiping.kernel.actor import Scope
from tests.domains.office.giving import give
from tests.domains.reports.by_hand import (
    Raw,
    assert_counts,
    assert_held_against,
    mean_milli,
    outside_the_bin,
    share_bp,
)
from tests.domains.reports.test_every_report import all_rows
from tests.shop import OpenedShop

PERIODS = (
    Period(),
    Period(date(2026, 3, 1), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 4, 20)),
    Period(None, date(2026, 4, 2)),
    Period(date(2019, 1, 1), date(2019, 2, 1)),
)


@pytest.fixture
def busy(shop: OpenedShop) -> OpenedShop:
    """Sixty days of tasks, some done in time, some late, some never."""
    chance = random.Random(20)
    people = [shop.actor, shop.as_role("店长"), shop.as_role("收银员")]
    open_ones: list[int] = []
    for _ in range(60):
        shop.clock.advance(hours=chance.choice((3, 15, 24, 31)))
        today = shop.actor.today()
        due = chance.choice([None, today, today + timedelta(days=chance.randrange(9))])
        open_ones.append(give(shop.actor, assignee_id=chance.choice(people).operator_id, due_date=due))
        if chance.random() < 0.6:
            ended = open_ones.pop(chance.randrange(len(open_ones)))
            chance.choice((finish_tasks, finish_tasks, give_up_tasks))(shop.actor, task_ids=[ended])
    delete_tasks(shop.actor, task_ids=[3, 17])
    return shop


def day_of(ms: int) -> date:
    return datetime.fromtimestamp(ms / 1000).date()


def raw(period: Period) -> list[Raw]:
    """The tasks of a period."""
    first, last = period.first or date.min, period.last or date.max
    return [row for row in outside_the_bin("task") if first <= day_of(row["created_at"]) <= last]


def figures(rows: list[Raw], today: date) -> Raw:
    """What the report tells of some tasks, one by one and in decimals."""
    done = [row for row in rows if row["state"] == "done"]
    dated = [row for row in done if row["due_date"]]
    in_time = [row for row in dated if str(day_of(row["ended_at"])) <= row["due_date"]]
    still_open = [row for row in rows if row["state"] == "open"]
    forgotten = [row for row in still_open if row["due_date"] and row["due_date"] < str(today)]
    spans = [(day_of(row["ended_at"]) - day_of(row["created_at"])).days for row in done]
    return {
        "tasks": len(rows),
        "done": len(done),
        "open": len(still_open),
        "given_up": sum(row["state"] == "given_up" for row in rows),
        "late": len(dated) - len(in_time) + len(forgotten),
        "done_bp": share_bp(len(done), len(rows)),
        "in_time_bp": share_bp(len(in_time), len(dated)),
        "days_milli": mean_milli(spans),
    }


KEYS: dict[TaskGroup, Callable[[Raw], Any]] = {
    TaskGroup.PERSON: lambda row: row["assignee_id"],
    TaskGroup.STATE: lambda row: row["state"],
    TaskGroup.MONTH: lambda row: str(day_of(row["created_at"]))[:7],
}


@pytest.mark.parametrize("group", TaskGroup, ids=lambda group: group.key)
def test_every_figure_equals_the_tasks_counted_one_by_one(busy: OpenedShop, group: TaskGroup) -> None:
    today = busy.actor.today()
    for period in PERIODS:
        table = task_report(busy.actor, ReportAsked(period, {"by": group.key}))
        assert_counts(table, raw(period), KEYS[group], partial(figures, today=today))


def test_it_is_narrowed_to_a_person(busy: OpenedShop) -> None:
    manager = busy.as_role("店长").operator_id
    his = [row for row in raw(Period()) if row["assignee_id"] == manager]
    table = task_report(busy.actor, ReportAsked(values={"person_id": manager}))
    assert table.totals == figures(his, busy.actor.today())


def test_a_row_leads_to_just_its_tasks(busy: OpenedShop) -> None:
    for period in PERIODS[:3]:
        days: dict[str, Any] = {"first_date": period.first, "last_date": period.last}
        for row in task_report(busy.actor, ReportAsked(period)).rows:
            narrow = TaskFilter(state="all", assignee_id=row["id"], **days)
            assert task_list(busy.actor, narrow).count() == row["tasks"]
        for row in task_report(busy.actor, ReportAsked(period, {"by": "state"})).rows:
            assert task_list(busy.actor, TaskFilter(state=row["id"], **days)).count() == row["tasks"]


def test_a_period_is_held_against_the_one_before(busy: OpenedShop) -> None:
    now, before = (
        task_report(busy.actor, ReportAsked(Period(date(2026, month, 1), date(2026, month, 28))))
        for month in (4, 3)
    )
    assert_held_against(now, before, "tasks")


def test_one_counts_only_what_one_sees(busy: OpenedShop) -> None:
    rights = ["reports.view", "office.tasks"]
    save_role(busy.actor, role_id=None, name="自己", scope=Scope.ALL, permissions=rights)
    assert all_rows(task_report(busy.as_role("自己"), ReportAsked())) == []
    give(busy.as_role("自己"))
    assert task_report(busy.as_role("自己"), ReportAsked()).totals["tasks"] == 1
    assert task_report(busy.as_role("店长"), ReportAsked()).totals["tasks"] == len(raw(Period()))


def test_an_empty_shop_has_an_empty_report(shop: OpenedShop) -> None:
    for group in TaskGroup:
        table = task_report(shop.actor, ReportAsked(values={"by": group.key}))
        assert table.count() == 0
        assert not any(table.totals.values())
