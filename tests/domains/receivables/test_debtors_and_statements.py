"""Who owes what since when, and the statement a customer is given."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import customer_balances
from meiping.domains.receivables.debtors import DebtorFilter, debtors
from meiping.domains.receivables.dunning import make_dunning_letters
from meiping.domains.receivables.service import receive
from meiping.domains.receivables.statements import customer_statement
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.tabular import Row
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, cart_of, new_key, sell
from tests.shop import OpenedShop


def owe(shop: OpenedShop, customer_id: int, product_id: int, pieces: int) -> None:
    cart = cart_of(shop, (product_id, pieces), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)])


@pytest.fixture
def goods(shop: OpenedShop) -> int:
    return add_product(shop, stock=1_000)


def test_the_latest_stands_first_with_what_is_late_and_what_may_still_be_owed(shop, goods):
    early = add_customer(shop, name="早到期", credit_yuan=500, payment_days=10)
    late = add_customer(shop, name="晚到期", credit_yuan=500, payment_days=90)
    owe(shop, early, goods, 3)
    owe(shop, late, goods, 5)
    shop.clock.advance(days=8)
    owe(shop, early, goods, 1)
    shop.clock.advance(days=7)
    rows = debtors(shop.actor).rows
    told = [(row["name"], row["debt_fen"], row["overdue_fen"], row["days"], row["bills"]) for row in rows]
    assert told == [("早到期", 4_000, 3_000, 5, 2), ("晚到期", 5_000, 0, 0, 1)]
    assert rows[0]["credit_left_fen"] == 46_000
    assert debtors(shop.actor).totals == {"bills": 3, "debt_fen": 9_000, "overdue_fen": 3_000}


@pytest.mark.parametrize(
    ("narrow", "names"),
    [
        (DebtorFilter(least_days=1), {"王早"}),
        (DebtorFilter(least_days=31), set()),
        (DebtorFilter(text="wz"), {"王早"}),
        (DebtorFilter(text="李"), {"李晚"}),
        (DebtorFilter(text="没有的人"), set()),
    ],
)
def test_the_list_is_narrowed_by_words_and_lateness(shop, goods, narrow, names):
    for name, days in (("王早", 10), ("李晚", 90)):
        owe(shop, add_customer(shop, name=name, credit_yuan=500, payment_days=days), goods, 1)
    shop.clock.advance(days=15)
    assert {row["name"] for row in debtors(shop.actor, narrow=narrow).rows} == names


def test_a_statement_begins_with_what_was_owed_and_ends_with_what_is(shop, goods):
    who = add_customer(shop, name="老主顾", credit_yuan=500)
    owe(shop, who, goods, 3)
    shop.clock.advance(days=20)
    sell(shop, (goods, 1), customer_id=who)
    owe(shop, who, goods, 2)
    receive(shop.actor, key=new_key(), customer_id=who, amount_fen=4_000)
    made = customer_statement(
        shop.actor, customer_id=who, first_date=date(2026, 4, 1), last_date=shop.actor.today()
    )
    told = [
        (row["kind"], row["amount_fen"], row["charged_fen"], row["paid_fen"], row["debt_fen"])
        for row in made.table.rows
    ]
    assert told == [
        ("上期余额", None, None, None, 3_000),
        ("销售", 1_000, None, None, 3_000),
        ("销售", 2_000, 2_000, None, 5_000),
        ("收款", 4_000, None, 4_000, 1_000),
    ]
    assert (made.table.totals["charged_fen"], made.table.totals["paid_fen"]) == (2_000, 4_000)
    assert made.below[0].startswith("未付单据 1 张：XS-20260405-0002")


def test_a_statement_of_the_past_says_nothing_of_today(shop, goods):
    who = add_customer(shop, credit_yuan=500)
    owe(shop, who, goods, 3)
    shop.clock.advance(days=20)
    made = customer_statement(
        shop.actor, customer_id=who, first_date=date(2026, 3, 1), last_date=date(2026, 3, 31)
    )
    assert made.below == ()
    assert made.table.rows[-1]["debt_fen"] == 3_000


def test_days_in_the_wrong_order_are_told_beside_their_field(shop):
    who = add_customer(shop)
    with pytest.raises(InputError) as refused:
        customer_statement(
            shop.actor, customer_id=who, first_date=date(2026, 3, 2), last_date=date(2026, 3, 1)
        )
    assert refused.value.field == "first_date"


def test_nobody_gets_the_statement_of_a_customer_who_is_not_there(shop):
    with pytest.raises(NotFound):
        customer_statement(
            shop.actor, customer_id=999, first_date=date(2026, 3, 1), last_date=date(2026, 3, 1)
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.integers(0, 12)), min_size=1, max_size=10)
)
def test_two_statements_that_follow_each_other_meet_to_the_fen(shop, goods, deeds):
    who = add_customer(shop, credit_yuan=10_000)
    first = shop.actor.today()
    for owing, size, days in deeds:
        owed_fen = customer_balances(shop.actor, customer_id=who).debt_fen
        if owing:
            owe(shop, who, goods, size)
        elif owed_fen:
            receive(shop.actor, key=new_key(), customer_id=who, amount_fen=min(size * 700, owed_fen))
        shop.clock.advance(days=days)
    last = shop.actor.today()
    middle = first + (last - first) / 2

    def made(start: date, end: date) -> Sequence[Row]:
        return customer_statement(shop.actor, customer_id=who, first_date=start, last_date=end).table.rows

    whole = made(first, last)
    assert whole[-1]["debt_fen"] == customer_balances(shop.actor, customer_id=who).debt_fen
    assert sum((row["charged_fen"] or 0) - (row["paid_fen"] or 0) for row in whole) == whole[-1]["debt_fen"]
    if middle < last:
        before, after = made(first, middle), made(middle + timedelta(days=1), last)
        assert after[0]["debt_fen"] == before[-1]["debt_fen"]
        assert after[-1]["debt_fen"] == whole[-1]["debt_fen"]
        assert len(before) + len(after) == len(whole) + 1


def test_a_dunning_letter_says_in_the_shops_words_what_is_owed(shop, goods):
    save_options(
        shop.actor, values={"dunning.text": "{客户}欠 {欠款}，晚了 {逾期天数} 天。\n\n{店名} {陌生}"}
    )
    who = add_customer(shop, name="老主顾", credit_yuan=500, payment_days=5)
    owe(shop, who, goods, 3)
    shop.clock.advance(days=15)
    letters = make_dunning_letters(shop.actor, customer_ids=[who, add_customer(shop), who])
    assert [(one.customer, one.table.totals["open_fen"]) for one in letters] == [("老主顾", 3_000)]
    shop_name = fetch("SELECT value FROM option WHERE key = 'shop.name'")[0][0].strip('"')
    assert letters[0].paragraphs == ("老主顾欠 ¥30.00，晚了 10 天。", f"{shop_name} {{陌生}}")
    written = fetch("SELECT subject_kind, subject_id FROM operation WHERE action = 'receivables.dun'")
    assert written == [("customer", who)]


def test_without_any_debt_there_is_no_letter_and_nothing_is_written_down(shop):
    with pytest.raises(InputError, match="都没有欠款"):
        make_dunning_letters(shop.actor, customer_ids=[add_customer(shop)])
    assert fetch("SELECT count(*) FROM operation WHERE action = 'receivables.dun'") == [(0,)]
