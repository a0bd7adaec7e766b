"""A bill for the customer whose page the clerk came from: the counter says so and leads back."""

import pytest

from meiping.domains.sales.queries import held_carts
from tests import factories
from tests.ui.pages.counter.conftest import COLA, Clerk


@pytest.fixture
def wang(shop) -> int:
    return factories.add_customer(shop, name="王小明")


def head(clerk: Clerk) -> str:
    return str(clerk.page.head._facts.cget("text"))


def test_esc_leads_back_to_the_customer(clerk: Clerk, wang: int):
    clerk.page.open(customer_id=wang, to_hub=True)
    assert "来自客户操作 · Esc 返回" in head(clerk)
    clerk.key("Escape")
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]
    assert "来自客户操作" not in head(clerk)
    assert clerk.page.till.cart.customer_id is None, "the next bill is not his by mistake"
    clerk.key("Escape")
    assert len(clerk.context.opened) == 1


def test_a_bill_settled_leads_back(clerk: Clerk, wang: int):
    clerk.page.open(customer_id=wang, to_hub=True)
    clerk.scan(COLA)
    clerk.key("F12", "F12")
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]
    assert "已结账" in clerk.context.told()


def test_a_bill_put_aside_leads_back(clerk: Clerk, wang: int):
    clerk.page.open(customer_id=wang, to_hub=True)
    clerk.scan(COLA)
    clerk.key("F6", "Return")
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]
    assert [held.customer for held in held_carts(clerk.context.actor)] == ["王小明"]


def test_change_stays_in_sight_until_enter(clerk: Clerk, wang: int):
    clerk.page.open(customer_id=wang, to_hub=True)
    clerk.scan(COLA)
    clerk.key("F12", "space", "Return")
    assert clerk.big()[0] == "找零"
    assert not clerk.context.opened
    clerk.key("Return")
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]


def test_another_customers_bill_waits_meanwhile(clerk: Clerk, shop, wang: int):
    clerk.page.open(customer_id=factories.add_customer(shop, name="陈三"))
    clerk.scan(COLA)
    clerk.page.open(customer_id=wang, to_hub=True)
    assert [held.customer for held in held_carts(clerk.context.actor)] == ["陈三"]
    assert clerk.page.till.cart.customer_id == wang
    assert not clerk.page.till.cart.lines


def test_without_the_hub_esc_stays(clerk: Clerk, wang: int):
    clerk.page.open(customer_id=wang)
    clerk.key("Escape")
    assert not clerk.context.opened
