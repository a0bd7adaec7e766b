"""Tenders taken one after the other: what is missing, what is given back, what is refused."""

from typing import Any

import pytest

from meiping.domains.sales.at_till import CustomerAtTill
from meiping.domains.sales.payments import Payment, check_payments
from meiping.domains.till.rules import Tender
from meiping.kernel.errors import InputError
from meiping.ui.pages.counter.payment_draft import PaymentDraft


def member(**values: int) -> CustomerAtTill:
    there: dict[str, Any] = {"stored_fen": 5_000, "debt_fen": 2_000, "credit_limit_fen": 10_000, **values}
    return CustomerAtTill(1, "王晓梅", "13822017788", "金卡", 9_000, **there)


def test_cash_gives_change():
    draft = PaymentDraft(4_350).take(Tender.CASH, 5_000)
    assert (draft.rest_fen, draft.change_fen) == (0, 650)
    check_payments(4_350, draft.payments)


def test_part_of_it_leaves_a_rest_that_the_next_tender_is_offered():
    draft = PaymentDraft(4_350).take(Tender.WECHAT, 2_000)
    assert draft.rest_fen == draft.proposal_fen(Tender.CASH) == 2_350
    draft = draft.take(Tender.CASH, 3_000)
    assert (draft.change_fen, draft.words()) == (650, [("微信", 2_000), ("现金", 2_350)])
    check_payments(4_350, draft.payments)


def test_stored_value_reaches_as_far_as_it_goes():
    draft = PaymentDraft(8_000, member())
    assert draft.proposal_fen(Tender.STORED_VALUE) == 5_000
    draft = draft.take(Tender.STORED_VALUE, 5_000)
    assert draft.why_not(Tender.STORED_VALUE) == "余额用完"
    assert draft.proposal_fen(Tender.CASH) == 3_000


def test_credit_stops_at_the_limit_less_what_is_owed():
    draft = PaymentDraft(9_000, member())
    assert draft.proposal_fen(Tender.CREDIT) == 8_000
    with pytest.raises(InputError, match=r"可赊 ¥80\.00"):
        draft.take(Tender.CREDIT, 9_000)


def test_nobody_has_neither_stored_value_nor_credit():
    draft = PaymentDraft(9_000)
    for tender in (Tender.STORED_VALUE, Tender.CREDIT):
        assert draft.why_not(tender) == "先选客户 F2"
        with pytest.raises(InputError, match="F2"):
            draft.take(tender, 100)
    assert PaymentDraft(9_000, member(), may_credit=False).why_not(Tender.CREDIT) == "没有赊账权限"


@pytest.mark.parametrize("typed", [0, -100])
def test_nothing_is_no_payment(typed: int):
    with pytest.raises(InputError, match="大于零"):
        PaymentDraft(9_000).take(Tender.CASH, typed)


def test_only_cash_may_be_more_than_is_due():
    with pytest.raises(InputError, match="不能多收"):
        PaymentDraft(9_000).take(Tender.WECHAT, 9_001)


def test_one_tender_twice_is_one_payment_and_the_last_goes_first():
    draft = PaymentDraft(9_000).take(Tender.CASH, 2_000).take(Tender.CASH, 10_000)
    assert draft.payments == (Payment("cash", 9_000, 12_000),)
    draft = PaymentDraft(9_000).take(Tender.CARD, 2_000).take(Tender.WECHAT, 1_000).without_last()
    assert draft.words() == [("银行卡", 2_000)]


def test_what_is_paid_takes_no_more():
    with pytest.raises(InputError, match="付清"):
        PaymentDraft(9_000).take(Tender.CARD, 9_000).take(Tender.CASH, 100)


def test_points_pay_what_they_are_worth_where_the_shop_takes_them():
    customer = member(points=505, points_worth_fen=505)
    assert PaymentDraft(900, customer).why_not(Tender.POINTS) == "没有可用的积分"
    draft = PaymentDraft(900, customer, points_per_yuan=100)
    assert draft.proposal_fen(Tender.POINTS) == 505
    with pytest.raises(InputError, match=r"积分最多抵 ¥5\.05"):
        draft.take(Tender.POINTS, 506)
    assert draft.take(Tender.POINTS, 505).why_not(Tender.POINTS) == "没有可用的积分"


def test_change_is_kept_for_a_named_customer_only():
    kept = PaymentDraft(900, member(), keep_change=True).take(Tender.CASH, 1_000)
    assert (kept.change_fen, kept.stored_change_fen) == (100, 100)
    assert PaymentDraft(900, keep_change=True).take(Tender.CASH, 1_000).stored_change_fen == 0
