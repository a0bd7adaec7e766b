"""任务统计, computed a second way from the rows of the tasks."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.office.queries import TaskFilter, task_list
from meiping.domains.office.service import delete_tasks, finish_tasks, give_up_tasks
from meiping.domains.reports.asking import ReportAsked, compared
from meiping.domains.reports.queries import TaskGroup, task_report
from meiping.domains.reports.rules import Period
from meiping.kernel.actor import Scope
from meiping.store.database import db
from tests.domains.office.giving import give
from tests.domains.reports.test_every_report import all_rows, grouped
from tests.shop import OpenedShop

Raw = dict[str, Any]
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
    """The rows of the tasks of a period as they lie in the file, but for those in the recycle bin."""
    cursor = db.execute_sql("SELECT * FROM task WHERE deleted_at IS NULL")
    names = [one[0] for one in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    first, last = period.first or date.min, period.last or date.max
    return [row for row in rows if first <= day_of(row["created_at"]) <= last]


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def share(part: int, whole: int) -> int | None:
    return half_up(Decimal(10_000 * part) / whole) if whole else None


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
        "done_bp": share(len(done), len(rows)),
        "in_time_bp": share(len(in_time), len(dated)),
        "days_milli": half_up(Decimal(10 * sum(spans)) / len(done)) * 100 if done else None,
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
        rows = raw(period)
        wanted = grouped(rows, KEYS[group])
        table = task_report(busy.actor, ReportAsked(period, {"by": group.key}))
        assert {row["id"] for row in table.rows} == wanted.keys()
        for row in table.rows:
            mine = figures(wanted[row["id"]], today)
            assert {key: row[key] for key in mine} == mine
        assert table.totals == figures(rows, today)


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
    table = compared(now, before, "tasks")
    was = {row["id"]: row["tasks"] for row in before.rows}
    assert table.rows
    assert all(row["tasks_before"] == was.get(row["id"], 0) for row in table.rows)


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
