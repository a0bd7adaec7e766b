"""A clerk's day without the mouse: scanning, quantities, prices, members, undo, put aside, and wrong keys."""

import tkinter as tk

import pytest
import ttkbootstrap as ttk

from meiping.domains.sales.at_till import held_carts, open_cart
from meiping.domains.sales.finding import find_bills
from meiping.domains.sales.queries import bills
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.keys import KeyDispatcher
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import APPLE, COLA, SOAP, Clerk
from tests.windows import dialogs, texts, when_asked


def gold_member(shop: OpenedShop, **values: object) -> int:
    gold = next(level.id for level in levels() if level.name == "金卡")
    return factories.add_customer(
        shop, **{"name": "王晓梅", "phone": "13822017788", "level_id": gold, **values}
    )


# ------------------------------------------------------------------ goods
def test_scanning_adds_and_the_field_is_ready_for_the_next(clerk: Clerk):
    clerk.scan(COLA)
    clerk.scan(SOAP)
    clerk.scan(COLA)
    assert clerk.lines() == [("可口可乐", "2 瓶", "¥7.00"), ("香皂", "1 块", "¥12.00")]
    assert clerk.big() == ("应收", "¥19.00")
    assert clerk.scan_has_focus()
    assert clerk.page.scan.text.get() == ""


def test_a_scanner_with_two_line_ends_does_not_begin_the_payment(clerk: Clerk):
    clerk.scan(COLA, ends=2)
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]
    assert not clerk.page.desk.paying


def test_scanning_works_while_another_field_has_the_focus(clerk: Clerk):
    clerk.scan(COLA)
    clerk.key("asterisk")
    assert clerk.page.scan.prompt.is_open
    clerk.scan(SOAP)
    assert [name for name, _, _ in clerk.lines()] == ["可口可乐", "香皂"]
    assert clerk.lines()[0][1] == "1 瓶"
    assert clerk.scan_has_focus()


def test_typing_searches_by_initials_and_the_arrows_choose(clerk: Clerk, shop: OpenedShop):
    factories.add_product(shop, name="可比克薯片", list_price_fen=650)
    clerk.type("k")
    assert len(clerk.page.scan.results.hits) == 2
    clerk.type("b")
    assert [hit.name for hit in clerk.page.scan.results.hits] == ["可比克薯片"]
    clerk.key("BackSpace")
    clerk.wait(0.12)
    clerk.key("Down", "Return")
    assert len(clerk.lines()) == 1
    assert clerk.lines()[0][0] == clerk.page.till.cart.lines[0].name
    assert not clerk.page.scan.results.is_open


def test_chinese_committed_by_an_input_method_is_searched(clerk: Clerk):
    clerk.type("苹果")
    assert clerk.page.scan.results.is_open
    clerk.key("Return")
    assert clerk.lines() == [("苹果", "1 斤", "¥12.80")]


def test_a_quantity_before_the_code_or_the_name(clerk: Clerk):
    clerk.enter(f"3*{COLA}")
    clerk.enter("0.735*pg")
    assert clerk.lines() == [("可口可乐", "3 瓶", "¥10.50"), ("苹果", "0.735 斤", "¥9.41")]


def test_what_nobody_knows_is_offered_to_be_made(clerk: Clerk):
    clerk.scan("6999999999994")
    assert "没有找到条码" in clerk.said()
    assert clerk.scan_has_focus()
    clerk.in_dialog(lambda: clerk.type("雨伞"), lambda: clerk.key("Return"), lambda: clerk.enter("25"))
    clerk.key("Return")
    assert clerk.lines() == [("雨伞", "1", "¥25.00")]
    clerk.scan("6999999999994")
    assert clerk.lines()[0][1] == "2"


def test_of_an_unknown_scale_label_the_item_is_made_and_sold_by_its_weight(clerk: Clerk, shop: OpenedShop):
    save_options(shop.actor, values={"weighed.prefixes": ["20"]})
    clerk.scan("2012345012509")
    assert "没有找到称重码里的商品“12345”" in clerk.said()
    clerk.in_dialog(lambda: clerk.type("苹果干"), lambda: clerk.key("Return"), lambda: clerk.enter("32"))
    clerk.key("Return")
    assert clerk.lines() == [("苹果干", "1.25 公斤", "¥40.00")]
    clerk.scan("2012345005006")
    assert clerk.lines()[0][1:] == ("1.75 公斤", "¥56.00")
    assert str(clerk.page.side.total._left.cget("text")) == "1 种 1 件"


def test_the_offer_goes_with_the_next_scan_and_with_esc(clerk: Clerk):
    clerk.scan("6999999999994")
    clerk.scan(COLA)
    assert not clerk.page.scan.offer.is_open
    clerk.scan("6999999999994", ends=2)
    clerk.key("Escape")
    assert not clerk.page.scan.offer.is_open
    assert [name for name, _, _ in clerk.lines()] == ["可口可乐"]


def test_who_may_not_make_goods_is_told_whom_to_ask(clerk: Clerk, shop: OpenedShop):
    clerk.context.actor = shop.as_role("收银员")
    clerk.sit_down()
    clerk.scan("6999999999994")
    assert "店长" in clerk.said()
    clerk.key("Return")
    assert clerk.lines() == []


def test_enter_after_an_unknown_code_does_not_begin_to_settle(clerk: Clerk, shop: OpenedShop):
    clerk.context.actor = shop.as_role("收银员")
    clerk.sit_down()
    clerk.scan(COLA)
    clerk.scan("6999999999994")
    clerk.key("Return")
    assert not clerk.page.scan.offer.is_open
    assert not clerk.page.desk.paying
    clerk.key("Return")
    assert clerk.page.desk.paying


# ------------------------------------------------------------------ the line in hand
def test_what_goods_cost_is_not_told_beside_a_price_while_it_is_hidden(clerk: Clerk, shop: OpenedShop):
    factories.add_product(shop, name="面霜", code="MS", list_price_fen=20_000, purchase_price_fen=4_326)
    clerk.enter("MS")
    clerk.key("period")
    assert "进价 ¥43.26" in texts_of(clerk)
    clerk.key("Escape")
    privacy.hide(True)
    try:
        clerk.key("period")
        assert "标价 ¥200.00" in texts_of(clerk)
        assert "43.26" not in texts_of(clerk)
    finally:
        privacy.hide(False)


def texts_of(clerk: Clerk) -> str:
    return " ".join(texts(clerk.page.scan.prompt))


def test_quantity_price_and_discount_by_their_keys(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("asterisk")
    clerk.enter("3")
    assert clerk.lines() == [("香皂", "3 块", "¥36.00")]
    clerk.key("plus", "plus", "minus")
    assert clerk.lines()[0][1] == "4 块"
    clerk.key("period")
    clerk.enter("10")
    assert clerk.lines()[0][2] == "¥40.00"
    clerk.key("slash")
    clerk.type("85")
    assert "8.5 折" in str(clerk.page.scan.prompt._understood.cget("text"))
    clerk.key("Return")
    assert clerk.lines()[0][2] == "¥34.00"
    assert clerk.scan_has_focus()


@pytest.mark.parametrize("wrong", ["6901028012348", "1.5", "0", "-2", "abc", "", "99999999"])
def test_a_quantity_that_cannot_be_is_told_in_place_and_nothing_changes(clerk: Clerk, wrong: str):
    clerk.scan(COLA)
    clerk.key("asterisk")
    clerk.page.scan.prompt.text.set(wrong)
    clerk.key("Return")
    prompt = clerk.page.scan.prompt
    assert prompt.is_open
    assert str(prompt._wrong.cget("text"))
    clerk.key("Escape")
    assert not prompt.is_open
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]
    assert clerk.scan_has_focus()


def test_weighed_goods_take_three_decimals(clerk: Clerk):
    clerk.enter(APPLE)
    clerk.key("asterisk")
    clerk.enter("1.235")
    assert clerk.lines() == [("苹果", "1.235 斤", "¥15.81")]


def test_below_half_price_is_asked_about(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("slash")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.enter("3")
    assert clerk.page.scan.prompt.is_open
    assert clerk.big()[1] == "¥12.00"
    clerk.in_dialog(lambda: clerk.key("Left", "Return"))
    clerk.key("Return")
    assert clerk.big()[1] == "¥3.60"


def test_a_price_under_the_lowest_is_asked_about(clerk: Clerk):
    clerk.scan(COLA)
    clerk.key("period")
    clerk.type("2.99")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("Return")
    assert "最低 ¥3.00" in str(clerk.page.scan.prompt._wrong.cget("text"))
    assert clerk.big()[1] == "¥3.50"
    when_asked(clerk.root, "卖 ¥2.99")
    clerk.key("Return")
    assert clerk.big()[1] == "¥2.99"


def test_a_clerk_without_the_right_cannot_change_prices(clerk: Clerk, shop: OpenedShop):
    clerk.context.actor = shop.as_role("收银员")
    clerk.sit_down()
    clerk.scan(COLA)
    for key in ("period", "slash", "F5"):
        clerk.key(key)
        assert not clerk.page.scan.prompt.is_open
        assert "权限" in clerk.said()


def test_keys_on_an_empty_counter_say_what_is_missing(clerk: Clerk):
    for key in ("asterisk", "slash", "plus", "minus", "Delete", "F5", "F12"):
        clerk.key(key)
        assert "还没有商品" in clerk.said()
        clerk.key("Escape")
    assert clerk.lines() == []


def test_arrows_choose_the_line_and_delete_removes_it(clerk: Clerk):
    clerk.scan(COLA)
    clerk.scan(SOAP)
    clerk.key("Up", "Delete")
    assert [name for name, _, _ in clerk.lines()] == ["香皂"]
    clerk.key("Control-z")
    assert [name for name, _, _ in clerk.lines()] == ["可口可乐", "香皂"]


def test_delete_in_a_field_with_text_belongs_to_the_text(clerk: Clerk):
    clerk.scan(COLA)
    clerk.type("ab")
    clerk.key("Home", "Delete")
    assert clerk.page.scan.text.get() == "b"
    assert len(clerk.lines()) == 1


def test_undo_walks_back_to_the_empty_counter(clerk: Clerk):
    clerk.scan(COLA)
    clerk.scan(COLA)
    clerk.key("Control-z", "Control-z")
    assert clerk.lines() == []
    clerk.key("Control-z")
    assert "没有可以撤销" in clerk.said()


def test_the_whole_bill_is_cleared_after_a_question_and_comes_back(clerk: Clerk):
    clerk.scan(COLA)
    clerk.scan(SOAP)
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("Control-Delete")
    assert len(clerk.lines()) == 2
    clerk.in_dialog(lambda: clerk.key("Left", "Return"))
    clerk.key("Control-Delete")
    assert clerk.lines() == []
    clerk.key("Control-z")
    assert len(clerk.lines()) == 2
    assert clerk.big()[1] == "¥15.50"


# ------------------------------------------------------------------ the input method on Windows
@pytest.mark.parametrize(("keysym", "char"), [("F3", "r"), ("F12", "{"), ("F7", "v"), ("Delete", ".")])
def test_a_letter_that_arrives_as_a_function_key_is_typed_and_does_nothing_else(
    clerk: Clerk, keysym: str, char: str
):
    clerk.scan(COLA)
    clerk.type("k")
    event: tk.Event[tk.Misc] = tk.Event()
    event.widget, event.keysym, event.char = clerk.page.scan.entry, keysym, char
    event.state, event.time = 0, 9_000_000
    dispatcher = clerk.context.keys
    assert isinstance(dispatcher, KeyDispatcher)
    assert dispatcher.character(event) == "break"
    assert clerk.page.scan.text.get() == f"k{char}"
    assert len(clerk.lines()) == 1
    assert clerk.root.tk.eval("grab current") == ""


# ------------------------------------------------------------------ customers
def test_a_member_by_card_pays_the_level_at_once(clerk: Clerk, shop: OpenedShop):
    gold_member(shop, card_number="88000123")
    clerk.scan(SOAP)
    clerk.scan("88000123")
    assert clerk.page.side.card.name.whole == "王晓梅"
    assert clerk.big()[1] == "¥10.80"
    clerk.key("End")
    assert clerk.page.side.card.name.whole == "散客"
    assert clerk.big()[1] == "¥12.00"


def test_a_member_by_the_tail_of_the_phone(clerk: Clerk, shop: OpenedShop):
    gold_member(shop)
    clerk.in_dialog(lambda: clerk.type("7788"), lambda: clerk.key("Return"))
    clerk.key("F2")
    assert clerk.page.side.card.name.whole == "王晓梅"
    assert clerk.scan_has_focus()


def test_a_phone_tail_typed_as_a_code_leads_to_the_member(clerk: Clerk, shop: OpenedShop):
    gold_member(shop)
    clerk.enter("7788")
    assert "手机尾号" in clerk.said()
    clerk.in_dialog(lambda: clerk.key("Return"))
    clerk.key("Return")
    assert clerk.page.side.card.name.whole == "王晓梅"


def test_nobody_chosen_leaves_all_as_it_was(clerk: Clerk, shop: OpenedShop):
    clerk.scan(COLA)
    clerk.in_dialog(lambda: clerk.type("zzzz"), lambda: clerk.key("Escape"))
    clerk.key("F2")
    assert clerk.page.till.customer is None
    assert len(clerk.lines()) == 1
    assert clerk.scan_has_focus()


def test_an_unknown_mobile_becomes_a_member_by_one_key(clerk: Clerk):
    clerk.enter("13912345678")
    assert "139 1234 5678" in clerk.said()
    clerk.key("Return")
    assert clerk.page.till.customer is not None
    assert clerk.page.till.customer.phone == "13912345678"


def test_two_members_with_one_phone_are_shown_to_choose_from(clerk: Clerk, shop: OpenedShop):
    from meiping.domains.customers.rules import SAME_PHONE, CustomerInput
    from meiping.domains.customers.service import add_customer

    gold_member(shop)
    add_customer(
        shop.actor,
        customer=CustomerInput(name="王晓兰", phone="13822017788"),
        confirmed=frozenset({SAME_PHONE}),
    )
    clerk.in_dialog(lambda: clerk.key("Down", "Return"))
    clerk.enter("13822017788")
    assert clerk.page.till.customer is not None


def test_the_price_is_looked_up_without_selling(clerk: Clerk):
    clerk.in_dialog(lambda: clerk.type("xz"), lambda: clerk.key("Escape"))
    clerk.key("F3")
    assert clerk.lines() == []
    clerk.in_dialog(lambda: clerk.type("xz"), lambda: clerk.key("Return"))
    clerk.key("F3")
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]


def test_a_scan_in_the_price_check_shows_the_price_and_sells_nothing(clerk: Clerk):
    shown: list[str] = []

    def look() -> None:
        for code in (COLA, SOAP):
            clerk.scan(code, ends=2)
            dialog = dialogs(clerk.root)[-1]
            shown.append(dialog.tree.item(dialog.tree.selection()[0])["values"][1].strip())
            assert dialog.text.get() == code

    clerk.in_dialog(look, lambda: clerk.key("Escape"))
    clerk.key("F3")
    assert shown == ["可口可乐", "香皂"]
    assert clerk.lines() == []
    clerk.in_dialog(lambda: clerk.scan(SOAP), lambda: clerk.key("Return"))
    clerk.key("F3")
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]


def test_what_has_no_key_of_its_own_is_reached_by_the_keys_of_the_menu(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
):
    shown: list[str] = []
    monkeypatch.setattr(tk.Menu, "tk_popup", lambda menu, *_at: shown.append(menu.entrycget(0, "label")))
    clerk.scan(SOAP)
    clerk.key("Shift-F10")
    assert shown == ["设为赠品"]


def test_a_member_without_a_name_is_called_by_the_phone_on_bill_and_receipt(clerk: Clerk, shop: OpenedShop):
    clerk.scan("13512340987")
    clerk.key("Return")
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    bill = clerk.bills()[0]
    assert bill.customer == "135 1234 0987"
    assert find_bills(shop.actor, bill.number)[0].customer == bill.customer
    assert bills(shop.actor).window(0, 1, None)[0]["customer"] == "13512340987"


def test_the_salesperson_of_the_bill(clerk: Clerk, shop: OpenedShop):
    seller = shop.add_operator("老陈", "业务员")
    clerk.scan(COLA)
    clerk.in_dialog(lambda: clerk.type("老陈"), lambda: clerk.key("Return"))
    clerk.key("F4")
    assert clerk.page.till.cart.salesperson_id == seller.operator_id


# ------------------------------------------------------------------ the whole bill
def test_whole_bill_discount_and_reduction(clerk: Clerk):
    clerk.enter(f"10*{SOAP}")
    clerk.in_dialog(
        lambda: clerk.page.widget.winfo_toplevel().update(),
        lambda: clerk.enter("9"),
        lambda: clerk.enter("8"),
    )
    clerk.key("F5")
    assert clerk.big()[1] == "¥100.00"
    assert "优惠 ¥20.00" in str(clerk.page.side.total._right.cget("text"))


def test_a_whole_bill_below_half_price_is_asked_about(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.in_dialog(
        lambda: clerk.type("4"),
        lambda: clerk.key("Return"),
        lambda: clerk.in_dialog(lambda: clerk.key("Escape")),
        lambda: clerk.key("Return"),
        lambda: clerk.key("Escape"),
    )
    clerk.key("F5")
    assert clerk.big()[1] == "¥12.00"


def test_a_reduction_of_more_than_is_due_is_refused_and_can_be_left(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.in_dialog(
        lambda: clerk.key("Return"),
        lambda: clerk.enter("13"),
        lambda: clerk.key("Escape"),
    )
    clerk.key("F5")
    assert clerk.big()[1] == "¥12.00"


# ------------------------------------------------------------------ put aside, killed, come back
def test_one_held_bill_comes_back_by_the_same_key(clerk: Clerk):
    clerk.scan(COLA)
    clerk.key("F6")
    clerk.enter("蓝衣服")
    assert clerk.lines() == []
    assert str(clerk.page.head.hold.cget("text")) == "取单 F6（1）"
    assert clerk.scan_has_focus()
    clerk.key("F6")
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]
    assert held_carts(clerk.context.actor) == []


def test_several_held_bills_open_a_list(clerk: Clerk):
    for code, note in ((COLA, "一号"), (SOAP, "二号")):
        clerk.scan(code)
        clerk.key("F6")
        clerk.enter(note)
    seen: list[str] = []

    def look() -> None:
        tree = clerk.root.nametowidget(clerk.root.tk.eval("focus")).winfo_toplevel().tree
        seen.extend(str(tree.item(item, "values")[-1]) for item in tree.get_children())

    clerk.in_dialog(look, lambda: clerk.type("二号"), lambda: clerk.key("Return"))
    clerk.key("F6")
    assert seen == ["¥3.50", "¥12.00"]
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]
    assert [held.note for held in held_carts(clerk.context.actor)] == ["一号"]


def test_nothing_is_held_is_said(clerk: Clerk):
    clerk.key("F6")
    assert "没有挂着的单" in clerk.said()


def test_a_killed_program_opens_with_the_bill(clerk: Clerk, shop: OpenedShop):
    gold_member(shop, card_number="88000123")
    clerk.scan(COLA)
    clerk.scan("88000123")
    before = clerk.lines()
    clerk.sit_down()
    assert clerk.lines() == before
    assert clerk.page.side.card.name.whole == "王晓梅"
    assert open_cart(clerk.context.actor) == clerk.page.till.cart


def test_another_operator_finds_the_bill_of_the_last_one_put_aside(clerk: Clerk, shop: OpenedShop):
    clerk.scan(COLA)
    clerk.context.actor = shop.as_role("收银员")
    clerk.sit_down()
    assert clerk.lines() == []
    assert [held.note for held in held_carts(clerk.context.actor)] == ["王老板没结完的单"]
    clerk.key("F6")
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]
    clerk.sit_down()
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]


def test_coming_from_a_customer_sells_to_him(clerk: Clerk, shop: OpenedShop):
    customer_id = gold_member(shop)
    clerk.page.open(customer_id=customer_id)
    assert clerk.page.side.card.name.whole == "王晓梅"
    assert clerk.scan_has_focus()


def test_a_recharge_made_elsewhere_shows_after_the_reload(clerk: Clerk, shop: OpenedShop):
    customer_id = gold_member(shop)
    clerk.page.open(customer_id=customer_id)
    clerk.scan(SOAP)
    factories.recharge(shop, customer_id, 5_000)
    clerk.page.reload()
    assert "储值 ¥50.00" in clerk.page.side.card._money.whole
    assert clerk.big()[1] == "¥10.80"


def test_long_names_end_in_dots_and_stay_whole_in_the_bill(clerk: Clerk, shop: OpenedShop):
    name = "家庭分享装番茄味薯片超值特惠加量不加价一百零五克三连包"
    factories.add_product(shop, name=name, code="LONG")
    clerk.enter("LONG")
    assert clerk.lines()[0][0].endswith("…")
    assert clerk.page.till.cart.lines[0].name == name


def test_thirty_lines_keep_the_one_in_hand_in_view(clerk: Clerk, shop: OpenedShop):
    for number in range(30):
        factories.add_product(shop, name=f"商品{number}", code=f"Z{number:02d}")
        clerk.page.till.enter(f"Z{number:02d}")
    clerk.root.update()
    tree = clerk.page.lines.tree
    assert tree.bbox("29")
    for _ in range(29):
        clerk.key("Up")
    assert tree.bbox("0")


def test_great_sums_are_seen_whole(clerk: Clerk, shop: OpenedShop):
    factories.add_product(shop, code="GOLD", list_price_fen=999_999_999)
    clerk.enter("999*GOLD")
    tree = clerk.page.lines.tree
    clerk.root.update()
    font = ttk.nametofont("MpBody", root=clerk.root)
    for key in ("price", "quantity", "amount"):
        assert font.measure(str(tree.set("0", key))) + px(tree, 20) < int(tree.column(key, "width"))


def test_goods_without_a_code_are_sold_for_an_amount(clerk: Clerk):
    clerk.type(".")
    clerk.enter("12.5 皂")
    clerk.key("equal")
    clerk.enter("3")
    assert clerk.lines() == [("皂", "1", "¥12.50"), ("无码商品", "1", "¥3.00")]
    clerk.key("equal")
    clerk.enter("abc")
    assert clerk.page.scan.prompt.is_open, "what is no amount is told, and the entry stays"
    clerk.key("Escape")
    clerk.key("F12", "Return")
    assert clerk.bills()[0].total_fen == 1_550


def test_a_label_from_the_scale_is_sold_for_exactly_its_amount(clerk: Clerk, shop: OpenedShop):
    factories.add_product(shop, name="五花肉", code="00777", list_price_fen=3_190, unit="kg", stock=9)
    save_options(shop.actor, values={"weighed.prefixes": ["21"], "weighed.value": "amount"})
    clerk.scan("2100777020008")
    clerk.scan("2100777020008")
    assert clerk.lines() == [("五花肉", "0.627 kg", "¥20.00"), ("五花肉", "0.627 kg", "¥20.00")]
    clerk.key("F12", "Return")
    assert clerk.bills()[0].total_fen == 4_000
