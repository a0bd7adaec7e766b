"""A label from the scale says what it is and how much of it, and is sold for exactly what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.catalog.rules import check_digit
from meiping.domains.catalog.weighed import Label, Scheme, by_label, quantity_for, read_label
from meiping.domains.sales.cart import CartLine, new_cart
from meiping.domains.sales.pricing import price_bill
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError
from tests.factories import add_product
from tests.shop import OpenedShop

WEIGHT = Scheme(frozenset({"21"}), 5, amount=False)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("2100123015009", Label("00123", 1_500)),
        ("2100123000005", Label("00123", 0)),
        ("2100123015008", None),
        ("2200123015006", None),
        ("210012301500", None),
        ("6901028012348", None),
        ("21001230150a7", None),
    ],
)
def test_a_label_is_told_by_prefix_length_and_check_digit(code: str, label: Label | None) -> None:
    assert read_label(code, WEIGHT) == label


@pytest.mark.parametrize(("digits", "label"), [(4, Label("0012", 301_500)), (6, Label("001230", 1_500))])
def test_the_item_has_as_many_digits_as_the_shop_says(digits: int, label: Label) -> None:
    assert read_label("2100123015009", Scheme(frozenset({"21"}), digits, amount=False)) == label


def scale(shop: OpenedShop, value: str) -> None:
    save_options(shop.actor, values={"weighed.prefixes": ["21"], "weighed.value": value})


def code_for(item: str, value: int) -> str:
    body = f"21{item}{value:05d}"
    return body + check_digit(body)


def test_the_weight_becomes_kilograms(shop: OpenedShop) -> None:
    apples = add_product(shop, name="苹果", code="123", quantity_decimals=3)
    scale(shop, "weight")
    found = by_label(shop.actor, code=code_for("00123", 1_234))
    assert found is not None
    assert (found.hit.id, found.qty_milli, found.amount_fen) == (apples, 1_234, None)
    assert by_label(shop.actor, code=code_for("00999", 1_234)) is None
    with pytest.raises(InputError, match="重量是零"):
        by_label(shop.actor, code=code_for("00123", 0))


def test_a_bar_code_may_name_the_item_and_the_amount_gives_the_quantity(shop: OpenedShop) -> None:
    pork = add_product(shop, name="五花肉", barcodes="00777", list_price_fen=3_190, quantity_decimals=3)
    scale(shop, "amount")
    found = by_label(shop.actor, code=code_for("00777", 2_000))
    assert found is not None
    assert (found.hit.id, found.qty_milli, found.amount_fen) == (pork, 627, 2_000)


def test_nothing_is_read_where_the_shop_has_no_scale(shop: OpenedShop) -> None:
    add_product(shop, name="苹果", code="123")
    assert by_label(shop.actor, code=code_for("00123", 1_234)) is None


def test_a_prefix_is_the_scales_or_the_shops_own(shop: OpenedShop) -> None:
    scale(shop, "weight")
    with pytest.raises(InputError, match="本店自编条码"):
        save_options(shop.actor, values={"labels.prefix": "21"})
    save_options(shop.actor, values={"labels.prefix": "22"})
    with pytest.raises(InputError, match="本店自编条码"):
        save_options(shop.actor, values={"weighed.prefixes": ["21", "22"]})


@given(amount=st.integers(1, 99_999), price=st.integers(1, 99_999))
def test_the_line_comes_to_exactly_what_the_label_says(amount: int, price: int) -> None:
    line = CartLine(1, "1", "肉", "kg", quantity_for(amount, price), price, price, label_fen=amount)
    cart, _ = new_cart().added(line)
    assert price_bill(cart).total_fen == amount
