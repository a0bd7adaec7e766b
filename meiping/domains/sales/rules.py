"""The cart, the price of a bill, and what a return gives back: arithmetic only."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from meiping.kernel.errors import InputError
from meiping.kernel.money import (
    WHOLE_BP,
    CashRounding,
    line_amount,
    rounded_ratio,
    rounding_difference,
    share_out,
    show_fen,
)
from meiping.kernel.permissions import permission

CHECKOUT = permission("sales.checkout", "收银", group="收银")
VIEW_SALES = permission("sales.view", "查看业务单", group="收银")
SELL_ON_CREDIT = permission("sales.credit", "赊账", group="收银")
CHANGE_PRICES = permission("sales.discount", "改价与手动折扣", group="收银")
RETURN_GOODS = permission("sales.return", "退货", group="收银")

CART_VERSION = 1


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line. ``price_fen`` is the unit price before discounts; ``discount_bp`` None means the level's."""

    product_id: int
    code: str
    name: str
    unit: str
    qty_milli: int
    list_price_fen: int
    price_fen: int
    lowest_price_fen: int = 0
    quantity_decimals: int = 0
    discount_bp: int | None = None
    gift: bool = False
    note: str = ""

    @property
    def changed_by_hand(self) -> bool:
        """Whether the clerk changed the price, gave a discount or made it a gift."""
        return self.gift or self.price_fen != self.list_price_fen or self.discount_bp not in (None, WHOLE_BP)


@dataclass(frozen=True, slots=True)
class Cart:
    """An unfinished bill. ``key`` makes it be posted once."""

    key: str
    lines: tuple[CartLine, ...] = ()
    customer_id: int | None = None
    customer_name: str = ""
    level_discount_bp: int = WHOLE_BP
    bill_discount_bp: int = WHOLE_BP
    bill_reduction_fen: int = 0
    salesperson_id: int | None = None
    note: str = ""

    def to_json(self) -> str:
        """The form kept in the database at every change."""
        return json.dumps({"version": CART_VERSION, **asdict(self)}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "Cart":
        """A cart kept before. Raises InputError for one of a newer program."""
        body: dict[str, Any] = json.loads(text)
        if body.pop("version") != CART_VERSION:
            raise InputError("挂着的单由更新版本的程序保存，请先升级程序。")
        lines = tuple(CartLine(**line) for line in body.pop("lines"))
        return Cart(lines=lines, **body)

    def with_line(self, position: int, line: CartLine | None) -> "Cart":
        """The cart with one line replaced, or taken out where ``line`` is None."""
        kept = [*self.lines]
        kept[position : position + 1] = [line] if line is not None else []
        return replace(self, lines=tuple(kept))

    def added(self, line: CartLine) -> tuple["Cart", int]:
        """The cart with goods added: the same product at the same terms is one line. Gives its position too."""
        for position, there in enumerate(self.lines):
            if replace(there, qty_milli=line.qty_milli) == line:
                more = replace(there, qty_milli=there.qty_milli + line.qty_milli)
                return self.with_line(position, more), position
        return replace(self, lines=(*self.lines, line)), len(self.lines)


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


@dataclass(frozen=True, slots=True)
class Payment:
    """Part of a bill paid one way. ``received_fen`` is the cash handed over, where it is more."""

    tender: str
    amount_fen: int
    received_fen: int | None = None

    @property
    def change_fen(self) -> int:
        """The cash to give back."""
        return 0 if self.received_fen is None else self.received_fen - self.amount_fen


def check_payments(total_fen: int, payments: Sequence[Payment]) -> None:
    """Raise InputError unless the payments are positive and come to the total."""
    for payment in payments:
        if payment.amount_fen <= 0:
            raise InputError("付款金额必须大于零。", field=payment.tender)
        if payment.change_fen < 0 or (payment.change_fen and payment.tender != "cash"):
            raise InputError("实收现金不能少于要付的金额。", field=payment.tender)
    paid = sum(payment.amount_fen for payment in payments)
    if paid < total_fen:
        raise InputError(f"还差 {show_fen(total_fen - paid)} 没有付。", field="payments")
    if paid > total_fen:
        raise InputError(f"付款多了 {show_fen(paid - total_fen)}，请检查金额。", field="payments")


def running_part(whole_fen: int, qty_milli: int, *, before_milli: int, now_milli: int) -> int:
    """The fen of ``now_milli`` out of a line, after ``before_milli``: all parts together give the whole exactly."""
    after = rounded_ratio(whole_fen * (before_milli + now_milli), qty_milli)
    return after - rounded_ratio(whole_fen * before_milli, qty_milli)
