"""The cart: an unfinished bill as it is kept at every change."""

import json
import uuid
from dataclasses import dataclass, field, fields, replace
from typing import Any

from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP

CART_VERSION = 3
NOBODY = 0
"""The salesperson of a line for which nobody gets the credit."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line of an earlier bill that comes back: what it came to in all, and how much of it came back before.

    ``number`` is that bill's; ``to_waste`` says that the goods are not put back into stock.
    """

    line_id: int
    number: str
    sold_milli: int
    before_milli: int
    list_fen: int
    bill_discount_fen: int
    rounding_fen: int
    net_fen: int
    to_waste: bool = False

    @property
    def left_milli(self) -> int:
        """What can still come back."""
        return self.sold_milli - self.before_milli


@dataclass(frozen=True, slots=True)
class BillOffer:
    """What a whole bill earns by a rule: so much off from a sum on, or a part of the price that stays."""

    title: str
    least_fen: int = 0
    off_fen: int = 0
    discount_bp: int = WHOLE_BP


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line. ``price_fen`` is the unit price before discounts; ``discount_bp`` None means what the rules give.

    ``level_price_fen`` and ``special_price_fen`` are what the rules offer for this customer today. ``label_fen`` is
    the amount printed on a scale's label. ``amount_only`` has a typed price and no product of its own. Goods that
    come back have a negative quantity and say in ``taken`` what is given back for them; no rule concerns them.
    ``salesperson_id`` is who gets the credit for this line: None the bill's, NOBODY nobody. ``renews_id`` is the
    service term that the line pays the next one of.
    """

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
    added_at: int = field(default=0, compare=False)
    level_price_fen: int | None = None
    special_price_fen: int | None = None
    label_fen: int | None = None
    amount_only: bool = False
    taken: TakenBack | None = None
    salesperson_id: int | None = None
    renews_id: int | None = None

    @property
    def changed_by_hand(self) -> bool:
        """Whether the clerk changed the price, gave a discount or made it a gift."""
        if self.taken is not None:
            return False
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
    offers: tuple[BillOffer, ...] = ()

    def own_salesperson(self, line: CartLine) -> int | None:
        """Who gets the credit for a line where it is not the bill's salesperson; NOBODY for nobody."""
        of_bill = self.salesperson_id or NOBODY
        return None if line.salesperson_id == of_bill else line.salesperson_id

    @property
    def takes_back(self) -> bool:
        """Whether goods of earlier bills come back with this one."""
        return any(line.taken is not None for line in self.lines)

    def to_json(self) -> str:
        """The form kept in the database at every change."""
        body = _plain(self)
        body["lines"] = [_line_body(line) for line in self.lines]
        body["offers"] = [_plain(offer) for offer in self.offers]
        return json.dumps({"version": CART_VERSION, **body}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "Cart":
        """A cart kept before. Raises InputError for one of a newer program."""
        body: dict[str, Any] = json.loads(text)
        if body.pop("version") > CART_VERSION:
            raise InputError("挂着的单由更新版本的程序保存，请先升级程序。")
        body.pop("payment", None)  # what was taken for it so far, see ``kept_payments``
        lines = tuple(_line_from(line) for line in body.pop("lines"))
        offers = tuple(BillOffer(**offer) for offer in body.pop("offers", ()))
        return Cart(lines=lines, offers=offers, **body)

    def with_line(self, position: int, line: CartLine | None) -> "Cart":
        """The cart with one line replaced, or taken out where ``line`` is None."""
        kept = [*self.lines]
        kept[position : position + 1] = [line] if line is not None else []
        return replace(self, lines=tuple(kept))

    def added(self, line: CartLine) -> tuple["Cart", int]:
        """The cart with goods added: the same product at the same terms is one line. Gives its position too.

        What comes back, amounts without a product and labels of a scale stand each for themselves.
        """
        alone = line.taken is not None or line.amount_only or line.label_fen is not None
        for position, there in enumerate(() if alone else self.lines):
            if replace(there, qty_milli=line.qty_milli) == line:
                more = replace(there, qty_milli=there.qty_milli + line.qty_milli)
                return self.with_line(position, more), position
        return replace(self, lines=(*self.lines, line)), len(self.lines)


def _plain(part: "Cart | CartLine | TakenBack | BillOffer") -> dict[str, Any]:
    """Its fields by name, nothing copied: ``asdict`` copies every value of a long bill at each change."""
    return {name: getattr(part, name) for name in _NAMES[type(part)]}


def _line_body(line: CartLine) -> dict[str, Any]:
    body = _plain(line)
    if line.taken is not None:
        body["taken"] = _plain(line.taken)
    return body


_NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in (Cart, CartLine, TakenBack, BillOffer)}


def _line_from(body: dict[str, Any]) -> CartLine:
    taken = body.pop("taken", None)
    return CartLine(**body, taken=None if taken is None else TakenBack(**taken))


def new_cart() -> Cart:
    """An empty cart with a key of its own."""
    return Cart(key=str(uuid.uuid4()))
