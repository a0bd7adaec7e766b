"""A day at the counter without the mouse, from the opened drawer to the counted one; every sum noted by hand."""

from meiping.domains.ledger.queries import balance_fen, balances_in
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.shifts import shift_report
from meiping.domains.till.queries.lists import shifts
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.ui.pages.counter.side_column import Side
from meiping.ui.shell.shell_context import DOUBLE_PRESS_MS
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import APPLE, COLA, SOAP, Clerk
from tests.whole_file import faults
from tests.windows import dialogs, texts

MEMBER = "88000456"


def pay(clerk: Clerk, *entered: str) -> None:
    """F12, what is typed, and Enter; then the customer goes."""
    clerk.key("F12")
    for one in entered:
        clerk.type(one)
    clerk.key("Return")
    assert clerk.state() is Side.DONE
    clerk.wait(DOUBLE_PRESS_MS / 1000)


def open_the_drawer(clerk: Clerk) -> None:
    clerk.in_dialog(lambda: clerk.type("300"), lambda: clerk.key("Return"))
    clerk.key("F11")


def sell(clerk: Clerk) -> None:
    """¥19.00 in cash out of fifty; ¥21.41 by WeChat and cash; ¥36.00 less 8 % by Alipay; ¥2.00 of an amount only."""
    clerk.scan(COLA)
    clerk.scan(SOAP)
    clerk.scan(COLA)
    pay(clerk, "1", "50")
    assert clerk.big() == ("找零", "¥31.00")
    clerk.enter(f"0.735*{APPLE}")
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.type("2")
    clerk.enter("20")
    clerk.key("Return")
    clerk.wait(DOUBLE_PRESS_MS / 1000)
    clerk.enter(f"3*{SOAP}")
    clerk.in_dialog(lambda: clerk.enter("9.2"), lambda: clerk.key("Return"))
    clerk.key("F5")
    pay(clerk, "3")
    clerk.key("equal")
    clerk.enter("2 纽扣")
    pay(clerk)
    assert [bill.total_fen for bill in clerk.bills()] == [200, 3_312, 2_141, 1_900]


def let_one_wait(clerk: Clerk) -> None:
    """¥12.00 is put aside for ¥3.50, and paid by card."""
    clerk.scan(SOAP)
    clerk.key("F6")
    clerk.enter("去取钱包")
    clerk.in_dialog(lambda: clerk.type("kkkl"), lambda: clerk.key("Return"))
    clerk.key("F3")
    pay(clerk)
    clerk.key("F6")
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]
    pay(clerk, "4")


def take_back_and_exchange(clerk: Clerk) -> None:
    """The soap by card comes back; the cola is exchanged for a soap, which takes ¥8.50 more."""
    card, cola = (bill.number for bill in clerk.bills()[:2])
    clerk.in_dialog(lambda: clerk.enter(card.replace("-", "")), lambda: clerk.key("F12"))
    clerk.key("F7")
    assert clerk.bills()[0].tenders == (("银行卡", -1_200, -1_200),)
    assert clerk.state() is Side.DONE
    clerk.in_dialog(lambda: clerk.enter(cola.replace("-", "")), lambda: clerk.key("F7"))
    clerk.key("F7")
    clerk.enter(SOAP)
    pay(clerk)
    assert (clerk.bills()[0].kind, clerk.bills()[0].total_fen) == ("exchange", 850)


def serve_the_member(clerk: Clerk) -> None:
    """¥500.00 in cash with fifty more; ¥24.00 of them spent."""
    clerk.scan(MEMBER)

    def choose() -> None:
        clerk.in_dialog(lambda: clerk.type("500"), lambda: clerk.key("Control-s"))
        clerk.type("1")

    clerk.in_dialog(choose)
    clerk.key("F10")
    clerk.wait(0.3)
    clerk.enter(f"2*{SOAP}")
    pay(clerk, "5")


def move_cash(clerk: Clerk) -> None:
    """¥20.00 in, ¥50.00 out."""
    clerk.in_dialog(
        lambda: clerk.key("Shift-Tab", "Right", "space"),
        lambda: clerk.key("Tab"),
        lambda: clerk.enter("20"),
        lambda: clerk.type("备用零钱"),
        lambda: clerk.key("Return"),
    )
    clerk.key("F9")
    clerk.in_dialog(lambda: clerk.enter("50"), lambda: clerk.type("付快递费"), lambda: clerk.key("Return"))
    clerk.key("F9")


def look(clerk: Clerk) -> str:
    """What F11 tells in between; everything stays as it is."""
    seen: list[str] = []
    clerk.in_dialog(
        lambda: seen.append(" ".join(texts(dialogs(clerk.root)[-1]))), lambda: clerk.key("Escape")
    )
    clerk.key("F11")
    return seen[0]


def count(clerk: Clerk) -> None:
    """Seven hundreds and two fifties lie there: ¥4.41 less than there should be, which wants a reason."""

    def counting() -> None:
        clerk.enter("7")
        clerk.enter("2")
        clerk.key(*["Return"] * 7)
        assert "短 ¥4.41" in " ".join(texts(dialogs(clerk.root)[-1]))
        clerk.key("Control-s")
        clerk.type("找错零")
        clerk.key("Return", "Return")

    def begin() -> None:
        clerk.in_dialog(counting)
        clerk.key("Return")

    clerk.in_dialog(begin)
    clerk.key("F11")
    clerk.wait(0.1)
    clerk.key("Escape")


def test_a_day_without_the_mouse(clerk: Clerk, shop: OpenedShop) -> None:
    save_rule(shop.actor, rule=RuleInput("", 50_000, 5_000))
    member = factories.add_customer(shop, name="李娜", card_number=MEMBER)
    open_the_drawer(clerk)
    now = open_shift(shop.company_id)
    assert now is not None
    sell(clerk)
    let_one_wait(clerk)
    take_back_and_exchange(clerk)
    serve_the_member(clerk)
    move_cash(clerk)
    assert clerk.scan_has_focus()
    cash = 30_000 + 1_900 + 141 + 200 + 350 + 850 + 50_000 + 2_000 - 5_000
    told = look(clerk)
    report = shift_report(shop.actor, shift_id=now.id)
    assert {one.key: one.expected_fen for one in report.figures.tenders} == {
        "cash": cash,
        "wechat": 2_000,
        "alipay": 3_312,
        "card": 0,
    }
    assert "¥804.41" in told
    assert (report.bills, report.returns) == (8, 1)
    there = balances_in(shop.company_id, member)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == (47_600, 5_000)
    count(clerk)
    (row,) = shifts(shop.actor).window(0, 9, None)
    assert (row["expected_fen"], row["counted_fen"]) == (cash, 80_000)
    assert balance_fen(Account.CASH_DIFFERENCE, company_id=shop.company_id) == cash - 80_000
    assert not faults()
