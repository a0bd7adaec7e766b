"""What stands on a cart by hand, and what has gone from it: shapes only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from meiping.domains.sales.cart import Cart, CartLine
from meiping.kernel.money import WHOLE_BP, line_amount


def line_terms(line: CartLine) -> str:
    """The terms of a line set by hand, as an approval names them; they hold for any quantity."""
    return f"line:{line.product_id}:{line.price_fen}:{line.discount_bp}:{int(line.gift)}"


def bill_terms(cart: Cart) -> str:
    """The terms of the whole bill set by hand, as an approval names them."""
    return f"bill:{cart.bill_discount_bp}:{cart.bill_reduction_fen}"


def back_terms(line: CartLine) -> str:
    """What comes back by a line of an exchange, as an approval names it; empty for goods that are taken."""
    taken = line.taken
    return "" if taken is None else f"back:{taken.line_id}:{-line.qty_milli}:{int(taken.to_waste)}"


def terms_by_hand(cart: Cart) -> Iterator[str]:
    """The terms on a cart for which somebody must hold the right to change prices."""
    if cart.bill_discount_bp != WHOLE_BP or cart.bill_reduction_fen:
        yield bill_terms(cart)
    for line in cart.lines:
        if line.changed_by_hand:
            yield line_terms(line)


@dataclass(frozen=True, slots=True)
class TakenOff:
    """Goods that were on a cart and are no more: how many, what they came to in fen, when they had been added."""

    name: str
    qty_milli: int
    amount_fen: int
    added_at: int


def taken_off(before: str, cart: Cart) -> list[TakenOff]:
    """What of the cart kept before, as its JSON, is not on ``cart`` any more; goods that come back don't count."""
    left: dict[int, int] = {}
    for line in cart.lines:
        if line.qty_milli > 0:
            left[line.product_id] = left.get(line.product_id, 0) + line.qty_milli
    gone = []
    lines: list[dict[str, Any]] = json.loads(before)["lines"]
    for there in lines:
        product_id, qty_milli = there["product_id"], there["qty_milli"]
        kept = min(left.get(product_id, 0), qty_milli)
        if qty_milli <= 0 or kept == qty_milli:
            left[product_id] = left.get(product_id, 0) - max(kept, 0)
            continue
        left[product_id] = left.get(product_id, 0) - kept
        off = qty_milli - kept
        discount_bp = WHOLE_BP if there["discount_bp"] is None else there["discount_bp"]
        amount_fen = 0 if there["gift"] else line_amount(there["price_fen"], off, discount_bp)
        gone.append(TakenOff(there["name"], off, amount_fen, there.get("added_at", 0)))
    return gone
