"""What was taken for a bill before it is settled is there again after the program was killed, as long as it fits."""

import subprocess
import sys
from dataclasses import replace

import pytest

from meiping.domains.sales.at_till import open_cart
from meiping.domains.sales.carts import hold_cart, recall_cart, save_cart
from meiping.domains.sales.kept_payments import KeptPayment, keep_payment, kept_payment
from meiping.domains.sales.payments import Payment
from meiping.store.database import close_database
from meiping.store.folder import DataFolder
from meiping.ui.pages.counter.side_column import Side
from tests import factories
from tests.domains.counter_work import open_shop
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import COLA, SOAP, Clerk

LIFE = """
import os, signal, sys, pathlib
from meiping.app import run_window
from meiping.ui.shell.window import MainWindow
from tests.windows import texts
def painted(root):
    window = next(child for child in root.winfo_children() if isinstance(child, MainWindow))
    root.focus_force()
    root.update()
    window.context.open_page("counter")
    root.after(100, step, root, sys.argv[2].split())
def step(root, left):
    root.update()
    if not left:
        print(*texts(root), sep="|", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    path = root.tk.eval("focus")
    if path:
        root.nametowidget(path).event_generate(f"<{left[0]}>", time=1_000_000 - 400 * len(left))
    else:  # another window has taken the keys
        root.focus_lastfor().focus_force()
    root.after(150, step, root, left[1:] if path else left)
sys.exit(run_window(pathlib.Path(sys.argv[1]), operator_id=1, first_painted=painted))
"""
"""The program from its start through some keys until it is killed; it tells all that can be read then."""


def a_life(folder: DataFolder, *keys: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", LIFE, str(folder.root), " ".join(keys)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=90,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stdout.strip().split("|")


@pytest.mark.skipif(sys.platform == "win32", reason="tells a kill by its signal")
def test_killed_while_money_is_taken_the_till_comes_back_with_it(closed_shop: DataFolder) -> None:
    shop = open_shop(closed_shop)
    factories.add_product(shop, code="77", list_price_fen=1_200, stock=5)
    close_database()
    first = a_life(closed_shop, "Key-7", "Key-7", "Return", "F12", "Key-2", "Key-5", "Return")
    assert "已收 微信" in first
    second = a_life(closed_shop, "F12")
    assert "已收 微信" in second
    assert "接着上次没结完的收款：已收微信 ¥5.00。" in second
    assert "¥7.00" in second


def taken(clerk: Clerk) -> list[tuple[str, int]]:
    draft = clerk.page.side.payment.draft
    assert draft is not None
    return draft.words()


def wechat(clerk: Clerk, yuan: str) -> None:
    clerk.type("2")
    clerk.type(yuan)
    clerk.key("Return")


def test_each_payment_taken_and_taken_back_is_kept(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.scan(SOAP)
    clerk.key("F12")
    wechat(clerk, "5")
    clerk.type("3")
    clerk.type("4")
    clerk.key("Return")
    clerk.sit_down()
    assert clerk.state() is Side.SALE
    clerk.key("F12")
    assert taken(clerk) == [("微信", 500), ("支付宝", 400)]
    assert clerk.big() == ("还差", "¥3.00")
    clerk.key("BackSpace")
    clerk.sit_down()
    clerk.key("F12")
    assert taken(clerk) == [("微信", 500)]
    clerk.key("Return")
    assert list(clerk.bills()[0].tenders) == [("微信", 500, 500), ("现金", 700, 700)]


def test_stored_value_taken_first_is_kept_too(clerk: Clerk, shop: OpenedShop) -> None:
    li = factories.add_customer(shop, name="李娜", card_number="88000456")
    factories.recharge(shop, li, 500)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.type("7")
    clerk.sit_down()
    clerk.key("F12")
    assert taken(clerk) == [("储值", 500)]


def test_what_does_not_fit_any_more_is_dropped_with_a_word(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.scan(SOAP)
    clerk.key("F12")
    wechat(clerk, "5")
    key = clerk.page.till.cart.key
    kept = kept_payment(shop.actor, cart_key=key)
    assert kept == KeptPayment(1_200, None, (Payment("wechat", 500),))
    keep_payment(shop.actor, cart_key=key, kept=replace(kept, total_fen=1_300))
    clerk.sit_down()
    clerk.key("F12")
    assert taken(clerk) == []
    assert clerk.said() == "单子有变动，上次收的微信 ¥5.00没有接上，请重新收款。"
    assert kept_payment(shop.actor, cart_key=key) is None


def test_left_with_esc_or_settled_nothing_is_kept(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.scan(SOAP)
    clerk.key("F12")
    wechat(clerk, "5")
    key = clerk.page.till.cart.key
    clerk.key("Escape")
    assert kept_payment(shop.actor, cart_key=key) is None
    clerk.key("F12")
    assert taken(clerk) == [("微信", 500)], "while the window stands it counts on"
    assert kept_payment(shop.actor, cart_key=key) is not None
    clerk.key("Escape")
    clerk.scan(COLA)
    clerk.sit_down()
    clerk.key("F12")
    assert taken(clerk) == []
    clerk.key("Return")
    assert open_cart(shop.actor) is None
    assert kept_payment(shop.actor, cart_key=key) is None


def test_another_operator_finds_it_with_the_bill_that_was_put_aside(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.scan(SOAP)
    clerk.key("F12")
    wechat(clerk, "5")
    clerk.context.actor = shop.as_role("店长")
    clerk.sit_down()
    assert clerk.lines() == []
    clerk.key("F6")
    clerk.key("F12")
    assert taken(clerk) == [("微信", 500)]


def test_a_change_of_the_cart_forgets_what_was_taken(shop: OpenedShop) -> None:
    cart = factories.cart_of(shop, (factories.add_product(shop, stock=5), 1))
    save_cart(shop.actor, cart=cart)
    kept = KeptPayment(1_000, None, (Payment("cash", 400, 400),), keep_change=True)
    keep_payment(shop.actor, cart_key=cart.key, kept=kept)
    hold_cart(shop.actor, cart=cart)
    assert recall_cart(shop.actor, key=cart.key) == cart
    assert open_cart(shop.actor) == cart
    assert kept_payment(shop.actor, cart_key=cart.key) == kept, "put aside and taken back it is the same bill"
    save_cart(shop.actor, cart=replace(cart, note="加急"))
    assert kept_payment(shop.actor, cart_key=cart.key) is None
    keep_payment(shop.actor, cart_key="no cart of this key", kept=kept)
