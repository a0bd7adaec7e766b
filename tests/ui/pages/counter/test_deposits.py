"""定金 at the counter: taken and given back by F10, counted when the bill is settled."""

import pytest

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.deposits import deposit_of_cart
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import SOAP, Clerk
from tests.windows import dialogs, texts


@pytest.fixture
def li(shop: OpenedShop) -> int:
    return factories.add_customer(shop, name="李娜", card_number="88000456")


def serve(clerk: Clerk, title: str, yuan: str = "", *, asked: bool = False) -> None:
    """F10, the service with this title, and its form; where it is ``asked`` whether to, yes."""

    def fill() -> None:
        if yuan:
            clerk.type(yuan)
        if asked:
            clerk.in_dialog(lambda: clerk.key("Return"))
        clerk.key("Control-s")

    def choose() -> None:
        there = [word for word in texts(dialogs(clerk.root)[-1]) if title in word]
        clerk.in_dialog(fill)
        clerk.type(there[0].strip()[0])

    clerk.in_dialog(choose)
    clerk.key("F10")
    clerk.wait(0.3)


@pytest.fixture
def ordered(clerk: Clerk, li: int) -> Clerk:
    """Soap of ¥12.00 for 李娜."""
    clerk.scan(SOAP)
    clerk.scan("88000456")
    return clerk


def test_a_deposit_waits_with_the_held_bill_and_lowers_what_is_left_to_pay(ordered: Clerk, shop: OpenedShop):
    clerk = ordered
    serve(clerk, "收定金", "5")
    assert "已付定金 ¥5.00" in texts(clerk.page.side)
    clerk.key("F6", "Return")
    assert clerk.lines() == []
    clerk.key("F6")
    assert "已付定金 ¥5.00" in texts(clerk.page.side)
    clerk.key("F12")
    assert clerk.big() == ("还差", "¥7.00")
    clerk.key("BackSpace")
    assert clerk.big() == ("还差", "¥7.00"), "what was paid beforehand is not taken back by Backspace"
    clerk.key("Return")
    (bill,) = clerk.bills()
    assert bill.tenders == (("定金", 500, 500), ("现金", 700, 700))
    clerk.scan(SOAP)
    assert "已付定金 ¥5.00" not in texts(clerk.page.side)


def test_what_is_over_is_told_before_and_after_it_goes_back(ordered: Clerk, shop: OpenedShop):
    clerk = ordered
    serve(clerk, "收定金", "20", asked=True)
    clerk.key("F12")
    assert clerk.big() == ("已付清", "¥12.00")
    assert "定金多出 ¥8.00，退现金" in texts(clerk.page.side)
    clerk.key("Return")
    assert clerk.big() == ("退定金", "¥8.00")
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 1_200


def test_a_bill_with_a_deposit_is_cleared_once_it_was_given_back(ordered: Clerk, shop: OpenedShop):
    clerk = ordered
    serve(clerk, "收定金", "5")
    key = clerk.page.till.cart.key
    clerk.in_dialog(lambda: clerk.key("Left", "Return"))
    clerk.key("Control-Delete")
    assert "退定金，再删除" in clerk.context.told()
    clerk.key("End")
    assert clerk.page.side.card.name.whole == "李娜"
    serve(clerk, "退定金")
    assert deposit_of_cart(shop.actor, cart_key=key) == 0
    clerk.in_dialog(lambda: clerk.key("Left", "Return"))
    clerk.key("Control-Delete")
    assert clerk.lines() == []
