"""A bill for the customer whose page the clerk came from: the counter says so and leads back."""

import pytest

from meiping.domains.deals.queries import quote_detail
from meiping.domains.deals.rules import QuoteState
from meiping.domains.deals.service import give_up_quotes
from meiping.domains.sales.at_till import held_carts
from tests import factories
from tests.domains.deals.quoting import offer
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


def test_a_quote_becomes_a_bill_at_the_prices_told(clerk: Clerk, shop, goods, wang: int):
    quote = offer(shop, wang, (goods["soap"], 4, 1_000), (goods["cola"], 6, 300))
    clerk.page.open(customer_id=wang, to_hub=True, quote_id=quote)
    assert clerk.lines() == [("香皂", "4 块", "¥40.00"), ("可口可乐", "6 瓶", "¥18.00")]
    assert "报价 ¥3.00" in clerk.page.side.card._line.cget("text")
    assert "来自客户操作 · Esc 返回" in head(clerk)
    clerk.key("F12", "F12")
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]
    assert quote_detail(shop.actor, quote_id=quote).state is QuoteState.BILLED


def test_what_stood_on_the_counter_waits_while_a_quote_is_sold(clerk: Clerk, shop, goods, wang: int):
    clerk.scan(COLA)
    quote = offer(shop, wang, (goods["soap"], 4, 1_000))
    clerk.page.open(customer_id=wang, to_hub=True, quote_id=quote)
    assert [line[0] for line in clerk.lines()] == ["香皂"]
    assert [held.customer for held in held_carts(shop.actor)] == ["散客"]
    assert clerk.context.told() == "散客的单已挂起，空着按 F6 取回。"
    clerk.page.open(customer_id=wang, to_hub=True, quote_id=quote)
    assert [line[0] for line in clerk.lines()] == ["香皂"]
    assert len(held_carts(shop.actor)) == 1


def test_a_quote_that_is_refused_leads_back_with_the_reason(clerk: Clerk, shop, goods, wang: int):
    quote = offer(shop, wang, (goods["soap"], 4, 1_000))
    give_up_quotes(shop.actor, quote_ids=[quote])
    clerk.page.open(customer_id=wang, to_hub=True, quote_id=quote)
    assert clerk.context.opened == [("customer_hub", {"customer_id": wang})]
    assert "已经放弃" in clerk.context.told()
    assert not clerk.lines()


def test_the_price_told_last_stands_beside_the_price_paid_last(clerk: Clerk, shop, goods, wang: int):
    factories.sell(shop, (goods["soap"], 1), customer_id=wang)
    offer(shop, wang, (goods["soap"], 4, 1_000))
    clerk.page.open(customer_id=wang)
    clerk.scan("6901028055550")
    assert clerk.page.side.card._line.cget("text").startswith("这件上次价 ¥12.00 · 报价 ¥10.00")
