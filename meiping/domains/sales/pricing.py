"""The price of a bill: arithmetic only."""

from dataclasses import dataclass, field

from meiping.domains.sales.cart import Cart, CartLine
from meiping.kernel.money import (
    WHOLE_BP,
    CashRounding,
    line_amount,
    rounded_ratio,
    rounding_difference,
    share_out,
)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one line comes to, in fen: list value, after its own discount, its shares, and net."""

    list_fen: int
    price_fen: int
    discount_bp: int
    amount_fen: int
    bill_discount_fen: int
    rounding_fen: int

    @property
    def net_fen(self) -> int:
        """What is paid for the line."""
        return self.amount_fen - self.bill_discount_fen + self.rounding_fen


@dataclass(frozen=True, slots=True)
class PricedBill:
    """What a cart comes to, in fen. ``total = list - discount + rounding``, and the sum of the net lines."""

    lines: tuple[PricedLine, ...] = field(default=())
    list_fen: int = 0
    discount_fen: int = 0
    rounding_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What the customer pays."""
        return self.list_fen - self.discount_fen + self.rounding_fen


def _own_terms(line: CartLine, level_discount_bp: int) -> tuple[int, int]:
    """Unit price and discount of a line; a level's discount stops at the lowest price."""
    if line.gift:
        return 0, WHOLE_BP
    if line.discount_bp is not None or line.price_fen != line.list_price_fen:
        return line.price_fen, line.discount_bp if line.discount_bp is not None else WHOLE_BP
    floor = min(line.lowest_price_fen, line.price_fen)
    if level_discount_bp < WHOLE_BP and line_amount(line.price_fen, 1000, level_discount_bp) < floor:
        return floor, WHOLE_BP
    return line.price_fen, level_discount_bp


def price_bill(cart: Cart, rounding: CashRounding = CashRounding.NONE) -> PricedBill:
    """The one place where a bill's sums come from: screen, receipt, books and reports agree by it."""
    terms = [_own_terms(line, cart.level_discount_bp) for line in cart.lines]
    lists = [line_amount(line.list_price_fen, line.qty_milli) for line in cart.lines]
    amounts = [
        line_amount(price, line.qty_milli, bp) for line, (price, bp) in zip(cart.lines, terms, strict=True)
    ]
    whole = sum(amounts)
    discount = whole - rounded_ratio(whole * cart.bill_discount_bp, WHOLE_BP)
    discount = min(discount + cart.bill_reduction_fen, whole)
    shares = share_out(discount, amounts)
    after = [amount - share for amount, share in zip(amounts, shares, strict=True)]
    difference = rounding_difference(whole - discount, rounding)
    roundings = share_out(difference, after)
    lines = tuple(
        PricedLine(list_fen, price, bp, amount, share, rest)
        for list_fen, (price, bp), amount, share, rest in zip(
            lists, terms, amounts, shares, roundings, strict=True
        )
    )
    return PricedBill(lines, sum(lists), sum(lists) - whole + discount, difference)
