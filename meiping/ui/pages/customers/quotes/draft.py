"""A quote being written, without a window: what goods picked and figures typed make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.deals.queries import PriceHint
from meiping.domains.deals.rules import MAX_LINES, QuoteLineInput
from meiping.kernel.errors import InputError
from meiping.kernel.money import line_amount
from meiping.kernel.quantity import MAX_MILLI, ONE
from meiping.kernel.tabular import Column, Kind, Row, Sort

DRAFT_COLUMNS = (
    Column("place", "行", Kind.NUMBER, width=4, sortable=False),
    Column("code", "编码", Kind.CODE, width=9, sortable=False),
    Column("name", "商品", width=22, stretch=True, sortable=False),
    Column("list_fen", "售价", Kind.MONEY, width=10, sortable=False),
    Column("last_fen", "上次价", Kind.MONEY, width=10, sortable=False),
    Column("qty_milli", "数量", Kind.QUANTITY, width=8, sortable=False),
    Column("unit", "单位", width=6, sortable=False),
    Column("price_fen", "报价", Kind.MONEY, width=11, sortable=False),
    Column("amount_fen", "金额", Kind.MONEY, width=12, sortable=False),
    Column("note", "备注", width=13, sortable=False),
)


@dataclass(slots=True)
class DraftLine:
    """A product with how many and at which unit price in fen; ``name`` and ``unit`` as they are told."""

    product: ProductHit
    hint: PriceHint | None
    name: str
    unit: str
    qty_milli: int
    price_fen: int
    note: str = ""

    @property
    def amount_fen(self) -> int:
        """What the line comes to."""
        return line_amount(self.price_fen, self.qty_milli)

    @property
    def below_floor(self) -> bool:
        """Whether the counter would not take this price."""
        return self.price_fen < min(self.product.lowest_price_fen, self.product.price_fen)


class QuoteDraft:
    """The lines of a quote not yet saved; also the kernel ``Listing`` of them."""

    def __init__(self) -> None:
        self.lines: list[DraftLine] = []

    def add(self, product: ProductHit, hint: PriceHint | None) -> int:
        """One more of a product, in its line if it has one, else at the customer's price; gives the line's place.

        Raises InputError.
        """
        place = self.place_of(product.id)
        if place is not None:
            if self.lines[place].qty_milli + ONE > MAX_MILLI:
                raise InputError("数量太大，请检查。")
            self.lines[place].qty_milli += ONE
            return place
        if len(self.lines) >= MAX_LINES:
            raise InputError(f"一份报价最多 {MAX_LINES} 种商品，请分成几份。")
        price_fen = hint.level_fen if hint is not None else product.price_fen
        self.lines.append(DraftLine(product, hint, product.name, product.unit, ONE, price_fen))
        return len(self.lines) - 1

    def place_of(self, product_id: int) -> int | None:
        """The line of a product, if it has one."""
        return next((place for place, line in enumerate(self.lines) if line.product.id == product_id), None)

    def remove(self, place: int) -> None:
        """Take a line out."""
        del self.lines[place]

    def entered(self) -> tuple[QuoteLineInput, ...]:
        """The lines as the verbs take them."""
        return tuple(
            QuoteLineInput(line.product.id, line.qty_milli, line.price_fen, line.note) for line in self.lines
        )

    # ---------------------------------------------------------------- as a listing

    def count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Lines in the order they came in; red where the price is under the floor."""
        return [self._row(place) for place in range(first, min(first + size, len(self.lines)))]

    def _row(self, place: int) -> Row:
        line = self.lines[place]
        return {
            "id": line.product.id,
            "place": place + 1,
            "code": line.product.code,
            "name": line.name,
            "list_fen": line.product.price_fen,
            "last_fen": line.hint.last_fen if line.hint is not None else None,
            "qty_milli": line.qty_milli,
            "unit": line.unit,
            "price_fen": line.price_fen,
            "amount_fen": line.amount_fen,
            "note": line.note,
            "tone": "danger" if line.below_floor else None,
        }

    def summary(self) -> Mapping[str, Any]:
        """Nothing below the columns: what it comes to stands below the list."""
        return {}

    @property
    def total_fen(self) -> int:
        """What the lines come to."""
        return sum(line.amount_fen for line in self.lines)
