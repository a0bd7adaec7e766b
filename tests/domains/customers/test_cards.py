"""A member's card lost, found again, replaced: what he has is safe meanwhile, and the log keeps the numbers."""

import pytest

from meiping.domains.customers.cards import freeze_card, replace_card, replaced_card, unfreeze_card
from meiping.domains.customers.queries import customer_changes, find_customers
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.kernel.errors import InputError
from tests.factories import add_customer, add_product, cart_of, recharge, sell
from tests.shop import OpenedShop


def pay_from_stored(shop: OpenedShop, customer_id: int) -> None:
    cart = cart_of(shop, (add_product(shop, stock=1), 1), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("stored_value", 1_000)])


def test_a_lost_card_pays_nothing_until_it_is_found(shop: OpenedShop) -> None:
    wang = add_customer(shop, card_number="8001")
    recharge(shop, wang, 5_000)
    freeze_card(shop.actor, customer_id=wang)
    with pytest.raises(InputError, match="会员卡已挂失"):
        pay_from_stored(shop, wang)
    sell(shop, (add_product(shop, stock=1), 1), customer_id=wang)
    unfreeze_card(shop.actor, customer_id=wang)
    pay_from_stored(shop, wang)
    log = [(row["field"], row["new"]) for row in customer_changes(shop.actor, wang).window(0, 9, None)]
    assert log == [("会员卡", "正常"), ("会员卡", "已挂失")]


def test_a_new_card_takes_the_place_of_the_lost_one(shop: OpenedShop) -> None:
    wang, _ = add_customer(shop, card_number="8001"), add_customer(shop, card_number="8002")
    recharge(shop, wang, 5_000)
    freeze_card(shop.actor, customer_id=wang)
    for wrong in ("8002", "abc", ""):
        with pytest.raises(InputError) as refused:
            replace_card(shop.actor, customer_id=wang, card_number=wrong)
        assert refused.value.field == "card_number"
    replace_card(shop.actor, customer_id=wang, card_number=" 8 003")
    assert [hit.card for hit in find_customers(shop.actor, "8003")] == ["8003"]
    assert not find_customers(shop.actor, "8001")
    pay_from_stored(shop, wang)
    log = [
        (row["field"], row["old"], row["new"])
        for row in customer_changes(shop.actor, wang).window(0, 2, None)
    ]
    assert ("卡号", "8001", "8003") in log


def test_the_number_of_a_replaced_card_tells_whose_it_was(shop: OpenedShop) -> None:
    wang = add_customer(shop, name="王芳", card_number="8001")
    assert replaced_card(shop.actor, card_number="8001") is None
    replace_card(shop.actor, customer_id=wang, card_number="8002")
    replace_card(shop.actor, customer_id=wang, card_number="8003")
    for old in ("8001", "8002"):
        assert replaced_card(shop.actor, card_number=old) == (wang, "王芳")
    for other in ("8003", "9999"):
        assert replaced_card(shop.actor, card_number=other) is None
    add_customer(shop, name="赵敏", card_number="8001")
    assert replaced_card(shop.actor, card_number="8001") is None, "somebody holds it now"
    anonymise_customer(shop.actor, customer_id=wang, confirmed=frozenset({ANONYMISE}))
    assert replaced_card(shop.actor, card_number="8002") is None
