"""How far prices may be set by hand: which rights a cart's terms want beside the one to change prices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from meiping.domains.sales.cart import Cart
from meiping.domains.sales.pricing import PricedLine, price_bill
from meiping.domains.sales.rules import BELOW_FLOOR, BIG_DISCOUNT
from meiping.domains.sales.terms import bill_terms, line_terms, terms_by_hand
from meiping.kernel.money import WHOLE_BP, line_amount, show_fen
from meiping.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Wanted:
    """A right that terms want: ``subject`` names the terms, ``about`` says them in one line."""

    permission: Permission
    subject: str
    about: str


def wanted_rights(cart: Cart, most_percent: int, floors: Mapping[int, int] | None = None) -> Iterator[Wanted]:
    """What somebody must allow: prices under the lowest one, and more off than ``most_percent``.

    ``floors`` are the lowest prices in fen by product, as they are now; without it the cart's count. Gifts want only
    the right to change prices; what rules give wants none.
    """
    if not any(terms_by_hand(cart)):
        return
    if floors is not None:
        lines = tuple(
            replace(line, lowest_price_fen=floors.get(line.product_id, line.lowest_price_fen))
            for line in cart.lines
        )
        cart = replace(cart, lines=lines)
    priced = price_bill(replace(cart, offers=())).lines
    yield from _of_lines(cart, priced, most_percent)
    if cart.bill_discount_bp != WHOLE_BP or cart.bill_reduction_fen:
        yield from _of_bill(cart, priced, most_percent)


def _of_lines(cart: Cart, priced: tuple[PricedLine, ...], most_percent: int) -> Iterator[Wanted]:
    for line, own in zip(cart.lines, priced, strict=True):
        if line.gift or not line.changed_by_hand:
            continue
        lowest_fen = line.lowest_price_fen
        if own.amount_fen < line_amount(lowest_fen, line.qty_milli):
            about = f"{line.name}低于最低价 {show_fen(lowest_fen)}"
            yield Wanted(BELOW_FLOOR, line_terms(line), about)
        if own.amount_fen * 100 < own.list_fen * (100 - most_percent):
            yield Wanted(BIG_DISCOUNT, line_terms(line), f"{line.name}减价超过 {most_percent}%")


def _of_bill(cart: Cart, priced: tuple[PricedLine, ...], most_percent: int) -> Iterator[Wanted]:
    sold = [
        (line, own)
        for line, own in zip(cart.lines, priced, strict=True)
        if line.taken is None and not line.gift
    ]
    for line, own in sold:
        floor_fen = line_amount(line.lowest_price_fen, line.qty_milli)
        if own.own_fen >= floor_fen > own.own_fen - own.bill_discount_fen:
            about = f"整单优惠后{line.name}低于最低价 {show_fen(line.lowest_price_fen)}"
            yield Wanted(BELOW_FLOOR, bill_terms(cart), about)
            break
    whole_fen = sum(own.own_fen for _, own in sold)
    if sum(own.bill_discount_fen for _, own in sold) * 100 > whole_fen * most_percent:
        yield Wanted(BIG_DISCOUNT, bill_terms(cart), f"整单优惠超过 {most_percent}%")
