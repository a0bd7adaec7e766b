"""Handing customers over with their reminders, and all of a leaver's in one step."""

from datetime import time, timedelta
from typing import Any

import pytest

from meiping.domains.access.models import Operator
from meiping.domains.access.queries import colleagues
from meiping.domains.customers.pool import claim_customers
from meiping.domains.customers.queries import customer_detail, customer_list, pending_claims, shares_of
from meiping.domains.customers.service import delete_customers, restore_customers
from meiping.domains.customers.sharing import share_customers
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.reminders.queries import reminder_detail
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.handing_over import HAND_OVER, HandOver, hand_over, take_back, transfer
from meiping.domains.stewardship.queries.handing_over import hand_over_preview
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NeedsConfirmation, UserError
from meiping.store.database import fetch
from tests.factories import add_customer
from tests.shop import OpenedShop

YES = frozenset({HAND_OVER})


@pytest.fixture
def jia(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员甲", "业务员")


@pytest.fixture
def yi(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员乙", "业务员")


@pytest.fixture
def bing(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员丙", "业务员")


def remind(actor: Actor, customer_id: int | None = None) -> int:
    tomorrow = actor.today() + timedelta(days=1)
    return add_reminder(actor, reminder=ReminderInput("回访", tomorrow, time(9), customer_id=customer_id))


def reminded(shop: OpenedShop, reminder_id: int) -> str:
    return reminder_detail(shop.actor, reminder_id=reminder_id).operator


def owner(shop: OpenedShop, customer_id: int) -> str:
    return customer_detail(shop.actor, customer_id).owner


def names(actor: Actor) -> list[Any]:
    return [row["name"] for row in customer_list(actor).window(0, 99, None)]


def sound() -> bool:
    return not [line for one in INVARIANTS for line in one.check(fetch)]


def test_reminders_of_the_old_owner_go_along_if_asked_and_come_back(shop, jia, yi):
    one = add_customer(shop, owner_id=jia.operator_id)
    about, other, theirs = remind(jia, one), remind(jia), remind(shop.actor, one)
    kept = transfer(shop.actor, customer_ids=[one], owner_id=yi.operator_id, with_reminders=True)
    assert (reminded(shop, about), reminded(shop, other)) == (yi.name, jia.name)
    assert reminded(shop, theirs) == shop.actor.name
    take_back(shop.actor, kept=kept)
    assert (reminded(shop, about), owner(shop, one)) == (jia.name, jia.name)
    transfer(shop.actor, customer_ids=[one], owner_id=yi.operator_id)
    assert reminded(shop, about) == jia.name


def test_a_leaver_is_handed_over_whole_in_one_step(shop, jia, yi, bing):
    save_options(shop.actor, values={"customers.claim_confirm": True})
    status = words("customer_status")
    warm = add_customer(shop, name="意向", owner_id=jia.operator_id, status_id=status[1].id)
    cold = add_customer(shop, name="停止", owner_id=jia.operator_id, status_id=status[3].id)
    plain = add_customer(shop, name="普通", owner_id=jia.operator_id)
    binned = add_customer(shop, name="回收", owner_id=jia.operator_id)
    delete_customers(shop.actor, customer_ids=[binned])
    helped = add_customer(shop, name="别人", owner_id=bing.operator_id)
    share_customers(shop.actor, customer_ids=[helped], operator_id=jia.operator_id)
    share_customers(shop.actor, customer_ids=[warm], operator_id=bing.operator_id)
    claim_customers(jia, customer_ids=[add_customer(shop)])
    mine = remind(jia, warm)
    Operator.update(superior=jia.operator_id).where(Operator.id == bing.operator_id).execute()

    found = hand_over_preview(shop.actor, operator_id=jia.operator_id)
    assert found.words() == "3 位客户、1 条提醒、1 份授权、1 份领用申请、1 位下属"
    assert [(one.name, one.count) for one in found.by_status] == [
        ("意向客户", 1),
        ("停止合作", 1),
        ("未填写", 1),
    ]
    plan = HandOver(
        customers_to=yi.operator_id,
        by_status={status[1].id: bing.operator_id, status[3].id: None},
        reminders_to=bing.operator_id,
        shared_to=yi.operator_id,
        reports_to=yi.operator_id,
    )
    with pytest.raises(NeedsConfirmation, match="3 位客户"):
        hand_over(shop.actor, operator_id=jia.operator_id, plan=plan)
    hand_over(shop.actor, operator_id=jia.operator_id, plan=plan, confirmed=YES)
    assert [owner(shop, one) for one in (warm, cold, plain)] == [bing.name, "", yi.name]
    assert shares_of(shop.actor, customer_id=warm) == []  # it is his own now
    assert names(yi) == ["别人", "普通"]
    assert reminded(shop, mine) == bing.name
    assert pending_claims(shop.actor).count() == 0
    assert Operator.get_by_id(bing.operator_id).superior_id == yi.operator_id
    assert jia.operator_id not in dict(colleagues(shop.actor))
    assert hand_over_preview(shop.actor, operator_id=jia.operator_id).words().startswith("账号")
    restore_customers(shop.actor, customer_ids=[binned])
    assert owner(shop, binned) == yi.name
    assert sound()


def test_a_hand_over_that_can_not_be_done_changes_nothing(shop, jia, yi):
    one = add_customer(shop, owner_id=jia.operator_id)
    remind(jia, one)

    def refused(kind: type[UserError], **plan: Any) -> UserError:
        with pytest.raises(kind) as told:
            hand_over(shop.actor, operator_id=jia.operator_id, plan=HandOver(**plan), confirmed=YES)
        assert owner(shop, one) == jia.name
        return told.value

    assert refused(InputError, customers_to=yi.operator_id).field == "reminders_to"
    assert refused(InputError, customers_to=jia.operator_id).field == "customers_to"
    people = {"customers_to": yi.operator_id, "reminders_to": yi.operator_id}
    assert refused(InputError, **people, by_status={None: 999}).field == "status.0"
    with pytest.raises(UserError, match="自己"):
        hand_over(
            shop.actor,
            operator_id=shop.actor.operator_id,
            plan=HandOver(yi.operator_id, yi.operator_id),
            confirmed=YES,
        )
    assert shop.actor.operator_id in dict(colleagues(shop.actor))
