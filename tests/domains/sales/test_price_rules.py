"""What the shop's rules give is given by itself, to the fen, and nobody gets more by a cart that lies."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.catalog.price_rules import delete_price_rule, save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput, check_price_rule, price_rules
from meiping.domains.catalog.queries import product_detail
from meiping.domains.catalog.service import change_product
from meiping.domains.sales.cart import BillOffer, Cart, CartLine
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.rules import running_part
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.kernel.errors import InputError
from meiping.kernel.money import CashRounding
from tests.factories import add_customer, add_product, cart_of, cash
from tests.shop import OpenedShop


def level(name: str) -> int:
    return next(one.id for one in levels() if one.name == name)


def rule(shop: OpenedShop, kind: str, **values: Any) -> int:
    return save_price_rule(shop.actor, rule=PriceRuleInput(kind, **values))


def at_level(shop: OpenedShop, product_id: int, **prices: int) -> None:
    own = tuple((level(name), fen) for name, fen in prices.items())
    product = product_detail(shop.actor, product_id=product_id).product
    change_product(shop.actor, product_id=product_id, product=replace(product, level_prices=own))


def total(shop: OpenedShop, cart: Cart) -> int:
    return price_bill(as_priced_today(shop.actor, cart=cart)).total_fen


# ------------------------------------------------------------------ one line
def test_a_levels_own_price_stands_for_its_discount(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9)
    at_level(shop, tea, 金卡=950)
    gold, silver = (add_customer(shop, level_id=level(name)) for name in ("金卡", "银卡"))
    assert total(shop, cart_of(shop, (tea, 1), (nuts, 1), customer_id=gold)) == 950 + 900
    assert total(shop, cart_of(shop, (tea, 1), customer_id=silver)) == 950, (
        "5 per cent off, no price of its own"
    )
    assert total(shop, cart_of(shop, (tea, 1))) == 1_000


@pytest.mark.parametrize(("special", "pays"), [(800, 800), (920, 900)])
def test_the_lowest_that_is_offered_counts(shop: OpenedShop, special: int, pays: int) -> None:
    tea = add_product(shop, stock=9)
    rule(shop, "special", product_id=tea, price_fen=special)
    gold = add_customer(shop, level_id=level("金卡"))
    assert total(shop, cart_of(shop, (tea, 1), customer_id=gold)) == pays
    assert total(shop, cart_of(shop, (tea, 1))) == special


def test_a_special_price_lasts_from_day_to_day_and_for_its_level(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9)
    days = {"first_date": date(2026, 3, 17), "last_date": date(2026, 3, 18)}
    rule(shop, "special", product_id=tea, price_fen=700, level_id=level("金卡"), **days)
    gold = add_customer(shop, level_id=level("金卡"))
    seen = []
    for day in (16, 17, 18, 19):
        shop.clock.set(2026, 3, day)
        seen.append(total(shop, cart_of(shop, (tea, 1), customer_id=gold)))
        assert total(shop, cart_of(shop, (tea, 1))) == 1_000
    assert seen == [900, 700, 700, 900]


def test_a_price_set_by_hand_beats_every_rule(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9)
    rule(shop, "special", product_id=tea, price_fen=700)
    cart = cart_of(shop, (tea, 1))
    assert total(shop, cart.with_line(0, replace(cart.lines[0], price_fen=990))) == 990


def test_no_rule_goes_under_the_lowest_price(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9)
    rule(shop, "special", product_id=tea, price_fen=700)
    rule(shop, "threshold", least_fen=500, off_fen=400)
    product = product_detail(shop.actor, product_id=tea).product
    change_product(shop.actor, product_id=tea, product=replace(product, lowest_price_fen=850))
    assert total(shop, cart_of(shop, (tea, 1))) == 850


# ------------------------------------------------------------------ the whole bill
def test_so_much_off_from_a_sum_on_the_best_one_counts(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=99)
    rule(shop, "threshold", least_fen=5_000, off_fen=500)
    rule(shop, "threshold", least_fen=10_000, off_fen=1_500)
    assert [total(shop, cart_of(shop, (tea, n))) for n in (4, 5, 10)] == [4_000, 4_500, 8_500]
    cart = as_priced_today(shop.actor, cart=cart_of(shop, (tea, 10)))
    assert price_bill(cart).savings == (("满 100 减 15", 1_500),)


@pytest.mark.parametrize(
    ("born", "lunar", "whole_month", "gets"),
    [
        (date(1990, 3, 16), False, False, True),
        (date(1990, 3, 20), False, False, False),
        (date(1990, 3, 20), False, True, True),
        (date(1990, 4, 16), False, True, False),
        (date(1990, 1, 28), True, False, True),
        (date(1990, 1, 2), True, True, True),
    ],
)
def test_a_birthday_is_the_day_or_its_month_by_either_calendar(
    shop: OpenedShop, born: date, lunar: bool, whole_month: bool, gets: bool
) -> None:
    """16 March 2026 is the 28th of the first lunar month."""
    tea = add_product(shop, stock=9)
    rule(shop, "birthday", discount_bp=8_000, whole_month=whole_month)
    customer = add_customer(shop, birth_date=born, birthday_lunar=lunar)
    assert total(shop, cart_of(shop, (tea, 1), customer_id=customer)) == (800 if gets else 1_000)
    assert total(shop, cart_of(shop, (tea, 1))) == 1_000


# ------------------------------------------------------------------ settling
def test_what_rules_gave_is_frozen_into_the_lines(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9, list_price_fen=333)
    rule(shop, "special", product_id=tea, price_fen=900)
    ruled = rule(shop, "threshold", least_fen=1_000, off_fen=100)
    cart = as_priced_today(shop.actor, cart=cart_of(shop, (tea, 1), (nuts, 1)))
    posted = checkout(shop.as_role("收银员"), cart=cart, payments=cash(1_133))
    delete_price_rule(shop.actor, rule_id=ruled)
    detail = bill_detail(shop.actor, sale_id=posted.sale_id)
    assert [line.net_fen for line in detail.lines] == [827, 306]
    assert (detail.list_fen, detail.discount_fen, detail.total_fen) == (1_333, 200, 1_133)


@pytest.mark.parametrize("lie", ["special", "level", "offer"])
def test_a_cart_that_lies_is_refused(shop: OpenedShop, lie: str) -> None:
    tea = add_product(shop, stock=9)
    cart = cart_of(shop, (tea, 1))
    changes: dict[str, Any] = {
        "special": {"special_price_fen": 500},
        "level": {"level_price_fen": 500},
        "offer": {},
    }[lie]
    cart = cart.with_line(0, replace(cart.lines[0], **changes))
    if lie == "offer":
        cart = replace(cart, offers=(BillOffer("假的", off_fen=500),))
    with pytest.raises(InputError, match="有变动"):
        checkout(shop.as_role("收银员"), cart=cart, payments=cash(500))
    assert checkout(shop.as_role("店长"), cart=cart, payments=cash(500)).total_fen == 500


def test_a_rule_that_began_meanwhile_is_told_and_not_passed_over(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9)
    cart = as_priced_today(shop.actor, cart=cart_of(shop, (tea, 1)))
    rule(shop, "special", product_id=tea, price_fen=900)
    with pytest.raises(InputError, match="有变动"):
        checkout(shop.as_role("收银员"), cart=cart, payments=cash(1_000))


# ------------------------------------------------------------------ keeping rules
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "special", "price_fen": 5},
        {"kind": "special", "product_id": 1},
        {"kind": "threshold", "least_fen": 100},
        {"kind": "threshold", "least_fen": 100, "off_fen": 101},
        {"kind": "birthday"},
        {"kind": "birthday", "discount_bp": 10_000},
        {"kind": "gift"},
        {
            "kind": "birthday",
            "discount_bp": 9_000,
            "first_date": date(2026, 3, 2),
            "last_date": date(2026, 3, 1),
        },
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check_price_rule(PriceRuleInput(**wrong))


@pytest.mark.parametrize("price", [1_000, 1_200, 699])
def test_a_special_price_is_better_than_the_list_and_not_under_the_floor(
    shop: OpenedShop, price: int
) -> None:
    tea = add_product(shop, lowest_price_fen=700)
    with pytest.raises(InputError, match="特价"):
        rule(shop, "special", product_id=tea, price_fen=price)


def test_a_rule_that_is_over_or_out_of_use_is_listed_as_that(shop: OpenedShop) -> None:
    rule(shop, "threshold", least_fen=100, off_fen=1, last_date=date(2026, 3, 1))
    rule(shop, "threshold", least_fen=100, off_fen=1, active=False)
    rule(shop, "threshold", least_fen=100, off_fen=1, first_date=date(2026, 4, 1))
    rule(shop, "threshold", least_fen=100, off_fen=1)
    states = {row["state"] for row in price_rules(shop.actor).rows}
    assert states == {"已结束", "停用", "未开始", "进行中"}


# ------------------------------------------------------------------ arithmetic
def line_of(price: int, quantity: int, floor: int, special: int | None, by_hand: int | None) -> CartLine:
    return CartLine(
        1,
        "1",
        "茶",
        "个",
        quantity,
        price,
        price if by_hand is None else by_hand,
        lowest_price_fen=min(floor, price),
        special_price_fen=special,
    )


lines = st.builds(
    line_of,
    st.integers(0, 99_999),
    st.integers(1, 20_000),
    st.integers(0, 99_999),
    st.none() | st.integers(0, 99_999),
    st.none() | st.integers(0, 99_999),
)
offers = st.lists(
    st.builds(BillOffer, st.just("减"), st.integers(0, 9_999), st.integers(1, 9_999))
    | st.builds(BillOffer, st.just("生日"), discount_bp=st.integers(1, 9_999)),
    max_size=3,
)


@given(
    st.lists(lines, min_size=1, max_size=5),
    offers,
    st.integers(1, 10_000),
    st.integers(1, 10_000),
    st.integers(0, 5_000),
    st.sampled_from(CashRounding),
)
def test_shares_sum_exactly_and_every_part_returned_gives_back_what_was_paid(
    some: list[CartLine],
    offered: list[BillOffer],
    level_bp: int,
    bill_bp: int,
    less: int,
    rounding: CashRounding,
) -> None:
    cart = Cart("k", tuple(some), None, "", level_bp, bill_bp, less, offers=tuple(offered))
    bill = price_bill(cart, rounding)
    assert bill.total_fen == sum(line.net_fen for line in bill.lines)
    assert bill.list_fen == sum(line.list_fen for line in bill.lines)
    for line, priced in zip(cart.lines, bill.lines, strict=True):
        assert priced.bill_discount_fen >= 0
        assert priced.own_fen >= priced.bill_discount_fen
        step = max(line.qty_milli // 3, 1)
        cuts = [*range(0, line.qty_milli, step), line.qty_milli]
        parts = [
            running_part(priced.net_fen, line.qty_milli, before_milli=a, now_milli=b - a)
            for a, b in itertools.pairwise(cuts)
        ]
        assert sum(parts) == priced.net_fen


@given(st.lists(lines, min_size=1, max_size=5), offers)
def test_rules_alone_never_go_under_the_lowest_price(some: list[CartLine], offered: list[BillOffer]) -> None:
    cart = Cart(
        "k", tuple(replace(line, price_fen=line.list_price_fen) for line in some), offers=tuple(offered)
    )
    for line, priced in zip(cart.lines, price_bill(cart).lines, strict=True):
        floor = (line.lowest_price_fen * line.qty_milli * 2 + 1_000) // 2_000
        assert priced.net_fen >= floor
