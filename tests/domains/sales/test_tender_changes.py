"""微信 pressed for cash: put right within the shift by a counter-entry, seen wherever tenders are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import tender_report
from meiping.domains.reports.rules import Period
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.tender_changes import change_tender, tenders_to_change
from meiping.domains.till.service import begin_shift
from meiping.kernel.errors import InputError
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop


def held(shop: OpenedShop) -> dict[str, int]:
    return {
        one.value: balance_fen(one, company_id=shop.company_id)
        for one in (Account.CASH, Account.WECHAT, Account.ALIPAY, Account.CARD)
    }


def put_right(shop: OpenedShop, sale_id: int, wrong: str, right: str, fen: int) -> None:
    change_tender(
        shop.actor, key=new_key(), sale_id=sale_id, from_tender=wrong, to_tender=right, amount_fen=fen
    )


def test_the_money_moves_and_the_bill_says_so(shop: OpenedShop) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    put_right(shop, sold.sale_id, "cash", "wechat", 3_000)
    assert held(shop) == {"cash": 0, "wechat": 3_000, "alipay": 0, "card": 0}
    bill = bill_detail(shop.actor, sale_id=sold.sale_id)
    assert bill.tenders == (("微信", 3_000, 3_000),)
    assert bill.tender_changes == ("收款方式更正：现金 → 微信 ¥30.00（王老板）",)
    assert bill.change_fen == 0
    total = tender_report(shop.actor, ReportAsked(Period())).totals
    assert (total["cash_fen"], total["wechat_fen"], total["received_fen"]) == (0, 3_000, 3_000)
    assert (total["of_sales_fen"], total["paid_out_fen"]) == (3_000, 0)
    assert fetch("SELECT tender, amount_fen FROM sale_tender") == [("cash", 3_000)]
    assert fetch("SELECT kind, amount_fen FROM till_event") == [("tender_changed", 3_000)]


def test_pressed_twice_it_is_done_once(shop: OpenedShop) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    for _ in range(2):
        change_tender(
            shop.actor,
            key="once",
            sale_id=sold.sale_id,
            from_tender="cash",
            to_tender="card",
            amount_fen=1_000,
        )
    assert held(shop)["card"] == 1_000
    assert tenders_to_change(shop.actor, sale_id=sold.sale_id) == [
        ("cash", "现金", 2_000),
        ("card", "银行卡", 1_000),
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "fen"),
    [
        ("cash", "cash", 100),
        ("cash", "credit", 100),
        ("stored_value", "cash", 100),
        ("cash", "wechat", 3_001),
        ("wechat", "cash", 100),
        ("cash", "wechat", 0),
        ("cash", "wechat", -100),
        ("nonsense", "cash", 1),
    ],
)
def test_what_cannot_be_is_refused(shop: OpenedShop, wrong: str, right: str, fen: int) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    with pytest.raises(InputError):
        put_right(shop, sold.sale_id, wrong, right, fen)
    assert not fetch("SELECT 1 FROM tender_change")


def test_stored_value_is_no_wrong_tender(shop: OpenedShop) -> None:
    customer_id = add_customer(shop)
    recharge(shop, customer_id, 10_000)
    cart = cart_of(shop, (add_product(shop, stock=5), 1), customer_id=customer_id)
    sale_id = checkout(shop.actor, cart=cart, payments=[Payment("stored_value", 1_000)]).sale_id
    assert tenders_to_change(shop.actor, sale_id=sale_id) == []


def test_only_on_the_same_day_where_there_are_no_shifts(shop: OpenedShop) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    shop.clock.advance(days=1)
    with pytest.raises(InputError, match="当天"):
        put_right(shop, sold.sale_id, "cash", "wechat", 100)


def test_only_within_the_shift_even_over_midnight(shop: OpenedShop) -> None:
    cola = add_product(shop, stock=9)
    before = sell(shop, (cola, 1))
    begin_shift(shop.actor, key=new_key(), float_fen=0)
    within = sell(shop, (cola, 1))
    with pytest.raises(InputError, match="本班次"):
        put_right(shop, before.sale_id, "cash", "wechat", 100)
    shop.clock.advance(hours=18)
    put_right(shop, within.sale_id, "cash", "wechat", 100)
    (entry,) = fetch("SELECT shift_id, business_date FROM entry WHERE source_kind = 'tender_change'")
    assert entry == fetch("SELECT shift_id, business_date FROM sale WHERE id = ?", within.sale_id)[0]


def test_a_return_gives_back_by_the_right_tender(shop: OpenedShop) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    put_right(shop, sold.sale_id, "cash", "wechat", 3_000)
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    back = return_goods(shop.actor, key="r", sale_id=sold.sale_id, quantities={line[0]: 3_000})
    assert back.by_tender == (("wechat", 3_000),)
    assert set(held(shop).values()) == {0}


def test_what_was_given_back_already_cannot_have_come_otherwise(shop: OpenedShop) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    return_goods(shop.actor, key="r", sale_id=sold.sale_id, quantities={line[0]: 1_000})
    with pytest.raises(InputError, match=r"¥20\.00"):
        put_right(shop, sold.sale_id, "cash", "wechat", 2_001)
    put_right(shop, sold.sale_id, "cash", "wechat", 2_000)
    return_goods(shop.actor, key="r2", sale_id=sold.sale_id, quantities={line[0]: 2_000})
    assert set(held(shop).values()) == {0}


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["cash", "wechat", "alipay", "card"]),
        st.sampled_from(["cash", "wechat", "alipay", "card"]),
        st.integers(1, 4_000),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_any_number_of_changes_loses_no_fen(shop: OpenedShop, moves: list[tuple[str, str, int]]) -> None:
    before = sum(held(shop).values())
    sold = sell(shop, (add_product(shop, stock=3), 3))
    for wrong, right, fen in moves:
        try:
            put_right(shop, sold.sale_id, wrong, right, fen)
        except InputError:
            continue
    standing = tenders_to_change(shop.actor, sale_id=sold.sale_id)
    assert sum(fen for *_, fen in standing) == 3_000
    assert sum(amount for _, amount, _ in bill_detail(shop.actor, sale_id=sold.sale_id).tenders) == 3_000
    assert sum(held(shop).values()) == before + 3_000
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities={line[0]: 3_000})
    assert sum(held(shop).values()) == before
    assert not [line for invariant in INVARIANTS for line in invariant.check(fetch)]
