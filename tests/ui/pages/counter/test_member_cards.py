"""A member's card and spending PIN at the counter, by keyboard."""

from collections.abc import Callable
from functools import partial

import pytest

from meiping.domains.customers.cards import replace_card
from meiping.domains.customers.spending_pins import has_spending_pin, make_spending_pin
from meiping.domains.ledger.queries import balances_in
from meiping.domains.sales.spending_pins import set_spending_pin
from meiping.ui.pages.counter.payment_draft import offered_tenders
from meiping.ui.pages.counter.side_column import Side
from meiping.ui.shell.shell_context import DOUBLE_PRESS_MS
from tests import factories
from tests.shop import CHEAP, OpenedShop
from tests.ui.pages.counter.conftest import SOAP, Clerk
from tests.windows import buttons, dialogs, texts, when_asked


@pytest.fixture
def li(shop: OpenedShop) -> int:
    return factories.add_customer(shop, name="李娜", card_number="88000456")


def wait_for(clerk: Clerk, done: Callable[[], bool]) -> None:
    """Until a worker has come back."""
    for _ in range(200):
        if done():
            return
        clerk.wait(0.03)
    raise AssertionError("it took too long")


def pinned(shop: OpenedShop, li: int, fen: int = 50_000) -> None:
    factories.recharge(shop, li, fen)
    set_spending_pin(shop.actor, customer_id=li, pin_hash=make_spending_pin("2580", cost=CHEAP))


def stored(shop: OpenedShop, li: int) -> int:
    return balances_in(shop.company_id, li).stored_principal_fen


def pay_from_stored(clerk: Clerk) -> None:
    """12 yuan by stored value, the second tender that needs the customer."""
    clerk.key("Return")
    offered = [tender.key for tender in offered_tenders(points=False)]
    clerk.type(str(offered.index("stored_value") + 1))
    clerk.key("Return")


def test_the_member_types_his_pin_before_stored_value_pays(clerk: Clerk, shop: OpenedShop, li: int):
    pinned(shop, li)
    clerk.scan(SOAP)
    clerk.scan("88000456")
    seen: list[str] = []

    def wrong() -> None:
        window = dialogs(clerk.root)[-1]
        seen.extend(texts(window))
        clerk.enter("1357")
        wait_for(clerk, lambda: any("消费密码不对" in text for text in texts(window)))
        window.dismiss()

    def right() -> None:
        window = dialogs(clerk.root)[-1]
        clerk.enter("2580")
        wait_for(clerk, lambda: not window.winfo_exists())

    clerk.in_dialog(wrong)
    pay_from_stored(clerk)
    assert {"李娜 · 用储值付", "¥12.00"} <= set(seen)
    assert stored(shop, li) == 50_000
    shop.clock.advance(seconds=2)
    clerk.in_dialog(right)
    clerk.page.commands.settling.settle_key()
    wait_for(clerk, lambda: not clerk.lines())
    assert stored(shop, li) == 48_800


def test_without_the_pin_the_payment_goes_on_and_nothing_is_spent(clerk: Clerk, shop: OpenedShop, li: int):
    pinned(shop, li)
    clerk.scan(SOAP)
    clerk.scan("88000456")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    pay_from_stored(clerk)
    assert clerk.state() is Side.PAYING
    assert stored(shop, li) == 50_000
    clerk.in_dialog(lambda: clerk.key("F4"))
    clerk.key("Return")
    wait_for(clerk, lambda: not clerk.lines())
    assert stored(shop, li) == 48_800


def test_a_pin_is_set_and_ended_at_the_counter(clerk: Clerk, shop: OpenedShop, li: int):
    clerk.scan("88000456")

    def fill() -> None:
        window = dialogs(clerk.root)[-1]
        clerk.enter("2580")
        clerk.enter("2581")
        assert any("不一样" in text for text in texts(window))
        clerk.key("Control-a")
        clerk.enter("2580")
        wait_for(clerk, lambda: not window.winfo_exists())

    def service() -> None:
        digit = next(text[0] for text in texts(dialogs(clerk.root)[-1]) if text.endswith("  消费密码"))
        clerk.type(digit)

    clerk.in_dialog(lambda: clerk.in_dialog(fill), service)
    clerk.key("F10")
    assert has_spending_pin(shop.actor, customer_id=li)

    def end() -> None:
        when_asked(clerk.root, "不再使用")
        buttons(clerk.root)["不再使用密码"].invoke()

    clerk.in_dialog(lambda: clerk.in_dialog(end), service)
    clerk.key("F10")
    assert not has_spending_pin(shop.actor, customer_id=li)


def test_the_old_card_says_so_and_brings_its_owner_by_a_yes_only(clerk: Clerk, shop: OpenedShop, li: int):
    replace_card(shop.actor, customer_id=li, card_number="88000999")
    clerk.scan("88000456")
    assert "这张卡已换成新卡" in clerk.said()
    assert clerk.page.till.customer is None
    clerk.key("Return")
    assert clerk.page.till.customer is not None
    assert clerk.page.till.customer.id == li


def test_a_card_is_stopped_and_freed_only_after_a_yes(clerk: Clerk, shop: OpenedShop, li: int):
    clerk.scan("88000456")
    asked: list[str] = []

    def service() -> None:
        seen = texts(dialogs(clerk.root)[-1])
        clerk.type(next(text[0] for text in seen if text.endswith(("  会员卡挂失", "  解除挂失"))))

    def answer(key: str) -> None:
        asked.extend(text for text in texts(dialogs(clerk.root)[-1]) if "李娜" in text)
        clerk.key(key)

    for key, lost in (("Escape", False), ("Return", True), ("Escape", True), ("Return", False)):
        clerk.in_dialog(partial(clerk.in_dialog, partial(answer, key)), service)
        clerk.key("F10")
        assert clerk.page.till.customer is not None
        assert clerk.page.till.customer.card_lost is lost
        clerk.wait(DOUBLE_PRESS_MS / 1000 + 0.05)
    assert asked[::2] == ["挂失李娜的会员卡吗？", "李娜的会员卡找到了，解除挂失吗？"]
