"""What becomes of service cases when their customer is merged, taken apart, made anonymous or goes."""

import pytest

from meiping.domains.customers.service import delete_customers
from meiping.domains.desk.finding import find_everything
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.handing_over import HAND_OVER, HandOver, hand_over
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.stewardship.purging import purge_cases, purge_customers
from meiping.domains.stewardship.queries.handing_over import hand_over_preview
from meiping.domains.stewardship.queries.merging import merge_preview
from meiping.domains.stewardship.timeline import timeline
from meiping.domains.support.queries import case_detail, cases_of
from meiping.domains.support.rules import CaseStatus, Opinion, RevisitInput
from meiping.domains.support.service import delete_cases, revisit_case
from meiping.kernel.errors import NeedsConfirmation, NotFound
from meiping.store.database import fetch
from tests.domains.stewardship.merging_shop import rows_of
from tests.domains.support.casing import finish, take
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.whole_file import faults

SURE = frozenset({"purge"})


def numbers(shop: OpenedShop, customer_id: int) -> list[str]:
    return [row["number"][-4:] for row in rows_of(cases_of(shop.actor, customer_id=customer_id))]


def test_cases_go_along_in_a_merge_and_come_back(shop: OpenedShop) -> None:
    survivor, twin = add_customer(shop), add_customer(shop)
    take(shop, survivor)
    take(shop, twin)
    assert "1 张服务单" in merge_preview(shop.actor, survivor_id=survivor, twin_id=twin).right.lines()[0]
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    assert numbers(shop, survivor) == ["0002", "0001"]
    take(shop, survivor)
    undo_merge(shop.actor, merge_id=merge_id)
    assert (numbers(shop, survivor), numbers(shop, twin)) == (["0003", "0001"], ["0002"])
    assert faults() == []


def test_an_anonymous_customers_cases_say_nothing_about_him(shop: OpenedShop) -> None:
    person = add_customer(shop)
    case_id = take(
        shop, person, "金丝雀家的锁", content="落霞路", contact_name="金小妹", contact_phone="13900990099"
    )
    finish(shop, case_id, result="给金小妹换锁")
    revisit_case(shop.actor, case_id=case_id, revisit=RevisitInput(Opinion.FAIR, "金小妹说还行"))
    anonymise_customer(shop.actor, customer_id=person, confirmed=frozenset({ANONYMISE}))
    case = case_detail(shop.actor, case_id=case_id)
    texts = (case.subject, case.content, case.contact_name, case.contact_phone, case.result, case.feedback)
    assert (set(texts), {step.note for step in case.steps}) == ({""}, {""})
    assert (case.done_percent, case.opinion) == (100, Opinion.FAIR)
    assert faults() == []


def test_cases_go_for_good_from_the_recycle_bin(shop: OpenedShop) -> None:
    person = add_customer(shop)
    case_id = take(shop, person)
    with pytest.raises(NotFound):
        purge_cases(shop.actor, case_ids=[case_id])
    delete_cases(shop.actor, case_ids=[case_id])
    with pytest.raises(NeedsConfirmation, match="彻底删除 1 张服务单吗？"):
        purge_cases(shop.actor, case_ids=[case_id])
    assert purge_cases(shop.actor, case_ids=[case_id], confirmed=SURE) == 1
    assert fetch("SELECT count(*) FROM service_step") == [(0,)]
    take(shop, person)
    assert numbers(shop, person) == ["0002"], "a number is never given twice"
    assert faults() == []


def test_a_customer_without_bills_goes_with_his_cases(shop: OpenedShop) -> None:
    person = add_customer(shop)
    take(shop, person)
    delete_customers(shop.actor, customer_ids=[person])
    with pytest.raises(NeedsConfirmation) as asked:
        purge_customers(shop.actor, customer_ids=[person])
    assert "1 张服务单会一起删除" in asked.value.detail
    assert purge_customers(shop.actor, customer_ids=[person], confirmed=SURE) == 1
    assert fetch("SELECT count(*) FROM service_case") == [(0,)]


def test_the_timeline_tells_of_every_step(shop: OpenedShop) -> None:
    person = add_customer(shop)
    case_id = take(shop, person, to=shop.actor.operator_id)
    shop.clock.advance(hours=1)
    finish(shop, case_id)
    rows = rows_of(timeline(shop.actor, customer_id=person, groups=("cases",)))
    assert [(row["kind"], row["text"]) for row in rows] == [
        ("服务", "FW-20260316-0001 · 开不了机 · 完成：2026-03-16 王老板，完成度 100%"),
        ("服务", "FW-20260316-0001 · 开不了机 · 派工：王老板"),
        ("服务", "FW-20260316-0001 · 开不了机 · 登记"),
    ]


def test_one_search_finds_cases_too(shop: OpenedShop) -> None:
    person = add_customer(shop, name="王女士")
    take(shop, person)
    (group,) = [one for one in find_everything(shop.actor, "开不了") if one.kind == "case"]
    assert (group.title, group.hits[0].title) == ("服务单", "FW-20260316-0001")
    assert "王女士" in group.hits[0].detail


def test_a_leavers_open_cases_go_to_another_or_wait_again(shop: OpenedShop) -> None:
    person, yi = add_customer(shop), shop.add_operator("业务员乙", "业务员")
    for to_id, status, steps in (
        (yi.operator_id, CaseStatus.ASSIGNED, ["登记", "派工", "派工"]),
        (None, CaseStatus.REGISTERED, ["登记", "派工", "重新处理"]),
    ):
        jia = shop.add_operator(f"业务员甲{to_id}", "业务员")
        open_one, done = take(shop, person, to=jia.operator_id), take(shop, person, to=jia.operator_id)
        finish(shop, done, by=jia.operator_id)
        assert hand_over_preview(shop.actor, operator_id=jia.operator_id).words() == "1 张服务单"
        plan = HandOver(None, cases_to=to_id)
        hand_over(shop.actor, operator_id=jia.operator_id, plan=plan, confirmed=frozenset({HAND_OVER}))
        case = case_detail(shop.actor, case_id=open_one)
        assert (case.person_id, case.status) == (to_id, status)
        assert [step.step.title for step in case.steps] == steps
        assert case_detail(shop.actor, case_id=done).done_by_id == jia.operator_id
    assert faults() == []
