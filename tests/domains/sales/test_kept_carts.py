"""Bills put aside by an earlier version of the program are taken up as they were."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.sales.cart import CART_VERSION, BillOffer, Cart, CartLine, TakenBack
from meiping.domains.sales.carts import recall_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.kernel.errors import InputError
from meiping.store.database import db
from tests.factories import add_product
from tests.shop import OpenedShop

FIRST = """{"version": 1, "key": "5f7c", "lines": [{"product_id": 1, "code": "690102", "name": "茶", "unit": "盒",
 "qty_milli": 2000, "list_price_fen": 1000, "price_fen": 1000, "lowest_price_fen": 0, "quantity_decimals": 0,
 "discount_bp": null, "gift": false, "note": "送人", "added_at": 1773650000000}], "customer_id": null,
 "customer_name": "", "level_discount_bp": 10000, "bill_discount_bp": 9000, "bill_reduction_fen": 100,
 "salesperson_id": null, "note": "蓝衣服"}"""
"""A cart as the first version kept it."""


def test_a_bill_held_by_the_first_version_is_recalled_and_settled(shop: OpenedShop):
    add_product(shop, name="茶", stock=5)
    db.execute_sql(
        "INSERT INTO cart (key, company_id, operator_id, held_at, note, body, changed_at) VALUES ('5f7c', 1, 1, 1, '', ?, 1)",
        (FIRST,),
    )
    cart = recall_cart(shop.actor, key="5f7c")
    (line,) = cart.lines
    assert (line.qty_milli, line.note, line.taken, line.label_fen) == (2_000, "送人", None, None)
    assert (cart.note, cart.offers) == ("蓝衣服", ())
    total_fen = price_bill(cart).total_fen
    assert total_fen == 1_700
    assert checkout(shop.actor, cart=cart, payments=[Payment("cash", total_fen)]).total_fen == 1_700


def test_what_is_kept_now_comes_back_just_so():
    cart = Cart.from_json(FIRST)
    taken = TakenBack(7, "XS-1", 3_000, 0, 900, 0, 0, 900, to_waste=True)
    (line,) = Cart.from_json(FIRST).lines
    kept = json.loads(cart.to_json())
    assert kept["version"] == CART_VERSION
    kept["lines"][0] |= {"qty_milli": -1_000, "taken": {f: getattr(taken, f) for f in taken.__slots__}}
    (back,) = Cart.from_json(json.dumps(kept)).lines
    assert (back.taken, back.name) == (taken, line.name)
    assert Cart.from_json(cart.to_json()) == cart


def test_one_kept_by_a_newer_version_is_refused_in_words():
    with pytest.raises(InputError, match="更新版本"):
        Cart.from_json(FIRST.replace('"version": 1', f'"version": {CART_VERSION + 1}'))


_TAKEN = st.builds(TakenBack, line_id=st.integers(1, 9), number=st.text(max_size=4), to_waste=st.booleans())
_LINES = st.builds(CartLine, discount_bp=st.none() | st.integers(1, 10_000), taken=st.none() | _TAKEN)
_CARTS = st.builds(
    Cart,
    lines=st.lists(_LINES, max_size=3).map(tuple),
    offers=st.lists(st.builds(BillOffer), max_size=2).map(tuple),
)


@given(_CARTS)
def test_every_field_of_a_cart_stands_in_its_form_in_the_file(cart: Cart) -> None:
    body = json.loads(cart.to_json())
    assert body == json.loads(json.dumps({"version": body["version"], **asdict(cart)}))
    assert Cart.from_json(cart.to_json()) == cart
