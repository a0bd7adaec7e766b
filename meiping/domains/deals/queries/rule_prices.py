"""Goods as the shop's own rules price them for a customer: what a told price is compared with."""

from collections.abc import Sequence
from datetime import date

from meiping.domains.catalog.models import Product
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.prices import price_facts
from meiping.domains.sales.pricing import price_bill, with_facts


def listed_line(product: Product, qty_milli: int, note: str = "") -> CartLine:
    """The line that a scan of a product makes."""
    return CartLine(
        product_id=product.id,
        code=product.code,
        name=product.name,
        unit=product.unit,
        qty_milli=qty_milli,
        list_price_fen=product.list_price_fen,
        price_fen=product.list_price_fen,
        lowest_price_fen=product.lowest_price_fen,
        quantity_decimals=product.quantity_decimals,
        note=note,
    )


def amounts_by_rule(lines: Sequence[CartLine], *, customer_id: int, day: date) -> list[int]:
    """What each line comes to for a customer on a day, in fen, before what the whole bill earns."""
    cart = as_ruled(Cart(key="", lines=tuple(lines), customer_id=customer_id), day)
    return [line.amount_fen for line in price_bill(cart).lines]


def as_ruled(cart: Cart, day: date) -> Cart:
    """A cart with what the shop's rules say about it on a day; prices given by hand stay."""
    return with_facts(cart, price_facts(cart, day))
