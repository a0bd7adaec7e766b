"""The price of a bill: arithmetic only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from meiping.domains.sales.cart import BillOffer, Cart, CartLine, TakenBack
from meiping.domains.sales.rules import running_part
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
    """What one line comes to, in fen: list value, after its own discount, its shares, and net.

    ``rounding_fen`` has ``label_fen`` in it, by which the label of a scale differs from price × quantity. All is
    negative for goods that come back.
    """

    list_fen: int
    price_fen: int
    discount_bp: int
    amount_fen: int
    bill_discount_fen: int
    rounding_fen: int
    label_fen: int = 0

    @property
    def own_fen(self) -> int:
        """What the line comes to before the bill's discounts and rounding."""
        return self.amount_fen + self.label_fen

    @property
    def net_fen(self) -> int:
        """What is paid for the line."""
        return self.amount_fen - self.bill_discount_fen + self.rounding_fen


@dataclass(frozen=True, slots=True)
class PricedBill:
    """What a cart comes to, in fen. ``total = list - discount + rounding``, and the sum of the net lines.

    ``savings`` are what rules took off the whole bill (title, fen); they are part of the discount.
    """

    lines: tuple[PricedLine, ...] = field(default=())
    list_fen: int = 0
    discount_fen: int = 0
    rounding_fen: int = 0
    savings: tuple[tuple[str, int], ...] = ()

    @property
    def total_fen(self) -> int:
        """What the customer pays; negative where he gets something back."""
        return self.list_fen - self.discount_fen + self.rounding_fen


@dataclass(frozen=True, slots=True)
class ProductPrices:
    """What the rules offer for one product, in fen a unit: the price of the customer's level, and a special price."""

    level_price_fen: int | None = None
    special_price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """All that the rules say about a cart's customer and goods today."""

    level_discount_bp: int = WHOLE_BP
    products: Mapping[int, ProductPrices] = field(default_factory=dict)
    offers: tuple[BillOffer, ...] = ()


def with_facts(cart: Cart, facts: PriceFacts) -> Cart:
    """The cart as the rules have it today; prices and discounts given by hand stay."""
    lines = tuple(_offered(line, facts) for line in cart.lines)
    return replace(cart, lines=lines, level_discount_bp=facts.level_discount_bp, offers=facts.offers)


def _offered(line: CartLine, facts: PriceFacts) -> CartLine:
    if line.taken is not None or line.amount_only:
        return line
    now = facts.products.get(line.product_id, ProductPrices())
    if now == ProductPrices(line.level_price_fen, line.special_price_fen):
        return line
    return replace(line, level_price_fen=now.level_price_fen, special_price_fen=now.special_price_fen)


def price_bill(cart: Cart, rounding: CashRounding = CashRounding.NONE) -> PricedBill:
    """The one place where a bill's sums come from: screen, receipt, books and reports agree by it.

    Discounts and rounding of the bill are shared among the goods sold; those that come back only lower the total.
    """
    owns = [_own(line, cart.level_discount_bp) for line in cart.lines]
    sold = [place for place, line in enumerate(cart.lines) if line.taken is None]
    weights = [owns[place].own_fen for place in sold]
    whole = sum(weights)
    by_hand = whole - rounded_ratio(whole * cart.bill_discount_bp, WHOLE_BP)
    by_hand = min(by_hand + cart.bill_reduction_fen, whole)
    hand_shares = share_out(by_hand, weights)
    left = _less(weights, hand_shares)
    savings, rule_shares = _saved(cart, sold, left)
    left = _less(left, rule_shares)
    due = sum(left) + sum(own.net_fen for own, line in zip(owns, cart.lines, strict=True) if line.taken)
    roundings = share_out(rounding_difference(due, rounding) if due > 0 else 0, left)
    for place, hand, rule, rest in zip(sold, hand_shares, rule_shares, roundings, strict=True):
        if hand or rule or rest:
            own = owns[place]
            owns[place] = replace(own, bill_discount_fen=hand + rule, rounding_fen=own.label_fen + rest)
    return PricedBill(
        tuple(owns),
        sum(own.list_fen for own in owns),
        sum(own.list_fen - own.amount_fen + own.bill_discount_fen for own in owns),
        sum(own.rounding_fen for own in owns),
        savings,
    )


def _less(amounts: Sequence[int], shares: Sequence[int]) -> list[int]:
    return [amount - share for amount, share in zip(amounts, shares, strict=True)]


# ---------------------------------------------------------------- a line
def _own(line: CartLine, level_bp: int) -> PricedLine:
    """A line by itself."""
    if line.taken is not None:
        return _given_back(line, line.taken)
    price_fen, bp = _own_terms(line, level_bp)
    amount_fen = line_amount(price_fen, line.qty_milli, bp)
    list_fen = line_amount(line.list_price_fen, line.qty_milli)
    label_fen = 0
    if line.label_fen is not None and price_fen == line.list_price_fen:
        label_fen = rounded_ratio(line.label_fen * bp, WHOLE_BP) - amount_fen
    return PricedLine(list_fen, price_fen, bp, amount_fen, 0, label_fen, label_fen)


def _own_terms(line: CartLine, level_bp: int) -> tuple[int, int]:
    """Unit price and discount of a line: by hand, else the lowest that list, level and special price give.

    A level's own price stands for its discount; no rule goes under the lowest price. An amount typed is what is paid.
    """
    if line.gift:
        return 0, WHOLE_BP
    if line.discount_bp is not None or line.price_fen != line.list_price_fen:
        return line.price_fen, line.discount_bp if line.discount_bp is not None else WHOLE_BP
    if line.amount_only:
        return line.price_fen, WHOLE_BP
    floor = min(line.lowest_price_fen, line.price_fen)
    offers = [(line.price_fen, WHOLE_BP)]
    if line.level_price_fen is not None:
        offers.append((max(line.level_price_fen, floor), WHOLE_BP))
    elif level_bp < WHOLE_BP:
        low = line_amount(line.price_fen, 1000, level_bp) < floor
        offers.append((floor, WHOLE_BP) if low else (line.price_fen, level_bp))
    if line.special_price_fen is not None:
        offers.append((max(line.special_price_fen, floor), WHOLE_BP))
    return min(offers, key=lambda terms: terms[0] * terms[1])


def _floor(line: CartLine) -> int:
    """What the line may not go under by a rule, in fen."""
    return line_amount(min(line.lowest_price_fen, line.list_price_fen), line.qty_milli)


def _given_back(line: CartLine, taken: TakenBack) -> PricedLine:
    def part(whole_fen: int) -> int:
        return -running_part(
            whole_fen, taken.sold_milli, before_milli=taken.before_milli, now_milli=-line.qty_milli
        )

    bill_discount, rounding, net = map(part, (taken.bill_discount_fen, taken.rounding_fen, taken.net_fen))
    return PricedLine(
        list_fen=part(taken.list_fen),
        price_fen=line.price_fen,
        discount_bp=WHOLE_BP if line.discount_bp is None else line.discount_bp,
        amount_fen=net + bill_discount - rounding,
        bill_discount_fen=bill_discount,
        rounding_fen=rounding,
    )


# ---------------------------------------------------------------- the whole bill
def _saved(
    cart: Cart, sold: Sequence[int], left: Sequence[int]
) -> tuple[tuple[tuple[str, int], ...], list[int]]:
    """What rules take off the bill, and the share of each line sold: none goes under its floor."""
    if not cart.offers:
        return (), [0] * len(sold)
    rooms = [max(fen - _floor(cart.lines[place]), 0) for place, fen in zip(sold, left, strict=True)]
    savings = _earned(cart.offers, sum(left), sum(rooms))
    return savings, share_out(sum(fen for _, fen in savings), rooms)


def _earned(offers: Sequence[BillOffer], whole_fen: int, most_fen: int) -> tuple[tuple[str, int], ...]:
    """What rules take off a bill: the best birthday discount, then the best of those that want a sum.

    Together no more than ``most_fen``.
    """
    earned: list[tuple[str, int]] = []
    percents = [offer for offer in offers if offer.discount_bp < WHOLE_BP]
    if percents:
        best = min(percents, key=lambda offer: offer.discount_bp)
        earned.append((best.title, whole_fen - rounded_ratio(whole_fen * best.discount_bp, WHOLE_BP)))
    rest_fen = whole_fen - sum(fen for _, fen in earned)
    reached = [offer for offer in offers if offer.off_fen and offer.least_fen <= rest_fen]
    if reached:
        best = max(reached, key=lambda offer: offer.off_fen)
        earned.append((best.title, min(best.off_fen, rest_fen)))
    kept: list[tuple[str, int]] = []
    for title, fen in earned:
        allowed = min(fen, most_fen - sum(there for _, there in kept))
        if allowed > 0:
            kept.append((title, allowed))
    return tuple(kept)
