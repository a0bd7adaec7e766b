"""Makers of what tests need, by the real verbs: each names what matters and fills in the rest."""

import itertools
import uuid
from dataclasses import replace
from typing import Any

from meiping.domains.catalog import service as catalog
from meiping.domains.catalog.queries import product_detail
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.customers import service as customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.sales.cart import Cart, CartLine, new_cart
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.stock import service as stock
from meiping.domains.wallet import service as wallet
from tests.shop import OpenedShop

_counter = itertools.count(1)


def next_name(word: str = "客户") -> str:
    """A name nobody has yet in this session."""
    return f"{word}{next(_counter)}"


def next_mobile() -> str:
    """A valid mobile number nobody has yet in this session."""
    return f"138{next(_counter):08d}"


def next_barcode() -> str:
    """A valid EAN-13 code nobody has yet in this session."""
    digits = f"690{next(_counter):09d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def new_key() -> str:
    """An idempotency key, as a window makes one when it opens."""
    return str(uuid.uuid4())


def add_customer(shop: OpenedShop, **values: Any) -> int:
    """A customer of the shop; ``credit_yuan`` sets the credit limit."""
    limit_fen = 100 * values.pop("credit_yuan", 0)
    entered = CustomerInput(
        **{"name": next_name(), "phone": next_mobile(), "credit_limit_fen": limit_fen, **values}
    )
    return customers.add_customer(shop.actor, customer=entered)


def add_product(shop: OpenedShop, *, stock: int = 0, cost_fen: int = 300, **values: Any) -> int:
    """A product at ¥10.00 with ``stock`` units of it received at ``cost_fen`` each."""
    entered = ProductInput(**{"name": next_name("商品"), "list_price_fen": 1_000, "unit": "个", **values})
    product_id = catalog.add_product(shop.actor, product=entered)
    if stock:
        stock_up(shop, product_id, stock, cost_fen=cost_fen)
    return product_id


def stock_up(shop: OpenedShop, product_id: int, quantity: int, *, cost_fen: int = 300) -> None:
    """Receive goods at ``cost_fen`` a unit."""
    stock.receive_goods(
        shop.actor,
        key=new_key(),
        nature="采购入库",
        lines=[stock.StockLine(product_id, quantity * 1000, cost_fen)],
    )


def cart_of(
    shop: OpenedShop, *wanted: tuple[int, int], customer_id: int | None = None, **values: Any
) -> Cart:
    """A cart of (product id, units), priced as the product list says, for a customer at his level."""
    cart = new_cart()
    for product_id, quantity in wanted:
        product = product_detail(shop.actor, product_id=product_id).product
        line = CartLine(
            product_id=product_id,
            code=product.code,
            name=product.name,
            unit=product.unit,
            qty_milli=quantity * 1000,
            list_price_fen=product.list_price_fen or 0,
            price_fen=product.list_price_fen or 0,
            lowest_price_fen=product.lowest_price_fen,
        )
        cart = replace(cart, lines=(*cart.lines, line))
    return replace(cart, customer_id=customer_id, **values)


def cash(amount_fen: int, received_fen: int | None = None) -> list[Payment]:
    """Paid in cash."""
    return [Payment("cash", amount_fen, received_fen)]


def sell(shop: OpenedShop, *wanted: tuple[int, int], customer_id: int | None = None) -> PostedBill:
    """A bill paid exactly in cash."""
    cart = cart_of(shop, *wanted, customer_id=customer_id)
    return checkout(shop.actor, cart=cart, payments=cash(price_bill(cart).total_fen))


def recharge(shop: OpenedShop, customer_id: int, principal_fen: int, bonus_fen: int = 0) -> str:
    """Stored value put in with cash."""
    return wallet.recharge(
        shop.actor, key=new_key(), customer_id=customer_id, principal_fen=principal_fen, bonus_fen=bonus_fen
    )
