"""费用 and 借支 as pages: written down, paid, decided, settled and taken back by keyboard and menu."""

import pytest

from meiping.domains.expenses.rules import ADVANCE, ExpenseInput
from meiping.domains.expenses.service import request_expense, spend
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.store.database import fetch_value
from meiping.ui.pages.money import advances_page, expenses_page
from tests.factories import new_key


def shown(page) -> list[tuple[str, str]]:
    page.list.update()
    return [(row["number"], row["status"]) for row in page.list.visible_rows()]


def do(page, word: str) -> None:
    dict(page.list.on_menu(page.list.current_row()))[word]()


@pytest.fixture
def rent(shop) -> ExpenseInput:
    return ExpenseInput(shop.actor.operator_id, 300_000, words("expense_category")[0].id, "房东")


def test_an_expense_is_written_down_and_paid_in_one_go(opened, shop, context, press, dialog, fill, no_dialog):
    page = opened(expenses_page.PAGE)
    press(page.search.entry, "<Control-n>")
    dialog().submit()
    assert dialog().form._asked["category_id"].message.cget("text")
    dialog().form.set_value("category_id", words("expense_category")[1].id)
    fill(dialog(), amount_fen="88.5", payee="供电局")
    dialog().submit()
    assert no_dialog()
    assert shown(page) == [("FY-20260316-0001", "已支付")]
    assert context.told().startswith("已支付费用，单号 FY-20260316-0001")
    assert fetch_value("SELECT amount_fen FROM balance WHERE account = 'cash'") == -8_850


def test_what_waits_for_approval_is_approved_then_paid(opened, shop, context, rent, press, dialog, no_dialog):
    save_options(shop.actor, values={"expenses.approval": True})
    request_expense(shop.actor, key=new_key(), expense=rent)
    page = opened(expenses_page.PAGE)
    press(page.list.tree, "<Home>", "<F7>")
    assert no_dialog()
    assert context.told() == "这一张还没有审批，通过以后再支付。"
    press(page.list.tree, "<F4>")
    assert shown(page) == [("FY-20260316-0001", "待支付")]
    press(page.list.tree, "<Home>", "<F7>")
    dialog().submit()
    assert no_dialog()
    assert shown(page) == [("FY-20260316-0001", "已支付")]


def test_an_advance_shows_what_is_left_and_is_settled(opened, shop, press, dialog, fill, no_dialog):
    entered = ExpenseInput(shop.actor.operator_id, 100_000)
    spend(shop.actor, key=new_key(), kind=ADVANCE, expense=entered)
    page = opened(advances_page.PAGE)
    press(page.list.tree, "<Home>", "<F6>")
    assert dialog().form.value("amount_fen") == 100_000
    fill(dialog(), amount_fen="2000")
    dialog().submit()
    assert dialog().form._asked["amount_fen"].message.cget("text")
    fill(dialog(), amount_fen="400")
    dialog().submit()
    assert no_dialog()
    page.list.update()
    assert [row["left_fen"] for row in page.list.visible_rows()] == [60_000]
    assert page.spec.listing(page.asked()).summary()["left_fen"] == 60_000


def test_an_expense_can_pay_for_an_advance(opened, shop, rent, press, dialog, no_dialog):
    spend(shop.actor, key=new_key(), kind=ADVANCE, expense=ExpenseInput(shop.actor.operator_id, 500_000))
    bill = request_expense(shop.actor, key=new_key(), expense=rent)
    page = opened(advances_page.PAGE)
    press(page.list.tree, "<Home>", "<F6>")
    dialog().form.set_value("tender", "set off")
    dialog().form.set_value("expense_id", bill)
    dialog().submit()
    assert no_dialog()
    assert page.spec.listing(page.asked()).summary()["left_fen"] == 200_000


def test_the_lists_are_narrowed(opened, shop, rent):
    spend(shop.actor, key=new_key(), expense=rent)
    request_expense(shop.actor, key=new_key(), expense=rent)
    page = opened(expenses_page.PAGE)
    page.narrow("", status="paid")
    assert shown(page) == [("FY-20260316-0001", "已支付")]
    page.narrow("房东", status=None)
    assert len(shown(page)) == 2
    page.narrow("没有", status=None)
    assert shown(page) == []
