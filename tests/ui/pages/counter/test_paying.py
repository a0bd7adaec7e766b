"""Taking the money by keyboard: cash with change, several tenders, stored value, credit, and posted once."""

from pathlib import Path

import pytest

from meiping.domains.access.service import add_company
from meiping.domains.ledger.queries import balances_in
from meiping.domains.loyalty.queries import points_left
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.settings.service import save_options
from meiping.domains.till.rules import Tender
from meiping.ui.pages.counter.side_column import Side
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import COLA, SOAP, Clerk
from tests.windows import texts, when_asked


def member(shop: OpenedShop, *, stored_fen: int = 0, **values: object) -> int:
    customer_id = factories.add_customer(shop, **{"name": "李娜", "card_number": "88000456", **values})
    if stored_fen:
        factories.recharge(shop, customer_id, stored_fen)
    return customer_id


def tenders(clerk: Clerk) -> list[tuple[str, int, int]]:
    """How the newest bill was paid."""
    return list(clerk.bills()[0].tenders)


def choose(clerk: Clerk, digit: str) -> None:
    """Press a digit and let it count."""
    clerk.type(digit)


# ------------------------------------------------------------------ cash
def test_enter_and_enter_sells_for_exact_cash(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("Return")
    assert clerk.state() is Side.PAYING
    clerk.key("Return")
    assert tenders(clerk) == [("现金", 1_200, 1_200)]
    assert clerk.big() == ("已结账", "¥12.00")
    assert clerk.lines() == []
    assert clerk.scan_has_focus()


def test_cash_received_shows_the_change_while_typing_and_after(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "1")
    clerk.type("5")
    assert clerk.big() == ("还差", "¥7.00")
    clerk.type("0")
    assert clerk.big() == ("找零", "¥38.00")
    clerk.key("Return")
    assert clerk.big() == ("找零", "¥38.00")
    assert tenders(clerk) == [("现金", 1_200, 5_000)]
    assert clerk.big() == ("找零", "¥38.00")
    clerk.scan(COLA)
    assert clerk.big() == ("应收", "¥3.50")
    assert clerk.state() is Side.SALE


def test_space_takes_the_next_round_sum(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12", "space")
    assert clerk.big() == ("找零", "¥8.00")
    clerk.key("space")
    assert clerk.big() == ("找零", "¥38.00")
    clerk.key("Return")
    assert tenders(clerk) == [("现金", 1_200, 5_000)]


@pytest.mark.parametrize("typed", ["abc", "0", "-5", "1.234", "6901028012348"])
def test_a_sum_that_cannot_be_is_told_and_nothing_is_booked(clerk: Clerk, typed: str):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "1")
    clerk.page.side.payment.amount.text.set(typed)
    clerk.key("Return")
    assert clerk.said()
    assert clerk.state() is Side.PAYING
    assert clerk.bills() == []


def test_much_too_much_cash_is_asked_about(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "1")
    clerk.type("12345")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("Return")
    assert clerk.bills() == []
    clerk.type("20")
    clerk.key("Return")
    assert tenders(clerk) == [("现金", 1_200, 2_000)]


# ------------------------------------------------------------------ several tenders
def test_part_by_wechat_and_the_rest_in_cash(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.enter("8")
    assert clerk.big() == ("还差", "¥4.00")
    clerk.key("Return")
    assert tenders(clerk) == [("微信", 800, 800), ("现金", 400, 400)]


def test_only_cash_may_be_more(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.enter("20")
    assert "不能多收" in clerk.said()
    assert clerk.bills() == []


def test_a_payment_taken_wrongly_goes_back_by_backspace(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.enter("8")
    clerk.key("BackSpace")
    assert clerk.big() == ("应收", "¥12.00")
    choose(clerk, "3")
    clerk.key("Return")
    assert tenders(clerk) == [("支付宝", 1_200, 1_200)]


def test_what_was_taken_counts_on_after_going_back_without_a_change(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.enter("8")
    clerk.key("Escape")
    assert clerk.state() is Side.SALE
    clerk.key("F12")
    assert clerk.big() == ("还差", "¥4.00")
    clerk.key("Escape")
    clerk.scan(COLA)
    clerk.key("F12")
    assert clerk.big() == ("应收", "¥15.50")


# ------------------------------------------------------------------ stored value and credit
def test_stored_value_pays(clerk: Clerk, shop: OpenedShop):
    customer_id = member(shop, stored_fen=5_000)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "5")
    clerk.key("Return")
    assert tenders(clerk) == [("储值", 1_200, 1_200)]
    assert balances_in(shop.company_id, customer_id).stored_fen == 3_800


def test_all_stored_value_and_the_rest_in_cash_by_one_key(clerk: Clerk, shop: OpenedShop):
    customer_id = member(shop, stored_fen=1_000)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "7")
    assert clerk.page.side.payment.amount.get() == "2.00"
    clerk.enter("5")
    assert clerk.big() == ("找零", "¥3.00")
    assert tenders(clerk) == [("储值", 1_000, 1_000), ("现金", 200, 500)]
    assert balances_in(shop.company_id, customer_id).stored_fen == 0


def test_more_than_the_stored_value_is_refused(clerk: Clerk, shop: OpenedShop):
    member(shop, stored_fen=1_000)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "5")
    clerk.enter("12")
    assert "储值余额只有 ¥10.00" in clerk.said()
    assert clerk.bills() == []


def test_credit_within_the_limit_and_not_beyond(clerk: Clerk, shop: OpenedShop):
    customer_id = member(shop, credit_yuan=10)
    clerk.scan("88000456")
    assert "可赊 ¥10.00" in clerk.page.side.card._money.whole
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "6")
    assert clerk.page.side.payment.amount.get() == "10.00"
    clerk.enter("12")
    assert "可赊 ¥10.00" in clerk.said()
    assert clerk.bills() == []
    clerk.enter("10")
    clerk.key("Return")
    assert tenders(clerk) == [("赊账", 1_000, 1_000), ("现金", 200, 200)]
    assert balances_in(shop.company_id, customer_id).debt_fen == 1_000


def test_nobody_pays_neither_by_stored_value_nor_on_credit(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    for digit in ("5", "6"):
        choose(clerk, digit)
        assert "先选客户 F2" in clerk.said()
    choose(clerk, "7")
    assert clerk.said()
    assert clerk.bills() == []


def test_enter_meant_for_a_refused_tender_takes_no_cash(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "5")
    clerk.key("Return")
    assert clerk.bills() == []
    assert "再按 Enter 收现金" in clerk.said()
    clerk.key("Return")
    assert tenders(clerk) == [("现金", 1_200, 1_200)]


def test_a_member_chosen_while_paying_pays_the_level(clerk: Clerk, shop: OpenedShop):
    from meiping.domains.settings.queries import levels

    gold = next(level.id for level in levels() if level.name == "金卡")
    member(shop, level_id=gold, phone="13822017788", stored_fen=2_000)
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.in_dialog(lambda: clerk.type("7788"), lambda: clerk.key("Return"))
    clerk.key("F2")
    assert clerk.big() == ("应收", "¥10.80")
    choose(clerk, "5")
    clerk.key("Return")
    assert tenders(clerk) == [("储值", 1_080, 1_080)]


def test_rounding_off_while_paying(clerk: Clerk):
    clerk.scan(COLA)
    clerk.key("F12")
    clerk.in_dialog(lambda: clerk.key("Return"), lambda: clerk.enter("0.5"))
    clerk.key("F5")
    assert clerk.big() == ("应收", "¥3.00")
    clerk.key("Return")
    assert clerk.bills()[0].total_fen == 300


# ------------------------------------------------------------------ once, and never by accident
def test_pressed_twice_it_is_posted_once(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    entry = clerk.page.side.payment.chooser
    entry.event_generate("<Return>", time=90_000_000)
    clerk.page.side.payment.pay_exactly()
    clerk.page.side.pay.invoke()
    clerk.key("Return", "Return", "F12")
    assert len(clerk.bills()) == 1


def test_a_scan_while_paying_neither_chooses_a_tender_nor_adds_goods(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.scan(COLA)
    clerk.wait(0.06)
    assert "正在收款" in clerk.said()
    assert not clerk.page.side.payment.is_typing()
    choose(clerk, "1")
    clerk.scan(COLA)
    assert clerk.page.side.payment.amount.get() == "12.00"
    assert len(clerk.lines()) == 1
    assert clerk.bills() == []


def test_a_scan_just_before_enter_does_not_pay(clerk: Clerk):
    """A code read while the payment is open sends its own line end; that is no confirmation."""
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.scan("123456", ends=2)
    assert clerk.bills() == []


def test_esc_goes_back_step_by_step_and_never_loses_the_bill(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.key("Escape")
    assert clerk.state() is Side.PAYING
    clerk.key("Escape")
    assert clerk.state() is Side.SALE
    for _ in range(3):
        clerk.key("Escape")
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]
    assert clerk.scan_has_focus()


def test_other_keys_wait_while_the_money_is_taken(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    for key in ("F6", "F7", "Delete", "F3"):
        clerk.key(key)
        assert "正在收款" in clerk.said()
    assert clerk.state() is Side.PAYING
    assert len(clerk.lines()) == 1


def test_a_click_into_the_scan_field_goes_back_to_the_goods(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.page.scan.entry.focus_force()
    clerk.root.update()
    assert clerk.state() is Side.SALE
    assert clerk.scan_has_focus()


def test_selling_below_zero_is_asked_and_books_nothing_after_no(clerk: Clerk):
    clerk.enter(f"101*{SOAP}")
    clerk.key("F12")
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("Return")
    assert clerk.bills() == []
    assert clerk.state() is Side.PAYING
    clerk.in_dialog(lambda: clerk.key("Return"))
    clerk.key("Return")
    assert clerk.bills()[0].total_fen == 121_200


def test_a_bill_of_gifts_needs_no_money(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.page.commands.line.gift()
    clerk.key("F12")
    assert clerk.big() == ("已付清", "¥0.00")
    clerk.key("Return")
    assert clerk.bills()[0].total_fen == 0


def test_a_refused_bill_stays_on_the_counter(clerk: Clerk, shop: OpenedShop, goods: dict[str, int]):
    from meiping.domains.catalog.service import deactivate_products

    clerk.scan(SOAP)
    deactivate_products(shop.actor, product_ids=[goods["soap"]])
    clerk.key("F12", "Return")
    assert "已停用" in clerk.said()
    assert len(clerk.lines()) == 1
    clerk.key("Escape", "Delete")
    assert clerk.lines() == []


# ------------------------------------------------------------------ the receipt
def test_the_receipt_is_shown_and_leaves_the_scan_field_alone(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    clerk.wait(0.1)
    pane = clerk.page.side.receipt
    assert pane.receipt is not None
    assert pane.receipt.number == clerk.bills()[0].number
    assert pane.winfo_ismapped()
    assert clerk.scan_has_focus()
    clerk.key("Escape")
    assert not pane.winfo_ismapped()
    assert clerk.big() == ("应收", "¥0.00")


def test_the_last_receipt_again_is_marked(clerk: Clerk):
    clerk.key("F8")
    assert "还没有结过账" in clerk.said()
    clerk.scan(SOAP)
    clerk.key("F12", "Return", "Escape")
    clerk.scan(COLA)
    clerk.key("F8")
    assert clerk.state() is Side.RECEIPT
    pane = clerk.page.side.receipt
    assert pane.receipt is not None
    assert any(getattr(block, "text", "") == "补打" for block in pane.receipt.slip.blocks)
    clerk.key("Escape")
    assert clerk.big() == ("应收", "¥3.50")


def test_a_narrow_roll_by_a_click(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    pane = clerk.page.side.receipt
    pane.set_width(58)
    assert pane.receipt is not None
    assert pane.receipt.slip.width_mm == 58


def test_no_receipt_where_the_shop_wants_none(clerk: Clerk, shop: OpenedShop):
    save_options(shop.actor, values={"receipt.mode": "never"})
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    assert not clerk.page.side.receipt.winfo_ismapped()
    assert clerk.big() == ("已结账", "¥12.00")


def test_a_printer_that_is_missing_never_touches_the_bill(
    clerk: Clerk, shop: OpenedShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    save_options(shop.actor, values={"receipt.mode": "print"})
    monkeypatch.setenv("PATH", str(tmp_path))
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    assert clerk.big() == ("已结账", "¥12.00")
    text, kind, action = clerk.context.toasts[-1]
    assert "没有找到打印机" in text
    assert (kind, action is not None) == ("warning", True)
    assert len(clerk.bills()) == 1


@pytest.fixture
def till_printer(shop: OpenedShop, tmp_path: Path) -> Path:
    """A printer that speaks ESC/POS with a drawer behind it; gives the file that is what it was sent."""
    device = tmp_path / "lp0"
    device.touch()
    save_options(
        shop.actor, values={"printer.way": "device", "printer.target": str(device), "drawer.pin": "2"}
    )
    return device


def test_cash_opens_the_drawer_and_the_receipt_comes_out_of_the_till_printer(
    clerk: Clerk, shop: OpenedShop, till_printer: Path
):
    save_options(shop.actor, values={"receipt.mode": "print"})
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    assert "应收".encode("gb18030") in till_printer.read_bytes()
    till_printer.write_bytes(b"")
    save_options(shop.actor, values={"receipt.mode": "never"})
    clerk.wait(0.35)  # a press sooner than that is the same one
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    assert till_printer.read_bytes() == bytes([27, 112, 0, 50, 250])


def test_other_tenders_leave_the_drawer_shut(clerk: Clerk, shop: OpenedShop, till_printer: Path):
    save_options(shop.actor, values={"receipt.mode": "never"})
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "2")
    clerk.key("Return", "Return")
    assert clerk.big() == ("已结账", "¥12.00")
    assert till_printer.read_bytes() == b""


@pytest.mark.parametrize(("answer", "sent"), [("打印", True), ("不打印", False)])
def test_the_shop_may_have_every_receipt_asked_about(
    clerk: Clerk, shop: OpenedShop, till_printer: Path, answer: str, sent: bool
):
    save_options(shop.actor, values={"receipt.mode": "ask", "drawer.pin": "0"})
    when_asked(clerk.root, answer)
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    assert (till_printer.stat().st_size > 0) is sent


def test_a_receipt_may_go_as_the_last_one_did(clerk: Clerk, shop: OpenedShop, till_printer: Path):
    save_options(shop.actor, values={"receipt.mode": "last", "drawer.pin": "0"})

    def settle() -> bool:
        clerk.wait(0.35)  # a press sooner than that is the same one
        till_printer.write_bytes(b"")
        clerk.scan(SOAP)
        clerk.key("F12", "Return")
        return till_printer.stat().st_size > 0

    def answer(word: str) -> None:
        action = next(action for _, _, action in clerk.context.toasts[::-1] if action and action[0] == word)
        action[1]()

    assert settle()
    answer("下次不打")
    assert not settle()
    answer("打印")
    assert settle()


def test_a_receipt_that_is_not_on_screen_is_not_printed_by_its_key(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12", "Return")
    clerk.scan(COLA)
    clerk.key("Control-p", "Control-s")
    assert clerk.context.toasts == []
    assert clerk.lines() == [("可口可乐", "1 瓶", "¥3.50")]


def test_nothing_comes_over_the_counter_while_money_is_taken(clerk: Clerk):
    clerk.scan(SOAP)
    assert not clerk.page.keeps_keys
    clerk.key("F12")
    assert clerk.page.keeps_keys
    clerk.key("Return")
    assert not clerk.page.keeps_keys


# ------------------------------------------------------------------ points, and change kept
def test_points_pay_by_their_digit_as_far_as_they_reach(clerk: Clerk, shop: OpenedShop):
    save_options(shop.actor, values={"points.on": True})
    customer_id = member(shop)
    adjust_points(shop.actor, key="gift", customer_id=customer_id, points=505, reason="活动")
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "7")
    panel = clerk.page.side.payment
    assert panel.amount.get_value() == 505
    assert str(panel._about.cget("text")) == "现有 505 分，可抵 ¥5.05 · 本次用 505 分"
    clerk.key("Return")
    clerk.key("Return")
    assert tenders(clerk) == [("积分", 505, 505), ("现金", 695, 695)]
    assert points_left(customer_id, shop.actor.today()) == 6
    clerk.scan("88000456")
    assert "积分 6" in str(clerk.page.side.card._money.whole)


def test_without_points_the_seventh_digit_is_stored_value_and_cash(clerk: Clerk, shop: OpenedShop):
    member(shop, stored_fen=200)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    grid = clerk.page.side.payment.chooser
    assert not grid._buttons[Tender.POINTS].winfo_ismapped()
    assert str(grid._both.cget("text")).startswith("7 储值 ¥2.00 + 现金 ¥10.00")
    save_options(shop.actor, values={"points.on": True})
    clerk.key("Escape", "F12")
    assert grid._buttons[Tender.POINTS].winfo_ismapped()
    assert str(grid._both.cget("text")).startswith("8 储值")


def test_change_goes_into_stored_value_by_plus(clerk: Clerk, shop: OpenedShop):
    customer_id = member(shop)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "1")
    clerk.type("20")
    clerk.key("plus")
    assert clerk.big() == ("存入储值", "¥8.00")
    clerk.key("plus")
    assert clerk.big() == ("找零", "¥8.00")
    clerk.key("plus", "Return")
    assert clerk.big() == ("存入储值", "¥8.00")
    assert balances_in(shop.company_id, customer_id).stored_fen == 800


def test_nobody_in_particular_is_not_offered_to_keep_the_change(clerk: Clerk):
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "1")
    clerk.type("20")
    clerk.key("plus")
    assert clerk.big() == ("找零", "¥8.00")
    assert not clerk.page.side.payment._keep.winfo_ismapped()


def test_with_several_companies_it_says_whose_stored_value_it_is(clerk: Clerk, shop: OpenedShop):
    member(shop, stored_fen=2_000)
    add_company(shop.actor, name="二店")
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("F12")
    choose(clerk, "5")
    assert str(clerk.page.side.payment._about.cget("text")) == f"储值余额 ¥20.00（{shop.company_name}）"


# ------------------------------------------------------------------ a low window
def test_a_refusal_is_in_sight_in_a_low_window_with_every_tender(clerk: Clerk, shop: OpenedShop):
    save_options(shop.actor, values={"points.on": True, "points.pay": True})
    member(shop)
    clerk.root.geometry("1180x600")
    clerk.scan(SOAP)
    clerk.scan("88000456")
    clerk.wait(0.2)
    large = clerk.page.side.total.winfo_height()
    clerk.key("F12")
    choose(clerk, "2")
    clerk.enter("5")
    choose(clerk, "5")
    assert "储值" in clerk.said()
    told = clerk.page.side.payment._error
    assert told.winfo_viewable()
    assert told.winfo_height() == told.winfo_reqheight()
    clerk.key("Escape", "Escape")
    clerk.wait(0.2)
    assert clerk.page.side.total.winfo_height() == large
    clerk.root.geometry("1180x700")


def test_a_wrong_sum_of_cash_is_told_in_sight_in_a_low_window_after_several_payments(
    clerk: Clerk, shop: OpenedShop
):
    save_options(shop.actor, values={"points.on": True, "points.pay": True})
    member(shop, stored_fen=300)
    clerk.root.geometry("1180x600")
    clerk.scan(SOAP)
    clerk.scan("88000456")
    clerk.key("F12")
    for digit in "234":
        choose(clerk, digit)
        clerk.enter("1")
    payment = clerk.page.side.payment
    assert "Backspace" in str(payment._help.cget("text"))
    assert payment._help.winfo_height() == payment._help.winfo_reqheight()
    choose(clerk, "1")
    payment.amount.text.set("abc")
    clerk.key("Return")
    assert "abc" in clerk.said()
    assert payment._error.winfo_viewable()
    assert payment._error.winfo_height() == payment._error.winfo_reqheight()
    assert not payment._sums.winfo_viewable()
    payment.amount.text.set("5")
    clerk.wait(0.1)
    assert payment._sums.winfo_viewable()
    clerk.root.geometry("1180x700")


# ------------------------------------------------------------------ the whole bill
def test_a_reduction_that_is_no_sum_shows_no_total(clerk: Clerk):
    clerk.scan(SOAP)
    told: list[str] = []

    def type_wrong() -> None:
        clerk.key("Tab")
        clerk.type("x")
        told.append("".join(text for text in texts(clerk.root) if text.startswith("应收 ¥")))

    clerk.in_dialog(type_wrong, lambda: clerk.key("BackSpace"), lambda: clerk.key("Escape"))
    clerk.key("F5")
    assert told == [""]
