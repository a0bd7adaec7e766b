"""What customers get back, and what the shop gets back."""

from collections import Counter
from typing import Any

import pytest

from meiping.domains.ledger.queries import balance_fen, customer_balances
from meiping.domains.ledger.rules import Account
from meiping.domains.loyalty.queries import points_left
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError
from meiping.store.database import fetch, fetch_value
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


def lines_of(shop: OpenedShop, sale_id: int) -> list[int]:
    return [line.id for line in bill_detail(shop.actor, sale_id=sale_id).lines]


def test_a_whole_bill_goes_back_the_way_it_was_paid(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 500, 200)
    tea = add_product(shop, stock=10)
    payments = [Payment("stored_value", 700), Payment("wechat", 1_300)]
    bill = checkout(shop.actor, cart=cart_of(shop, (tea, 2), customer_id=customer), payments=payments)
    (line,) = lines_of(shop, bill.sale_id)
    back = return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 2_000})
    assert (back.refund_fen, dict(back.by_tender)) == (2_000, {"stored_value": 700, "wechat": 1_300})
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen, there.spent_fen) == (500, 200, 0)
    assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", tea) == 10_000


def test_parts_returned_one_by_one_give_back_exactly_what_was_paid(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10, list_price_fen=333)
    cart = cart_of(shop, (tea, 3), bill_reduction_fen=1)
    bill = checkout(shop.actor, cart=cart, payments=[Payment("cash", 998)])
    (line,) = lines_of(shop, bill.sale_id)
    refunds = [
        return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 1_000}).refund_fen
        for _ in range(3)
    ]
    assert sum(refunds) == 998
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 0
    assert balance_fen(Account.INVENTORY, company_id=shop.company_id) == 3_000
    with pytest.raises(InputError, match="最多还能退 0"):
        return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 1_000})


def test_a_refund_first_lowers_what_the_customer_owes(shop: OpenedShop) -> None:
    customer = add_customer(shop, credit_yuan=100)
    tea = add_product(shop, stock=10)
    payments = [Payment("credit", 1_500), Payment("cash", 500)]
    bill = checkout(shop.actor, cart=cart_of(shop, (tea, 2), customer_id=customer), payments=payments)
    (line,) = lines_of(shop, bill.sale_id)
    back = return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 1_000})
    assert dict(back.by_tender) == {"credit": 1_000}
    back = return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 1_000})
    assert dict(back.by_tender) == {"credit": 500, "cash": 500}


def test_what_was_paid_by_phone_may_go_back_in_cash_and_what_is_left_stays_right(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 600, 300)
    tea = add_product(shop, stock=10)
    payments = [Payment("wechat", 1_100), Payment("stored_value", 900)]
    bill = checkout(shop.actor, cart=cart_of(shop, (tea, 2), customer_id=customer), payments=payments)
    (line,) = lines_of(shop, bill.sale_id)
    asked: dict[str, Any] = {"sale_id": bill.sale_id, "quantities": {line: 1_000}}
    first = return_goods(shop.actor, key=new_key(), **asked, way=RefundWay.CASH)
    assert dict(first.by_tender) == {"cash": 550, "stored_value": 450}
    (told,) = fetch("SELECT detail FROM till_event WHERE kind = 'returned'")
    assert told == (f"{first.number}（退现金）",)
    second = return_goods(shop.actor, key=new_key(), **asked)
    assert dict(second.by_tender) == {"wechat": 550, "stored_value": 450}
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == (600, 300)
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 600 - 550
    assert not faults()


def test_returning_twice_with_one_key_returns_once(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    bill = sell(shop, (tea, 2))
    (line,) = lines_of(shop, bill.sale_id)
    key = new_key()
    first = return_goods(shop.actor, key=key, sale_id=bill.sale_id, quantities={line: 1_000})
    assert return_goods(shop.actor, key=key, sale_id=bill.sale_id, quantities={line: 1_000}) == first
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 1_000


def test_a_refund_may_go_into_stored_value_instead(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    tea = add_product(shop, stock=10)
    bill = sell(shop, (tea, 2), customer_id=customer)
    (line,) = lines_of(shop, bill.sale_id)
    return_goods(
        shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line: 2_000}, way=RefundWay.STORED
    )
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == (2_000, 0)
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 2_000


def test_damaged_goods_come_back_and_go_to_waste(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10, cost_fen=300)
    bill = sell(shop, (tea, 2))
    (line,) = lines_of(shop, bill.sale_id)
    return_goods(
        shop.actor,
        key=new_key(),
        sale_id=bill.sale_id,
        quantities={line: 2_000},
        to_waste=True,
        reason="破损",
    )
    assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", tea) == 8_000
    assert balance_fen(Account.INVENTORY, company_id=shop.company_id) == 2_400
    assert balance_fen(Account.STOCK_DIFFERENCE, company_id=shop.company_id) == 600


@pytest.mark.parametrize("quantities", [{}, {99: 1_000}])
def test_nothing_or_foreign_goods_cannot_come_back(shop: OpenedShop, quantities: dict[int, int]) -> None:
    bill = sell(shop, (add_product(shop, stock=10), 2))
    with pytest.raises(InputError):
        return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities=quantities)


def test_parts_that_went_into_stored_value_leave_the_points_to_come_back_as_points(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"points.on": True})
    customer = add_customer(shop)
    adjust_points(shop.actor, key=new_key(), customer_id=customer, points=4_400, reason="期初")
    cart = cart_of(shop, (add_product(shop, stock=10), 10), customer_id=customer)
    ways = [Payment("points", 4_400), Payment("cash", 5_600)]
    bill = checkout(shop.actor, cart=cart, payments=ways).sale_id
    (line,) = bill_detail(shop.actor, sale_id=bill).lines
    given: Counter[str] = Counter()
    for pieces, stored in ((3, True), (4, False), (3, False)):
        wanted = {line.id: pieces * 1_000}
        back = return_goods(
            shop.actor,
            key=new_key(),
            sale_id=bill,
            quantities=wanted,
            way=RefundWay.STORED if stored else RefundWay.AS_PAID,
        )
        given.update(dict(back.by_tender))
    assert given == {"points": 4_400, "stored_value": 1_680, "cash": 3_920}
    assert points_left(customer, shop.actor.today()) == 4_400
    assert not faults()
