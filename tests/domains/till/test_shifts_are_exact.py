"""Any mix of bills, recharges, returns and cash: the drawer holds what a second way of counting says."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.receivables.service import receive
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import tender_report
from meiping.domains.reports.queries.dealings import DealingFilter, dealings
from meiping.domains.reports.rules import Period
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import close_shift, shift_report
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.service import recharge, refund
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop
from tests.whole_file import faults

TENDERS = ("cash", "wechat", "alipay", "card")
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("sell", "credit", "stored", "back", "recharge", "refund", "receive", "in", "out")),
        st.sampled_from(TENDERS),
        st.integers(1, 9),
    ),
    max_size=12,
)


class Model:
    """The shop's own hand count of what each tender should come to."""

    def __init__(self, shop: OpenedShop) -> None:
        self.shop, self.moved = shop, dict.fromkeys(TENDERS, 0)
        self.tea = add_product(shop, stock=10_000, list_price_fen=333)
        self.customer = add_customer(shop, credit_yuan=1_000_000)
        self.sold: list[int] = []
        self.stored = self.debt = 0

    def do(self, deed: str, tender: str, size: int) -> None:
        """One deed by one tender."""
        getattr(self, f"_{deed}")(tender, size)

    def _settle(self, size: int, payments: list[Payment], customer: int | None) -> None:
        cart = cart_of(self.shop, (self.tea, size), customer_id=customer)
        self.sold.append(checkout(self.shop.actor, cart=cart, payments=payments).sale_id)

    def _sell(self, tender: str, size: int) -> None:
        fen = 333 * size
        self._settle(size, [Payment(tender, fen, fen + 167 if tender == "cash" else None)], None)
        self.moved[tender] += fen

    def _credit(self, tender: str, size: int) -> None:
        self._settle(size, [Payment(tender, 100), Payment("credit", 333 * size - 100)], self.customer)
        self.moved[tender] += 100
        self.debt += 333 * size - 100

    def _stored(self, _tender: str, size: int) -> None:
        if self.stored >= 333 * size:
            self._settle(size, [Payment("stored_value", 333 * size)], self.customer)
            self.stored -= 333 * size

    def _back(self, _tender: str, size: int) -> None:
        if not self.sold:
            return
        (line,) = bill_detail(self.shop.actor, sale_id=self.sold[-1]).lines
        if not line.left_milli:
            return
        wanted = {line.id: min(line.left_milli, size * 1000)}
        back = return_goods(self.shop.actor, key=new_key(), sale_id=self.sold[-1], quantities=wanted)
        for tender, fen in back.by_tender:
            if tender in self.moved:
                self.moved[tender] -= fen
            elif tender == "credit":
                self.debt -= fen
            else:
                self.stored += fen

    def _recharge(self, tender: str, size: int) -> None:
        values: dict[str, Any] = {"customer_id": self.customer, "tender": tender}
        recharge(self.shop.actor, key=new_key(), principal_fen=1_000 * size, **values)
        self.moved[tender] += 1_000 * size
        self.stored += 1_000 * size

    def _refund(self, tender: str, size: int) -> None:
        if self.stored > 10 * size:
            values: dict[str, Any] = {"customer_id": self.customer, "tender": tender}
            refund(self.shop.actor, key=new_key(), principal_fen=10 * size, **values)
            self.moved[tender] -= 10 * size
            self.stored -= 10 * size

    def _receive(self, tender: str, size: int) -> None:
        fen = min(self.debt, 50 * size)
        if fen:
            receive(self.shop.actor, key=new_key(), customer_id=self.customer, amount_fen=fen, tender=tender)
            self.moved[tender] += fen
            self.debt -= fen

    def _in(self, _tender: str, size: int) -> None:
        self._move(777 * size)

    def _out(self, _tender: str, size: int) -> None:
        self._move(-777 * size)

    def _move(self, fen: int) -> None:
        confirmed = frozenset({MORE_THAN_THERE})
        move_cash(self.shop.actor, key=new_key(), amount_fen=fen, reason="备用零钱", confirmed=confirmed)
        self.moved["cash"] += fen


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=DEEDS, during=DEEDS, float_fen=st.integers(0, 50_000), gap=st.integers(-300, 300))
def test_the_drawer_holds_what_a_second_count_says(
    closed_shop: Any, shop: OpenedShop, before: list[Any], during: list[Any], float_fen: int, gap: int
) -> None:
    model = Model(shop)
    in_hand, in_safe, lost = (_cash(shop, account) for account in DRAWER)
    for deed in before:
        model.do(*deed)
    earlier = model.moved
    model.moved = dict.fromkeys(TENDERS, 0)
    begin_shift(shop.actor, key=new_key(), float_fen=float_fen)
    now = open_shift(shop.company_id)
    assert now is not None
    for deed in during:
        model.do(*deed)

    should = {**model.moved, "cash": model.moved["cash"] + float_fen}
    report = shift_report(shop.actor, shift_id=now.id)
    assert {one.key: one.expected_fen for one in report.figures.tenders} == should
    assert _cash(shop, Account.CASH) == should["cash"]
    told = sum((one.in_fen or 0) - (one.out_fen or 0) for one in report.figures.kinds)
    assert told == sum(model.moved.values())
    _agrees_with_the_reports(shop, now.number)

    counted = max(should["cash"] + gap, 0)
    close_shift(
        shop.actor,
        shift_id=now.id,
        counted={"cash": counted},
        left_fen=counted // 2,
        reason="数过两遍",
        confirmed=frozenset({"unfinished_bills"}),
    )
    assert _cash(shop, Account.CASH) == counted // 2
    assert _cash(shop, Account.CASH_DIFFERENCE) - lost == should["cash"] - counted
    everything = _cash(shop, Account.CASH) + _cash(shop, Account.SAFE) - in_hand - in_safe
    moves = sum(
        777 * size * (deed == "in") - 777 * size * (deed == "out") for deed, _, size in before + during
    )
    came_in = earlier["cash"] + model.moved["cash"] - moves
    assert everything == came_in - (should["cash"] - counted)
    assert not faults()


DRAWER = (Account.CASH, Account.SAFE, Account.CASH_DIFFERENCE)


def _cash(shop: OpenedShop, account: Account) -> int:
    return balance_fen(account, company_id=shop.company_id)


def _agrees_with_the_reports(shop: OpenedShop, number: str) -> None:
    """What customers paid in the shift is what 收款方式 and 财务往来 say of it."""
    table = tender_report(shop.actor, ReportAsked(Period(), {"by": "shift"}))
    row = next((one for one in table.rows if one["name"] == number), None)
    rows = fetch(
        "SELECT p.account, sum(p.amount_fen) FROM entry e JOIN posting p ON p.entry_id = e.id"
        " JOIN shift s ON s.id = e.shift_id WHERE s.number = ? AND e.source_kind NOT IN ('shift', 'cash_movement')"
        " GROUP BY 1",
        number,
    )
    journal = {account: fen for account, fen in rows if account in TENDERS}
    assert {key: (row[f"{key}_fen"] if row else 0) for key in TENDERS} == {
        key: journal.get(key, 0) for key in TENDERS
    }
    by_day = tender_report(shop.actor, ReportAsked(Period(), {"by": "day"})).totals
    for key in TENDERS:
        assert table.totals[f"{key}_fen"] == by_day[f"{key}_fen"]
        told = dealings(shop.actor, narrow=DealingFilter(tender=key)).summary()["money_fen"]
        assert told == by_day[f"{key}_fen"]


def test_a_shift_without_anything_agrees_too(shop: OpenedShop) -> None:
    begin_shift(shop.actor, key=new_key(), float_fen=0)
    now = open_shift(shop.company_id)
    assert now is not None
    close_shift(shop.actor, shift_id=now.id, counted={"cash": 0})
    assert not faults()
    with pytest.raises(StopIteration):
        next(iter(tender_report(shop.actor, ReportAsked(Period(), {"by": "shift"})).rows))
