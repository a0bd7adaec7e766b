"""Which bills are still to be paid: what is owed, bill by bill, is always what the customer owes in all."""

from collections import deque
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import customer_balances
from meiping.domains.maintenance.debt_invariants import DEBTS
from meiping.domains.receivables.queries import open_items, payment_slip
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import ageing_report
from meiping.domains.reports.rules import Period
from meiping.domains.sales.due_dates import earliest_due_dates
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_by_number
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.kernel.errors import InputError
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop


def owe(shop: OpenedShop, customer_id: int, product_id: int, pieces: int) -> str:
    """A bill put on credit; gives its number."""
    cart = cart_of(shop, (product_id, pieces), customer_id=customer_id)
    return checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)]).number


def open_bills(shop: OpenedShop, customer_id: int) -> list[tuple[str, int]]:
    """Number and what is left of each, the oldest first."""
    return [(row["number"], row["open_fen"]) for row in open_items(shop.actor, customer_id=customer_id).rows]


def entry_of(number: str) -> int:
    return int(fetch("SELECT id FROM entry WHERE memo = ?", number)[0][0])


def pay(shop: OpenedShop, customer_id: int, fen: int, *numbers: str) -> str:
    return receive(
        shop.actor,
        key=new_key(),
        customer_id=customer_id,
        amount_fen=fen,
        bills=[entry_of(number) for number in numbers],
    )


@pytest.fixture
def debtor(shop: OpenedShop) -> tuple[int, int]:
    """A customer who may owe ¥10,000, and goods at ¥10."""
    return add_customer(shop, credit_yuan=10_000, payment_days=30), add_product(shop, stock=1_000)


def test_a_payment_pays_the_oldest_bills_first(shop, debtor):
    who, goods = debtor
    first, second, third = (owe(shop, who, goods, pieces) for pieces in (3, 2, 1))
    pay(shop, who, 4_000)
    assert open_bills(shop, who) == [(second, 1_000), (third, 1_000)]
    assert first not in dict(open_bills(shop, who))


def test_a_payment_pays_the_bills_that_were_ticked(shop, debtor):
    who, goods = debtor
    first, second, third = (owe(shop, who, goods, pieces) for pieces in (3, 2, 1))
    pay(shop, who, 2_500, second, third)
    assert open_bills(shop, who) == [(first, 3_000), (third, 500)]
    pay(shop, who, 1_000)
    assert open_bills(shop, who) == [(first, 2_000), (third, 500)]


def test_more_than_the_ticked_bills_owe_is_refused_beside_the_sum(shop, debtor):
    who, goods = debtor
    first, _ = owe(shop, who, goods, 3), owe(shop, who, goods, 2)
    with pytest.raises(InputError, match=r"勾选的单据只欠 ¥30\.00") as refused:
        pay(shop, who, 3_001, first)
    assert refused.value.field == "amount_fen"
    assert len(open_bills(shop, who)) == 2


def test_a_bill_that_was_paid_meanwhile_cannot_be_paid_again(shop, debtor):
    who, goods = debtor
    first, second = owe(shop, who, goods, 3), owe(shop, who, goods, 2)
    pay(shop, who, 3_000, first)
    with pytest.raises(InputError, match="已经付清"):
        pay(shop, who, 1_000, first)
    assert open_bills(shop, who) == [(second, 2_000)]


def test_the_slip_names_the_bills_it_paid(shop, debtor):
    who, goods = debtor
    first, second = owe(shop, who, goods, 3), owe(shop, who, goods, 2)
    text = str(payment_slip(shop.actor, number=pay(shop, who, 4_000)))
    assert f"left='{first}', right='¥30.00'" in text
    assert f"left='{second}', right='¥10.00'" in text


def test_a_second_press_pays_once(shop, debtor):
    who, goods = debtor
    owe(shop, who, goods, 3)
    key = new_key()
    numbers = {receive(shop.actor, key=key, customer_id=who, amount_fen=1_000) for _ in range(2)}
    assert len(numbers) == 1
    assert [fen for _, fen in open_bills(shop, who)] == [2_000]


def test_what_is_given_up_is_a_loss_and_no_longer_owed(shop, debtor):
    who, goods = debtor
    first, second = owe(shop, who, goods, 3), owe(shop, who, goods, 2)
    key = new_key()
    numbers = {
        write_off(
            shop.actor,
            key=key,
            customer_id=who,
            amount_fen=2_000,
            reason="店铺已关门",
            bills=[entry_of(second)],
        )
        for _ in range(2)
    }
    assert numbers == {"HX-20260316-0001"}
    assert open_bills(shop, who) == [(first, 3_000)]
    assert customer_balances(shop.actor, customer_id=who).debt_fen == 3_000
    assert fetch("SELECT amount_fen FROM balance WHERE account = 'bad_debt'") == [(2_000,)]


def test_goods_that_come_back_take_their_own_bill_down_first(shop, debtor):
    who, goods = debtor
    first, second = owe(shop, who, goods, 3), owe(shop, who, goods, 2)
    bill = bill_by_number(shop.actor, number=second)
    return_goods(shop.actor, key=new_key(), sale_id=bill.id, quantities={bill.lines[0].id: 1_000})
    assert open_bills(shop, who) == [(first, 3_000), (second, 1_000)]
    pay(shop, who, 1_000, second)
    bill = bill_by_number(shop.actor, number=second)
    return_goods(shop.actor, key=new_key(), sale_id=bill.id, quantities={bill.lines[0].id: 1_000})
    assert open_bills(shop, who) == [(first, 2_000)]


@pytest.mark.parametrize(
    ("fen", "reason", "field"), [(0, "旧账", "amount_fen"), (3_001, "旧账", "amount_fen"), (1, " ", "reason")]
)
def test_a_write_off_needs_a_reason_and_is_never_more_than_is_owed(shop, debtor, fen, reason, field):
    who, goods = debtor
    owe(shop, who, goods, 3)
    with pytest.raises(InputError) as refused:
        write_off(shop.actor, key=new_key(), customer_id=who, amount_fen=fen, reason=reason)
    assert refused.value.field == field
    assert customer_balances(shop.actor, customer_id=who).debt_fen == 3_000


def test_ages_and_due_dates_follow_the_bills_that_are_open(shop, debtor):
    who, goods = debtor
    first = owe(shop, who, goods, 3)
    shop.clock.advance(days=20)
    second = owe(shop, who, goods, 2)
    pay(shop, who, 3_000, first)
    assert [day for who_, _, day in earliest_due_dates() if who_ == who] == [date(2026, 5, 5)]
    row = open_items(shop.actor, customer_id=who).rows[0]
    assert (row["number"], row["due_date"], row["days"]) == (second, date(2026, 5, 5), 0)
    shop.clock.advance(days=40)
    assert open_items(shop.actor, customer_id=who).rows[0]["days"] == 10
    asked = ReportAsked(Period(shop.actor.today(), shop.actor.today()))
    ages = ageing_report(shop.actor, asked)
    assert (ages.totals["debt_fen"], ages.totals["to_30_fen"]) == (2_000, 2_000)


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("owe"), st.integers(1, 9)),
        st.tuples(st.just("pay"), st.integers(1, 12_000)),
        st.tuples(st.just("pay one"), st.integers(0, 5)),
        st.tuples(st.just("give up"), st.integers(1, 3_000)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_bill_by_bill_is_what_a_pile_of_bills_would_say(shop, debtor, deeds):
    """The model is a pile of papers: each payment takes from the oldest on it, or from the one that was named."""
    who, goods = add_customer(shop, credit_yuan=10_000), debtor[1]
    pile: deque[list[Any]] = deque()
    for deed, size in deeds:
        owed = sum(fen for _, fen in pile)
        if deed == "owe":
            pile.append([owe(shop, who, goods, size), size * 1_000])
        elif deed == "pay one" and pile:
            paper = pile[size % len(pile)]
            pay(shop, who, paper[1], paper[0])
            pile.remove(paper)
        elif owed and deed in ("pay", "give up"):
            fen = left = min(size, owed)
            if deed == "pay":
                pay(shop, who, fen)
            else:
                write_off(shop.actor, key=new_key(), customer_id=who, amount_fen=fen, reason="算了")
            while left:
                part = min(left, pile[0][1])
                pile[0][1] -= part
                left -= part
                if not pile[0][1]:
                    pile.popleft()
        assert open_bills(shop, who) == [tuple(paper) for paper in pile]
    assert [found for one in DEBTS for found in one.check(fetch)] == []
