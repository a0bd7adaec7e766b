"""What the windows for recharging and receiving say and fill in while they are filled in."""

import pytest

from meiping.domains.receivables.queries import open_items
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import checkout
from meiping.ui.pages.customers.customer_hub_page import PAGE
from tests import factories


@pytest.fixture
def wang(shop) -> int:
    """Who owes for two bills, ¥10.00 and ¥20.00."""
    customer_id = factories.add_customer(shop, credit_yuan=1_000)
    product = factories.add_product(shop, stock=20)
    for count in (1, 2):
        cart = factories.cart_of(shop, (product, count), customer_id=customer_id)
        checkout(shop.actor, cart=cart, payments=[Payment("credit", count * 1_000)])
    return customer_id


def said_under(form, key: str) -> str:
    return str(form._asked[key].message.cget("text"))


def test_no_rule_is_missed_before_a_sum_is_typed(opened, wang, press, dialog, fill):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F6>")
    form = dialog().form
    assert said_under(form, "bonus_fen") == ""
    fill(dialog(), principal_fen="50")
    assert said_under(form, "bonus_fen") == "没有适用的充值规则"
    fill(dialog(), principal_fen="")
    assert said_under(form, "bonus_fen") == ""


def test_ticking_bills_fills_in_their_sum_but_never_over_a_typed_one(opened, shop, wang, press, dialog, fill):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F7>")
    form = dialog().form
    first, second = [row["id"] for row in open_items(shop.actor, customer_id=wang).rows]
    assert (form.value("amount_fen"), said_under(form, "amount_fen")) == (3_000, "先还最早的")
    form.set_value("bills", [second])
    assert (form.value("amount_fen"), said_under(form, "amount_fen")) == (2_000, "")
    fill(dialog(), amount_fen="15")
    form.set_value("bills", [first, second])
    assert form.value("amount_fen") == 1_500
    form.set_value("bills", [])
    assert (form.value("amount_fen"), said_under(form, "amount_fen")) == (1_500, "先还最早的")
