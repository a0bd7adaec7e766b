"""Points and bills: earned on what is paid, used as a tender, taken back and given back with the goods; merges."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.adapters.sheets import read_pasted
from meiping.domains.customers.queries import customer_detail
from meiping.domains.ledger.queries import balance_fen, customer_balances
from meiping.domains.ledger.rules import Account
from meiping.domains.loyalty import service as loyalty
from meiping.domains.loyalty.queries import points_left
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_queries import understand
from meiping.domains.stewardship.import_rules import ImportOptions
from meiping.domains.stewardship.import_undo import UNDO_IMPORT, undo_import
from meiping.domains.stewardship.imports import import_sheet
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.kernel.errors import InputError, UserError
from tests.factories import add_customer, add_product, cart_of, new_key, recharge
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def pointed(shop: OpenedShop) -> OpenedShop:
    """A point a yuan; a hundred points pay one yuan."""
    save_options(shop.actor, values={"points.on": True})
    return shop


def left(shop: OpenedShop, customer_id: int) -> int:
    return points_left(customer_id, shop.actor.today())


def give(shop: OpenedShop, customer_id: int, points: int) -> None:
    loyalty.adjust_points(shop.actor, key=new_key(), customer_id=customer_id, points=points, reason="期初")


def buy(shop: OpenedShop, customer_id: int | None, price_fen: int, pieces: int = 1, **parts: int) -> int:
    """A bill of one product: ``parts`` by tender, the rest in cash."""
    product = add_product(shop, list_price_fen=price_fen, stock=pieces)
    cart = cart_of(shop, (product, pieces), customer_id=customer_id)
    payments = [Payment(tender, fen) for tender, fen in parts.items()]
    if rest := price_bill(cart).total_fen - sum(parts.values()):
        payments.append(Payment("cash", rest))
    return checkout(shop.actor, cart=cart, payments=payments).sale_id


def bring_back(shop: OpenedShop, sale_id: int, pieces: int, **values: Any) -> tuple[tuple[str, int], ...]:
    (line,) = (line for line in bill_detail(shop.actor, sale_id=sale_id).lines if line.qty_milli > 0)
    quantities = {line.id: pieces * 1_000}
    posted = return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities=quantities, **values)
    return posted.by_tender


def test_what_is_paid_earns_but_not_what_points_and_bonus_paid(pointed: OpenedShop) -> None:
    wang = add_customer(pointed, credit_yuan=1_000)
    recharge(pointed, wang, 3_000, 2_000)
    buy(pointed, wang, 1_999)
    assert left(pointed, wang) == 19
    buy(pointed, wang, 10_000, stored_value=4_000, credit=1_000)  # ¥10.00 of it bonus
    assert left(pointed, wang) == 19 + 90
    give(pointed, wang, 391)
    buy(pointed, wang, 1_000, points=500)
    assert left(pointed, wang) == 5
    assert balance_fen(Account.PROMOTION, company_id=pointed.company_id) == 2_000 + 500
    buy(pointed, None, 5_000)
    assert not faults()


def test_without_points_nothing_is_earned_and_none_can_pay(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    buy(shop, wang, 5_000)
    assert left(shop, wang) == 0
    with pytest.raises(InputError, match="没有开通积分付款"):
        buy(shop, wang, 1_000, points=100)
    save_options(shop.actor, values={"points.on": True})
    give(shop, wang, 1_000)
    save_options(shop.actor, values={"points.pay": False})
    with pytest.raises(InputError, match="没有开通积分付款"):
        buy(shop, wang, 1_000, points=100)
    assert left(shop, wang) == 1_000


def test_more_than_the_points_are_worth_is_refused_and_nothing_is_booked(pointed: OpenedShop) -> None:
    wang = add_customer(pointed)
    give(pointed, wang, 999)
    with pytest.raises(InputError, match=r"积分不够：现有 999 分，最多抵 ¥9\.99") as refused:
        buy(pointed, wang, 2_000, points=1_000)
    assert refused.value.field == "points"
    assert left(pointed, wang) == 999
    with pytest.raises(InputError, match="散客不能用积分"):
        buy(pointed, None, 2_000, points=1_000)


def test_goods_brought_back_take_their_points_along_even_below_zero(pointed: OpenedShop) -> None:
    wang = add_customer(pointed)
    sale = buy(pointed, wang, 10_000)
    give(pointed, wang, 0 + 50)
    buy(pointed, wang, 150, points=150)
    assert left(pointed, wang) == 0
    bring_back(pointed, sale, 1)
    assert left(pointed, wang) == customer_detail(pointed.actor, wang).points == -100
    buy(pointed, wang, 15_000)
    assert left(pointed, wang) == 50
    assert not faults()


@pytest.mark.parametrize("stored", [False, True])
def test_points_that_paid_come_back_as_points_never_as_money(pointed: OpenedShop, stored: bool) -> None:
    wang = add_customer(pointed)
    give(pointed, wang, 1_000)
    sale = buy(pointed, wang, 500, 3, points=1_000)
    assert left(pointed, wang) == 5
    given = dict(bring_back(pointed, sale, 3, way=RefundWay.STORED if stored else RefundWay.AS_PAID))
    assert given["points"] == 1_000
    assert left(pointed, wang) == 1_000
    money = customer_balances(pointed.actor, customer_id=wang).stored_fen if stored else 0
    assert money == (500 if stored else 0)
    assert not faults()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 3_333),
    st.lists(st.integers(1, 3), min_size=1, max_size=4),
    st.integers(0, 100),
    st.integers(1, 7),
)
def test_all_returns_of_a_bill_together_leave_the_points_as_they_were(
    pointed: OpenedShop, price: int, parts: list[int], percent: int, per_yuan: int
) -> None:
    save_options(pointed.actor, values={"points.per_yuan": per_yuan})
    wang = add_customer(pointed)
    give(pointed, wang, 100_000)
    by_points = price * sum(parts) * percent // 100
    sale = buy(pointed, wang, price, sum(parts), **({"points": by_points} if by_points else {}))
    save_options(pointed.actor, values={"points.per_yuan": 13})
    for part in parts:
        bring_back(pointed, sale, part)
    assert left(pointed, wang) == 100_000
    assert not faults()


def test_an_exchange_keeps_points_points(pointed: OpenedShop) -> None:
    wang = add_customer(pointed)
    give(pointed, wang, 1_000)
    first = buy(pointed, wang, 1_000, 2, points=1_000)
    assert left(pointed, wang) == 10
    (line,) = bill_detail(pointed.actor, sale_id=first).lines
    _, back = lines_taken_back(pointed.actor, sale_id=first, quantities={line.id: 2_000})
    dearer = add_product(pointed, list_price_fen=2_500, stock=1)
    cart = cart_of(pointed, (dearer, 1), customer_id=wang)
    cart = replace(cart, lines=(*back, *cart.lines))
    swapped = checkout(pointed.actor, cart=cart, payments=[Payment("cash", 500)])
    assert left(pointed, wang) == 15, "¥25.00 of goods, ¥10.00 of it by points"
    given = dict(bring_back(pointed, swapped.sale_id, 1))
    assert given == {"points": 1_000, "cash": 1_500}
    assert left(pointed, wang) == 1_000
    assert not faults()


def test_a_merge_brings_the_points_and_their_days_along_and_can_be_undone(pointed: OpenedShop) -> None:
    save_options(pointed.actor, values={"points.months": 12})
    twin, wang = add_customer(pointed), add_customer(pointed)
    give(pointed, twin, 100)
    pointed.clock.set(2026, 9, 1)
    give(pointed, twin, 50)
    give(pointed, wang, 7)
    sale = buy(pointed, twin, 30, points=30)
    merge = merge_customers(pointed.actor, survivor_id=wang, twin_id=twin)
    assert (left(pointed, twin), left(pointed, wang)) == (0, 127)
    bring_back(pointed, sale, 1)
    assert left(pointed, wang) == 157
    undo_merge(pointed.actor, merge_id=merge)
    assert (left(pointed, twin), left(pointed, wang)) == (120, 37)
    pointed.clock.set(2027, 3, 16)
    assert left(pointed, twin) == 50, "the older ones lapse on their day, as before"
    assert not faults()


def test_a_merge_whose_points_were_used_is_not_undone(pointed: OpenedShop) -> None:
    twin, wang = add_customer(pointed), add_customer(pointed)
    give(pointed, twin, 100)
    merge = merge_customers(pointed.actor, survivor_id=wang, twin_id=twin)
    buy(pointed, wang, 30, points=30)
    with pytest.raises(UserError, match="合并时转来的积分是 100 分，现在只剩 70 分"):
        undo_merge(pointed.actor, merge_id=merge)
    assert left(pointed, wang) == 70


def test_points_from_before_are_imported_and_taken_back_with_the_import(pointed: OpenedShop) -> None:
    sheet = read_pasted("客户\t电话\t会员积分\n王芳\t13800138000\t350\n李娜\t13800138001\t")
    told = understand(pointed.actor, kind=ImportKind.CUSTOMERS, sheet=sheet)
    batch = import_sheet(
        pointed.actor,
        kind=ImportKind.CUSTOMERS,
        sheet=sheet,
        header=told.header,
        mapped=told.mapped,
        options=ImportOptions(),
    )
    assert (left(pointed, 1), left(pointed, 2)) == (350, 0)
    assert batch.batch_id is not None
    undo_import(pointed.actor, batch_id=batch.batch_id, confirmed=frozenset({UNDO_IMPORT}))
    assert customer_detail(pointed.actor, 1).points == 0
    assert customer_detail(pointed.actor, 1).deleted_at is not None
    assert not faults()
