"""Cards on paper: everything about one record on one A4 page, in sections, with short tables below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.adapters.files import write_file
from meiping.adapters.lettering import bold, elide, new_document, printable, wrap
from meiping.adapters.progress import Progress
from meiping.kernel.moments import system_clock
from meiping.kernel.tabular import RIGHT_ALIGNED, Column, Kind, Row

if TYPE_CHECKING:
    from fpdf import FPDF

_WIDTH, _BOTTOM = 210.0, 297.0 - 18.0
_MARGIN = 14.0
_INNER = _WIDTH - 2 * _MARGIN
_ACROSS = 3
_GAP = 5.0
_NAME_WIDTH = 17.0
_MM_PER_PT = 25.4 / 72
_LINE = 9 * _MM_PER_PT * 1.45
_INK, _GREY = (31, 41, 55), (100, 116, 139)
_HAIRLINE, _FILL = (215, 222, 232), (238, 242, 248)
_MOST_LINES = 4
"""Lines of one value; notes get more."""
_MOST_NOTE_LINES = 12


@dataclass(frozen=True, slots=True)
class CardSection:
    """Names and values under a heading; those without a value are left out, and an empty section with them."""

    title: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CardTable:
    """A short table under a heading; of rows that find no room it is said how many there are.

    ``count`` is how many there are in all.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """One page: a large name with a line below, figures in boxes, sections, notes, tables."""

    title: str
    line: str = ""
    figures: Sequence[tuple[str, str]] = ()
    sections: Sequence[CardSection] = ()
    notes: str = ""
    tables: Sequence[CardTable] = ()


def cards_pdf(
    path: Path,
    cards: Iterable[Card],
    *,
    total: int,
    shop: str = "",
    operator: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> None:
    """Write cards, a page each, as they come; ``total`` is how many. Raises CannotWrite."""
    with new_document("客户卡") as pdf:
        for number, card in enumerate(cards):
            _Page(pdf, shop, operator, now or system_clock()).draw(card)
            if progress is not None:
                progress.report(number + 1, total, "客户卡")
        content = bytes(pdf.output())
    write_file(path, lambda stream: stream.write(content))


class _Page:
    """Lays one card out; used once."""

    def __init__(self, pdf: "FPDF", shop: str, operator: str, now: datetime) -> None:
        self._pdf, self._shop, self._operator, self._now = pdf, printable(shop), printable(operator), now
        self._y = 0.0

    def draw(self, card: Card) -> None:
        """The whole page."""
        self._pdf.add_page()
        self._y = 12.0
        self._head(card)
        if card.figures:
            self._figures(card.figures)
        for section in card.sections:
            self._section(section)
        if card.notes.strip():
            self._notes(card.notes)
        tables = [table for table in card.tables if table.rows]
        for place, table in enumerate(tables):
            self._table(table, spare=sum(min(len(later.rows), 3) for later in tables[place + 1 :]))
        self._foot()

    def _text(self, x: float, width: float, text: str, size: float, colour: tuple[int, int, int]) -> None:
        pdf = self._pdf
        pdf.set_font_size(size)
        pdf.set_text_color(*colour)
        pdf.set_xy(x, self._y)
        pdf.cell(width, size * _MM_PER_PT * 1.45, elide(text, width, pdf.get_string_width))

    def _head(self, card: Card) -> None:
        pdf = self._pdf
        if self._shop:
            self._text(_MARGIN, _INNER, self._shop, 9, _GREY)
            self._y += 6
        with bold(pdf, 18, _INK):
            pdf.set_xy(_MARGIN, self._y)
            pdf.cell(_INNER, 9, elide(printable(card.title), _INNER, pdf.get_string_width))
        self._y += 9.5
        if card.line:
            self._text(_MARGIN, _INNER, printable(card.line), 9, _GREY)
            self._y += 5.5
        self._y += 2

    def _figures(self, figures: Sequence[tuple[str, str]]) -> None:
        pdf, gap = self._pdf, 4.0
        width = (_INNER - gap * (len(figures) - 1)) / len(figures)
        for place, (name, value) in enumerate(figures):
            x = _MARGIN + place * (width + gap)
            pdf.set_fill_color(*_FILL)
            pdf.rect(x, self._y, width, 14, style="F")
            self._y += 1.8
            self._text(x + 3, width - 6, printable(name), 8, _GREY)
            self._y += 4.2
            with bold(pdf, 12, _INK):
                pdf.set_xy(x + 3, self._y)
                pdf.cell(width - 6, 6.5, elide(printable(value), width - 6, pdf.get_string_width))
            self._y -= 6
        self._y += 18

    def _heading(self, title: str) -> None:
        pdf = self._pdf
        with bold(pdf, 9.5, _INK):
            pdf.set_xy(_MARGIN, self._y)
            pdf.cell(_INNER, 5, printable(title))
        self._y += 5.8
        pdf.set_draw_color(*_HAIRLINE)
        pdf.set_line_width(0.2)
        pdf.line(_MARGIN, self._y, _MARGIN + _INNER, self._y)
        self._y += 1.6

    def _section(self, section: CardSection) -> None:
        facts = [(printable(name), printable(value)) for name, value in section.facts if value]
        if not facts:
            return
        self._heading(section.title)
        column = (_INNER - _GAP * (_ACROSS - 1)) / _ACROSS
        row: list[tuple[int, str, list[str]]] = []
        place = 0
        for name, value in facts:
            span = self._span(value, column)
            if place + span > _ACROSS:
                self._fact_row(row, column)
                row, place = [], 0
            room = self._room(column, span)
            self._pdf.set_font_size(9)
            lines = wrap(value.replace("\n", " "), room, self._pdf.get_string_width)[:_MOST_LINES]
            row.append((place, name, lines))
            place += span
        self._fact_row(row, column)
        self._y += 2.2

    def _room(self, column: float, span: int) -> float:
        return column * span + _GAP * (span - 1) - _NAME_WIDTH

    def _span(self, value: str, column: float) -> int:
        """How many columns a value takes so as not to break into more than two lines."""
        self._pdf.set_font_size(9)
        width = self._pdf.get_string_width(value)
        return next((span for span in (1, 2) if width <= 1.7 * self._room(column, span)), _ACROSS)

    def _fact_row(self, row: Sequence[tuple[int, str, list[str]]], column: float) -> None:
        pdf, top = self._pdf, self._y
        for place, name, lines in row:
            x = _MARGIN + place * (column + _GAP)
            self._y = top
            self._text(x, _NAME_WIDTH - 1, name, 9, _GREY)
            pdf.set_font_size(9)
            pdf.set_text_color(*_INK)
            for number, line in enumerate(lines):
                pdf.set_xy(x + _NAME_WIDTH, top + number * _LINE)
                pdf.cell(0, _LINE, line)
        self._y = top + max((len(lines) for _place, _name, lines in row), default=0) * _LINE + 0.6

    def _notes(self, notes: str) -> None:
        self._heading("备注")
        pdf = self._pdf
        pdf.set_font_size(9)
        lines = wrap(printable(notes), _INNER, pdf.get_string_width)
        for line in lines[:_MOST_NOTE_LINES]:
            self._text(_MARGIN, _INNER, line, 9, _INK)
            self._y += _LINE
        if len(lines) > _MOST_NOTE_LINES:
            self._text(_MARGIN, _INNER, "……", 9, _GREY)
            self._y += _LINE
        self._y += 2.2

    # ---------------------------------------------------------------- tables

    def _table(self, table: CardTable, *, spare: int) -> None:
        """As many rows as find room above the foot and ``spare`` rows of the tables below."""
        row_height = _LINE + 1.6
        room = _BOTTOM - self._y - 14 - spare * row_height - (14 if spare else 0)
        fitting = max(0, min(len(table.rows), int(room / row_height)))
        if fitting == 0:
            return
        self._heading(f"{table.title}（共 {table.count:,}）" if table.count > fitting else table.title)
        widths = self._widths(table)
        self._cells([column.title for column in table.columns], table.columns, widths, _GREY)
        for row in table.rows[:fitting]:
            self._cells(
                [column.show(row.get(column.key)) for column in table.columns], table.columns, widths, _INK
            )
        if table.count > fitting:
            self._text(_MARGIN, _INNER, f"还有 {table.count - fitting:,} 条没有列出。", 8, _GREY)
            self._y += 5
        self._y += 2.2

    def _widths(self, table: CardTable) -> list[float]:
        """Columns in proportion to their widths as declared."""
        whole = sum(column.width for column in table.columns)
        return [_INNER * column.width / whole for column in table.columns]

    def _cells(
        self,
        texts: Sequence[str],
        columns: Sequence[Column],
        widths: Sequence[float],
        colour: tuple[int, int, int],
    ) -> None:
        pdf, x = self._pdf, _MARGIN
        pdf.set_text_color(*colour)
        for text, column, width in zip(texts, columns, widths, strict=True):
            pdf.set_font_size(8.5)
            room = width - 2
            said = printable(text).replace("\n", " ")
            needed = pdf.get_string_width(said)
            if column.kind is Kind.TEXT:
                said = elide(said, room, pdf.get_string_width)
            elif needed > room:  # a figure is never cut
                pdf.set_font_size(8.5 * room / needed)
            pdf.set_xy(x, self._y)
            pdf.cell(room, _LINE, said, align="R" if column.kind in RIGHT_ALIGNED else "L")
            x += width
        self._y += _LINE + 0.8
        pdf.set_draw_color(*_HAIRLINE)
        pdf.set_line_width(0.12)
        pdf.line(_MARGIN, self._y, _MARGIN + _INNER, self._y)
        self._y += 0.8

    def _foot(self) -> None:
        self._y = 297.0 - 12.0
        by = f"操作员：{self._operator}" if self._operator else ""
        self._text(_MARGIN, _INNER / 2, by, 8, _GREY)
        pdf = self._pdf
        pdf.set_xy(_MARGIN + _INNER / 2, self._y)
        pdf.cell(_INNER / 2, 4, f"打印时间 {self._now.astimezone():%Y-%m-%d %H:%M}", align="R")
