"""What becomes of tasks elsewhere: the customer merged, hidden or gone, a colleague who leaves, their last day."""

from datetime import timedelta
from typing import Any

import pytest

from meiping.domains.audit.queries import HIDDEN, changes_of
from meiping.domains.customers.service import delete_customers
from meiping.domains.office.queries import task_course, task_detail, tasks_of
from meiping.domains.office.rules import TaskInput
from meiping.domains.office.service import (
    change_task,
    comment_task,
    delete_tasks,
    finish_tasks,
    reopen_tasks,
)
from meiping.domains.reminders.automatic import automatic_outdated, renew_automatic
from meiping.domains.reminders.queries import ReminderFilter, due, reminder_detail, reminder_list
from meiping.domains.reminders.service import mark_done
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.handing_over import HAND_OVER, HandOver, hand_over
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.stewardship.purging import purge_customers
from meiping.domains.stewardship.queries.handing_over import hand_over_preview
from meiping.domains.stewardship.queries.merging import merge_preview
from meiping.domains.stewardship.timeline import timeline
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.source import Source
from meiping.store.database import fetch, fetch_value
from tests.domains.office.giving import give, put_below, shown
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.whole_file import faults

SURE = frozenset({"purge"})
YES = frozenset({HAND_OVER})


def about(shop: OpenedShop, customer_id: int) -> list[str]:
    return [row["title"] for row in tasks_of(shop.actor, customer_id=customer_id).window(0, 9, None)]


def happened(actor: Actor, customer_id: int) -> list[tuple[str, str]]:
    found = timeline(actor, customer_id=customer_id, groups=("tasks",)).window(0, 9, None)
    return [(row["text"], row["operator"]) for row in found]


# ------------------------------------------------------------------ customers
def test_tasks_go_along_in_a_merge_and_come_back(shop: OpenedShop) -> None:
    survivor, twin = add_customer(shop), add_customer(shop)
    give(shop.actor, "甲", customer_id=survivor)
    give(shop.actor, "乙", customer_id=twin)

    assert "1 个任务" in merge_preview(shop.actor, survivor_id=survivor, twin_id=twin).right.lines()[0]
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    assert about(shop, survivor) == ["甲", "乙"]
    undo_merge(shop.actor, merge_id=merge_id)

    assert (about(shop, survivor), about(shop, twin)) == (["甲"], ["乙"])
    assert faults() == []


def test_a_customer_made_anonymous_leaves_no_word_in_tasks(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    task = give(shop.actor, "给金丝雀送样品", customer_id=customer, due_date=shop.actor.today())
    comment_task(shop.actor, task_id=task, text="金丝雀怕冷")
    change_task(shop.actor, task_id=task, task=TaskInput("金丝雀退样品", "金丝雀", customer_id=customer))
    renew_automatic(shop.actor)

    anonymise_customer(shop.actor, customer_id=customer, confirmed=frozenset({ANONYMISE}))

    for table in ("task", "task_comment", "reminder"):
        assert "金丝雀" not in repr(fetch(f"SELECT * FROM {table}"))
    assert "金丝雀" not in repr(task_course(shop.actor, task_id=task))
    assert shown(shop.actor) == ["（已隐去）"]
    assert changes_of(Source("task", task), hidden=True).window(0, 1, None)[0]["new"] in (HIDDEN, "")


def test_a_purged_customer_takes_his_tasks_along(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    task = give(shop.actor, customer_id=customer)
    comment_task(shop.actor, task_id=task, text="先打电话")
    give(shop.actor, "别的")
    delete_customers(shop.actor, customer_ids=[customer])

    purge_customers(shop.actor, customer_ids=[customer], confirmed=SURE)

    assert shown(shop.actor) == ["别的"]
    assert fetch_value("SELECT count(*) FROM task_comment") == 0


def test_the_timeline_tells_of_tasks_that_may_be_seen(shop: OpenedShop) -> None:
    jia = shop.add_operator("业务员甲", "业务员")
    customer = add_customer(shop, owner_id=jia.operator_id)
    task = give(shop.actor, "老板的", customer_id=customer)
    give(jia, "甲的", customer_id=customer)
    shop.clock.advance(minutes=1)
    finish_tasks(shop.actor, task_ids=[task])

    assert happened(shop.actor, customer)[0] == ("已完成：老板的", "王老板")
    assert len(happened(shop.actor, customer)) == 3
    assert happened(jia, customer) == [("添加：甲的", "业务员甲")]


# ------------------------------------------------------------------ a leaver
def test_a_leavers_open_tasks_go_to_another_with_those_he_gave(shop: OpenedShop) -> None:
    jia, yi = shop.add_operator("业务员甲", "业务员"), shop.add_operator("业务员乙", "业务员")
    bing = shop.add_operator("业务员丙", "业务员")
    put_below(shop, bing, jia)
    mine, done = give(jia, "自己的"), give(jia, "做完的")
    given = give(jia, "布置的", assignee_id=bing.operator_id)
    finish_tasks(jia, task_ids=[done])

    assert hand_over_preview(shop.actor, operator_id=jia.operator_id).words() == "2 个任务、1 位下属"
    with pytest.raises(InputError) as refused:
        hand_over(shop.actor, operator_id=jia.operator_id, plan=HandOver(None), confirmed=YES)
    assert refused.value.field == "tasks_to"
    plan = HandOver(None, tasks_to=yi.operator_id)
    hand_over(shop.actor, operator_id=jia.operator_id, plan=plan, confirmed=YES)

    assert shown(yi, whose="mine") == ["自己的"]
    assert shown(yi, whose="given") == ["布置的"]
    assert task_detail(shop.actor, task_id=done).assignee == "业务员甲"
    assert [event.words for event in task_course(yi, task_id=mine)][:2] == [
        "布置人：业务员甲 → 业务员乙",
        "负责人：业务员甲 → 业务员乙",
    ]
    assert task_detail(bing, task_id=given).giver == "业务员乙"


# ------------------------------------------------------------------ the reminder of the last day
def told(actor: Actor) -> list[tuple[str, str]]:
    return [(one.subject, one.customer) for one in due(actor)]


def test_the_last_day_of_a_task_reminds_who_is_to_do_it(shop: OpenedShop) -> None:
    manager, clerk = shop.as_role("店长"), shop.as_role("收银员")
    customer = add_customer(shop, name="王总")
    today = shop.actor.today()
    task = give(manager, due_date=today, customer_id=customer, assignee_id=clerk.operator_id)
    give(clerk, "以后的", due_date=today + timedelta(days=1))

    assert automatic_outdated(clerk)
    assert renew_automatic(clerk) == 1
    assert not automatic_outdated(clerk)

    assert told(clerk) == [("任务到期：给王总送样品", "王总")]
    assert told(manager) == []
    (row,) = reminder_list(clerk, ReminderFilter(kind="task_due")).window(0, 9, None)
    assert reminder_detail(clerk, reminder_id=row["id"]).task_id == task


@pytest.mark.parametrize("how", ["done", "deleted", "put off", "without a day"])
def test_the_reminder_goes_when_nothing_is_to_be_done_any_more(shop: OpenedShop, how: str) -> None:
    today = shop.actor.today()
    task = give(shop.actor, due_date=today)
    renew_automatic(shop.actor)
    later = {"put off": today + timedelta(days=9), "without a day": None}

    if how == "done":
        finish_tasks(shop.actor, task_ids=[task])
    elif how == "deleted":
        delete_tasks(shop.actor, task_ids=[task])
    else:
        change_task(shop.actor, task_id=task, task=TaskInput("给王总送样品", due_date=later[how]))
    renew_automatic(shop.actor)

    assert told(shop.actor) == []


def test_a_reminder_ticked_off_does_not_come_again_for_the_same_day(shop: OpenedShop) -> None:
    task = give(shop.actor, due_date=shop.actor.today())
    renew_automatic(shop.actor)
    mark_done(shop.actor, reminder_ids=[one.id for one in due(shop.actor)])
    finish_tasks(shop.actor, task_ids=[task])
    reopen_tasks(shop.actor, task_ids=[task])

    assert renew_automatic(shop.actor) == 0


def test_an_overdue_task_is_told_until_it_is_done_and_old_ones_do_not_wake(shop: OpenedShop) -> None:
    today = shop.actor.today()
    give(shop.actor, "上周的", due_date=today - timedelta(days=7))
    give(shop.actor, "去年的", due_date=today - timedelta(days=300))
    renew_automatic(shop.actor)
    assert told(shop.actor) == [("任务到期：上周的", "")]

    shop.clock.advance(days=60)
    renew_automatic(shop.actor)

    assert told(shop.actor) == [("任务到期：上周的", "")]


@pytest.mark.parametrize(
    ("options", "count"), [({"reminders.task_due": False}, 0), ({"reminders.task_due_days": 2}, 2)]
)
def test_the_shop_says_whether_and_how_far_ahead(
    shop: OpenedShop, options: dict[str, Any], count: int
) -> None:
    save_options(shop.actor, values=options)
    today = shop.actor.today()
    for days in (0, 2, 3):
        give(shop.actor, due_date=today + timedelta(days=days))

    assert renew_automatic(shop.actor) == count
