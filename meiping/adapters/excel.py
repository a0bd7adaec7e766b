"""Workbooks for people: what a list shows, with real numbers and dates, and text that stays text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Protocol
from unicodedata import east_asian_width

from meiping.adapters.files import write_file
from meiping.adapters.progress import Progress
from meiping.adapters.sheet_text import empty_cell, fitting, put_rows, row_text, text_cell, value_cell
from meiping.kernel.errors import UserError
from meiping.kernel.moments import from_ms, show_date, show_moment
from meiping.kernel.money import yuan
from meiping.kernel.quantity import ONE, units
from meiping.kernel.tabular import RIGHT_ALIGNED, Column, Kind, Listing, Row, Sort

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

_FACE = "Microsoft YaHei"
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_ROWS = 1_048_576
_REPORT_EVERY = 500
_CHUNK = 1_000
_PICTURE_WIDTH = 960
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.NUMBER: "#,##0",
    Kind.QUANTITY: "#,##0",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
    Kind.CODE: "@",
    Kind.PHONE: "@",
}
_BROKEN_QUANTITY = "#,##0.0##"


def _day(day: date) -> date | str:
    return day if 1900 <= day.year <= 9999 else show_date(day)


def _moment(at: int) -> datetime | str:
    local = from_ms(at).replace(tzinfo=None, microsecond=0)
    return local if local.year >= 1900 else show_moment(at)


_DAYS = frozenset({Kind.DATE, Kind.MOMENT})
_CONTENT: dict[Kind, Callable[[Any], Decimal | int | date | datetime | str]] = {
    Kind.TEXT: str,
    Kind.CODE: str,
    Kind.PHONE: str,  # the stored digits without blanks, so that other programs take them
    Kind.YES: lambda value: "是" if value else "",
    Kind.MONEY: yuan,
    Kind.QUANTITY: units,
    Kind.NUMBER: int,
    Kind.PERCENT: lambda value: Decimal(value).scaleb(-4),
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
}
"""What a cell holds for a value of each kind; a str is written as text."""


class Sheet(Protocol):
    """What one sheet is made of; a kernel Table is one. ``rows`` is walked once, so it may be a generator."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def rows(self) -> Iterable[Row]: ...
    @property
    def totals(self) -> Mapping[str, Any]: ...
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StreamedSheet:
    """A sheet whose rows come one after the other, so that a long list need not be in memory."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    total: int
    totals: Mapping[str, Any] = field(default_factory=dict)
    subtitle: str = ""

    def count(self) -> int:
        """How many rows are expected, for the progress."""
        return self.total


def listing_sheet(
    title: str, columns: Sequence[Column], listing: Listing, sort: Sort | None = None, *, subtitle: str = ""
) -> StreamedSheet:
    """A sheet of everything in a listing, fetched a thousand rows at a time in the given order."""
    total = listing.count()

    def rows() -> Iterator[Row]:
        for first in range(0, total, _CHUNK):
            yield from listing.window(first, _CHUNK, sort)

    return StreamedSheet(title, tuple(columns), rows(), total, listing.summary(), subtitle)


def write_workbook(
    path: Path,
    tables: Sequence[Sheet],
    *,
    progress: Progress | None = None,
    pictures: Sequence[bytes] = (),
) -> None:
    """Write one sheet a table: title, frozen heading, every given column, totals; then one a picture (PNG).

    Fen become yuan, thousandths become units, instants local date and time; texts, codes and phones stay text
    whatever they look like. The file appears whole or not at all: an error, or Cancelled from ``progress``,
    leaves what was there before. Raises CannotWrite, and UserError for more rows than a sheet holds.
    """
    if not tables:
        raise ValueError("a workbook needs a sheet")
    write_file(path, lambda stream: _fill(stream, tables, progress, pictures))


def _fill(
    stream: BinaryIO, tables: Sequence[Sheet], progress: Progress | None, pictures: Sequence[bytes]
) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    total = sum(table.count() for table in tables)
    done, names = 0, set[str]()
    with ExitStack() as drafts, BytesIO() as draft:
        drafts.callback(_drop_drafts, book)
        writers: list[_SheetWriter] = []
        for table in tables:
            sheet = book.create_sheet(_sheet_name(table.title, names))
            writers.append(_SheetWriter(sheet, table, drafts.enter_context(TemporaryFile())))
            done = writers[-1].write(progress, done, total)
        for picture in pictures:
            _hang(book.create_sheet(_sheet_name("图表", names)), picture)
        book.save(draft)
        put_rows(draft, dict(writer.body() for writer in writers), stream)


def _hang(sheet: Any, picture: bytes) -> None:
    """A picture on a sheet, at a size that fits a screen."""
    from openpyxl.drawing.image import Image

    image = Image(BytesIO(picture))
    image.height, image.width = image.height * _PICTURE_WIDTH // image.width, _PICTURE_WIDTH
    sheet.add_image(image, "B2")


def _drop_drafts(book: Any) -> None:
    """Remove what openpyxl has put aside on the disk: it would keep it until the program ends."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        with suppress(FileNotFoundError, ValueError):  # a sheet that got into the workbook is already gone
            sheet._writer.cleanup()


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel accepts: 31 characters, none of []:*?/\\, no apostrophe at an end, unlike the others."""
    wanted = _NOT_IN_SHEET_NAME.sub(" ", title).strip(" '")[:31].strip(" '") or "表"
    if wanted.casefold() == "history":
        wanted = "history 表"
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted[: 31 - len(f' ({number})')]} ({number})"
    taken.add(name.casefold())
    return name


@dataclass(frozen=True, slots=True)
class _Place:
    """A column as its cells are written: the numbers of its usual look and of that for what is unlike the rest.

    Unlike are quantities with decimals, and texts instead of dates.
    """

    key: str
    kind: Kind
    letters: str
    usual: int
    other: int

    def cell(self, line: int, value: Any) -> str:
        """The cell for a value, or nothing where there is none."""
        if value is None or value == "":
            return ""
        content = _CONTENT[self.kind](value)
        if isinstance(content, str):
            style = self.other if self.kind in _DAYS else self.usual
            return text_cell(self.letters, line, style, content) if content else ""
        style = self.other if self.kind is Kind.QUANTITY and value % ONE else self.usual
        return value_cell(self.letters, line, style, content)


class _SheetWriter:
    """Writes one table: what is above the rows by openpyxl, the rows into a draft that ``put_rows`` takes over."""

    def __init__(self, sheet: Any, table: Sheet, draft: IO[bytes]) -> None:
        self._sheet = sheet  # a WriteOnlyWorksheet, whose type hints lack most of it
        self._table = table
        self._columns = table.columns
        self._line = 0
        self._first = 0
        self._draft = draft

    def write(self, progress: Progress | None, done: int, total: int) -> int:
        """Write everything; gives how many rows are done in all sheets so far."""
        rows = iter(self._table.rows)
        sample = list(islice(rows, 200))
        self._prepare(sample)
        self._write_head()
        heading = self._line
        self._first = heading + 1
        self._sheet.append([])  # where the rows come
        places = self._places()
        for row in chain(sample, rows):
            line = self._next_line()
            self._draft.write(
                row_text(line, "".join([place.cell(line, row.get(place.key)) for place in places]))
            )
            done += 1
            if progress is not None and done % _REPORT_EVERY == 0:
                progress.report(done, max(done, total))
        if self._line > heading:
            self._sheet.auto_filter.ref = f"A{heading}:{self._letter(len(self._columns))}{self._line}"
        self._write_totals()
        if progress is not None:
            progress.report(done, max(done, total))
        return done

    def body(self) -> tuple[str, tuple[int, IO[bytes]]]:
        """The sheet's path in the saved workbook, the row where its rows come, and these."""
        return self._sheet.path.lstrip("/"), (self._first, self._draft)

    def _next_line(self) -> int:
        if self._line == _MOST_ROWS:
            raise UserError("行数超过了 Excel 一张表的上限，请先缩小查询范围再导出。")
        self._line += 1
        return self._line

    def _append(self, cells: list[Any]) -> None:
        self._next_line()
        self._sheet.append(cells)

    @staticmethod
    def _letter(number: int) -> str:
        from openpyxl.utils import get_column_letter

        return get_column_letter(number)

    def _prepare(self, sample: Sequence[Row]) -> None:
        """What openpyxl wants to know before the first row: widths, the frozen head, the printed page."""
        sheet, heading = self._sheet, 3 if self._table.subtitle else 2
        whole = 0
        for number, column in enumerate(self._columns, 1):
            width = self._width(column, sample)
            sheet.column_dimensions[self._letter(number)].width = width
            whole += width
        sheet.freeze_panes = f"A{heading + 1}"
        sheet.sheet_format.defaultRowHeight = 18
        sheet.sheet_format.customHeight = True
        sheet.print_title_rows = f"{heading}:{heading}"
        sheet.page_setup.orientation = "landscape" if whole > 100 else "portrait"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"

    def _width(self, column: Column, sample: Sequence[Row]) -> int:
        shown = [column.show(row.get(column.key)) for row in sample]
        if column.kind is Kind.PHONE:
            shown = [text.replace(" ", "") for text in shown]
        total = column.show(self._table.totals.get(column.key))
        widest = max(map(_text_width, [*shown, total, column.title + "▾▾"]), default=0)
        return min(max(widest, 6) + 2, 60)

    def _cell(self, **style: Any) -> "Cell":
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        cell: Cell = WriteOnlyCell(self._sheet)
        font = {"size": 10, **style.pop("font", {})}
        cell.font = Font(name=_FACE, **font)
        for name, value in style.items():
            setattr(cell, name, value)
        return cell

    def _text(self, text: str, **style: Any) -> "Cell":
        cell = self._cell(**style)
        cell.value = fitting(text)
        cell.data_type = "s"
        return cell

    def _write_head(self) -> None:
        from openpyxl.styles import Alignment, Border, PatternFill, Side

        table = self._table
        self._append([self._text(table.title, font={"size": 14, "bold": True})])
        if table.subtitle:
            self._append([self._text(table.subtitle, font={"size": 9, "color": "FF64748B"})])
        look = {
            "font": {"bold": True},
            "fill": PatternFill("solid", fgColor="FFE8EEF7"),
            "border": Border(bottom=Side("thin", color="FF94A3B8")),
        }
        self._append(
            [
                self._text(
                    column.title, alignment=Alignment(horizontal=_side(column), vertical="center"), **look
                )
                for column in self._columns
            ]
        )

    def _places(self, **style: Any) -> list[_Place]:
        from openpyxl.styles import Alignment

        places = []
        for number, column in enumerate(self._columns, 1):
            look = {"alignment": Alignment(horizontal=_side(column), vertical="center"), **style}
            usual = self._cell(number_format=_FORMATS.get(column.kind, "General"), **look)
            other = self._cell(
                number_format=_BROKEN_QUANTITY if column.kind is Kind.QUANTITY else "@", **look
            )
            letters = self._letter(number)
            places.append(_Place(column.key, column.kind, letters, usual.style_id, other.style_id))
        return places

    def _write_totals(self) -> None:
        from openpyxl.styles import Border, Side

        totals = self._table.totals
        if not totals:
            return
        line, named = self._next_line(), False
        cells = []
        for place in self._places(font={"bold": True}, border=Border(top=Side("thin", color="FF94A3B8"))):
            cell = place.cell(line, totals.get(place.key))
            if not cell and not named:
                cell, named = text_cell(place.letters, line, place.usual, "合计"), True
            cells.append(cell or empty_cell(place.letters, line, place.usual))
        self._draft.write(row_text(line, "".join(cells)))


def _side(column: Column) -> str:
    return "right" if column.kind in RIGHT_ALIGNED else "left"


def _text_width(text: str) -> int:
    """Width in half-width characters; Chinese counts two."""
    longest = max(text.split("\n"), key=len, default="")
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in longest)
