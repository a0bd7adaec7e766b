"""Services sold and looked at in a line."""

from typing import Any

from meiping.domains.renewals.queries import ALL, TermFilter, term_list
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Row
from tests.factories import add_product, cash
from tests.shop import OpenedShop


def add_machine(shop: OpenedShop, **values: Any) -> int:
    """A machine at ¥2000.00 whose service costs ¥300.00 a year after the first."""
    entered = {
        "name": "收银机",
        "list_price_fen": 200_000,
        "annual_fee_fen": 30_000,
        "service_term_months": 12,
    }
    return add_product(shop, **{**entered, "stock": 20, "unit": "台", **values})


def pay(shop: OpenedShop, cart: Cart) -> PostedBill:
    """The cart paid in cash, where there is anything to pay."""
    total_fen = price_bill(cart).total_fen
    return checkout(shop.actor, cart=cart, payments=cash(total_fen) if total_fen else [])


def terms(shop: OpenedShop, state: str | None = ALL, *, by: Actor | None = None, text: str = "") -> list[Row]:
    """The terms in a state, the one that ends first in front."""
    listing = term_list(by or shop.actor, TermFilter(text=text, state=state))
    return list(listing.window(0, 100, None))


def told(rows: list[Row]) -> list[tuple[str, str, str, int | None]]:
    """Product, last day, state and what is to be collected."""
    return [(row["product"], row["end_date"].isoformat(), row["state"], row["amount_fen"]) for row in rows]
