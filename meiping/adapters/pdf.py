"""Tables on paper: A4 pages with head, repeated heading, totals and page numbers; and pages as pictures."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.adapters.excel import Sheet
from meiping.adapters.files import write_file
from meiping.adapters.lettering import bold, elide, new_document, printable, wrap
from meiping.adapters.progress import Progress
from meiping.adapters.table_plan import A4, BASE_PT, GAP, MARGIN, Planner
from meiping.kernel.moments import system_clock
from meiping.kernel.tabular import RIGHT_ALIGNED, Kind, Row

if TYPE_CHECKING:
    from fpdf import FPDF
    from PIL.Image import Image

_FOOT = 9.0
_GAP_ABOVE = 1.25
"""Millimetres between a cell's edge and its text above."""
_MM_PER_PT = 25.4 / 72
_LEADING = 1.45

_INK = (31, 41, 55)
_GREY = (100, 116, 139)
_HAIRLINE = (215, 222, 232)
_STRONG_LINE = (100, 116, 139)
_HEADING_FILL = (238, 242, 248)
_TONES = {"danger": (180, 35, 24), "warning": (138, 90, 0), "muted": _GREY}
_LABELS = {"shop": "门店", "company": "公司", "period": "期间", "operator": "操作员"}

_REPORT_EVERY = 200
_pdfium = threading.Lock()
"""pdfium may be used by one thread at a time."""


def table_pdf(
    path: Path,
    table: Sheet,
    *,
    head: Mapping[str, str],
    landscape: bool | None = None,
    now: datetime | None = None,
    below: Sequence[str] = (),
    progress: Progress | None = None,
) -> None:
    """Write a table as A4 pages: every given column, the heading on each page, the totals at the end.

    ``head`` is shown above: ``shop`` as the letterhead, then ``company``, ``period``, ``operator`` and whatever
    else it holds, by its key; empty values are left out. ``landscape`` None turns the page when the columns need
    it. ``below`` are paragraphs under the table. ``now`` is the time of printing. Raises CannotWrite; Cancelled from
    ``progress`` leaves no file.
    """
    with new_document(table.title) as pdf:
        document = _TableDocument(pdf, table, head, now or system_clock(), below)
        content = document.render(landscape, progress)
    write_file(path, lambda stream: stream.write(content))


@dataclass(frozen=True, slots=True)
class Letter:
    """A table with what stands above and below it, as in ``table_pdf``: one of several papers that go out together."""

    table: Sheet
    head: Mapping[str, str]
    below: Sequence[str] = ()


def letters_pdf(
    path: Path, letters: Sequence[Letter], *, now: datetime, progress: Progress | None = None
) -> None:
    """Write several papers into one file, each on pages of its own that it numbers itself.

    Raises CannotWrite; Cancelled from ``progress`` leaves no file.
    """
    import pypdfium2

    contents = []
    for place, letter in enumerate(letters):
        if progress is not None:
            progress.report(place, len(letters))
        with new_document(letter.table.title) as pdf:
            contents.append(
                _TableDocument(pdf, letter.table, letter.head, now, letter.below).render(False, None)
            )
    with _pdfium, pypdfium2.PdfDocument.new() as whole:
        for content in contents:
            with pypdfium2.PdfDocument(content) as part:
                whole.import_pages(part)
        write_file(path, whole.save)


def page_count(path: Path) -> int:
    """How many pages a PDF file has."""
    import pypdfium2

    with _pdfium, pypdfium2.PdfDocument(path) as document:
        return len(document)


def page_image(source: Path | bytes, page: int = 0, *, dpi: float = 96) -> "Image":
    """A page of a PDF, counted from 0, as a picture for the screen."""
    import pypdfium2

    with _pdfium, pypdfium2.PdfDocument(source) as document:
        image: Image = document[page].render(scale=dpi / 72).to_pil()
        return image


@dataclass(slots=True)
class _Measure:
    """Widths of texts in millimetres; most cells of a column repeat, so they are remembered."""

    pdf: "FPDF"
    known: dict[str, float] = field(default_factory=dict)

    def __call__(self, text: str) -> float:
        """Width at the base size."""
        if text not in self.known:
            self.known[text] = self.pdf.get_string_width(text)
        return self.known[text]


class _TableDocument:
    """Lays one table out; used once."""

    def __init__(
        self, pdf: "FPDF", table: Sheet, head: Mapping[str, str], now: datetime, below: Sequence[str] = ()
    ) -> None:
        if not table.columns:
            raise ValueError("a table needs a column")
        self._columns = table.columns
        self._title = printable(table.title)
        self._subtitle = printable(table.subtitle)
        self._head = {key: printable(value) for key, value in head.items() if value}
        self._now = now
        self._below = [printable(paragraph) for paragraph in below if paragraph]
        self._rows: list[Row] = list(table.rows)
        self._cells = [self._shown(row) for row in self._rows]
        self._totals = self._shown(table.totals) if table.totals else []
        self._pdf = pdf
        self._measure = _Measure(pdf)
        self._y = 0.0

    def _shown(self, row: Row) -> list[str]:
        return [printable(column.show(row.get(column.key))) for column in self._columns]

    # ------------------------------------------------------------------ drawing
    def render(self, landscape: bool | None, progress: Progress | None) -> bytes:
        """The finished file."""
        self._pdf.set_font_size(BASE_PT)
        self._plan = Planner(self._columns, self._cells, self._totals, self._measure).plan(landscape)
        self._line_height = self._plan.size * _MM_PER_PT * _LEADING
        done, total = 0, len(self._rows) * len(self._plan.groups)
        for part, group in enumerate(self._plan.groups):
            self._group = group
            self._new_page(first=part == 0)
            for place, (row, cells) in enumerate(zip(self._rows, self._cells, strict=True), 1):
                last = place == len(self._rows) and bool(self._totals)
                tone = _TONES.get(str(row.get("tone", "")), _INK)
                self._draw_row(cells, tone, beside=self._totals_height if last else 0.0)
                done += 1
                if progress is not None and done % _REPORT_EVERY == 0:
                    progress.report(done, total)
            if not self._rows:
                self._draw_nothing()
            if self._totals:
                self._draw_totals()
        self._draw_below()
        return bytes(self._pdf.output())

    @property
    def _width(self) -> float:
        return sum(self._group.widths)

    @property
    def _bottom(self) -> float:
        return A4[0 if self._plan.landscape else 1] - MARGIN - _FOOT

    def _new_page(self, *, first: bool = False) -> None:
        self._pdf.add_page(orientation="L" if self._plan.landscape else "P")
        self._y = self._bottom + _FOOT - 4
        self._draw_foot()
        self._y = MARGIN
        if first:
            self._draw_head()
        else:
            self._text(self._running_head(), 8, _GREY)
            self._y += 6
        self._draw_heading()

    def _running_head(self) -> str:
        """For every further page: whose it is, what it is and what of."""
        what_of = self._subtitle or self._head.get("period", "") or self._head.get("说明", "")
        return " · ".join(filter(None, (self._head.get("shop", ""), self._title, what_of)))

    def _draw_head(self) -> None:
        head = dict(self._head)
        if shop := head.pop("shop", ""):
            self._text(shop, 10, _GREY)
            self._y += 6.5
        with bold(self._pdf, 16, _INK):
            self._text(self._title, 16, _INK)
        self._y += 9
        facts = [f"{_LABELS.get(key, key)}：{value}" for key, value in head.items()]
        line = "　　".join([self._subtitle, *facts] if self._subtitle else facts)
        if line:
            self._pdf.set_font_size(BASE_PT)
            for part in wrap(line, self._width, self._pdf.get_string_width):
                self._text(part, 9, _GREY)
                self._y += 5
        self._y += 2.5

    def _text(self, text: str, size: float, colour: tuple[int, int, int]) -> None:
        pdf = self._pdf
        pdf.set_text_color(*colour)
        pdf.set_font_size(size)
        pdf.set_xy(MARGIN, self._y)
        pdf.cell(self._width, size * _MM_PER_PT * 1.3, elide(text, self._width, pdf.get_string_width))

    def _draw_foot(self) -> None:
        """Which page of how many, a number the library fills in at the end, and when it was printed."""
        pdf = self._pdf
        self._text(f"第 {pdf.page} 页，共 {pdf.str_alias_nb_pages} 页", 8, _GREY)
        pdf.set_x(MARGIN)
        pdf.cell(
            self._width, 8 * _MM_PER_PT * 1.3, f"打印时间 {self._now.astimezone():%Y-%m-%d %H:%M}", align="R"
        )

    def _draw_heading(self) -> None:
        pdf = self._pdf
        titles = [
            wrap(printable(self._columns[number].title), self._inner(width), self._measure)
            for number, width in zip(self._group.numbers, self._group.widths, strict=True)
        ]
        height = max(map(len, titles)) * self._line_height + 2 * GAP
        pdf.set_fill_color(*_HEADING_FILL)
        pdf.rect(MARGIN, self._y, self._width, height, style="F")
        with bold(pdf, self._plan.size, _INK):
            self._draw_cells(titles, _INK, top=self._y + GAP)
        self._y += height
        self._line(_STRONG_LINE, 0.25)

    def _inner(self, width: float) -> float:
        """Room for text in a column, as measured at the base size."""
        return (width - 2 * GAP) * BASE_PT / self._plan.size + 0.01

    def _lines(self, cells: Sequence[str]) -> list[list[str]]:
        """Each cell's lines. Only text breaks: a number on two lines would be read as two numbers."""
        found = []
        for number, width in zip(self._group.numbers, self._group.widths, strict=True):
            text, room = cells[number], self._inner(width)
            breaks = self._columns[number].kind is Kind.TEXT and ("\n" in text or self._measure(text) > room)
            found.append(wrap(text, room, self._measure) if breaks else [text])
        return found

    @property
    def _totals_height(self) -> float:
        return self._line_height + 2 * _GAP_ABOVE

    def _draw_row(self, cells: Sequence[str], colour: tuple[int, int, int], *, beside: float) -> None:
        """``beside`` is the height of what must stand on the same page: the totals never stand alone."""
        lines = self._lines(cells)
        most = max(map(len, lines))
        height = most * self._line_height + 2 * _GAP_ABOVE
        left = self._bottom - self._y - beside
        if height > left and (height < self._bottom / 2 or left < 4 * self._line_height):
            self._new_page()
        while most:
            fitting = max(int((self._bottom - self._y - 2 * _GAP_ABOVE) / self._line_height), 1)
            self._draw_cells([cell[:fitting] for cell in lines], colour, top=self._y + _GAP_ABOVE)
            self._y += min(most, fitting) * self._line_height + 2 * _GAP_ABOVE
            self._line(_HAIRLINE, 0.15)
            lines = [cell[fitting:] for cell in lines]
            most = max(map(len, lines))
            if most:
                self._new_page()

    def _draw_cells(
        self, lines: Sequence[Sequence[str]], colour: tuple[int, int, int], *, top: float
    ) -> None:
        pdf, x = self._pdf, MARGIN
        pdf.set_text_color(*colour)
        for number, width, texts in zip(self._group.numbers, self._group.widths, lines, strict=True):
            align = "R" if self._columns[number].kind in RIGHT_ALIGNED else "L"
            for place, text in enumerate(texts):
                needed = self._measure(text)
                squeeze = min(1.0, self._inner(width) / needed) if needed else 1.0
                pdf.set_font_size(self._plan.size * squeeze)
                pdf.set_xy(x + GAP, top + place * self._line_height)
                pdf.cell(width - 2 * GAP, self._line_height, text, align=align)
            x += width

    def _draw_nothing(self) -> None:
        pdf = self._pdf
        pdf.set_text_color(*_GREY)
        pdf.set_font_size(BASE_PT)
        pdf.set_xy(MARGIN, self._y + 6)
        pdf.cell(self._width, 6, "没有记录", align="C")
        self._y += 18
        self._line(_HAIRLINE, 0.15)

    def _draw_totals(self) -> None:
        cells = list(self._totals)
        word = "合计"
        widths = dict(zip(self._group.numbers, self._group.widths, strict=True))
        free = [number for number in self._group.numbers if not cells[number]]
        roomy = [number for number in free if self._measure(word) <= self._inner(widths[number])]
        if free:
            cells[(roomy or free)[0]] = word
        if self._y + self._totals_height > self._bottom:
            self._new_page()
        self._line(_STRONG_LINE, 0.25)
        with bold(self._pdf, self._plan.size, _INK):
            self._draw_cells(
                [[cells[number]] for number in self._group.numbers], _INK, top=self._y + _GAP_ABOVE
            )
        self._y += self._totals_height
        self._line(_STRONG_LINE, 0.25)

    def _draw_below(self) -> None:
        """The paragraphs under the table, each line whole on one page."""
        self._y += 5
        for paragraph in self._below:
            self._pdf.set_font_size(BASE_PT)
            for part in wrap(paragraph, self._width, self._pdf.get_string_width):
                if self._y + 6 > self._bottom:
                    self._new_page()
                    self._y += 3
                self._text(part, BASE_PT, _INK)
                self._y += 5.5
            self._y += 2

    def _line(self, colour: tuple[int, int, int], width: float) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(width)
        self._pdf.line(MARGIN, self._y, MARGIN + self._width, self._y)
