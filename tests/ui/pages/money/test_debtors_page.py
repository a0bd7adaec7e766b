"""应收欠款 as a page: money taken, given up and a statement made from the list, by keyboard."""

from datetime import timedelta
from pathlib import Path

import pytest

from meiping.domains.ledger.queries import customer_balances
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.ui.pages.money.debtors_page import PAGE
from tests import factories
from tests.adapters.paper import page_texts


@pytest.fixture
def wang(shop) -> int:
    """He owes ¥30 for twenty days."""
    customer_id = factories.add_customer(shop, name="王小明", credit_yuan=500)
    goods = factories.add_product(shop, stock=50)
    cart = factories.cart_of(shop, (goods, 3), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)])
    shop.clock.advance(days=20)
    return customer_id


def names(page) -> list[str]:
    page.list.update()
    return [row["name"] for row in page.list.visible_rows()]


def test_money_is_taken_from_the_list_and_who_owes_nothing_leaves_it(
    opened, shop, wang, press, dialog, no_dialog
):
    page = opened(PAGE)
    assert names(page) == ["王小明"]
    press(page.list.tree, "<Home>", "<F7>")
    assert dialog().form.value("amount_fen") == 3_000
    dialog().submit()
    assert no_dialog()
    assert customer_balances(shop.actor, customer_id=wang).debt_fen == 0
    assert names(page) == []


def test_the_list_is_narrowed_to_what_is_late(opened, wang):
    page = opened(PAGE)
    page.narrow("", late="1")
    assert names(page) == ["王小明"]
    page.narrow("", late="31")
    assert names(page) == []


def test_a_statement_comes_out_on_paper_with_shop_and_customer(
    opened, shop, wang, press, dialog, no_dialog, context, monkeypatch
):
    seen: list[Path] = []
    monkeypatch.setattr("meiping.ui.list_output.open_in_system", seen.append)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F4>")
    form = dialog().form
    form.set_value("first_date", shop.actor.today() - timedelta(days=30))
    dialog().submit()
    assert no_dialog()
    text = "\n".join(page_texts(seen[0]))
    for word in (
        "对账单",
        context.facts()["shop"],
        "王小明",
        "上期余额",
        "XS-20260316-0001",
        "未付单据 1 张",
    ):
        assert word in text


def test_days_in_the_wrong_order_are_told_and_nothing_is_printed(opened, shop, wang, press, dialog):
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F4>")
    dialog().form.set_value("first_date", shop.actor.today() + timedelta(days=1))
    dialog().submit()
    assert dialog().form._asked["first_date"].message.cget("text")


def test_letters_to_several_customers_have_pages_of_their_own(
    opened, shop, wang, press, context, monkeypatch
):
    seen: list[Path] = []
    monkeypatch.setattr("meiping.ui.list_output.open_in_system", seen.append)
    other = factories.add_customer(shop, name="李小红", credit_yuan=500)
    cart = factories.cart_of(shop, (factories.add_product(shop, stock=5), 1), customer_id=other)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)])
    page = opened(PAGE)
    press(page.list.tree, "<Control-a>", "<F8>")
    first, second = page_texts(seen[0])
    assert all(word in first for word in ("催缴单", "王小明", "¥30.00", "第 1 页"))
    assert all(word in second for word in ("催缴单", "李小红", "¥10.00", "第 1 页"))
