"""An annual fee is laid on the counter, paid, and leads back to where the clerk came from."""

import pytest

from meiping.domains.sales.at_till import held_carts
from tests import factories
from tests.domains.renewals.serving import add_machine, terms
from tests.ui.pages.counter.conftest import COLA, Clerk


@pytest.fixture
def firm(shop) -> int:
    firm = factories.add_customer(shop, name="恒达贸易")
    factories.sell(shop, (add_machine(shop), 2), customer_id=firm)
    return firm


def test_the_fee_stands_there_and_paid_the_service_goes_on(clerk: Clerk, shop, firm: int):
    clerk.page.open(customer_id=firm, renew=[terms(shop)[0]["id"]])
    assert clerk.lines() == [("收银机 年费（至 2028-03-15）", "2 台", "¥600.00")]
    clerk.key("F12", "F12")
    assert [row["state"] for row in terms(shop)] == ["已续费", "服务中"]
    assert not clerk.context.opened


def test_from_the_hub_it_leads_back_there(clerk: Clerk, shop, firm: int):
    clerk.page.open(customer_id=firm, to_hub=True, renew=[terms(shop)[0]["id"]])
    clerk.key("F12", "F12")
    assert clerk.context.opened == [("customer_hub", {"customer_id": firm})]


def test_what_stood_there_waits(clerk: Clerk, shop, goods, firm: int):
    clerk.scan(COLA)
    clerk.page.open(customer_id=firm, renew=[terms(shop)[0]["id"]])
    assert len(clerk.lines()) == 1
    assert [held.customer for held in held_carts(shop.actor)] == ["散客"]


def test_a_renewal_that_is_refused_leads_back_with_the_reason(clerk: Clerk, shop, firm: int):
    clerk.page.open(customer_id=firm, to_hub=True, renew=[999])
    assert "已经不在了" in clerk.context.told()
    assert clerk.context.opened == [("customer_hub", {"customer_id": firm})]
