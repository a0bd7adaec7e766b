"""A complaint or request from its registration to the files: every step, its refusals, who sees it."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.access.models import Department, Operator
from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import save_role
from meiping.domains.catalog import service as catalog
from meiping.domains.customers.service import delete_customers
from meiping.domains.settings.service import save_word
from meiping.domains.support.queries import (
    NOBODY,
    CaseFilter,
    case_counts,
    case_detail,
    case_list,
    cases_of,
    find_cases,
)
from meiping.domains.support.rules import (
    Assigned,
    CaseInput,
    CaseStatus,
    DoneInput,
    Opinion,
    Priority,
    RevisitInput,
    check_case,
    late_days,
)
from meiping.domains.support.service import (
    add_case,
    assign_case,
    change_case,
    close_cases,
    delete_cases,
    finish_case,
    reopen_case,
    restore_cases,
    revisit_case,
)
from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError, NotFound, PermissionDenied, UserError
from meiping.store.database import fetch
from tests.domains.stewardship.merging_shop import rows_of
from tests.domains.support.casing import complaint, finish, take, type_called
from tests.factories import add_customer, add_product, new_key
from tests.shop import OpenedShop
from tests.whole_file import faults

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    return add_customer(shop, name="王女士")


def numbers(shop: OpenedShop, **narrowed: Any) -> list[str]:
    return [row["number"][-1] for row in rows_of(case_list(shop.actor, CaseFilter(**narrowed)))]


def steps(shop: OpenedShop, case_id: int) -> list[tuple[str, str, str]]:
    detail = case_detail(shop.actor, case_id=case_id)
    return [(step.step.title, step.operator, step.note) for step in detail.steps]


# ---------------------------------------------------------------- from first to last
def test_a_complaint_goes_its_way_and_every_step_is_written_down(shop: OpenedShop, wang: int) -> None:
    lamp = add_product(shop, name="台灯")
    lin = shop.as_role("店长")
    case_id = take(
        shop,
        wang,
        " 台灯不亮 ",
        product_id=lamp,
        priority=Priority.URGENT,
        content="买了三天",
        contact_name="王先生",
        contact_phone="138 0013 8000",
        due_date=TODAY + 2 * DAY,
    )
    detail = case_detail(shop.actor, case_id=case_id)
    assert (detail.number, detail.subject, detail.status) == (
        "FW-20260316-0001",
        "台灯不亮",
        CaseStatus.REGISTERED,
    )
    assert (detail.type, detail.product, detail.contact_phone) == ("客户投诉", "台灯", "13800138000")
    assert (detail.priority, detail.content, detail.contact_name) == (Priority.URGENT, "买了三天", "王先生")
    shop.clock.advance(hours=1)
    assign_case(
        shop.actor,
        case_id=case_id,
        assigned=Assigned(lin.operator_id),
        due_date=TODAY + DAY,
        note="带灯泡",
    )
    shop.clock.advance(days=1)
    finish_case(lin, case_id=case_id, finished=DoneInput(lin.operator_id, 90, result="换了灯泡"))
    shop.clock.advance(days=1)
    revisit_case(shop.actor, case_id=case_id, revisit=RevisitInput(Opinion.SATISFIED, "很快"))
    assert close_cases(shop.actor, case_ids=[case_id]) == 1
    detail = case_detail(shop.actor, case_id=case_id)
    assert (detail.status, detail.done_by, detail.done_percent) == (CaseStatus.CLOSED, "店长小林", 90)
    assert (detail.done_date, detail.revisited_date) == (TODAY + DAY, TODAY + 2 * DAY)
    assert (detail.result, detail.opinion, detail.feedback) == ("换了灯泡", Opinion.SATISFIED, "很快")
    assert steps(shop, case_id) == [
        ("登记", "王老板", ""),
        ("派工", "王老板", "店长小林：带灯泡"),
        ("完成", "店长小林", "2026-03-17 店长小林，完成度 90%：换了灯泡"),
        ("回访", "王老板", "2026-03-18 满意：很快"),
        ("关闭", "王老板", ""),
    ]
    hour = 3_600_000
    moments = [step.at for step in detail.steps]
    assert [(at - moments[0]) // hour for at in moments] == [0, 1, 25, 49, 49]
    assert faults() == []


def test_what_is_dealt_with_on_the_spot_needs_nobody_named_before(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    finish(shop, case_id)
    assert close_cases(shop.actor, case_ids=[case_id]) == 1, "the revisit may be left out"


def test_it_can_be_given_to_somebody_right_when_it_is_taken(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang, to=shop.actor.operator_id)
    assert case_detail(shop.actor, case_id=case_id).status is CaseStatus.ASSIGNED
    assert [word for word, _, _ in steps(shop, case_id)] == ["登记", "派工"]


def test_who_is_not_content_has_it_dealt_with_anew(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang, to=shop.actor.operator_id)
    finish(shop, case_id, percent=60, result="先凑合用")
    revisit_case(shop.actor, case_id=case_id, revisit=RevisitInput(Opinion.UNSATISFIED))
    with pytest.raises(InputError, match="请填写原因"):
        reopen_case(shop.actor, case_id=case_id, reason=" ")
    reopen_case(shop.actor, case_id=case_id, reason="还是不亮")
    detail = case_detail(shop.actor, case_id=case_id)
    assert (detail.status, detail.done_by, detail.opinion, detail.result) == (
        CaseStatus.ASSIGNED,
        "",
        None,
        "",
    )
    assert ("完成", "王老板", "2026-03-16 王老板，完成度 60%：先凑合用") in steps(shop, case_id)
    finish(shop, case_id)
    assert faults() == []


def test_one_nobody_was_named_for_waits_again_for_somebody(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    close_cases(shop.actor, case_ids=[case_id], reason="客户自己修好了")
    reopen_case(shop.actor, case_id=case_id, reason="又坏了")
    assert case_detail(shop.actor, case_id=case_id).status is CaseStatus.REGISTERED


def test_what_nobody_dealt_with_is_closed_with_a_reason(shop: OpenedShop, wang: int) -> None:
    undone, done = take(shop, wang), take(shop, wang)
    finish(shop, done)
    with pytest.raises(InputError, match="请填写原因"):
        close_cases(shop.actor, case_ids=[undone, done])
    assert close_cases(shop.actor, case_ids=[undone, done], reason="客户撤销了") == 2
    assert close_cases(shop.actor, case_ids=[undone, done]) == 0
    assert steps(shop, undone)[-1] == ("关闭", "王老板", "客户撤销了")


def test_steps_that_make_no_sense_are_refused(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    with pytest.raises(UserError, match="FW-20260316-0001 待派工，不能再回访"):
        revisit_case(shop.actor, case_id=case_id, revisit=RevisitInput(Opinion.FAIR))
    with pytest.raises(UserError, match="FW-20260316-0001 待派工，不能再重新处理"):
        reopen_case(shop.actor, case_id=case_id, reason="再来")


def test_what_is_closed_is_neither_changed_nor_assigned_nor_done(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    close_cases(shop.actor, case_ids=[case_id], reason="重复")
    with pytest.raises(UserError, match="已关闭"):
        change_case(shop.actor, case_id=case_id, case=complaint("别的"))
    with pytest.raises(UserError, match="已关闭，不能再完成"):
        finish(shop, case_id)
    with pytest.raises(UserError, match="已关闭，不能再派工"):
        assign_case(shop.actor, case_id=case_id, assigned=Assigned(shop.actor.operator_id))


# ---------------------------------------------------------------- what is entered
def test_pressed_twice_it_is_written_once(shop: OpenedShop, wang: int) -> None:
    key = new_key()
    first = add_case(shop.actor, key=key, customer_id=wang, case=complaint())
    assert add_case(shop.actor, key=key, customer_id=wang, case=complaint()) == first
    assert cases_of(shop.actor, customer_id=wang).count() == 1


@pytest.mark.parametrize(
    ("entered", "field", "words"),
    [
        (CaseInput(" ", 1), "subject", "请填写主题"),
        (CaseInput("坏" * 101, 1), "subject", "100"),
        (CaseInput("坏了"), "type_id", "请选择服务类型"),
        (CaseInput("坏了", 1, registered_date=TODAY + DAY), "registered_date", "不能晚于今天"),
        (CaseInput("坏了", 1, due_date=TODAY - DAY), "due_date", "不能早于登记日期"),
        (CaseInput("坏了", 1, contact_phone="12"), "contact_phone", "电话"),
    ],
)
def test_input_is_refused_beside_its_field(entered: CaseInput, field: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        check_case(entered, today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("done", "field"),
    [
        (DoneInput(None, 100), "person_id"),
        (DoneInput(1, None), "percent"),
        (DoneInput(1, 101), "percent"),
        (DoneInput(1, 100, TODAY + DAY), "done_date"),
        (DoneInput(1, 100, TODAY - DAY), "done_date"),
        (DoneInput(99, 100), "person_id"),
    ],
)
def test_who_did_it_and_how_far_must_be_told(
    shop: OpenedShop, wang: int, done: DoneInput, field: str
) -> None:
    case_id = take(shop, wang)
    with pytest.raises(InputError) as refused:
        finish_case(shop.actor, case_id=case_id, finished=done)
    assert refused.value.field == field


def test_what_the_customer_said_must_be_told_and_lies_after_the_work(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    finish(shop, case_id)
    for revisit, field in (
        (RevisitInput(), "opinion"),
        (RevisitInput(Opinion.FAIR, revisited_date=TODAY - DAY), "revisited_date"),
        (RevisitInput(Opinion.FAIR, revisited_date=TODAY + DAY), "revisited_date"),
    ):
        with pytest.raises(InputError) as refused:
            revisit_case(shop.actor, case_id=case_id, revisit=revisit)
        assert refused.value.field == field


def test_a_type_out_of_use_is_offered_no_more_but_stays_where_it_was(shop: OpenedShop, wang: int) -> None:
    old = type_called("客户投诉")
    case_id = take(shop, wang)
    save_word(shop.actor, kind="service_type", name="客户投诉", item_id=old, active=False)
    with pytest.raises(InputError, match="已经停用"):
        add_case(shop.actor, key=new_key(), customer_id=wang, case=CaseInput("坏了", old))
    change_case(shop.actor, case_id=case_id, case=CaseInput("改了", old))
    assert case_detail(shop.actor, case_id=case_id).subject == "改了"


def test_every_field_that_changed_is_written_down(shop: OpenedShop, wang: int) -> None:
    lamp = add_product(shop, name="台灯")
    case_id = take(shop, wang, due_date=TODAY)
    changed = complaint(
        "不亮", type_id=type_called("现场售后"), priority=Priority.LOW, product_id=lamp, due_date=TODAY + DAY
    )
    assert change_case(shop.actor, case_id=case_id, case=changed) == 5
    assert fetch("SELECT field, old, new FROM change WHERE kind = 'service_case' ORDER BY id") == [
        ("主题", "开不了机", "不亮"),
        ("服务类型", "客户投诉", "现场售后"),
        ("优先级", "普通", "不急"),
        ("商品", "", "台灯"),
        ("期限", "2026-03-16", "2026-03-17"),
    ]
    assert change_case(shop.actor, case_id=case_id, case=changed) == 0
    catalog.deactivate_products(shop.actor, product_ids=[lamp])
    assert change_case(shop.actor, case_id=case_id, case=changed) == 0


def test_the_term_can_be_moved_when_it_is_given_to_somebody_else(shop: OpenedShop, wang: int) -> None:
    lin = shop.as_role("店长")
    case_id = take(shop, wang, to=shop.actor.operator_id, due_date=TODAY)
    with pytest.raises(InputError, match="期限不能早于登记日期"):
        assign_case(shop.actor, case_id=case_id, assigned=Assigned(lin.operator_id), due_date=TODAY - DAY)
    assign_case(shop.actor, case_id=case_id, assigned=Assigned(lin.operator_id), due_date=TODAY + DAY)
    assert fetch("SELECT field, old, new FROM change WHERE kind = 'service_case' ORDER BY id") == [
        ("负责人", "王老板", "店长小林"),
        ("期限", "2026-03-16", "2026-03-17"),
    ]
    with pytest.raises(InputError, match="请选择交给谁"):
        assign_case(shop.actor, case_id=case_id, assigned=Assigned())


# ---------------------------------------------------------------- late
def test_late_ones_are_shown_until_they_are_done(shop: OpenedShop, wang: int) -> None:
    late = take(shop, wang, due_date=TODAY)
    take(shop, wang, due_date=TODAY + DAY)
    take(shop, wang)
    assert numbers(shop, overdue=True) == [], "the last day of the term is not over"
    shop.clock.advance(days=1)
    assert numbers(shop, overdue=True) == ["1"]
    (row,) = rows_of(case_list(shop.actor, CaseFilter(overdue=True)))
    assert (row["late_days"], row["tone"]) == (1, "danger")
    assert case_counts(shop.actor).overdue == 1
    shop.clock.advance(days=2)
    finish(shop, late)
    assert numbers(shop, overdue=True) == ["2"]
    assert case_detail(shop.actor, case_id=late).late_days == 3, "it stays known how late it was"


@given(due=st.none() | st.dates(), ended=st.none() | st.dates(), today=st.dates())
def test_days_late_are_those_after_the_term(due: date | None, ended: date | None, today: date) -> None:
    days = late_days(due, ended, today)
    until = ended or today
    assert days == (0 if due is None or until <= due else (until - due).days)


# ---------------------------------------------------------------- lists
def test_the_list_is_narrowed_by_each_of_its_filters(shop: OpenedShop, wang: int) -> None:
    lamp, lin = add_product(shop, name="台灯"), shop.as_role("店长")
    other = add_customer(shop, name="恒达贸易")
    take(shop, wang, "灯不亮", product_id=lamp, registered_date=TODAY - 3 * DAY)
    take(shop, other, "要发票", type_id=type_called("远程售后"), to=lin.operator_id)
    third = take(shop, other, "慢", content="物流慢", to=shop.actor.operator_id)
    finish(shop, third, by=lin.operator_id)
    take(shop, wang, "再问问", to=shop.actor.operator_id)
    assert numbers(shop) == ["4", "3", "2", "1"]
    assert numbers(shop, text="恒达") == ["3", "2"]
    assert numbers(shop, text="物流") == ["3"]
    assert numbers(shop, text="FW-20260316-0001") == ["1"]
    assert numbers(shop, status="done") == ["3"]
    assert numbers(shop, open=True) == ["4", "2", "1"]
    assert numbers(shop, mine=True) == ["4"]
    assert numbers(shop, type_id=type_called("远程售后")) == ["2"]
    assert numbers(shop, handler_id=lin.operator_id) == ["3", "2"]
    assert numbers(shop, handler_id=NOBODY) == ["1"]
    assert numbers(shop, product_id=lamp) == ["1"]
    assert numbers(shop, product_id=NOBODY) == ["4", "3", "2"]
    assert numbers(shop, last_date=TODAY - DAY) == ["1"]
    assert numbers(shop, first_date=TODAY) == ["4", "3", "2"]
    counts = case_counts(shop.actor)
    assert (counts.all, counts.open, counts.mine, counts.overdue) == (4, 3, 1, 0)
    assert counts.by_status == {"registered": 1, "assigned": 2, "done": 1}
    columns = [hit.number[-1] for hit in find_cases(shop.actor, "灯")]
    assert columns == ["1"]
    assert [hit.customer for hit in find_cases(shop.actor, "FW2026")] == [
        "王女士",
        "恒达贸易",
        "恒达贸易",
        "王女士",
    ]
    assert find_cases(shop.actor, " ") == []


def test_every_order_of_the_list_can_be_read(shop: OpenedShop, wang: int) -> None:
    from meiping.domains.support.queries import CASE_COLUMNS
    from meiping.kernel.tabular import Sort

    take(shop, wang, priority=Priority.LOW)
    take(shop, wang, priority=Priority.URGENT, to=shop.actor.operator_id)
    listing = case_list(shop.actor)
    for column in CASE_COLUMNS:
        if column.sortable:
            assert len(listing.window(0, 9, Sort(column.key))) == 2
    assert [row["priority"] for row in listing.window(0, 9, Sort("priority"))] == ["紧急", "不急"]
    assert [row["status"] for row in listing.window(0, 9, Sort("status"))] == ["待派工", "处理中"]


def test_deleted_ones_lie_in_the_recycle_bin_and_come_back(shop: OpenedShop, wang: int) -> None:
    case_id = take(shop, wang)
    assert delete_cases(shop.actor, case_ids=[case_id]) == 1
    assert delete_cases(shop.actor, case_ids=[case_id]) == 0
    assert (numbers(shop), numbers(shop, in_bin=True)) == ([], ["1"])
    assert case_counts(shop.actor).all == 0
    with pytest.raises(NotFound, match="已经删除"):
        finish(shop, case_id)
    assert restore_cases(shop.actor, case_ids=[case_id]) == 1
    assert numbers(shop) == ["1"]


def test_those_of_a_deleted_customer_are_not_shown(shop: OpenedShop, wang: int) -> None:
    take(shop, wang)
    delete_customers(shop.actor, customer_ids=[wang])
    assert numbers(shop) == []
    with pytest.raises(NotFound, match="回收站"):
        take(shop, wang)


# ---------------------------------------------------------------- who sees what, and may do it
def test_one_sees_those_of_ones_customers_and_those_given_to_one(shop: OpenedShop, wang: int) -> None:
    chen = shop.as_role("业务员")
    own = add_customer(shop, name="陈的客户", owner_id=chen.operator_id)
    hidden, given = take(shop, wang), take(shop, wang, to=chen.operator_id)
    take(shop, own)
    assert [row["number"][-1] for row in rows_of(case_list(chen))] == ["3", "2"]
    assert case_counts(chen).all == 2
    assert [hit.number[-1] for hit in find_cases(chen, "开不")] == ["3", "2"]
    with pytest.raises(NotFound):
        case_detail(chen, case_id=hidden)
    with pytest.raises(NotFound):
        finish_case(chen, case_id=hidden, finished=DoneInput(chen.operator_id, 100))
    finish_case(chen, case_id=given, finished=DoneInput(chen.operator_id, 100))


def test_one_may_take_a_case_oneself_but_not_give_it_to_others(shop: OpenedShop) -> None:
    chen, lin = shop.as_role("业务员"), shop.as_role("店长")
    own = add_customer(shop, owner_id=chen.operator_id)
    case_id = take(shop, own, by=chen)
    with pytest.raises(PermissionDenied):
        assign_case(chen, case_id=case_id, assigned=Assigned(lin.operator_id))
    with pytest.raises(PermissionDenied):
        take(shop, own, by=chen, to=lin.operator_id)
    assign_case(chen, case_id=case_id, assigned=Assigned(chen.operator_id))
    assign_case(lin, case_id=case_id, assigned=Assigned(lin.operator_id))
    assert numbers(shop) == ["1"], "what was refused left nothing behind"


def test_what_is_given_to_a_department_waits_for_all_of_it(shop: OpenedShop, wang: int) -> None:
    room = Department.create(name="售后部")
    save_role(
        shop.actor, role_id=None, name="售后", scope=Scope.OWN, permissions=["service.view", "service.handle"]
    )
    ma = shop.as_role("售后")
    Operator.update(department=room).where(Operator.id == ma.operator_id).execute()
    ma = actor_for(ma.operator_id, clock=shop.clock)
    case_id = take(shop, wang, due_date=TODAY)
    assert case_counts(ma).all == 0
    assign_case(shop.actor, case_id=case_id, assigned=Assigned(department_id=room.id), due_date=TODAY)
    assert case_counts(ma).mine == 1
    (row,) = rows_of(case_list(ma, CaseFilter(mine=True)))
    assert row["handler"] == "售后部"
    shop.clock.advance(days=1)
    assert case_counts(ma).mine_overdue == 1
    assert steps(shop, case_id)[-1] == ("派工", "王老板", "售后部")


# ---------------------------------------------------------------- any order of steps
def test_whatever_is_pressed_in_whatever_order_a_case_stays_sound(shop: OpenedShop, wang: int) -> None:
    chance = random.Random(6)
    me = shop.actor.operator_id
    cases = [take(shop, wang, due_date=TODAY + DAY) for _ in range(4)]
    presses: list[Callable[[int], object]] = [
        lambda one: assign_case(shop.actor, case_id=one, assigned=Assigned(me)),
        lambda one: finish(shop, one, percent=chance.randrange(101)),
        lambda one: revisit_case(shop.actor, case_id=one, revisit=RevisitInput(chance.choice(list(Opinion)))),
        lambda one: close_cases(shop.actor, case_ids=[one], reason="不用了"),
        lambda one: reopen_case(shop.actor, case_id=one, reason="再来"),
    ]
    done = 0
    for _ in range(120):
        shop.clock.advance(hours=5)
        with suppress(UserError):
            chance.choice(presses)(chance.choice(cases))
            done += 1
    assert done > 40
    assert faults() == []
