"""What the desk says of the day, of the hours and of the goods, counted a second way from the rows."""

import random
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.desk.overview import day_figures, what_waits
from meiping.domains.desk.rules import COMPARED
from meiping.domains.desk.trade import best_goods, busy_hours, slow_goods
from meiping.domains.sales.carts import hold_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.kernel.actor import Scope
from meiping.kernel.errors import PermissionDenied
from meiping.kernel.moments import from_ms
from meiping.store.database import fetch
from tests.domains.renewals.serving import add_machine
from tests.domains.reports.test_figures import random_trade
from tests.factories import add_customer, add_product, cart_of, sell
from tests.shop import OpenedShop


def test_today_stands_against_four_other_days(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=999)
    regular = add_customer(shop)
    for day, pieces in (((2025, 3, 31), 1), ((2026, 2, 28), 2), ((2026, 3, 24), 3), ((2026, 3, 30), 4)):
        shop.clock.set(*day)
        sell(shop, (tea, pieces), customer_id=regular)
    shop.clock.set(2026, 3, 31)
    add_customer(shop)
    sell(shop, (tea, 5), customer_id=regular)
    sell(shop, (tea, 5), customer_id=add_customer(shop))
    found = day_figures(shop.actor)
    assert list(found) == ["today", *(key for key, _ in COMPARED)]
    assert [one.day for one in found.values()] == [
        date(2026, 3, 31),
        date(2026, 3, 30),
        date(2026, 3, 24),
        date(2026, 2, 28),
        date(2025, 3, 31),
    ]
    assert [one.sums["net_fen"] for one in found.values()] == [10_000, 4_000, 3_000, 2_000, 1_000]
    today = found["today"]
    assert (today.new_customers, today.returning, today.sums["average_fen"]) == (2, (regular,), 5_000)
    assert found["year"].returning == (), "that day he came for the first time"


@pytest.mark.parametrize("seed", range(2))
def test_hours_and_goods_equal_the_rows(shop: OpenedShop, seed: int) -> None:
    random_trade(shop, random.Random(seed), bills=30)
    today = shop.actor.today()
    counted: Counter[tuple[int, int]] = Counter()
    for at, kind in fetch("SELECT posted_at, kind FROM sale"):
        moment = from_ms(at)
        if kind != "return" and today - timedelta(weeks=8) <= moment.date() < today:
            counted[moment.weekday(), moment.hour] += 1
    assert busy_hours(shop.actor) == dict(counted)
    sums: Counter[int] = Counter()
    for product, net, day in fetch(
        "SELECT product_id, net_fen, business_date FROM sale_line JOIN sale ON sale.id = sale_id"
    ):
        if date.fromisoformat(day) > today - timedelta(days=30):
            sums[product] += net
    best = sorted(((-net, one) for one, net in sums.items() if net > 0))[:5]
    assert [(-line.net_fen, line.id) for line in best_goods(shop.actor)] == best


def test_what_lies_there_unsold_is_told(shop: OpenedShop) -> None:
    good, bad, never = (add_product(shop, stock=9, cost_fen=cost) for cost in (100, 200, 300))
    add_product(shop)
    sell(shop, (bad, 1))
    shop.clock.advance(days=40)
    fresh = add_product(shop, stock=9)
    sell(shop, (good, 1))
    found = [(line.id, line.last_sold) for line in slow_goods(shop.actor)]
    assert found == [(never, None), (bad, date(2026, 3, 16))]
    assert fresh not in dict(found)


def test_what_waits_is_counted_for_who_may_see_it(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9, low_stock_milli=9_000)
    owing = add_customer(shop, credit_yuan=100, payment_days=10, birth_date=date(1990, 4, 12))
    cart = cart_of(shop, (tea, 1), customer_id=owing)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)])
    hold_cart(shop.actor, cart=cart_of(shop, (tea, 1)))
    add_customer(shop, next_contact_date=date(2026, 4, 10))
    overdue = what_waits(shop.actor).overdue
    assert overdue is not None
    assert overdue.customers == 0
    shop.clock.set(2026, 4, 10)
    found = what_waits(shop.actor)
    assert found.held == 1
    assert found.low == 1
    assert found.visits is not None
    assert found.visits.today == 1
    assert found.overdue is not None
    assert (found.overdue.customers, found.overdue.fen) == (1, 1_000)
    assert found.birthdays is not None
    assert [one.customer_id for one in found.birthdays] == [owing]
    save_role(shop.actor, role_id=None, name="什么都不能", scope=Scope.OWN, permissions=[])
    nothing = what_waits(shop.as_role("什么都不能"))
    assert set(asdict(nothing).values()) == {None}


def test_services_that_end_are_counted_where_any_were_sold(shop: OpenedShop) -> None:
    assert what_waits(shop.actor).services is None
    sell(shop, (add_machine(shop), 1), customer_id=add_customer(shop))
    found = what_waits(shop.actor).services
    assert found is not None
    assert (found.overdue, found.soon) == (0, 0)
    shop.clock.set(2027, 3, 15)
    found = what_waits(shop.actor).services
    assert found is not None
    assert (found.overdue, found.soon, found.fen) == (0, 1, 30_000)


def test_an_empty_shop_has_nothing_to_tell(shop: OpenedShop) -> None:
    assert busy_hours(shop.actor) == {}
    assert best_goods(shop.actor) == []
    assert slow_goods(shop.actor) == []
    assert {one.sums["net_fen"] for one in day_figures(shop.actor).values()} == {0}


def test_scope_and_rights(shop: OpenedShop) -> None:
    rights = ["reports.view", "sales.checkout", "products.view"]
    save_role(shop.actor, role_id=None, name="看自己", scope=Scope.OWN, permissions=rights)
    seller = shop.as_role("看自己")
    tea = add_product(shop, stock=99)
    sell(shop, (tea, 3))
    shop.clock.advance(days=1)
    assert busy_hours(seller) == {}
    assert best_goods(seller) == []
    today = day_figures(seller)["yesterday"]
    assert (today.sums["net_fen"], today.new_customers, today.returning) == (0, None, None)
    assert "profit_fen" not in today.sums
    with pytest.raises(PermissionDenied):
        day_figures(shop.as_role("收银员"))
