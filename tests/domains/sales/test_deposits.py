"""定金: money taken beforehand for a bill that waits is counted once, and nothing of it is ever lost."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from meiping.domains.ledger.queries import balance_fen, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import drop_cart, hold_cart, recall_cart, save_cart
from meiping.domains.sales.deposits import (
    MORE_THAN_BILL,
    deposit_of_cart,
    deposit_slip,
    give_deposit_back,
    take_deposit,
)
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import shift_report
from meiping.domains.sales.tender_changes import tenders_to_change
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stewardship.timeline import timeline
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.kernel.errors import InputError, NeedsConfirmation, PermissionDenied
from tests.domains.test_crash import Unplugged, failing_at
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop
from tests.whole_file import contents, faults


@pytest.fixture
def li(shop: OpenedShop) -> int:
    return add_customer(shop, name="李娜")


@pytest.fixture
def order(shop: OpenedShop, li: int) -> Cart:
    """A cake of ¥100.00 that 李娜 ordered, put aside."""
    cake = add_product(shop, name="蛋糕", list_price_fen=10_000, stock=5)
    cart = cart_of(shop, (cake, 1), customer_id=li, customer_name="李娜")
    hold_cart(shop.actor, cart=cart)
    return cart


def take(shop: OpenedShop, cart: Cart, fen: int, tender: str = "cash") -> str:
    asked: dict[str, Any] = {"key": new_key(), "cart_key": cart.key, "amount_fen": fen, "tender": tender}
    return take_deposit(shop.actor, **asked, confirmed=frozenset({MORE_THAN_BILL}))


def give_back(shop: OpenedShop, cart: Cart, fen: int) -> str:
    return give_deposit_back(shop.actor, key=new_key(), cart_key=cart.key, amount_fen=fen)


def drawer_fen(shop: OpenedShop) -> int:
    return balance_fen(Account.CASH, company_id=shop.company_id)


def test_a_deposit_is_taken_once_numbered_and_seen_where_the_bill_waits(shop: OpenedShop, order: Cart):
    key = new_key()
    for _ in range(2):
        number = take_deposit(shop.actor, key=key, cart_key=order.key, amount_fen=3_000)
        assert number == "DJ-20260316-0001"
    assert deposit_of_cart(shop.actor, cart_key=order.key) == 3_000
    (held,) = held_carts(shop.actor)
    assert (held.total_fen, held.deposit_fen) == (10_000, 3_000)
    assert drawer_fen(shop) == 3_000
    assert not faults()


def test_more_than_the_bill_comes_to_is_asked_about(shop: OpenedShop, order: Cart):
    take(shop, order, 9_999)
    asked: dict[str, Any] = {"key": new_key(), "cart_key": order.key, "amount_fen": 2}
    with pytest.raises(NeedsConfirmation, match="还多"):
        take_deposit(shop.actor, **asked)
    assert deposit_of_cart(shop.actor, cart_key=order.key) == 9_999
    take_deposit(shop.actor, **asked, confirmed=frozenset({MORE_THAN_BILL}))
    assert deposit_of_cart(shop.actor, cart_key=order.key) == 10_001


def test_the_customers_story_tells_of_deposits(shop: OpenedShop, order: Cart, li: int):
    take(shop, order, 12_000, "wechat")
    give_back(shop, order, 500)
    checkout(shop.actor, cart=order, payments=[Payment("deposit", 10_000)])
    told = timeline(shop.actor, customer_id=li, groups=("money",)).window(0, 9, None)
    assert sorted((row["kind"], row["text"], row["amount_fen"]) for row in told) == [
        ("定金", "DJ-20260316-0001 · 微信", 12_000),
        ("退定金", "DJ-20260316-0002 · 现金", -500),
        ("退定金", "DJ-20260316-0003 · 现金 · 结账时多出", -1_500),
    ]


def test_when_the_bill_is_settled_the_deposit_is_a_part_of_what_is_paid(
    shop: OpenedShop, order: Cart, li: int
):
    take(shop, order, 3_000, "wechat")
    take(shop, order, 1_000)
    cart = recall_cart(shop.actor, key=order.key)
    paid = [Payment("deposit", 4_000), Payment("cash", 6_000, 10_000)]
    for _ in range(2):
        posted = checkout(shop.actor, cart=cart, payments=paid)
        assert (posted.total_fen, posted.change_fen, posted.deposit_back_fen) == (10_000, 4_000, 0)
    assert drawer_fen(shop) == 7_000
    assert balance_fen(Account.DEPOSIT, company_id=shop.company_id, party_id=li) == 0
    bill = bill_detail(shop.actor, sale_id=posted.sale_id)
    assert ("定金", 4_000, 4_000) in bill.tenders
    assert tenders_to_change(shop.actor, sale_id=posted.sale_id) == [("cash", "现金", 6_000)]
    told = [(row["kind"], row["amount_fen"]) for row in statement(shop.actor, customer_id=li).rows]
    assert told == [("销售", 10_000), ("定金", 1_000), ("定金", 3_000)]
    assert not faults()


def test_what_is_more_than_the_total_goes_back_in_cash_with_the_bill(shop: OpenedShop, order: Cart, li: int):
    take(shop, order, 12_500)
    for _ in range(2):
        posted = checkout(shop.actor, cart=order, payments=[Payment("deposit", 10_000)])
        assert (posted.change_fen, posted.deposit_back_fen) == (0, 2_500)
    assert drawer_fen(shop) == 10_000
    slip = receipt_slip(shop.actor, sale_id=posted.sale_id)
    assert "定金退回现金" in str(slip)
    assert "退定金单" in str(deposit_slip(shop.actor, number="DJ-20260316-0002"))
    assert [row["amount_fen"] for row in statement(shop.actor, customer_id=li).rows] == [
        -2_500,
        10_000,
        12_500,
    ]
    assert not faults()


@pytest.mark.parametrize("used_fen", [0, 2_999, 3_001])
def test_a_bill_is_not_settled_past_the_deposit_that_is_held(shop: OpenedShop, order: Cart, used_fen: int):
    take(shop, order, 3_000)
    payments = [Payment("deposit", used_fen)] if used_fen else []
    with pytest.raises(InputError, match="定金"):
        checkout(shop.actor, cart=order, payments=[*payments, Payment("cash", 10_000 - used_fen)])
    assert not faults()


def test_nobody_pays_with_a_deposit_that_was_never_taken(shop: OpenedShop, order: Cart):
    with pytest.raises(InputError, match="定金"):
        checkout(shop.actor, cart=order, payments=[Payment("deposit", 10_000)])


def test_the_bill_is_not_dropped_emptied_or_given_to_another_before_the_deposit_is_back(
    shop: OpenedShop, order: Cart
):
    take(shop, order, 3_000)
    other = add_customer(shop, name="王芳")
    with pytest.raises(InputError, match="退定金，再删除"):
        drop_cart(shop.actor, key=order.key)
    for changed in ({"customer_id": other}, {"customer_id": None}, {"lines": ()}):
        with pytest.raises(InputError, match="请先退定金"):
            save_cart(shop.actor, cart=replace(order, **changed))
    with pytest.raises(InputError, match="只能退这么多"):
        give_back(shop, order, 3_001)
    give_back(shop, order, 1_000)
    give_back(shop, order, 2_000)
    drop_cart(shop.actor, key=order.key)
    assert drawer_fen(shop) == 0
    assert not faults()


def test_goods_paid_for_beforehand_that_come_back_give_cash_exactly_once(shop: OpenedShop, order: Cart):
    take(shop, order, 4_000, "alipay")
    paid = [Payment("deposit", 4_000), Payment("wechat", 6_000)]
    posted = checkout(shop.actor, cart=replace(order, lines=order.lines), payments=paid)
    (line,) = bill_detail(shop.actor, sale_id=posted.sale_id).lines
    done = return_goods(shop.actor, key=new_key(), sale_id=posted.sale_id, quantities={line.id: 1_000})
    assert dict(done.by_tender) == {"cash": 4_000, "wechat": 6_000}
    assert not faults()


def test_it_passes_the_drawer_of_the_shift(shop: OpenedShop, order: Cart):
    begin_shift(shop.actor, key=new_key(), float_fen=0)
    take(shop, order, 12_000)
    checkout(shop.actor, cart=order, payments=[Payment("deposit", 10_000)])
    now = open_shift(shop.company_id)
    assert now is not None
    figures = shift_report(shop.actor, shift_id=now.id).figures
    assert {one.word: (one.documents, one.in_fen, one.out_fen) for one in figures.kinds} == {
        "定金": (2, 12_000, 2_000)
    }
    assert figures.tenders[0].expected_fen == 10_000


def test_a_merged_customer_takes_the_deposit_along(shop: OpenedShop, order: Cart, li: int):
    take(shop, order, 3_000)
    keeps = add_customer(shop, name="李娜娜")
    merge_customers(shop.actor, survivor_id=keeps, twin_id=li)
    assert balance_fen(Account.DEPOSIT, company_id=shop.company_id, party_id=keeps) == -3_000
    assert not faults()
    checkout(
        shop.actor,
        cart=replace(order, customer_id=keeps),
        payments=[Payment("deposit", 3_000), Payment("cash", 7_000)],
    )
    assert not faults()


def test_a_clerk_may_take_it_but_not_give_it_back(shop: OpenedShop, order: Cart):
    clerk = shop.as_role("收银员")
    take_deposit(clerk, key=new_key(), cart_key=order.key, amount_fen=100)
    with pytest.raises(PermissionDenied):
        give_deposit_back(clerk, key=new_key(), cart_key=order.key, amount_fen=100)


def test_whatever_statement_fails_while_it_is_used_nothing_is_left_by_half(shop: OpenedShop, order: Cart):
    take(shop, order, 12_000)
    before = contents()
    for fatal in count(1):
        try:
            with failing_at(fatal):
                posted = checkout(shop.actor, cart=order, payments=[Payment("deposit", 10_000)])
            break
        except Unplugged:
            assert contents() == before
    assert fatal > 10
    assert posted.deposit_back_fen == 2_000
    assert not faults()
