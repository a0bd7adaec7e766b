"""A stock document being written, without a window: what scans and typed figures make of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.stock.service import MAX_LINES, StockLine
from meiping.kernel.errors import InputError
from meiping.kernel.money import line_amount
from meiping.kernel.quantity import MAX_MILLI, ONE
from meiping.kernel.tabular import Column, Kind, Row, Sort

DRAFT_COLUMNS = (
    Column("place", "行", Kind.NUMBER, width=5, sortable=False),
    Column("code", "编码", Kind.CODE, width=10, sortable=False),
    Column("name", "商品", width=24, stretch=True, sortable=False),
    Column("specification", "规格", width=11, sortable=False),
    Column("stock_milli", "现存", Kind.QUANTITY, width=10, sortable=False),
    Column("qty_milli", "数量", Kind.QUANTITY, width=11, sortable=False),
    Column("unit", "单位", width=6, sortable=False),
    Column("unit_cost_fen", "成本单价", Kind.MONEY, width=13, sortable=False),
    Column("amount_fen", "金额", Kind.MONEY, width=13, sortable=False),
)
COST_COLUMNS = frozenset({"unit_cost_fen", "amount_fen"})


@dataclass(slots=True)
class DraftLine:
    """A product with what is to be moved of it; ``unit_cost_fen`` None takes the last cost."""

    product: ProductHit
    qty_milli: int
    unit_cost_fen: int | None = None


class StockDraft:
    """The lines of a document not yet posted; also the kernel ``Listing`` of them. ``key`` makes it be posted once."""

    def __init__(self, *, incoming: bool) -> None:
        self.incoming = incoming
        self.lines: list[DraftLine] = []
        self.key = str(uuid.uuid4())

    def add(self, product: ProductHit, *, unit_cost_fen: int | None = None) -> int:
        """One more of a product, in its line if it has one; gives the line's place. Raises InputError."""
        if not product.stocked:
            raise InputError(f"“{product.name}”是服务，不管理库存。")
        place = self.place_of(product.id)
        if place is not None:
            if self.lines[place].qty_milli + ONE > MAX_MILLI:
                raise InputError("数量太大，请检查。")
            self.lines[place].qty_milli += ONE
            return place
        if len(self.lines) >= MAX_LINES:
            raise InputError(f"一张单最多 {MAX_LINES} 行，请先过账，再开一张。")
        self.lines.append(DraftLine(product, ONE, unit_cost_fen))
        return len(self.lines) - 1

    def place_of(self, product_id: int) -> int | None:
        """The line of a product, if it has one."""
        return next((place for place, line in enumerate(self.lines) if line.product.id == product_id), None)

    def remove(self, place: int) -> None:
        """Take a line out."""
        del self.lines[place]

    def clear(self) -> None:
        """Begin the next document."""
        self.lines.clear()
        self.key = str(uuid.uuid4())

    def posting(self) -> list[StockLine]:
        """The lines as the verbs take them."""
        return [StockLine(line.product.id, line.qty_milli, line.unit_cost_fen) for line in self.lines]

    # ---------------------------------------------------------------- as a listing

    def count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Lines in the order they came in; red where more goes out than is there."""
        return [self._row(place) for place in range(first, min(first + size, len(self.lines)))]

    def _row(self, place: int) -> Row:
        line = self.lines[place]
        product = line.product
        amount = None if line.unit_cost_fen is None else line_amount(line.unit_cost_fen, line.qty_milli)
        short = not self.incoming and line.qty_milli > (product.stock_milli or 0)
        return {
            "id": product.id,
            "place": place + 1,
            "code": product.code,
            "name": product.name,
            "specification": product.specification,
            "stock_milli": product.stock_milli,
            "qty_milli": line.qty_milli,
            "unit": product.unit,
            "unit_cost_fen": line.unit_cost_fen,
            "amount_fen": amount,
            "tone": "danger" if short else None,
        }

    def summary(self) -> Mapping[str, Any]:
        """The pieces and what they cost."""
        rows = [self._row(place) for place in range(len(self.lines))]
        return {
            "qty_milli": sum(row["qty_milli"] for row in rows),
            "amount_fen": sum(row["amount_fen"] or 0 for row in rows),
        }
