"""Slips of paper from a till printer: receipts, recharge slips, shift reports, on 58 or 80 mm rolls."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from meiping.adapters.files import write_file
from meiping.adapters.lettering import bold, new_document, printable, wrap
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli

if TYPE_CHECKING:
    from fpdf import FPDF
    from PIL.Image import Image

_PRINTED = {58: 48.0, 80: 72.0}
"""Millimetres a till printer can print on of each roll."""
_EDGE = 3.0
_MM_PER_PT = 25.4 / 72
_LEADING = 1.42
_SMALL, _BODY, _BIG, _LARGE = 7.5, 8.5, 12.0, 13.0
_BETWEEN = 1.5
"""The least space between two texts on a line, in millimetres."""


class Align(StrEnum):
    """Where on the paper a line stands."""

    LEFT = "L"
    CENTRE = "C"
    RIGHT = "R"


@dataclass(frozen=True, slots=True)
class Title:
    """The shop's name, or what the slip is: large, bold, in the middle."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, or several."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A word at the left and its value at the right edge: 单号 ... XS-20261121-0001."""

    left: str
    right: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper, dashed unless ``solid``."""

    solid: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a bill: name, quantity in thousandths, unit price and amount in fen.

    Without a quantity or price (a line of an amount only) their places stay empty. ``note`` says what was done
    to the price, or which time of a card was used.
    """

    name: str
    qty_milli: int | None
    price_fen: int | None
    amount_fen: int
    note: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ItemHead:
    """The words above the items."""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum to pay, in fen, large and bold."""

    label: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Space:
    """Empty paper, in millimetres: for a signature or a stamp."""

    height_mm: float = 3.0


Block = Title | Text | Pair | Rule | Item | ItemHead | Total | Space


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed, from top to bottom, on a roll of 58 or 80 mm."""

    width_mm: Literal[58, 80]
    blocks: tuple[Block, ...]
    name: str = "小票"
    """The document's title, as a viewer shows it."""


def slip_bytes(slip: Slip) -> bytes:
    """The slip as a PDF of one page, as long as what is on it."""
    with new_document(slip.name) as pdf:
        return _Roll(pdf, slip).render()


def slip_pdf(path: Path, slip: Slip) -> None:
    """Write the slip as a PDF file. Raises CannotWrite."""
    content = slip_bytes(slip)
    write_file(path, lambda stream: stream.write(content))


def slip_image(slip: Slip, dpi: float = 203) -> "Image":
    """The slip as a picture, for the preview; 203 dpi is what till printers print."""
    from meiping.adapters.pdf import page_image  # a slip is made of words; few are drawn

    return page_image(slip_bytes(slip), dpi=dpi)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text on a line: where it begins or ends (millimetres from the left of the printed strip)."""

    text: str
    x: float = 0.0
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the slip; ``pieces`` empty is a rule or a gap of the given height."""

    height: float
    pieces: tuple[_Piece, ...] = ()
    size: float = _BODY
    bold: bool = False
    rule: Literal["", "dashed", "solid"] = ""


class _Roll:
    """First all lines are set, so that the length of the paper is known; then they are drawn."""

    def __init__(self, pdf: "FPDF", slip: Slip) -> None:
        self._pdf = pdf
        self._slip = slip
        self._strip = _PRINTED[slip.width_mm]
        qty, price, amount = (0.42, 0.66, 1.0) if slip.width_mm == 58 else (0.56, 0.76, 1.0)
        self._qty_end, self._price_end, self._amount_end = (
            self._strip * part for part in (qty, price, amount)
        )

    def render(self) -> bytes:
        """The finished file."""
        lines = [line for block in self._slip.blocks for line in self._lines(block)]
        length = sum(line.height for line in lines) + 2 * _EDGE
        # a page wider than long is taken for a sheet turned by 90 degrees, by printers as well
        self._pdf.add_page(format=(self._slip.width_mm, max(length, self._slip.width_mm + 1.0)))
        y = _EDGE
        for line in lines:
            self._draw(line, y)
            y += line.height
        return bytes(self._pdf.output())

    # ------------------------------------------------------------------ setting the lines
    def _lines(self, block: Block) -> Iterator[_Line]:
        match block:
            case Title(text):
                whole = self._measure(_LARGE, strong=True)(printable(text))
                size = max(_LARGE * min(1.0, self._strip / whole), _BIG * 0.9) if whole else _LARGE
                yield from self._text(text, Align.CENTRE, size, strong=True)
            case Text(text, align, strong, small):
                yield from self._text(text, align, _SMALL if small else _BODY, strong=strong)
            case Pair(left, right, strong):
                yield from self._pair(left, right, _BODY, strong=strong)
            case Rule(solid):
                yield _Line(3.0, rule="solid" if solid else "dashed")
            case ItemHead():
                yield self._item_line("品名", "数量", "单价", "金额", strong=True)
            case Item():
                yield from self._item(block)
            case Total(label, amount_fen):
                yield from self._pair(label, show_fen(amount_fen), _BIG, strong=True)
            case Space(height):
                yield _Line(height)

    def _text(self, text: str, align: Align, size: float, *, strong: bool) -> Iterator[_Line]:
        x = {Align.LEFT: 0.0, Align.CENTRE: self._strip / 2, Align.RIGHT: self._strip}[align]
        lines = self._wrapped(text, self._strip, size, strong=strong)
        if align is Align.CENTRE and len(lines) > 1:
            lines = self._balanced(text, lines, size, strong=strong)
        for part in lines:
            yield _Line(_height(size), (_Piece(part, x, align),), size, strong)

    def _balanced(self, text: str, lines: list[str], size: float, *, strong: bool) -> list[str]:
        """As many lines of nearly equal length: centred text should not end in a single character."""
        for tenth in range(9, 4, -1):
            narrower = self._wrapped(text, self._strip * tenth / 10, size, strong=strong)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def _pair(self, left: str, right: str, size: float, *, strong: bool) -> Iterator[_Line]:
        measure = self._measure(size, strong=strong)
        left, right = printable(left), printable(right)
        if measure(left) + measure(right) + 2 <= self._strip:
            yield _Line(_height(size), (_Piece(left), self._at_right(right)), size, strong)
            return
        yield from self._text(left, Align.LEFT, size, strong=strong)
        yield from self._text(right, Align.RIGHT, size, strong=strong)

    def _item(self, item: Item) -> Iterator[_Line]:
        """On a wide roll all stands on one line; on a narrow one the name has a line to itself."""
        qty = show_milli(item.qty_milli) + item.unit if item.qty_milli is not None else ""
        price, amount = show_fen(item.price_fen, sign=""), show_fen(item.amount_fen, sign="")
        if self._slip.width_mm == 58 and not qty and not price:
            yield from self._pair(item.name, amount, _BODY, strong=False)
        elif self._slip.width_mm == 58:
            yield from self._text(item.name, Align.LEFT, _BODY, strong=False)
            yield self._item_line("", qty, price, amount)
        else:
            measure = self._measure(_BODY)
            figures = sum(measure(printable(text)) + _BETWEEN for text in (qty, price, amount) if text)
            room = min(self._qty_end - measure(printable(qty)) - _BETWEEN, self._strip - figures)
            first, *rest = self._wrapped(item.name, room, _BODY)
            yield self._item_line(first, qty, price, amount)
            for part in rest:
                yield _Line(_height(_BODY), (_Piece(part),))
        if item.note:
            yield from self._text(item.note, Align.LEFT, _SMALL, strong=False)

    def _item_line(self, name: str, qty: str, price: str, amount: str, *, strong: bool = False) -> _Line:
        """Figures right-aligned below each other; unusually long ones push those before them to the left."""
        qty = printable(qty)
        needed = self._measure(_BODY, strong=strong)
        whole = sum(needed(text) + _BETWEEN for text in (name, qty, price, amount) if text) - _BETWEEN
        size = _BODY * min(1.0, self._strip / whole)
        measure = self._measure(size, strong=strong)
        price_end = min(self._price_end, self._strip - measure(amount) - _BETWEEN)
        qty_end = min(self._qty_end, price_end - measure(price) - _BETWEEN) if price else self._qty_end
        pieces = (
            _Piece(name),
            _Piece(qty, qty_end, Align.RIGHT),
            _Piece(price, price_end, Align.RIGHT),
            self._at_right(amount),
        )
        return _Line(_height(_BODY), tuple(piece for piece in pieces if piece.text), size, strong)

    def _at_right(self, text: str) -> _Piece:
        return _Piece(text, self._strip, Align.RIGHT)

    def _measure(self, size: float, *, strong: bool = False) -> Callable[[str], float]:
        """Widths in millimetres; bold outlines are a hair wider."""

        def width(text: str) -> float:
            self._pdf.set_font_size(size)
            return self._pdf.get_string_width(text) * (1.02 if strong else 1.0)

        return width

    def _wrapped(self, text: str, width: float, size: float, *, strong: bool = False) -> list[str]:
        return wrap(printable(text), width, self._measure(size, strong=strong))

    # ------------------------------------------------------------------ drawing
    def _draw(self, line: _Line, y: float) -> None:
        pdf = self._pdf
        left = (self._slip.width_mm - self._strip) / 2
        if line.rule:
            middle = y + line.height / 2
            pdf.set_line_width(0.25)
            pdf.set_dash_pattern(*((1.2, 0.9) if line.rule == "dashed" else (0, 0)))
            pdf.line(left, middle, left + self._strip, middle)
            return
        pdf.set_font_size(line.size)
        with bold(pdf, line.size) if line.bold else nullcontext():
            for piece in line.pieces:
                width = pdf.get_string_width(piece.text)
                shift = {Align.LEFT: 0.0, Align.CENTRE: width / 2, Align.RIGHT: width}[piece.align]
                pdf.set_xy(left + piece.x - shift, y)
                pdf.cell(width, line.height, piece.text)


def _height(size: float) -> float:
    return size * _MM_PER_PT * _LEADING
