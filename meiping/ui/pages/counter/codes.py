"""What a code at the counter is of: goods, a member's card or mobile, a scale's label, or nothing that is known."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.catalog.weighed import by_label
from meiping.domains.customers.queries import find_customers
from meiping.domains.customers.rules import FIND_ANY
from meiping.domains.sales.cart import CartLine
from meiping.kernel.actor import Actor
from meiping.ui.pages.counter.typed import is_mobile

MOST_DECIMALS = 3
"""A scale weighs by the gram, whatever the product is counted by."""


class Led(Enum):
    """What a code led to."""

    LINE = auto()
    CUSTOMER = auto()
    SEVERAL_CUSTOMERS = auto()
    UNKNOWN = auto()
    UNKNOWN_MOBILE = auto()


@dataclass(frozen=True, slots=True)
class Entered:
    """The outcome of a code; ``quantity`` is what was typed before an unknown one."""

    led: Led
    code: str = ""
    quantity: str = ""


def members_of(actor: Actor, code: str) -> list[int]:
    """The members whose card this is, else those with this mobile."""
    if not code.isdigit():
        return []
    hits = find_customers(actor, code, limit=20, any_customer=actor.can(FIND_ANY))
    by_card = [hit.id for hit in hits if hit.card == code]
    return by_card or [hit.id for hit in hits if is_mobile(code) and hit.phone == code]


def line_of(hit: ProductHit, milli: int) -> CartLine:
    """So many thousandths of a product at its list price."""
    return CartLine(
        product_id=hit.id,
        code=hit.barcode or hit.code,
        name=hit.name,
        unit=hit.unit,
        qty_milli=milli,
        list_price_fen=hit.price_fen,
        price_fen=hit.price_fen,
        lowest_price_fen=hit.lowest_price_fen,
        quantity_decimals=hit.quantity_decimals,
    )


def weighed_line(actor: Actor, code: str) -> CartLine | None:
    """What a scale's label says; None where the code is none."""
    found = by_label(actor, code=code)
    if found is None:
        return None
    line = line_of(found.hit, found.qty_milli)
    return replace(line, label_fen=found.amount_fen, quantity_decimals=MOST_DECIMALS)
