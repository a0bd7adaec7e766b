"""Shifts at the drawer: opened with the counted float, looked at, counted, ended for good; and cash beside bills."""

from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.access.service import add_company
from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.carts import hold_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import UNFINISHED, close_shift, shift_report, shift_slip
from meiping.domains.settings.service import save_options
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash, open_drawer
from meiping.domains.till.queries.lists import (
    MovementFilter,
    ShiftFilter,
    cash_movements,
    movement_slip,
    shifts,
)
from meiping.domains.till.queries.shifts import float_offer, open_shift
from meiping.domains.till.rules import Tender
from meiping.domains.till.service import begin_shift, count_shift
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, PermissionDenied
from meiping.store.database import db, fetch, fetch_value
from tests.factories import add_customer, add_product, cart_of, cash, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def tea(shop: OpenedShop) -> int:
    """Tea at ¥10.00, plenty of it."""
    return add_product(shop, stock=1_000)


def begin(shop: OpenedShop, float_fen: int = 20_000) -> int:
    """Open the drawer; gives the shift's id."""
    begin_shift(shop.actor, key=new_key(), float_fen=float_fen)
    now = open_shift(shop.company_id)
    assert now is not None
    return now.id


def end(shop: OpenedShop, shift_id: int, cash_fen: int, **values: Any) -> str:
    """End it with so much cash counted."""
    return close_shift(shop.actor, shift_id=shift_id, counted={"cash": cash_fen}, **values)


def put(shop: OpenedShop, amount_fen: int, reason: str = "备用零钱") -> str:
    return move_cash(shop.actor, key=new_key(), amount_fen=amount_fen, reason=reason)


def in_drawer(shop: OpenedShop) -> int:
    return balance_fen(Account.CASH, company_id=shop.company_id)


def in_safe(shop: OpenedShop) -> int:
    return balance_fen(Account.SAFE, company_id=shop.company_id)


def expected(shop: OpenedShop, shift_id: int) -> dict[str, int | None]:
    figures = shift_report(shop.actor, shift_id=shift_id).figures
    return {one.key: one.expected_fen for one in figures.tenders}


# ------------------------------------------------------------------ opening
def test_a_shift_opens_with_the_counted_float_and_a_number_of_its_own(shop: OpenedShop) -> None:
    key = new_key()
    assert begin_shift(shop.actor, key=key, float_fen=20_000) == "JB-20260316-0001"
    assert begin_shift(shop.actor, key=key, float_fen=99) == "JB-20260316-0001"
    assert (in_drawer(shop), in_safe(shop)) == (20_000, -20_000)
    assert not faults()


def test_a_company_has_one_open_shift(shop: OpenedShop) -> None:
    begin(shop)
    with pytest.raises(InputError, match="JB-20260316-0001 还没有交班"):
        begin(shop)


@pytest.mark.parametrize("float_fen", [-1, 10**15])
def test_a_float_that_cannot_be_is_refused(shop: OpenedShop, float_fen: int) -> None:
    with pytest.raises(InputError):
        begin(shop, float_fen)
    assert open_shift(shop.company_id) is None


def test_what_was_taken_before_the_first_shift_goes_to_the_safe(shop: OpenedShop, tea: int) -> None:
    sell(shop, (tea, 30))
    begin(shop, 5_000)
    assert (in_drawer(shop), in_safe(shop)) == (5_000, 25_000)


def test_the_next_shift_is_offered_what_the_last_one_left(shop: OpenedShop, tea: int) -> None:
    assert float_offer(shop.actor).number == ""
    end(shop, begin(shop), 20_000, left_fen=15_000)
    sell(shop, (tea, 2))
    offer = float_offer(shop.actor)
    assert (offer.float_fen, offer.number) == (17_000, "JB-20260316-0001")


# ------------------------------------------------------------------ while it is open
def test_all_money_of_a_shift_carries_it_and_its_day_past_midnight(shop: OpenedShop, tea: int) -> None:
    shop.clock.set(2026, 3, 16, 20)
    shift_id = begin(shop)
    shop.clock.set(2026, 3, 17, 1, 30)
    posted = sell(shop, (tea, 1))
    customer = add_customer(shop)
    recharge(shop.actor, key=new_key(), customer_id=customer, principal_fen=3_000)
    put(shop, 500)
    assert posted.number == "XS-20260316-0001"
    days = fetch("SELECT DISTINCT business_date FROM entry WHERE shift_id = ?", shift_id)
    assert days == [("2026-03-16",)]
    assert fetch_value("SELECT shift_id FROM sale WHERE id = ?", posted.sale_id) == shift_id
    assert not faults()


def test_a_look_tells_each_tender_and_each_kind(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    customer = add_customer(shop, credit_yuan=1_000)
    sell(shop, (tea, 3))
    checkout(shop.actor, cart=cart_of(shop, (tea, 2)), payments=[Payment("wechat", 2_000)])
    recharge(shop.actor, key=new_key(), customer_id=customer, principal_fen=10_000, bonus_fen=500)
    refund(shop.actor, key=new_key(), customer_id=customer, principal_fen=4_000, tender="alipay")
    ways = [Payment("stored_value", 1_500), Payment("credit", 500)]
    checkout(shop.actor, cart=cart_of(shop, (tea, 2), customer_id=customer), payments=ways)
    put(shop, 2_000)
    put(shop, -1_000, "付快递费")
    bring_back(shop, sell(shop, (tea, 1)).sale_id)

    report = shift_report(shop.actor, shift_id=shift_id)
    assert (report.bills, report.sales_fen, report.returns, report.returns_fen) == (4, 8_000, 1, 1_000)
    assert (report.figures.stored_used_fen, report.figures.credit_fen) == (1_500, 500)
    told = {one.word: (one.documents, one.in_fen, one.out_fen) for one in report.figures.kinds}
    assert told == {
        "销售": (4, 6_000, 1_000),
        "充值": (1, 10_000, 0),
        "退款": (1, 0, 4_000),
        "现金收支": (2, 2_000, 1_000),
    }
    assert expected(shop, shift_id) == {
        "cash": 20_000 + 3_000 + 10_000 + 2_000 - 1_000,
        "wechat": 2_000,
        "alipay": -4_000,
        "card": 0,
    }
    assert expected(shop, shift_id)["cash"] == in_drawer(shop)


def bring_back(shop: OpenedShop, sale_id: int) -> str:
    (line,) = bill_detail(shop.actor, sale_id=sale_id).lines
    return return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={line.id: 1_000}).number


def test_a_shop_that_wants_shifts_takes_no_money_without_one(shop: OpenedShop, tea: int) -> None:
    customer = add_customer(shop, credit_yuan=1_000)
    sale_id = sell(shop, (tea, 2)).sale_id
    save_options(shop.actor, values={"till.shifts": "required"})
    takes = (
        lambda: sell(shop, (tea, 1)),
        lambda: recharge(shop.actor, key=new_key(), customer_id=customer, principal_fen=100),
        lambda: bring_back(shop, sale_id),
        lambda: put(shop, 100),
    )
    for take in takes:
        with pytest.raises(InputError, match="按 F11 开班"):
            take()
    begin(shop)
    for take in takes:
        take()
    assert add_product(shop, stock=5)
    assert not faults()


# ------------------------------------------------------------------ cash beside bills
def test_cash_in_and_out_moves_between_drawer_and_safe(shop: OpenedShop) -> None:
    begin(shop)
    key = new_key()
    number = move_cash(shop.actor, key=key, amount_fen=-5_000, reason="大钞上交")
    assert number == "XJ-20260316-0001"
    assert move_cash(shop.actor, key=key, amount_fen=-1, reason="") == number
    assert (in_drawer(shop), in_safe(shop)) == (15_000, -15_000)
    listed = cash_movements(shop.actor)
    (row,) = listed.window(0, 9, None)
    assert (row["amount_fen"], row["operator"], row["shift"]) == (-5_000, "王老板", "JB-20260316-0001")
    assert listed.summary() == {"amount_fen": -5_000}
    assert cash_movements(shop.actor, narrow=MovementFilter("上交", "out")).count() == 1
    assert cash_movements(shop.actor, narrow=MovementFilter(way="in")).count() == 0
    assert not faults()


@pytest.mark.parametrize(("amount_fen", "reason"), [(0, "备用"), (100, " "), (10**15, "备用")])
def test_cash_needs_an_amount_and_a_reason(shop: OpenedShop, amount_fen: int, reason: str) -> None:
    with pytest.raises(InputError):
        put(shop, amount_fen, reason)
    assert not fetch("SELECT 1 FROM cash_movement")


def test_taking_more_than_the_drawer_should_hold_is_asked(shop: OpenedShop) -> None:
    begin(shop, 1_000)
    asked: dict[str, Any] = {"key": new_key(), "amount_fen": -1_001, "reason": "店主取款"}
    with pytest.raises(NeedsConfirmation):
        move_cash(shop.actor, **asked)
    move_cash(shop.actor, **asked, confirmed=frozenset({MORE_THAN_THERE}))
    assert in_drawer(shop) == -1


def test_cash_put_into_a_drawer_that_owes_is_not_asked_about(shop: OpenedShop) -> None:
    begin(shop, 0)
    taken: dict[str, Any] = {"key": new_key(), "amount_fen": -50_000, "reason": "取现存银行"}
    move_cash(shop.actor, **taken, confirmed=frozenset({MORE_THAN_THERE}))
    put(shop, 12_300, "备用零钱")
    assert in_drawer(shop) == 12_300 - 50_000


def test_opening_the_drawer_is_written_down(shop: OpenedShop) -> None:
    open_drawer(shop.actor, reason="换零钱")
    assert fetch("SELECT kind, detail FROM till_event") == [("drawer", "换零钱")]
    assert fetch_value("SELECT count(*) FROM operation WHERE action = 'till.open_drawer'") == 1


def test_the_slip_of_a_movement_says_why_and_how_much(shop: OpenedShop) -> None:
    begin(shop)
    slip = repr(movement_slip(shop.actor, number=put(shop, -1_200, "付快递费"), reprint=True))
    for words in ("现金取出单", "付快递费", "XJ-20260316-0001", "JB-20260316-0001", "补打", "1200"):
        assert words in slip


# ------------------------------------------------------------------ the end
def test_an_even_shift_ends_and_the_rest_goes_to_the_safe(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    sell(shop, (tea, 4))
    number = end(shop, shift_id, 24_000, left_fen=20_000)
    assert open_shift(shop.company_id) is None
    assert (in_drawer(shop), in_safe(shop)) == (20_000, -16_000)
    assert end(shop, shift_id, 1) == number
    (row,) = shifts(shop.actor).window(0, 9, None)
    assert (row["difference_fen"], row["expected_fen"], row["counted_fen"]) == (0, 24_000, 24_000)
    assert (row["operator"], row["closed_by"], row["company"]) == ("王老板", "王老板", shop.company_name)
    assert not faults()


@pytest.mark.parametrize("counted_fen", [19_500, 20_001])
def test_a_difference_needs_a_reason_and_is_booked(shop: OpenedShop, counted_fen: int) -> None:
    shift_id = begin(shop)
    with pytest.raises(InputError) as refused:
        end(shop, shift_id, counted_fen)
    assert refused.value.field == "reason"
    end(shop, shift_id, counted_fen, reason="找错零")
    booked = balance_fen(Account.CASH_DIFFERENCE, company_id=shop.company_id)
    assert booked == 20_000 - counted_fen
    assert (in_drawer(shop), in_safe(shop)) == (0, counted_fen - 20_000)
    assert shifts(shop.actor, narrow=ShiftFilter(differing=True)).count() == 1
    assert not faults()


def test_a_difference_of_another_tender_needs_a_reason_too(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    checkout(shop.actor, cart=cart_of(shop, (tea, 2)), payments=[Payment("wechat", 2_000)])
    counted = {"cash": 20_000, "wechat": 1_900}
    with pytest.raises(InputError, match=r"微信短 ¥1\.00"):
        close_shift(shop.actor, shift_id=shift_id, counted=counted)
    close_shift(shop.actor, shift_id=shift_id, counted=counted, reason="顾客退回")
    kept = fetch("SELECT tender, expected_fen, counted_fen FROM shift_count ORDER BY tender")
    assert kept == [
        ("alipay", 0, None),
        ("card", 0, None),
        ("cash", 20_000, 20_000),
        ("wechat", 2_000, 1_900),
    ]
    assert balance_fen(Account.WECHAT, company_id=shop.company_id) == 2_000


def test_a_large_difference_is_for_those_who_may(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    shift_id = begin(shop)
    asked: dict[str, Any] = {"shift_id": shift_id, "counted": {"cash": 14_999}, "reason": "不知道"}
    with pytest.raises(PermissionDenied):
        close_shift(clerk, **asked)
    assert open_shift(shop.company_id) is not None
    close_shift(clerk, **asked | {"counted": {"cash": 15_000}})


def test_notes_and_coins_must_come_to_the_sum(shop: OpenedShop) -> None:
    shift_id = begin(shop)
    with pytest.raises(InputError, match="按面额合计"):
        end(shop, shift_id, 20_000, notes={10_000: 1})
    end(shop, shift_id, 20_000, notes={10_000: 1, 5_000: 2, 100: 0})
    report = shift_report(shop.actor, shift_id=shift_id)
    assert report.figures.notes == ((10_000, 1), (5_000, 2))


@pytest.mark.parametrize("values", [{"left_fen": -1}, {"left_fen": 20_001}, {"notes": {7: 1}}])
def test_what_cannot_be_is_refused_and_the_shift_stays_open(shop: OpenedShop, values: dict[str, Any]) -> None:
    shift_id = begin(shop)
    with pytest.raises(InputError):
        end(shop, shift_id, 20_000, **values)
    assert open_shift(shop.company_id) is not None
    assert not faults()


@pytest.mark.parametrize("counted", [{}, {"wechat": 0}, {"cash": 1, "credit": 1}])
def test_cash_must_be_counted_and_only_money_can_be(shop: OpenedShop, counted: dict[str, int]) -> None:
    shift_id = begin(shop)
    with pytest.raises(InputError):
        close_shift(shop.actor, shift_id=shift_id, counted=counted)


def test_held_bills_and_an_unfinished_one_are_asked_about(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    hold_cart(shop.actor, cart=cart_of(shop, (tea, 1)))
    save_cart(shop.actor, cart=cart_of(shop, (tea, 2)))
    with pytest.raises(NeedsConfirmation, match=r"1 张挂单.*没结完的单"):
        end(shop, shift_id, 20_000)
    end(shop, shift_id, 20_000, confirmed=frozenset({UNFINISHED}))
    assert fetch_value("SELECT count(*) FROM cart") == 2


def test_what_is_missing_is_told_before_held_bills_are_asked_about(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    hold_cart(shop.actor, cart=cart_of(shop, (tea, 1)))
    with pytest.raises(InputError, match="填写原因"):
        end(shop, shift_id, 19_000)
    with pytest.raises(InputError, match="不能多于清点"):
        end(shop, shift_id, 20_000, left_fen=20_001)
    with pytest.raises(NeedsConfirmation):
        end(shop, shift_id, 19_000, reason="找错零")


def test_an_ended_shift_is_closed_for_good(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    sale_id = sell(shop, (tea, 1)).sale_id
    end(shop, shift_id, 21_000)
    late = (
        "INSERT INTO entry (posted_at, business_date, company_id, operator_id, source_kind, source_id, shift_id)"
        f" VALUES (0, '2026-03-16', 1, 1, 'sale', 1, {shift_id})"
    )
    for statement in (
        late,
        "UPDATE shift SET left_fen = 1",
        "DELETE FROM shift",
        "UPDATE shift_count SET counted_fen = 1",
    ):
        with pytest.raises(Exception, match=r"never|closed"):
            db.execute_sql(statement)
    before = shift_report(shop.actor, shift_id=shift_id)
    bring_back(shop, sale_id)
    assert shift_report(shop.actor, shift_id=shift_id) == before
    assert not faults()


def test_another_company_has_its_own_drawer(shop: OpenedShop) -> None:
    shift_id = begin(shop)
    branch = add_company(shop.actor, name="东门分店")
    elsewhere = replace(shop.actor, company_id=branch)
    assert open_shift(elsewhere.company_id) is None
    begin_shift(elsewhere, key=new_key(), float_fen=100)
    with pytest.raises(NotFound):
        close_shift(elsewhere, shift_id=shift_id, counted={"cash": 0})
    assert not faults()


# ------------------------------------------------------------------ blind
def test_blind_the_sums_are_told_only_after_the_count(shop: OpenedShop, tea: int) -> None:
    save_options(shop.actor, values={"till.blind": True})
    clerk = shop.as_role("收银员")
    shift_id = begin(shop)
    sell(shop, (tea, 1))
    look = shift_report(clerk, shift_id=shift_id)
    assert (look.bills, look.sales_fen, look.figures.hidden) == (1, None, True)
    assert {one.expected_fen for one in look.figures.tenders} == {None}
    assert "2100" not in repr(shift_slip(clerk, number="JB-20260316-0001"))
    assert not shift_report(shop.actor, shift_id=shift_id).figures.hidden
    assert count_shift(clerk, shift_id=shift_id, counted={"cash": 20_900}) == {"cash": -100}
    assert "209.00" in fetch_value("SELECT summary FROM operation WHERE action = 'till.count_shift'")
    close_shift(clerk, shift_id=shift_id, counted={"cash": 20_900}, reason="找错零")
    assert shift_report(clerk, shift_id=shift_id).figures.tenders[0].expected_fen == 21_000


# ------------------------------------------------------------------ paper
def test_the_report_of_an_ended_shift_says_all_of_it(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    sell(shop, (tea, 1))
    end(shop, shift_id, 20_900, notes={10_000: 2, 500: 1, 100: 4}, left_fen=20_000, reason="找错零")
    slip = repr(shift_slip(shop.actor, number="JB-20260316-0001", reprint=True))
    for words in (
        "交班单",
        "补打",
        "100 元 × 2",
        "¥210.00",
        "-¥1.00",
        "找错零",
        "¥200.00",
        "放入保险柜",
        "¥9.00",
    ):
        assert words in slip


def test_the_report_agrees_with_the_cash_of_the_journal(shop: OpenedShop, tea: int) -> None:
    shift_id = begin(shop)
    sell(shop, (tea, 7))
    checkout(shop.actor, cart=cart_of(shop, (tea, 2)), payments=cash(2_000, 5_000))
    assert expected(shop, shift_id)[Tender.CASH.key] == in_drawer(shop) == 29_000


def test_who_is_to_allow_a_large_difference_is_told_how_much(shop: OpenedShop, tea: int) -> None:
    clerk = shop.as_role("收银员")
    shift_id = begin(shop)
    checkout(shop.actor, cart=cart_of(shop, (tea, 2)), payments=[Payment("wechat", 2_000)])
    counted = {"cash": 10_000, "wechat": 2_100}
    with pytest.raises(PermissionDenied) as denied:
        close_shift(clerk, shift_id=shift_id, counted=counted, reason="不知道")
    assert denied.value.about == "大额长短款交班：现金短 ¥100.00，微信长 ¥1.00\n原因：不知道"
