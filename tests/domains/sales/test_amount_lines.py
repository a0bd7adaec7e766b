"""Goods without a code are sold for the amount typed."""

from dataclasses import replace

import pytest

from meiping.domains.catalog.queries import by_code, find_products, product_detail
from meiping.domains.catalog.service import change_product, deactivate_products, delete_products
from meiping.domains.sales.amount_lines import amount_and_name, amount_only_line
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.service import checkout
from meiping.kernel.errors import InputError, PermissionDenied, UserError
from tests.factories import cash
from tests.shop import OpenedShop


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("12.5", (1_250, "无码商品")),
        ("12.5 手工皂", (1_250, "手工皂")),
        ("１２　手工 皂", (1_200, "手工 皂")),
    ],
)
def test_an_amount_and_maybe_a_name(typed: str, understood: tuple[int, str]) -> None:
    assert amount_and_name(typed) == understood


@pytest.mark.parametrize("typed", ["", "0", "皂 12", "-3", "6901028012348"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        amount_and_name(typed)


def test_a_clerk_who_may_not_change_prices_sells_for_an_amount(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    first, second = (amount_only_line(clerk, text=text) for text in ("12.5 手工皂", "3"))
    cart, _ = Cart(key="amounts").added(first)
    cart, _ = cart.added(second)
    cart, _ = cart.added(second)
    posted = checkout(clerk, cart=cart, payments=cash(1_850))
    lines = bill_detail(shop.actor, sale_id=posted.sale_id).lines
    assert [(line.product_name, line.net_fen) for line in lines] == [
        ("手工皂", 1_250),
        ("无码商品", 300),
        ("无码商品", 300),
    ]
    assert len({line.product_id for line in lines}) == 1


def test_a_discount_on_it_wants_the_right(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    line = amount_only_line(clerk, text="10")
    cart = Cart(key="cheap").added(line)[0]
    with pytest.raises(PermissionDenied):
        checkout(clerk, cart=cart.with_line(0, replace(line, discount_bp=5_000)), payments=cash(500))


def test_its_product_stays_as_it_is_and_no_search_finds_it(shop: OpenedShop) -> None:
    product_id = amount_only_line(shop.actor, text="10").product_id
    detail = product_detail(shop.actor, product_id=product_id)
    assert by_code(shop.actor, code=detail.product.code) is None
    assert not find_products(shop.actor, text="无码")
    for change in (
        lambda: change_product(shop.actor, product_id=product_id, product=detail.product),
        lambda: deactivate_products(shop.actor, product_ids=[product_id]),
        lambda: delete_products(shop.actor, product_ids=[product_id]),
    ):
        with pytest.raises(UserError, match="系统自带"):
            change()


def test_an_amount_is_what_is_paid_at_any_level(shop: OpenedShop) -> None:
    line = amount_only_line(shop.actor, text="10")
    cart = replace(Cart(key="gold").added(line)[0], level_discount_bp=9_000)
    assert price_bill(cart).total_fen == 1_000
