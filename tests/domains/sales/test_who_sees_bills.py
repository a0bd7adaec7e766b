"""Whose bills a salesperson sees who is shown own customers only."""

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.customers.sharing import share_customers
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_by_number, bill_detail, bills
from meiping.domains.sales.service import checkout
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from tests.factories import add_customer, add_product, cart_of, cash, sell
from tests.shop import OpenedShop


@pytest.fixture
def seller(shop: OpenedShop) -> Actor:
    permissions = ["customers.view", "sales.checkout", "sales.view"]
    save_role(shop.actor, role_id=None, name="导购", scope=Scope.OWN, permissions=permissions)
    return shop.add_operator("小周", "导购")


def test_bills_without_a_customer_are_seen_by_who_made_them(shop, seller):
    goods = add_product(shop, stock=9)
    anothers = sell(shop, (goods, 1))
    cart = cart_of(shop, (goods, 1))
    own = checkout(seller, cart=cart, payments=cash(price_bill(cart).total_fen))
    for_him = cart_of(shop, (goods, 1), salesperson_id=seller.operator_id)
    sold = checkout(shop.actor, cart=for_him, payments=cash(price_bill(for_him).total_fen))
    assert {row["id"] for row in bills(seller).window(0, 9, None)} == {own.sale_id, sold.sale_id}
    assert bills(shop.actor).count() == 3
    with pytest.raises(NotFound):
        bill_detail(seller, sale_id=anothers.sale_id)
    with pytest.raises(NotFound):
        bill_by_number(seller, number=anothers.number)


def test_bills_of_a_shared_customer_are_seen_as_long_as_it_is_shared(shop, seller):
    goods = add_product(shop, stock=9)
    who = add_customer(shop, owner_id=shop.actor.operator_id)
    bill = sell(shop, (goods, 1), customer_id=who)
    assert bills(seller).count() == 0
    share_customers(shop.actor, customer_ids=[who], operator_id=seller.operator_id, until=shop.actor.today())
    assert bill_detail(seller, sale_id=bill.sale_id).customer_id == who
    assert bills(seller).count() == 1
    shop.clock.advance(days=1)
    assert bills(seller).count() == 0
