"""The cart: an unfinished bill as it is kept at every change."""

import json
import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any

from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP

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


def new_cart() -> Cart:
    """An empty cart with a key of its own."""
    return Cart(key=str(uuid.uuid4()))
