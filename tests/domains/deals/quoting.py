"""Quotes made in a line."""

from typing import Any

from meiping.domains.deals.queries import QuoteDetail
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput
from meiping.domains.deals.service import add_quote
from meiping.kernel.actor import Actor
from tests.factories import new_key
from tests.shop import OpenedShop


def offer(
    shop: OpenedShop,
    customer_id: int,
    *wanted: tuple[int, int, int],
    by: Actor | None = None,
    **values: Any,
) -> int:
    """A quote over (product id, units, unit price fen)."""
    lines = tuple(QuoteLineInput(product, units * 1_000, price) for product, units, price in wanted)
    quote = QuoteInput(lines, **values)
    return add_quote(by or shop.actor, key=new_key(), customer_id=customer_id, quote=quote)


def told(quote: QuoteDetail) -> list[tuple[str, str, int, int, int]]:
    """Its lines as name, unit, thousandths, unit price and amount in fen."""
    return [
        (line.product_name, line.unit, line.qty_milli, line.price_fen, line.amount_fen)
        for line in quote.lines
    ]
