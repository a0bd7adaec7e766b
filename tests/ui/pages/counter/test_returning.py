"""Goods come back: found by number or customer, whole or in part, with what goes back said before."""

import tkinter as tk
from typing import Any

import pytest

from meiping.domains.access.pins import make_pin_hash, set_own_pin
from meiping.domains.access.service import save_role
from meiping.domains.ledger.queries import balances_in
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.service import checkout
from meiping.kernel.actor import Scope
from meiping.store.database import fetch
from meiping.ui.bills.return_dialog import ReturnDialog
from meiping.ui.bills.return_form import Chosen
from meiping.ui.pages.counter.side_column import Side
from meiping.ui.shell.shell_context import DOUBLE_PRESS_MS
from tests import factories
from tests.shop import CHEAP, OpenedShop
from tests.ui.pages.counter.conftest import COLA, SOAP, Clerk
from tests.windows import dialogs, when_asked


def sell(clerk: Clerk, *codes: str) -> str:
    """A cash bill; gives its number."""
    for code in codes:
        clerk.enter(code)
    clerk.key("F12", "Return")
    clerk.wait(DOUBLE_PRESS_MS / 1000 + 0.05)  # settling again sooner is a second press of the same key
    return clerk.bills()[0].number


def dialog(clerk: Clerk) -> ReturnDialog:
    """The open return window."""
    found = [w for w in clerk.root.winfo_children() if isinstance(w, ReturnDialog)]
    return found[-1]


def look(clerk: Clerk, seen: dict[str, Any]) -> None:
    """Note what the open window says."""
    form = dialog(clerk).form
    seen["refund"] = str(form._refund.cget("text"))
    seen["by"] = str(form._by.cget("text"))
    seen["wrong"] = str(form._wrong.cget("text"))
    seen["usable"] = dialog(clerk).submit_button.instate(["!disabled"])


def test_a_whole_bill_by_its_number(clerk: Clerk):
    number = sell(clerk, f"2*{SOAP}", COLA)
    seen: dict[str, Any] = {}
    clerk.in_dialog(
        lambda: clerk.enter(number.replace("-", "")),
        lambda: look(clerk, seen),
        lambda: clerk.key("Control-Return"),
    )
    clerk.key("F7")
    assert (seen["refund"], seen["by"]) == ("退 ¥27.50", "退现金 ¥27.50")
    back = clerk.bills()[0]
    assert (back.kind, back.total_fen, back.original_number) == ("return", -2_750, number)
    assert clerk.state() is Side.DONE
    assert clerk.big() == ("退款", "¥27.50")
    assert clerk.scan_has_focus()


def test_the_list_and_the_form_without_a_mouse(clerk: Clerk):
    number = sell(clerk, COLA)
    seen: dict[str, Any] = {}

    def note() -> None:
        form = dialog(clerk).form
        seen["bill"] = form.bill.number if form.bill is not None else ""
        last = form._asked[-1].entry
        seen["after"] = last.tk_focusNext()
        seen["reason"] = form.reason

    clerk.in_dialog(lambda: clerk.key("Down", "Return"), note, lambda: clerk.key("Escape"))
    clerk.key("F7")
    assert seen["bill"] == number
    assert seen["after"] is seen["reason"]


def test_part_of_a_bill_and_later_the_rest(clerk: Clerk):
    sell(clerk, f"3*{SOAP}")
    seen: dict[str, Any] = {}
    clerk.in_dialog(
        lambda: clerk.key("Return"),
        lambda: clerk.type("1"),
        lambda: look(clerk, seen),
        lambda: clerk.key("Return"),
        lambda: clerk.type("拿错了"),
        lambda: clerk.key("Return"),
    )
    clerk.key("F7")
    assert seen["refund"] == "退 ¥12.00"
    assert (clerk.bills()[0].total_fen, clerk.bills()[0].note) == (-1_200, "拿错了")
    clerk.in_dialog(lambda: clerk.key("Return"), lambda: look(clerk, seen), lambda: clerk.key("F12"))
    clerk.key("F7")
    assert seen["refund"] == "退 ¥24.00"
    assert [bill.total_fen for bill in clerk.bills()] == [-2_400, -1_200, 3_600]


@pytest.mark.parametrize(("typed", "told"), [("9", "最多还能退 3"), ("abc", "不是数字"), ("-1", "不能小于")])
def test_a_quantity_that_cannot_come_back_is_told_and_books_nothing(clerk: Clerk, typed: str, told: str):
    sell(clerk, f"3*{SOAP}")
    seen: dict[str, Any] = {}

    def note() -> None:
        entry = dialog(clerk).form._asked[0].entry
        seen["style"], seen["typed"] = str(entry.cget("style")), entry.text.get()
        seen["focus"] = clerk.root.tk.eval("focus") == str(entry)

    def to_the_reason() -> None:
        dialog(clerk).form.reason.focus_set()

    clerk.in_dialog(
        lambda: clerk.key("Return"),
        lambda: dialog(clerk).form._asked[0].entry.text.set(typed),
        lambda: clerk.wait(0.05),
        lambda: look(clerk, seen),
        to_the_reason,
        lambda: clerk.key("Control-Return"),
        note,
        lambda: clerk.key("Escape"),
    )
    clerk.key("F7")
    assert told in seen["wrong"]
    assert (seen["style"], seen["typed"], seen["focus"]) == ("Wrong.TEntry", typed, True)
    assert not seen["usable"]
    assert len(clerk.bills()) == 1


def test_nothing_chosen_returns_nothing(clerk: Clerk):
    sell(clerk, SOAP)
    seen: dict[str, Any] = {}
    clerk.in_dialog(
        lambda: clerk.key("Return"),
        lambda: dialog(clerk).form.set_all(False),
        lambda: clerk.wait(0.05),
        lambda: look(clerk, seen),
        lambda: clerk.key("F12"),
        lambda: clerk.key("Escape"),
    )
    clerk.key("F7")
    assert "请选择要退的商品" in seen["wrong"]
    assert len(clerk.bills()) == 1


def test_a_number_nobody_has_is_not_found(clerk: Clerk):
    sell(clerk, SOAP)
    empty: list[int] = []
    clerk.in_dialog(
        lambda: clerk.enter("XS-19990101-0001"),
        lambda: empty.append(dialog(clerk).list.count),
        lambda: clerk.key("Escape"),
        lambda: clerk.key("Escape"),
    )
    clerk.key("F7")
    assert empty == [0]


def test_the_refund_lowers_the_debt_first_and_may_go_to_stored_value(clerk: Clerk, shop: OpenedShop):
    customer_id = factories.add_customer(shop, name="李娜", card_number="88000456", credit_yuan=100)
    clerk.scan("88000456")
    clerk.enter(f"3*{SOAP}")
    clerk.key("F12")
    clerk.type("6")
    clerk.enter("10")
    clerk.key("Return")
    assert balances_in(shop.company_id, customer_id).debt_fen == 1_000
    seen: dict[str, Any] = {}

    def to_stored_value() -> None:
        dialog(clerk).form._radios[RefundWay.STORED].invoke()

    clerk.in_dialog(
        lambda: clerk.enter("李娜"),
        to_stored_value,
        lambda: look(clerk, seen),
        lambda: clerk.key("F12"),
    )
    clerk.key("F7")
    assert seen["by"] == "冲减欠款 ¥10.00 · 退储值 ¥26.00"
    there = balances_in(shop.company_id, customer_id)
    assert (there.debt_fen, there.stored_fen) == (0, 2_600)


def test_nobody_has_no_stored_value_to_take_it(clerk: Clerk):
    sell(clerk, SOAP)
    states: list[str] = []
    clerk.in_dialog(
        lambda: clerk.key("Return"),
        lambda: states.append(str(dialog(clerk).form._radios[RefundWay.STORED].cget("state"))),
        lambda: clerk.key("Escape"),
    )
    clerk.key("F7")
    assert states == ["disabled"]


def test_a_bill_returned_whole_says_so(clerk: Clerk):
    sell(clerk, SOAP)
    clerk.in_dialog(lambda: clerk.key("Return"), lambda: clerk.key("F12"))
    clerk.key("F7")
    seen: dict[str, Any] = {}
    clerk.in_dialog(
        lambda: clerk.key("Return"), lambda: look(clerk, seen), lambda: clerk.key("F12", "Escape")
    )
    clerk.key("F7")
    assert "全部退完" in seen["by"]
    assert len(clerk.bills()) == 2


def test_who_may_not_return_is_told(clerk: Clerk, shop: OpenedShop):
    permissions = ["sales.checkout", "sales.view", "products.view", "customers.view"]
    save_role(shop.actor, role_id=None, name="学徒", scope=Scope.COMPANY, permissions=permissions)
    clerk.context.actor = shop.as_role("学徒")
    clerk.sit_down()
    clerk.key("F7")
    assert "权限" in clerk.said()
    assert not [w for w in clerk.root.winfo_children() if isinstance(w, tk.Toplevel) and w.winfo_viewable()]


def exchanged(clerk: Clerk, sold: str, instead: str) -> None:
    """Sell something, bring it back by F7 and F7, and scan what is taken for it."""
    sell(clerk, sold)
    clerk.in_dialog(lambda: clerk.key("Return"), lambda: clerk.key("F7"))
    clerk.key("F7")
    clerk.enter(instead)


def test_goods_are_exchanged_for_dearer_ones_without_a_mouse(clerk: Clerk):
    exchanged(clerk, COLA, SOAP)
    assert clerk.lines() == [("可口可乐（退）", "-1 瓶", "-¥3.50"), ("香皂", "1 块", "¥12.00")]
    assert clerk.big() == ("应收", "¥8.50")
    clerk.key("F12", "Return")
    bill = clerk.bills()[0]
    assert (bill.kind, bill.total_fen, bill.number[:2]) == ("exchange", 850, "HH")
    assert clerk.state() is Side.DONE


def test_goods_are_exchanged_for_cheaper_ones_and_the_rest_goes_back(clerk: Clerk):
    exchanged(clerk, SOAP, COLA)
    assert clerk.big() == ("应退", "¥8.50")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("F12")
    assert len(clerk.bills()) == 1, "left without posting anything"
    clerk.in_dialog(lambda: clerk.key("3", "Return"))
    clerk.key("F12")
    assert clerk.bills()[0].tenders == (("现金", -850, -850),)
    assert clerk.big() == ("退款", "¥8.50")
    assert clerk.scan_has_focus()


def test_what_comes_back_keeps_its_price_and_never_exceeds_what_was_sold(clerk: Clerk):
    exchanged(clerk, COLA, SOAP)
    clerk.key("Up")
    clerk.type("+")
    assert "最多还能退 1" in clerk.said()
    clerk.page.commands.line.gift()
    assert "不能改价" in clerk.said()


def test_the_bill_is_found_by_scanning_what_comes_back(clerk: Clerk):
    sold = sell(clerk, SOAP)
    sell(clerk, COLA)
    found: list[str] = []
    clerk.in_dialog(
        lambda: clerk.enter(SOAP),
        lambda: found.append(str(dialog(clerk).form._number.cget("text"))),
        lambda: clerk.key("F12"),
    )
    clerk.key("F7")
    assert found == [sold]


@pytest.mark.parametrize("another_is_served", [False, True], ids=["nobody there", "another customer there"])
def test_an_exchange_under_a_managers_pin_asks_once(clerk: Clerk, shop: OpenedShop, another_is_served: bool):
    for name, card in (("李娜", "88000456"), ("王芳", "88000457")):
        factories.add_customer(shop, name=name, card_number=card)
    clerk.scan("88000456")
    sell(clerk, COLA)
    sold = bill_detail(shop.actor, sale_id=clerk.bills()[0].id)
    manager = shop.as_role("店长")
    set_own_pin(manager, pin_hash=make_pin_hash("4711", cost=CHEAP))
    permissions = ["sales.checkout", "sales.view", "products.view", "customers.view"]
    save_role(shop.actor, role_id=None, name="学徒", scope=Scope.COMPANY, permissions=permissions)
    clerk.context.actor = shop.as_role("学徒")
    clerk.sit_down()
    if another_is_served:
        clerk.scan("88000457")
        clerk.scan(COLA)
    when_asked(clerk.root, "批准", first=lambda dialog: dialog.form.set_value("pin", "4711"))
    clerk.page.commands.bill.take_back(Chosen(sold.id, {sold.lines[0].id: 1_000}, to_waste=False))
    clerk.enter(SOAP)
    assert clerk.big() == ("应收", "¥8.50")
    clerk.key("F12", "Return")
    assert clerk.bills()[0].kind == "exchange", "settled without a second question"
    (approver,) = fetch("SELECT approver_id FROM till_event WHERE kind = 'returned'")
    assert approver == (manager.operator_id,)
    assert len(held_carts(shop.actor)) == another_is_served


def test_a_used_count_card_leads_from_the_whole_return_to_its_window(clerk: Clerk, shop: OpenedShop):
    li = factories.add_customer(shop, name="李娜")
    wash = factories.add_product(shop, name="洗车三次", code="WASH", list_price_fen=9_000, stocked=False)
    save_card_kind(shop.actor, card=CardInput(wash, 3, "洗车"))
    cart = factories.cart_of(shop, (wash, 1), (factories.add_product(shop, stock=9), 1), customer_id=li)
    sold = checkout(shop.actor, cart=cart, payments=[Payment("cash", 10_000)])
    (card,) = cards_of(shop.actor, customer_id=li).rows
    use_card(shop.actor, key=factories.new_key(), card_id=card["id"])

    def in_cards() -> None:
        assert dialogs(clerk.root)[-1].title() == "次卡 · 李娜"
        clerk.in_dialog(lambda: clerk.key("Control-Return"))
        clerk.key("Delete")
        clerk.key("Escape")

    def whole() -> None:
        when_asked(clerk.root, "打开次卡")
        clerk.root.after(200, lambda: clerk.in_dialog(in_cards))
        clerk.key("Control-Return")
        assert [asked.line.product_id for asked in dialog(clerk).form._asked] == [cart.lines[1].product_id]
        clerk.key("Control-Return")

    clerk.in_dialog(lambda: clerk.enter(sold.number), whole)
    clerk.key("F7")
    assert [bill.total_fen for bill in clerk.bills()[:2]] == [-1_000, -6_000]
