"""Whose tasks one sees, gives, changes and talks about: one's own, those below one, those in the scope of who leads."""

import pytest

from meiping.domains.access.models import Operator
from meiping.domains.access.queries import people_below
from meiping.domains.office.people import assignees
from meiping.domains.office.queries import task_course, task_detail
from meiping.domains.office.rules import TaskInput
from meiping.domains.office.service import (
    change_task,
    comment_task,
    delete_tasks,
    finish_tasks,
    set_progress,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound, UserError
from tests.domains.office.giving import give, put_below, shown
from tests.shop import OpenedShop


@pytest.fixture
def jia(shop: OpenedShop) -> Actor:
    """A salesperson who stands above the next one."""
    return shop.add_operator("组长甲", "业务员")


@pytest.fixture
def yi(shop: OpenedShop, jia: Actor) -> Actor:
    yi = shop.add_operator("业务员乙", "业务员")
    put_below(shop, yi, jia)
    return yi


@pytest.fixture
def bing(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员丙", "业务员")


def test_a_superior_sees_the_tasks_of_those_below_him_however_deep(
    shop: OpenedShop, jia: Actor, yi: Actor, bing: Actor
) -> None:
    put_below(shop, bing, yi)
    give(yi, "乙的")
    give(bing, "丙的")

    assert people_below(jia.operator_id) == {yi.operator_id, bing.operator_id}
    assert (shown(jia), shown(yi), shown(bing)) == (["乙的", "丙的"], ["乙的", "丙的"], ["丙的"])


def test_nobody_sees_the_tasks_of_a_colleague_beside_or_above(jia: Actor, yi: Actor, bing: Actor) -> None:
    task = give(jia, "甲的")

    assert shown(yi) == shown(bing) == []
    with pytest.raises(NotFound):
        task_detail(yi, task_id=task)
    with pytest.raises(NotFound):
        comment_task(bing, task_id=task, text="我也想说")


def test_a_task_is_given_to_oneself_and_downwards_only(jia: Actor, yi: Actor, bing: Actor) -> None:
    given = give(jia, assignee_id=yi.operator_id)

    assert task_detail(yi, task_id=given).giver == "组长甲"
    assert [name for _id, name in assignees(jia)] == ["组长甲", "业务员乙"]
    assert [name for _id, name in assignees(yi)] == ["业务员乙"]
    for actor, whom in ((yi, jia), (jia, bing)):
        with pytest.raises(InputError) as refused:
            give(actor, assignee_id=whom.operator_id)
        assert refused.value.field == "assignee_id"


def test_nothing_is_given_to_who_has_left(shop: OpenedShop, jia: Actor, yi: Actor) -> None:
    Operator.update(active=False).where(Operator.id == yi.operator_id).execute()

    with pytest.raises(InputError, match="停用"):
        give(jia, assignee_id=yi.operator_id)


def test_who_was_given_a_task_works_on_it_but_does_not_move_its_day(jia: Actor, yi: Actor) -> None:
    task = give(jia, assignee_id=yi.operator_id)

    set_progress(yi, task_id=task, percent=50, text="一半了")
    comment_task(yi, task_id=task, text="要不要带合同？")
    for refused in (
        lambda: change_task(yi, task_id=task, task=TaskInput("改", assignee_id=yi.operator_id)),
        lambda: delete_tasks(yi, task_ids=[task]),
    ):
        with pytest.raises(UserError):
            refused()
    assert finish_tasks(yi, task_ids=[task]) == [task]
    assert [event.operator for event in task_course(jia, task_id=task) if event.said] == [
        "业务员乙",
        "业务员乙",
    ]


def test_a_superior_comments_on_and_changes_what_those_below_gave_themselves(jia: Actor, yi: Actor) -> None:
    task = give(yi)

    comment_task(jia, task_id=task, text="先打电话约时间")
    assert (
        change_task(jia, task_id=task, task=TaskInput("给王总送样品和合同", assignee_id=yi.operator_id)) == 1
    )

    assert [(event.operator, event.words) for event in task_course(yi, task_id=task) if event.said] == [
        ("组长甲", "先打电话约时间")
    ]


def test_mine_and_given_by_me_are_apart(jia: Actor, yi: Actor) -> None:
    give(jia, "自己做")
    give(jia, "给乙做", assignee_id=yi.operator_id)

    assert shown(jia, whose="mine") == ["自己做"]
    assert shown(jia, whose="given") == ["给乙做"]
    assert shown(jia) == ["自己做", "给乙做"]
    assert shown(yi, whose="mine") == ["给乙做"]


def test_the_scope_counts_for_who_may_lead_not_for_a_clerk_who_serves_everybody(shop: OpenedShop) -> None:
    manager, clerk = shop.as_role("店长"), shop.as_role("收银员")
    give(manager, "店长的")
    give(clerk, "收银员的")

    assert shown(manager) == ["店长的", "收银员的"]
    assert shown(clerk) == ["收银员的"]
    assert give(manager, assignee_id=clerk.operator_id)


def test_a_task_of_somebody_no_longer_there_may_be_changed_by_who_has_it(
    shop: OpenedShop, jia: Actor, yi: Actor
) -> None:
    task = give(jia, assignee_id=yi.operator_id)
    Operator.update(active=False).where(Operator.id == jia.operator_id).execute()

    assert change_task(yi, task_id=task, task=TaskInput("改", assignee_id=yi.operator_id)) == 1


def test_nobody_is_above_himself(shop: OpenedShop, jia: Actor, yi: Actor) -> None:
    for below, above in ((jia, yi), (jia, jia)):
        with pytest.raises(InputError) as refused:
            put_below(shop, below, above)
        assert refused.value.field == "superior_id"
