"""Expenses and advances: asked for, approved, paid once, taken back, settled; every fen in the books."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.expenses.queries import expense_slip, expenses, outstanding_fen, to_set_off
from meiping.domains.expenses.rules import ADVANCE, ExpenseInput
from meiping.domains.expenses.service import (
    decide_expense,
    pay_expense,
    request_expense,
    settle_advance,
    spend,
    take_back_expense,
)
from meiping.domains.maintenance.expense_invariants import EXPENSES
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.till.service import begin_shift
from meiping.kernel.errors import InputError
from meiping.store.database import fetch, fetch_value
from tests.factories import new_key
from tests.shop import OpenedShop


def rent(shop: OpenedShop, fen: int = 300_000, **values) -> ExpenseInput:
    return ExpenseInput(
        **{
            "person_id": shop.actor.operator_id,
            "amount_fen": fen,
            "category_id": words("expense_category")[0].id,
            "payee": "房东",
            **values,
        }
    )


def balance(account: str) -> int:
    return int(fetch_value("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = ?", account))


def listed(shop: OpenedShop, kind: str = "expense") -> list[tuple[str, int, str]]:
    rows = expenses(shop.actor, kind=kind).window(0, 50, None)
    return [(row["number"], row["amount_fen"], row["status"]) for row in rows]


def faults() -> list[str]:
    return [found for one in EXPENSES for found in one.check(fetch)]


def test_a_shop_has_categories_from_its_first_day(shop):
    assert [word.name for word in words("expense_category")][:2] == ["房租", "水电"]


def test_an_expense_paid_at_once_is_booked_once_whatever_is_pressed_twice(shop):
    key = new_key()
    numbers = {spend(shop.actor, key=key, expense=rent(shop), tender="wechat") for _ in range(2)}
    assert numbers == {"FY-20260316-0001"}
    assert (balance("expense"), balance("wechat")) == (300_000, -300_000)
    assert listed(shop) == [("FY-20260316-0001", 300_000, "已支付")]
    assert faults() == []


def test_where_the_shop_wants_approval_nothing_is_paid_before_it(shop):
    save_options(shop.actor, values={"expenses.approval": True})
    expense_id = request_expense(shop.actor, key=new_key(), expense=rent(shop))
    with pytest.raises(InputError, match="还没有审批"):
        pay_expense(shop.actor, expense_id=expense_id)
    with pytest.raises(InputError, match="还没有审批"):
        spend(shop.actor, key=new_key(), expense=rent(shop))
    assert listed(shop) == [("FY-20260316-0001", 300_000, "待审批")]
    decide_expense(shop.actor, expense_id=expense_id, approve=True)
    pay_expense(shop.actor, expense_id=expense_id)
    pay_expense(shop.actor, expense_id=expense_id)
    assert balance("cash") == -300_000
    assert faults() == []


def test_what_was_refused_says_why_and_is_never_paid(shop):
    save_options(shop.actor, values={"expenses.approval": True})
    expense_id = request_expense(shop.actor, key=new_key(), expense=rent(shop))
    with pytest.raises(InputError) as refused:
        decide_expense(shop.actor, expense_id=expense_id, approve=False)
    assert refused.value.field == "reason"
    decide_expense(shop.actor, expense_id=expense_id, approve=False, reason="没有发票")
    with pytest.raises(InputError):
        decide_expense(shop.actor, expense_id=expense_id, approve=True)
    with pytest.raises(InputError):
        pay_expense(shop.actor, expense_id=expense_id)
    listing = expenses(shop.actor)
    assert listing.window(0, 1, None)[0]["note"] == "没有发票"
    assert listing.summary()["amount_fen"] == 0
    assert balance("expense") == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": None}, "amount_fen"),
        ({"category_id": None}, "category_id"),
        ({"category_id": 9_999}, "category_id"),
        ({"person_id": None}, "person_id"),
        ({"person_id": 9_999}, "person_id"),
        ({"payee": "长" * 61}, "payee"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(shop, values, field):
    with pytest.raises(InputError) as refused:
        spend(shop.actor, key=new_key(), expense=rent(shop, **values))
    assert refused.value.field == field
    assert listed(shop) == []


def test_a_paid_expense_is_taken_back_by_a_counter_slip_once(shop):
    spend(shop.actor, key=new_key(), expense=rent(shop))
    paid = expenses(shop.actor).window(0, 1, None)[0]["id"]
    key = new_key()
    for _ in range(2):
        take_back_expense(shop.actor, key=key, expense_id=paid, reason="记错了")
    assert (balance("expense"), balance("cash")) == (0, 0)
    assert [status for _, _, status in listed(shop)] == ["已冲销", "已冲销"]
    with pytest.raises(InputError, match="冲销过"):
        take_back_expense(shop.actor, key=new_key(), expense_id=paid, reason="再来")
    assert faults() == []


def test_an_advance_is_settled_by_money_and_by_what_was_spent(shop):
    me = shop.actor.operator_id
    spend(shop.actor, key=new_key(), kind=ADVANCE, expense=ExpenseInput(me, 100_000))
    advance = expenses(shop.actor, kind=ADVANCE).window(0, 1, None)[0]["id"]
    bill = request_expense(shop.actor, key=new_key(), expense=rent(shop, 60_000))
    assert [expense_id for expense_id, _ in to_set_off(shop.actor)] == [bill]
    settle_advance(shop.actor, key=new_key(), advance_id=advance, expense_id=bill)
    key = new_key()
    for _ in range(2):
        settle_advance(shop.actor, key=key, advance_id=advance, amount_fen=10_000)
    assert outstanding_fen(advance) == 30_000
    assert (balance("advance"), balance("expense"), balance("cash")) == (30_000, 60_000, -90_000)
    with pytest.raises(InputError, match=r"只剩 ¥300\.00"):
        settle_advance(shop.actor, key=new_key(), advance_id=advance, amount_fen=30_001)
    with pytest.raises(InputError, match="不能冲销"):
        take_back_expense(shop.actor, key=new_key(), expense_id=advance, reason="记错了")
    assert to_set_off(shop.actor) == []
    assert faults() == []


def test_cash_that_is_spent_leaves_the_drawer_of_the_shift(shop):
    begin_shift(shop.actor, key=new_key(), float_fen=500_000)
    spend(shop.actor, key=new_key(), expense=rent(shop))
    assert fetch("SELECT count(*) FROM entry WHERE source_kind = 'expense' AND shift_id IS NULL") == [(0,)]
    assert fetch("SELECT amount_fen FROM balance WHERE account = 'cash'") == [(200_000,)]


def test_the_slip_tells_who_spent_what_and_leaves_room_to_sign(shop):
    number = spend(shop.actor, key=new_key(), expense=rent(shop))
    text = str(expense_slip(shop.actor, number=number))
    assert all(word in text for word in ("费用单", number, "房东", "房租", "300000", "签字"))


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["spend", "advance", "pay back", "set off", "take back"]),
        st.integers(1, 9_000),
        st.integers(0, 9),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_the_books_are_what_a_purse_would_say(shop, deeds):
    """The model is a purse, a list of what was spent and of what people still have."""
    before = {account: balance(account) for account in ("cash", "expense", "advance")}
    purse, spent, out = 0, 0, {}
    paid: list[tuple[int, int]] = []
    for deed, fen, which in deeds:
        if deed == "spend":
            spend(shop.actor, key=new_key(), expense=rent(shop, fen))
            paid.append((expenses(shop.actor).window(0, 1, None)[0]["id"], fen))
            purse, spent = purse - fen, spent + fen
        elif deed == "advance":
            entered = ExpenseInput(shop.actor.operator_id, fen)
            spend(shop.actor, key=new_key(), kind=ADVANCE, expense=entered)
            out[expenses(shop.actor, kind=ADVANCE).window(0, 1, None)[0]["id"]] = fen
            purse -= fen
        elif deed == "take back" and paid:
            one, fen = paid.pop(which % len(paid))
            take_back_expense(shop.actor, key=new_key(), expense_id=one, reason="记错了")
            purse, spent = purse + fen, spent - fen
        elif deed in ("pay back", "set off") and (owing := [one for one in out if out[one]]):
            one = owing[which % len(owing)]
            fen = min(fen, out[one])
            if deed == "pay back":
                settle_advance(shop.actor, key=new_key(), advance_id=one, amount_fen=fen)
                purse += fen
            else:
                bill = request_expense(shop.actor, key=new_key(), expense=rent(shop, fen))
                settle_advance(shop.actor, key=new_key(), advance_id=one, expense_id=bill)
                spent += fen
            out[one] -= fen
            assert outstanding_fen(one) == out[one]
    after = {account: balance(account) - fen for account, fen in before.items()}
    assert after == {"cash": purse, "expense": spent, "advance": sum(out.values())}
    assert faults() == []


def waiting(shop: OpenedShop, writer, person_id: int) -> int:
    """An advance that waits for a decision."""
    save_options(shop.actor, values={"expenses.approval": True})
    return request_expense(writer, key=new_key(), kind=ADVANCE, expense=ExpenseInput(person_id, 50_000))


def told_of_decisions() -> list[str]:
    rows = fetch("SELECT summary FROM operation WHERE action = 'expenses.decide' ORDER BY id")
    return [row[0] for row in rows]


def test_nobody_approves_what_he_asked_for_or_what_is_for_himself(shop):
    manager, other = shop.as_role("店长"), shop.add_operator("老周", "店长")
    asked = waiting(shop, manager, other.operator_id)
    for own in (manager, other):
        with pytest.raises(InputError, match="请别人审批"):
            decide_expense(own, expense_id=asked, approve=True)
    assert listed(shop, ADVANCE)[0][2] == "待审批"
    third = shop.add_operator("老孙", "店长")
    assert decide_expense(third, expense_id=asked, approve=True) is False
    again = waiting(shop, manager, manager.operator_id)
    decide_expense(manager, expense_id=again, approve=False, reason="不用了")
    assert listed(shop, ADVANCE)[0][2] == "已驳回", "one's own can be taken back by oneself"


def test_the_owner_of_a_shop_approves_his_own_and_the_log_tells_it(shop):
    asked = waiting(shop, shop.actor, shop.actor.operator_id)
    assert decide_expense(shop.actor, expense_id=asked, approve=True) is True
    assert told_of_decisions() == ["通过借支 JZ-20260316-0001（本人的单）"]
