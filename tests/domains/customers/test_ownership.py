"""Who looks after a customer: transfer, delegation, co-managing, the public pool, and going back to it."""

from datetime import date, timedelta
from typing import Any

import pytest

from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.ownership import (
    daily_pass,
    return_idle_customers,
    take_back_transfer,
    transfer_customers,
)
from meiping.domains.customers.pool import claim_customers, decide_claims, withdraw_claims
from meiping.domains.customers.queries import (
    customer_changes,
    customer_detail,
    customer_list,
    find_customers,
    pending_claims,
    pool_list,
    share_list,
    shares_of,
)
from meiping.domains.customers.service import change_customer, delete_customers
from meiping.domains.customers.sharing import end_shares, share_customers, take_back_shares
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.moments import to_ms
from meiping.store.database import fetch
from tests.factories import add_customer
from tests.shop import OpenedShop


@pytest.fixture
def jia(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员甲", "业务员")


@pytest.fixture
def yi(shop: OpenedShop) -> Actor:
    return shop.add_operator("业务员乙", "业务员")


def rows(listing: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in listing.window(0, 999, None)]


def names(actor: Actor) -> list[str]:
    return [row["name"] for row in rows(customer_list(actor))]


def found(actor: Actor, text: str) -> list[str]:
    return [hit.name for hit in find_customers(actor, text)]


def sound() -> bool:
    return not [line for one in INVARIANTS for line in one.check(fetch)]


def changes(shop: OpenedShop, customer_id: int) -> list[tuple[str, str, str]]:
    return [(row["field"], row["old"], row["new"]) for row in rows(customer_changes(shop.actor, customer_id))]


# ---------------------------------------------------------------- transfer


def test_customers_handed_over_belong_to_the_other_salesperson_from_today(shop, jia, yi):
    one, two = (
        add_customer(shop, name=name, owner_id=jia.operator_id, created_date=date(2025, 1, 1))
        for name in ("王小明", "陈三")
    )
    shop.clock.advance(days=3)
    kept = transfer_customers(shop.actor, customer_ids=[one, two], owner_id=yi.operator_id)
    assert len(kept) == 2
    assert names(jia) == found(jia, "王") == []
    assert names(yi) == ["陈三", "王小明"]
    assert found(yi, "wxm") == ["王小明"]
    assert customer_detail(yi, one).owned_since_date == shop.actor.today()
    assert changes(shop, one) == [("业务员", "业务员甲", "业务员乙")]
    assert sound()


def test_a_transfer_taken_back_leaves_all_as_it_was(shop, jia, yi):
    one = add_customer(shop, name="王小明", owner_id=jia.operator_id)
    before = customer_detail(shop.actor, one)
    share_customers(shop.actor, customer_ids=[one], operator_id=yi.operator_id)
    shop.clock.advance(days=3)
    kept = transfer_customers(shop.actor, customer_ids=[one], owner_id=yi.operator_id)
    assert shares_of(shop.actor, customer_id=one) == []
    take_back_transfer(shop.actor, kept=kept)
    assert customer_detail(shop.actor, one) == before
    assert [share.operator for share in shares_of(shop.actor, customer_id=one)] == [yi.name]
    assert found(yi, "王") == found(jia, "王") == ["王小明"]
    assert sound()


def test_nothing_moves_to_who_has_left_or_from_the_recycle_bin(shop, jia, yi):
    one = add_customer(shop, owner_id=jia.operator_id)
    with pytest.raises(InputError, match="不在了"):
        transfer_customers(shop.actor, customer_ids=[one], owner_id=999)
    delete_customers(shop.actor, customer_ids=[one])
    assert transfer_customers(shop.actor, customer_ids=[one], owner_id=yi.operator_id) == ()


def test_the_form_gives_a_customer_to_another_only_by_who_may_transfer(shop, jia):
    one = add_customer(shop, name="王小明", owner_id=jia.operator_id)
    clerk = shop.as_role("收银员")
    entered = customer_detail(shop.actor, one).as_input()
    from dataclasses import replace

    with pytest.raises(InputError, match="转移") as refused:
        change_customer(clerk, customer_id=one, customer=replace(entered, owner_id=clerk.operator_id))
    assert refused.value.field == "owner_id"


# ---------------------------------------------------------------- shares


def test_a_delegation_holds_to_the_end_of_its_last_day_everywhere(shop, jia, yi):
    one = add_customer(shop, name="王小明", owner_id=jia.operator_id)
    share_customers(
        shop.actor, customer_ids=[one], operator_id=yi.operator_id, until=shop.actor.today() + timedelta(2)
    )
    assert names(yi) == found(yi, "王") == ["王小明"]
    assert customer_detail(yi, one).owner == jia.name
    assert shares_of(yi, customer_id=one)[0].words == "授权给业务员乙，至 2026-03-18"
    shop.clock.set(2026, 3, 18, 23, 59)
    assert names(yi) == found(yi, "王") == ["王小明"]
    shop.clock.set(2026, 3, 19, 0, 0)
    assert names(yi) == found(yi, "王") == []
    with pytest.raises(NotFound):
        customer_detail(yi, one)
    assert names(jia) == ["王小明"]
    assert rows(share_list(shop.actor)) == []
    daily_pass(yi)
    assert sound()


def test_co_managing_has_no_end_until_it_is_taken_back(shop, jia, yi):
    one = add_customer(shop, name="王小明", owner_id=jia.operator_id)
    share_customers(shop.actor, customer_ids=[one], operator_id=yi.operator_id)
    shop.clock.advance(days=4000)
    assert names(yi) == found(yi, "王") == ["王小明"]
    (shared,) = rows(share_list(shop.actor))
    assert (shared["customer"], shared["kind"], shared["operator"]) == ("王小明", "共同跟进", yi.name)
    kept = end_shares(shop.actor, share_ids=[shared["id"]])
    assert names(yi) == found(yi, "王") == []
    take_back_shares(shop.actor, kept=kept)
    assert names(yi) == found(yi, "王") == ["王小明"]
    assert changes(shop, one)[0] == ("授权", "", "与业务员乙共同跟进")
    assert sound()


def test_sharing_again_changes_the_day_and_can_be_taken_back(shop, jia, yi):
    one = add_customer(shop, owner_id=jia.operator_id)
    today = shop.actor.today()
    share_customers(shop.actor, customer_ids=[one], operator_id=yi.operator_id, until=today)
    longer = today + timedelta(days=5)
    kept = share_customers(shop.actor, customer_ids=[one], operator_id=yi.operator_id, until=longer)
    assert [share.until for share in shares_of(shop.actor, customer_id=one)] == [longer]
    take_back_shares(shop.actor, kept=kept)
    assert [share.until for share in shares_of(shop.actor, customer_id=one)] == [today]


def test_what_can_not_be_shared_is_refused_with_the_reason(shop, jia):
    own, free = add_customer(shop, owner_id=jia.operator_id), add_customer(shop)
    for customer_id in (own, free):
        with pytest.raises(InputError, match="不需要授权"):
            share_customers(shop.actor, customer_ids=[customer_id], operator_id=jia.operator_id)
    with pytest.raises(InputError, match="过去") as refused:
        share_customers(
            shop.actor,
            customer_ids=[own],
            operator_id=shop.actor.operator_id,
            until=shop.actor.today() - timedelta(days=1),
        )
    assert refused.value.field == "until"


# ---------------------------------------------------------------- the pool


def test_the_pool_shows_head_fields_with_the_phone_hidden_and_a_claim_makes_them_ones_own(shop, jia):
    one = add_customer(shop, name="王小明", phone="13822017788", address="花园街 18 号")
    (row,) = rows(pool_list(jia))
    assert (row["name"], row["phone"]) == ("王小明", "138 **** 7788")
    assert "address" not in row
    assert rows(pool_list(shop.actor))[0]["phone"] == "138 2201 7788"
    assert rows(pool_list(jia, text="2201")) == []
    assert len(rows(pool_list(jia, text="13822017788"))) == len(rows(pool_list(shop.actor, text="2201"))) == 1
    assert len(rows(pool_list(jia, text="小明"))) == 1
    assert claim_customers(jia, customer_ids=[one]).taken == 1
    assert rows(pool_list(jia)) == []
    assert found(jia, "王") == ["王小明"]
    assert changes(shop, one) == [("业务员", "", "业务员甲")]


def test_of_two_who_claim_the_same_customer_the_second_is_told(shop, jia, yi):
    one = add_customer(shop)
    claim_customers(jia, customer_ids=[one])
    with pytest.raises(NotFound, match="已经有业务员"):
        claim_customers(yi, customer_ids=[one])


def test_a_claim_waits_for_the_manager_if_the_shop_says_so(shop, jia, yi):
    save_options(shop.actor, values={"customers.claim_confirm": True})
    one, two = add_customer(shop, name="王小明"), add_customer(shop, name="陈三")
    assert claim_customers(jia, customer_ids=[one, two]).waiting == 2
    assert claim_customers(jia, customer_ids=[one]).waiting == 1  # asked twice is asked once
    claim_customers(yi, customer_ids=[one])
    assert names(jia) == []
    assert [row["asked_by"] for row in rows(pool_list(yi))] == ["有人申请", "我已申请"]
    waiting = rows(pending_claims(shop.actor))
    assert [(row["name"], row["operator"]) for row in waiting] == [
        ("王小明", jia.name),
        ("陈三", jia.name),
        ("王小明", yi.name),
    ]
    assert decide_claims(shop.actor, claim_ids=[waiting[1]["id"]], granted=False) == 1
    assert decide_claims(shop.actor, claim_ids=[waiting[2]["id"]], granted=True) == 1
    assert names(yi) == ["王小明"]
    assert names(jia) == []
    assert rows(pending_claims(shop.actor)) == []
    assert claim_customers(shop.as_role("店长"), customer_ids=[two]).taken == 1
    assert sound()


def test_a_claim_can_be_withdrawn(shop, jia):
    save_options(shop.actor, values={"customers.claim_confirm": True})
    one = add_customer(shop)
    claim_customers(jia, customer_ids=[one])
    assert withdraw_claims(jia, customer_ids=[one, 99]) == 1
    assert rows(pending_claims(shop.actor)) == []
    assert rows(pool_list(jia))[0]["asked_by"] == ""


def test_nobody_claims_more_than_the_shop_allows(shop, jia):
    save_options(shop.actor, values={"customers.owner_limit": 2})
    mine, one, two = add_customer(shop, owner_id=jia.operator_id), add_customer(shop), add_customer(shop)
    with pytest.raises(InputError, match="最多 2 位"):
        claim_customers(jia, customer_ids=[one, two])
    claim_customers(jia, customer_ids=[one])
    save_options(shop.actor, values={"customers.claim_confirm": True, "customers.owner_limit": 3})
    claim_customers(jia, customer_ids=[two])
    save_options(shop.actor, values={"customers.owner_limit": 2})
    (claim,) = rows(pending_claims(shop.actor))
    with pytest.raises(InputError, match="业务员甲"):
        decide_claims(shop.actor, claim_ids=[claim["id"]], granted=True)
    transfer_customers(shop.actor, customer_ids=[mine], owner_id=None)
    decide_claims(shop.actor, claim_ids=[claim["id"]], granted=True)


# ---------------------------------------------------------------- going back by itself


def in_touch(shop: OpenedShop, customer_id: int) -> None:
    ContactRecord.create(
        customer=customer_id,
        at=to_ms(shop.clock()),
        content="电话",
        operator=shop.actor.operator_id,
        created_at=to_ms(shop.clock()),
    )


def test_customers_nobody_was_in_touch_with_go_back_after_the_days_the_shop_says(shop, jia, yi):
    silent, spoken, lately = (
        add_customer(shop, name=name, owner_id=jia.operator_id) for name in ("静", "谈", "新")
    )
    share_customers(shop.actor, customer_ids=[silent], operator_id=yi.operator_id)
    shop.clock.advance(days=20)
    assert daily_pass(yi) == 0  # off as long as nothing is set
    save_options(shop.actor, values={"customers.pool_days": 30})
    in_touch(shop, spoken)
    transfer_customers(shop.actor, customer_ids=[lately], owner_id=yi.operator_id)
    shop.clock.advance(days=9)
    assert daily_pass(yi) == 0
    shop.clock.advance(days=1)
    assert daily_pass(yi) == 1
    assert names(jia) == ["谈"]
    assert names(yi) == ["新"]
    assert [row["name"] for row in rows(pool_list(jia))] == ["静"]
    (last, *_) = fetch("SELECT operator_name, summary FROM operation ORDER BY id DESC LIMIT 1")
    assert last == ("（自动）", "超过 30 天没有联系，自动退回公海")
    shop.clock.advance(days=20)
    assert daily_pass(jia) == 2
    assert sound()


def test_many_go_back_a_part_at_a_time(shop, jia):
    for _ in range(5):
        add_customer(shop, owner_id=jia.operator_id)
    save_options(shop.actor, values={"customers.pool_days": 1})
    shop.clock.advance(days=1)
    assert return_idle_customers(shop.actor, limit=2) == 2
    assert daily_pass(jia) == 3
