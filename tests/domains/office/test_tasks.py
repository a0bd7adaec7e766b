"""Tasks: written down once, told how far, done and open again, talked about, deleted and back, each change kept."""

from datetime import date, timedelta

import pytest
from peewee import IntegrityError

from meiping.domains.audit.queries import changes_of
from meiping.domains.documents.rules import PURGE
from meiping.domains.office.models import TaskComment
from meiping.domains.office.queries import find_tasks, own_tasks, task_course, task_detail, tasks_of
from meiping.domains.office.rules import Priority, TaskInput, TaskState, due_subject
from meiping.domains.office.service import (
    add_task,
    change_task,
    comment_task,
    delete_tasks,
    finish_tasks,
    give_up_tasks,
    purge_tasks,
    reopen_tasks,
    restore_tasks,
    set_progress,
)
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, UserError
from meiping.kernel.source import Source
from meiping.store.database import fetch_value
from tests.domains.office.giving import give, rows, shown
from tests.factories import add_customer, new_key
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)
TOMORROW = TODAY + timedelta(days=1)


def logged(task_id: int) -> list[tuple[str, str, str]]:
    found = changes_of(Source("task", task_id)).window(0, 99, None)
    return [(row["field"], row["old"], row["new"]) for row in reversed(list(found))]


def test_a_task_is_written_down_once_however_often_it_is_pressed(shop: OpenedShop) -> None:
    key, task = new_key(), TaskInput("  盘点茶叶 ")

    made = add_task(shop.actor, key=key, task=task)

    assert add_task(shop.actor, key=key, task=task) == made
    detail = task_detail(shop.actor, task_id=made)
    assert (detail.title, detail.assignee, detail.giver) == ("盘点茶叶", "王老板", "王老板")
    assert (detail.state, detail.percent, detail.priority) == (TaskState.OPEN, 0, Priority.NORMAL)


@pytest.mark.parametrize(
    ("task", "field"),
    [
        (TaskInput("  "), "title"),
        (TaskInput("长" * 101), "title"),
        (TaskInput("做", content="长" * 2001), "content"),
    ],
)
def test_what_cannot_be_a_task_is_refused_at_its_field(shop: OpenedShop, task: TaskInput, field: str) -> None:
    with pytest.raises(InputError) as refused:
        add_task(shop.actor, key=new_key(), task=task)

    assert refused.value.field == field


def test_a_customer_of_the_recycle_bin_takes_no_task(shop: OpenedShop) -> None:
    from meiping.domains.customers.service import delete_customers

    customer = add_customer(shop)
    delete_customers(shop.actor, customer_ids=[customer])

    with pytest.raises(NotFound):
        give(shop.actor, customer_id=customer)


def test_the_next_day_comes_first_and_what_matters_most_on_it(shop: OpenedShop) -> None:
    give(shop.actor, "哪天都行")
    give(shop.actor, "明天", due_date=TOMORROW)
    give(shop.actor, "今天不急", due_date=TODAY, priority=Priority.LOW)
    give(shop.actor, "今天要紧", due_date=TODAY, priority=Priority.HIGH)

    assert shown(shop.actor) == ["今天要紧", "今天不急", "明天", "哪天都行"]


def test_a_task_says_how_late_it_is(shop: OpenedShop) -> None:
    give(shop.actor, "今天", due_date=TODAY)
    give(shop.actor, "明天", due_date=TOMORROW)
    assert [row["standing"] for row in rows(shop.actor)] == ["今天到期", "进行中"]

    shop.clock.advance(days=2)

    assert [row["standing"] for row in rows(shop.actor)] == ["逾期 2 天", "逾期 1 天"]
    assert shown(shop.actor, state="overdue") == ["今天", "明天"]
    give(shop.actor, "到今天", due_date=shop.actor.today())
    assert shown(shop.actor, state="due") == ["今天", "明天", "到今天"]


def test_every_change_is_in_the_change_log(shop: OpenedShop) -> None:
    customer = add_customer(shop, name="王总")
    task = give(shop.actor)

    changed = TaskInput(
        "送样品和合同", content="两份", customer_id=customer, due_date=TOMORROW, priority=Priority.HIGH
    )
    assert change_task(shop.actor, task_id=task, task=changed) == 5

    assert logged(task) == [
        ("任务", "给王总送样品", "送样品和合同"),
        ("内容", "", "两份"),
        ("客户", "", "王总"),
        ("截止日期", "", "2026-03-17"),
        ("优先级", "中", "高"),
    ]
    assert change_task(shop.actor, task_id=task, task=changed) == 0


def test_progress_is_told_with_a_comment_and_the_whole_is_done(shop: OpenedShop) -> None:
    task = give(shop.actor)

    set_progress(shop.actor, task_id=task, percent=40, text="样品已备好")
    assert task_detail(shop.actor, task_id=task).percent == 40
    set_progress(shop.actor, task_id=task, percent=100)

    detail = task_detail(shop.actor, task_id=task)
    assert (detail.state, detail.percent) == (TaskState.DONE, 100)
    assert logged(task) == [("进度", "0%", "40%"), ("状态", "进行中", "已完成")]
    assert [event.words for event in task_course(shop.actor, task_id=task) if event.said] == ["样品已备好"]


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_percentage(shop: OpenedShop, percent: int) -> None:
    task = give(shop.actor)

    with pytest.raises(InputError) as refused:
        set_progress(shop.actor, task_id=task, percent=percent)

    assert refused.value.field == "progress"


def test_a_task_opened_again_is_as_far_as_it_was(shop: OpenedShop) -> None:
    task, other = give(shop.actor), give(shop.actor, "另一个")
    set_progress(shop.actor, task_id=task, percent=70)

    assert finish_tasks(shop.actor, task_ids=[task]) == [task]
    assert finish_tasks(shop.actor, task_ids=[task, other]) == [other]
    with pytest.raises(UserError, match="已完成"):
        set_progress(shop.actor, task_id=task, percent=80)
    assert reopen_tasks(shop.actor, task_ids=[task]) == [task]

    detail = task_detail(shop.actor, task_id=task)
    assert (detail.state, detail.percent) == (TaskState.OPEN, 70)
    assert shown(shop.actor, state="done") == ["另一个"]


def test_among_all_tasks_the_open_ones_come_first(shop: OpenedShop) -> None:
    done = give(shop.actor, "做完的", due_date=TODAY - timedelta(days=3))
    finish_tasks(shop.actor, task_ids=[done])
    give(shop.actor, "没做完的", due_date=TOMORROW)

    assert shown(shop.actor, state="all") == ["没做完的", "做完的"]


def test_a_task_given_up_counts_no_more(shop: OpenedShop) -> None:
    task = give(shop.actor, due_date=TODAY)

    assert give_up_tasks(shop.actor, task_ids=[task]) == [task]

    assert shown(shop.actor) == []
    assert shown(shop.actor, state="given_up") == ["给王总送样品"]
    assert own_tasks(shop.actor).open == 0


def test_comments_stay_as_they_were_said(shop: OpenedShop) -> None:
    task = give(shop.actor)
    comment = comment_task(shop.actor, task_id=task, text="先打电话约时间")

    with pytest.raises(IntegrityError, match="never changed"):
        TaskComment.update(text="别的话").where(TaskComment.id == comment).execute()
    with pytest.raises(IntegrityError, match="recycle bin"):
        TaskComment.delete().where(TaskComment.id == comment).execute()
    with pytest.raises(InputError):
        comment_task(shop.actor, task_id=task, text="  ")


def test_the_course_tells_what_was_said_and_done_the_latest_first(shop: OpenedShop) -> None:
    task = give(shop.actor)
    shop.clock.advance(minutes=1)
    comment_task(shop.actor, task_id=task, text="先打电话")
    shop.clock.advance(minutes=1)
    change_task(shop.actor, task_id=task, task=TaskInput("给王总送样品", content="红茶", due_date=TOMORROW))

    assert [(event.words, event.said) for event in task_course(shop.actor, task_id=task)] == [
        ("截止日期：空 → 2026-03-17", False),
        ("改了内容", False),
        ("先打电话", True),
        ("添加了任务", False),
    ]


def test_what_is_deleted_comes_back_with_all_that_was_said(shop: OpenedShop) -> None:
    task = give(shop.actor)
    comment_task(shop.actor, task_id=task, text="先打电话")

    assert delete_tasks(shop.actor, task_ids=[task]) == 1
    assert (shown(shop.actor, state="all"), shown(shop.actor, in_bin=True)) == ([], ["给王总送样品"])
    with pytest.raises(NotFound, match="先恢复"):
        finish_tasks(shop.actor, task_ids=[task])
    assert restore_tasks(shop.actor, task_ids=[task]) == 1

    assert shown(shop.actor) == ["给王总送样品"]
    assert any(event.said for event in task_course(shop.actor, task_id=task))


def test_only_the_recycle_bin_lets_go_for_good_and_asks_first(shop: OpenedShop) -> None:
    task = give(shop.actor)
    comment_task(shop.actor, task_id=task, text="先打电话")
    with pytest.raises(NotFound):
        purge_tasks(shop.actor, task_ids=[task])
    delete_tasks(shop.actor, task_ids=[task])
    with pytest.raises(NeedsConfirmation):
        purge_tasks(shop.actor, task_ids=[task])

    assert purge_tasks(shop.actor, task_ids=[task], confirmed=frozenset({PURGE})) == 1

    assert fetch_value("SELECT count(*) FROM task") == 0
    assert fetch_value("SELECT count(*) FROM task_comment") == 0


def test_a_task_is_found_by_its_words_its_customer_and_everywhere(shop: OpenedShop) -> None:
    customer = add_customer(shop, name="王建国")
    give(shop.actor, "送样品", customer_id=customer)
    give(shop.actor, "盘点", content="先数茶叶")

    assert shown(shop.actor, text="wjg") == ["送样品"]
    assert shown(shop.actor, text="茶叶") == ["盘点"]
    assert [hit["title"] for hit in find_tasks(shop.actor, "样品")] == ["送样品"]
    assert find_tasks(shop.actor, " ") == []


def test_a_customers_tasks_show_open_ones_first(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    for day, title in enumerate(("早做完的", "后做完的")):
        done = give(shop.actor, title, customer_id=customer)
        shop.clock.advance(days=day)
        finish_tasks(shop.actor, task_ids=[done])
    give(shop.actor, "没做完", customer_id=customer)

    found = tasks_of(shop.actor, customer_id=customer).window(0, 9, None)

    assert [row["title"] for row in found] == ["没做完", "后做完的", "早做完的"]


def test_the_desk_knows_what_is_to_do_next(shop: OpenedShop) -> None:
    customer = add_customer(shop, name="王总")
    for days in (5, -1, 0, 3):
        give(shop.actor, f"{days} 天", due_date=TODAY + timedelta(days=days), customer_id=customer)

    mine = own_tasks(shop.actor)

    assert (mine.open, mine.today, mine.overdue) == (4, 1, 1)
    assert [(one.title, one.customer) for one in mine.next] == [
        ("-1 天", "王总"),
        ("0 天", "王总"),
        ("3 天", "王总"),
    ]


def test_a_long_title_fits_into_the_words_of_a_reminder() -> None:
    assert due_subject("送样品") == "任务到期：送样品"
    assert len(due_subject("长" * 100)) == 60
