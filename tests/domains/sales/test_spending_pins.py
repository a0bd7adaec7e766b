"""A member's spending PIN: asked where stored value or points pay, right for one bill up to one sum, kept as a hash."""

from typing import Any

import pytest

from meiping.domains.access.login import LoginRefused
from meiping.domains.access.passwords import PasswordHash
from meiping.domains.audit.queries import operations
from meiping.domains.customers.queries import customer_changes
from meiping.domains.customers.service import delete_customers
from meiping.domains.customers.spending_pins import has_spending_pin, make_spending_pin
from meiping.domains.documents.rules import PURGE
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import checkout
from meiping.domains.sales.spending_pins import (
    check_spending_pin,
    clear_spending_pin,
    set_spending_pin,
    spending_pin_wanted,
    waive_spending_pin,
)
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stewardship.purging import purge_customers
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.store.database import fetch, fetch_value
from tests.factories import add_customer, add_product, cart_of, recharge
from tests.shop import CHEAP, OpenedShop

PIN, WRONG = "2580", "1357"


def pin(digits: str = PIN) -> PasswordHash:
    return make_spending_pin(digits, cost=CHEAP)


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    """A member with ¥100.00 and a PIN."""
    customer_id = add_customer(shop, name="王芳")
    recharge(shop, customer_id, 10_000)
    set_spending_pin(shop.actor, customer_id=customer_id, pin_hash=pin())
    return customer_id


def cart(shop: OpenedShop, customer_id: int, count: int = 1) -> Cart:
    """Goods for ¥10.00 each."""
    return cart_of(shop, (add_product(shop, stock=9), count), customer_id=customer_id)


def pay(shop: OpenedShop, of: Cart, amount_fen: int = 1_000, cash_fen: int = 0) -> PostedBill:
    cash = [Payment("cash", cash_fen)] if cash_fen else []
    return checkout(shop.actor, cart=of, payments=[Payment("stored_value", amount_fen), *cash])


def give(shop: OpenedShop, customer_id: int, of: Cart, digits: str = PIN, amount_fen: int = 1_000) -> None:
    check_spending_pin(
        shop.actor, customer_id=customer_id, cart_key=of.key, amount_fen=amount_fen, pin=digits
    )


def test_stored_value_is_spent_once_the_pin_was_right_for_this_bill_only(shop: OpenedShop, wang: int) -> None:
    first, second = cart(shop, wang), cart(shop, wang)
    with pytest.raises(InputError, match="请会员输入消费密码") as refused:
        pay(shop, first)
    assert refused.value.field == "payments"
    give(shop, wang, first)
    with pytest.raises(InputError, match="消费密码"):
        pay(shop, second)
    posted = pay(shop, first)
    assert pay(shop, first) == posted, "asked twice it is one bill, without the PIN again"
    with pytest.raises(InputError, match="消费密码"):
        pay(shop, second)


def test_what_was_allowed_holds_up_to_its_sum(shop: OpenedShop, wang: int) -> None:
    two = cart(shop, wang, 2)
    give(shop, wang, two, amount_fen=1_000)
    with pytest.raises(InputError, match="消费密码"):
        pay(shop, two, 2_000)
    pay(shop, two, 1_000, 1_000)


def test_cash_and_members_without_a_pin_are_asked_nothing(shop: OpenedShop, wang: int) -> None:
    checkout(shop.actor, cart=cart(shop, wang), payments=[Payment("cash", 1_000)])
    zhao = add_customer(shop, name="赵敏")
    recharge(shop, zhao, 10_000)
    pay(shop, cart(shop, zhao))
    clear_spending_pin(shop.actor, customer_id=wang)
    assert not has_spending_pin(shop.actor, customer_id=wang)
    pay(shop, cart(shop, wang))


def test_the_shop_may_ask_from_a_sum_up(shop: OpenedShop, wang: int) -> None:
    save_options(shop.actor, values={"member.pin_from_yuan": 20})
    pay(shop, cart(shop, wang))
    two = cart(shop, wang, 2)
    assert spending_pin_wanted(shop.actor, customer_id=wang, cart_key=two.key, amount_fen=2_000)
    assert not spending_pin_wanted(shop.actor, customer_id=wang, cart_key=two.key, amount_fen=1_999)
    with pytest.raises(InputError, match="消费密码"):
        pay(shop, two, 2_000)


def test_wrong_tries_are_slowed_down_locked_and_watched(shop: OpenedShop, wang: int) -> None:
    of = cart(shop, wang)
    for wait_s in (1, 2, 4, 8):
        with pytest.raises(InputError, match=f"消费密码不对，请 {wait_s} 秒后再试"):
            give(shop, wang, of, WRONG)
        with pytest.raises(LoginRefused):
            give(shop, wang, of)
        shop.clock.advance(seconds=wait_s)
    with pytest.raises(InputError, match="消费密码输错太多次，请 5 分钟后再试"):
        give(shop, wang, of, WRONG)
    shop.clock.advance(minutes=5)
    give(shop, wang, of)
    pay(shop, of)
    assert [kind for (kind,) in fetch("SELECT kind FROM till_event")] == ["pin_wrong"] * 5


def test_a_manager_may_leave_the_pin_out_and_it_is_watched(shop: OpenedShop, wang: int) -> None:
    of = cart(shop, wang)
    asked: dict[str, Any] = {"customer_id": wang, "cart_key": of.key, "amount_fen": 1_000}
    with pytest.raises(PermissionDenied) as denied:
        waive_spending_pin(shop.as_role("收银员"), **asked)
    assert denied.value.approvable
    waive_spending_pin(shop.as_role("店长"), **asked)
    pay(shop, of)
    assert fetch("SELECT kind, amount_fen FROM till_event") == [("pin_waived", 1_000)]


def test_who_ends_a_members_pin_is_watched(shop: OpenedShop, wang: int) -> None:
    clerk = shop.as_role("店长")
    clear_spending_pin(clerk, customer_id=wang)
    clear_spending_pin(clerk, customer_id=wang)
    told = fetch("SELECT kind, operator_id, source_kind, source_id FROM till_event")
    assert told == [("pin_cleared", clerk.operator_id, "customer", wang)], (
        "once, there was nothing left to end"
    )


def test_the_log_tells_that_it_was_set_and_never_what_it_is(shop: OpenedShop, wang: int) -> None:
    set_spending_pin(shop.actor, customer_id=wang, pin_hash=pin("4826"))
    clear_spending_pin(shop.actor, customer_id=wang)
    rows = customer_changes(shop.actor, wang).window(0, 9, None)
    told = [(row["old"], row["new"]) for row in rows if row["field"] == "消费密码"]
    assert told == [("已设置", "没有"), ("已设置", "已更换"), ("没有", "已设置")]
    logged = operations(shop.actor).window(0, 9, None)
    assert not any(PIN in str(row) or "4826" in str(row) for row in logged)
    assert fetch_value("SELECT count(*) FROM member_pin") == 0


@pytest.mark.parametrize("digits", ["123", "123456789", "12a4", "1111", ""])
def test_a_pin_is_four_to_eight_digits(digits: str) -> None:
    with pytest.raises(InputError, match="消费密码") as refused:
        make_spending_pin(digits, cost=CHEAP)
    assert refused.value.field == "pin"


def test_the_pin_of_a_merged_member_guards_what_came_over(shop: OpenedShop, wang: int) -> None:
    zhao = add_customer(shop, name="赵敏")
    merge_customers(shop.actor, survivor_id=zhao, twin_id=wang)
    of = cart(shop, zhao)
    with pytest.raises(InputError, match="消费密码"):
        pay(shop, of)
    give(shop, zhao, of)
    pay(shop, of)


def test_it_goes_with_who_the_member_is(shop: OpenedShop, wang: int) -> None:
    anonymise_customer(shop.actor, customer_id=wang, confirmed=frozenset({ANONYMISE}))
    assert fetch_value("SELECT count(*) FROM member_pin") == 0
    nobody = add_customer(shop, name="没来过")
    set_spending_pin(shop.actor, customer_id=nobody, pin_hash=pin())
    delete_customers(shop.actor, customer_ids=[nobody])
    purge_customers(shop.actor, customer_ids=[nobody], confirmed=frozenset({PURGE}))
    assert fetch_value("SELECT count(*) FROM member_pin") == 0


def test_who_replaces_a_pin_is_watched_and_who_sets_the_first_is_not(shop: OpenedShop) -> None:
    zhao = add_customer(shop, name="赵敏")
    manager = shop.as_role("店长")
    set_spending_pin(manager, customer_id=zhao, pin_hash=pin())
    assert fetch("SELECT kind FROM till_event") == []
    set_spending_pin(manager, customer_id=zhao, pin_hash=pin("4826"))
    told = fetch("SELECT kind, operator_id, source_kind, source_id, detail FROM till_event")
    assert told == [("pin_changed", manager.operator_id, "customer", zhao, "")]
