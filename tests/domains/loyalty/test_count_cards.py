"""次卡: paid for beforehand, used one by one, earned use by use; what lapses is earned at the end."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import statement
from meiping.domains.loyalty.card_queries import card_kinds, cards_of, uses_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import expire_cards, save_card_kind, undo_use, use_card
from meiping.domains.loyalty.service import daily_pass
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.merging import merge_customers
from meiping.kernel.errors import InputError
from tests.domains.loyalty.card_shop import card_product, cards, earned, first_card, owed
from tests.factories import add_customer, add_product, cart_of, cash, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


def bring_back(shop: OpenedShop, bill: PostedBill, count: int) -> None:
    (line,) = bill_detail(shop.actor, sale_id=bill.sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: count * 1_000})


def test_a_card_is_earned_use_by_use(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop), 1), customer_id=wang)
    assert cards(shop, wang) == [(3, "可用")]
    assert (owed(shop, wang), earned(shop)) == (10_000, 0)
    card, key = first_card(shop, wang), new_key()
    used = use_card(shop.actor, key=key, card_id=card)
    assert use_card(shop.actor, key=key, card_id=card) == used
    assert (used.left, used.number) == (2, "CK-20260316-0001")
    assert (owed(shop, wang), earned(shop)) == (6_667, 3_333)
    for _ in range(2):
        use_card(shop.actor, key=new_key(), card_id=card)
    assert (owed(shop, wang), earned(shop)) == (0, 10_000)
    assert cards(shop, wang) == [(0, "用完")]
    with pytest.raises(InputError, match="已经用完"):
        use_card(shop.actor, key=new_key(), card_id=card)
    told = [(row["kind"], row["amount_fen"]) for row in statement(shop.actor, customer_id=wang).rows]
    assert told[0] == ("次卡", 3_333)
    assert told[-1] == ("销售", 10_000)
    assert not faults()


def test_a_use_by_mistake_is_taken_back_the_same_day(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop), 1), customer_id=wang)
    card = first_card(shop, wang)
    first = use_card(shop.actor, key=new_key(), card_id=card)
    second = use_card(shop.actor, key=new_key(), card_id=card)
    assert undo_use(shop.actor, use_id=first.use_id).left == 2
    assert undo_use(shop.actor, use_id=first.use_id).left == 2, "asked again it is not doubled"
    assert owed(shop, wang) == 6_667
    assert [row["undoable"] for row in uses_of(shop.actor, card_id=card).rows] == [False, True, False]
    shop.clock.advance(days=1)
    with pytest.raises(InputError, match="只能撤销当天"):
        undo_use(shop.actor, use_id=second.use_id)
    assert not faults()


def test_what_lapses_is_earned_on_that_day(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop, days=30), 1), customer_id=wang)
    assert cards_of(shop.actor, customer_id=wang).rows[0]["until_date"] == date(2026, 4, 15)
    use_card(shop.actor, key=new_key(), card_id=first_card(shop, wang))
    shop.clock.set(2026, 4, 14)
    assert expire_cards(shop.actor) == 0
    shop.clock.set(2026, 4, 15)
    with pytest.raises(InputError, match="已经到期"):
        use_card(shop.actor, key=new_key(), card_id=first_card(shop, wang))
    daily_pass(shop.as_role("业务员"))
    assert expire_cards(shop.actor) == 0
    assert (owed(shop, wang), earned(shop)) == (0, 10_000)
    assert not faults()


def test_several_cards_share_what_was_paid_and_unused_ones_come_back(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    bill = sell(shop, (card_product(shop), 3), customer_id=wang)
    assert cards(shop, wang) == [(3, "可用")] * 3
    use_card(shop.actor, key=new_key(), card_id=first_card(shop, wang))
    with pytest.raises(InputError, match="有用过的，请在“会员办理”的“次卡”里一张张退；没有用过的还有 2 张"):
        bring_back(shop, bill, 3)
    bring_back(shop, bill, 2)
    assert sorted(cards(shop, wang)) == [(0, "已退"), (0, "已退"), (2, "可用")]
    assert (owed(shop, wang), earned(shop)) == (6_667, 3_333)
    assert not faults()


def test_a_card_needs_a_customer_and_a_service(shop: OpenedShop) -> None:
    product = card_product(shop)
    with pytest.raises(InputError, match="是次卡，请先选择客户"):
        sell(shop, (product, 1))
    for wrong in (CardInput(add_product(shop), 10), CardInput(999, 10)):
        with pytest.raises(InputError) as refused:
            save_card_kind(shop.actor, card=wrong)
        assert refused.value.field == "product_id"
    with pytest.raises(InputError):
        save_card_kind(shop.actor, card=CardInput(product, 0))
    save_card_kind(shop.actor, card=CardInput(product, 5, active=False))
    assert [row["state"] for row in card_kinds(shop.actor).rows] == ["停卖"]
    sell(shop, (product, 1))
    assert not faults()


def test_the_cards_of_who_was_merged_are_used_by_the_survivor(shop: OpenedShop) -> None:
    twin, wang = add_customer(shop), add_customer(shop)
    sell(shop, (card_product(shop), 1), customer_id=twin)
    merge_customers(shop.actor, survivor_id=wang, twin_id=twin)
    assert use_card(shop.actor, key=new_key(), card_id=first_card(shop, wang)).left == 2
    assert not faults()


def test_the_receipt_says_what_was_bought(shop: OpenedShop) -> None:
    bill = sell(shop, (card_product(shop, days=30), 1), customer_id=add_customer(shop))
    paper = str(receipt_slip(shop.actor, sale_id=bill.sale_id))
    assert "次卡 洗车" in paper
    assert "3 次，2026-04-15 到期" in paper


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(0, 9_999),
    uses=st.integers(1, 7),
    count=st.integers(1, 3),
    less=st.integers(0, 500),
    steps=st.lists(st.booleans(), max_size=12),
)
def test_whatever_is_used_and_taken_back_no_fen_is_lost(
    shop: OpenedShop, price: int, uses: int, count: int, less: int, steps: list[bool]
) -> None:
    wang, product = add_customer(shop), card_product(shop, price_fen=price, uses=uses)
    cart = cart_of(shop, (product, count), customer_id=wang)
    cart = replace(cart, bill_reduction_fen=min(less, price * count))
    paid = price * count - cart.bill_reduction_fen
    checkout(shop.actor, cart=cart, payments=cash(paid) if paid else [])
    card = first_card(shop, wang)
    taken: list[int] = []
    for use in steps:
        if use and len(taken) < uses:
            taken.append(use_card(shop.actor, key=new_key(), card_id=card).use_id)
        elif not use and taken:
            undo_use(shop.actor, use_id=taken.pop(0))
    assert cards_of(shop.actor, customer_id=wang).rows[0]["left"] == uses - len(taken) or len(taken) == uses
    assert 0 <= owed(shop, wang) <= paid
    assert not faults()
