"""Labels on sheets of stickers and on label rolls, each with a few lines that fit it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.adapters.files import write_file
from meiping.adapters.lettering import bold, elide, new_document, printable, wrap
from meiping.adapters.progress import Progress

if TYPE_CHECKING:
    from fpdf import FPDF

_MM_PER_PT = 25.4 / 72
_LEADING = 1.38
_PAD_X, _PAD_Y = 4.0, 3.0
_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
"""Letters in points, tried from the largest until everything fits."""
_BIGGER = 1.22
"""How much larger the line in bold is."""
_INK, _EDGE = (20, 20, 20), (205, 212, 222)
_REPORT_EVERY = 50


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of stickers, or one sticker of a roll. All sizes in millimetres.

    ``left`` and ``top`` are the paper's edges before the first label, the gaps lie between labels.
    """

    key: str
    title: str
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    left: float = 0.0
    top: float = 0.0
    gap_across: float = 0.0
    gap_down: float = 0.0

    @property
    def places(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Where a label of the sheet begins, counted from 0 in reading order."""
        row, column = divmod(place, self.columns)
        x = self.left + column * (self.label[0] + self.gap_across)
        return x, self.top + row * (self.label[1] + self.gap_down)


_A4 = (210.0, 297.0)
SHEETS = (
    LabelSheet("a4-3x8", "A4 每页 24 张（70 × 37 mm）", _A4, 3, 8, (70.0, 37.0), top=0.5),
    LabelSheet(
        "a4-2x7",
        "A4 每页 14 张（99 × 38 mm）",
        _A4,
        2,
        7,
        (99.1, 38.1),
        left=4.65,
        top=15.15,
        gap_across=2.5,
    ),
    LabelSheet("roll-60x40", "标签卷 60 × 40 mm", (60.0, 40.0), 1, 1, (60.0, 40.0)),
)
SHEET_BY_KEY = {sheet.key: sheet for sheet in SHEETS}


@dataclass(frozen=True, slots=True)
class Label:
    """The lines of one label, long ones break; the one with the number ``strong`` is large and bold."""

    lines: tuple[str, ...]
    strong: int = 0


def labels_pdf(
    path: Path,
    labels: Sequence[Label],
    sheet: LabelSheet,
    *,
    first: int = 0,
    progress: Progress | None = None,
) -> None:
    """Write labels, leaving the ``first`` places of the first sheet free. Raises CannotWrite."""
    content = labels_bytes(labels, sheet, first=first, progress=progress)
    write_file(path, lambda stream: stream.write(content))


def labels_bytes(
    labels: Sequence[Label],
    sheet: LabelSheet,
    *,
    first: int = 0,
    outlined: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """The same in memory: for looking at, ``outlined`` with the edges of all labels of the sheets."""
    with new_document("标签") as pdf:
        for number, label in enumerate(labels, first % sheet.places):
            place = number % sheet.places
            if place == 0 or number == first % sheet.places:
                pdf.add_page(format=sheet.page)
                if outlined:
                    _outline(pdf, sheet)
            _draw(pdf, label, sheet, *sheet.corner(place))
            if progress is not None and number % _REPORT_EVERY == 0:
                progress.report(number, len(labels), "标签")
        return bytes(pdf.output())


def _outline(pdf: "FPDF", sheet: LabelSheet) -> None:
    pdf.set_draw_color(*_EDGE)
    pdf.set_line_width(0.2)
    for place in range(sheet.places):
        pdf.rect(*sheet.corner(place), *sheet.label)


def _draw(pdf: "FPDF", label: Label, sheet: LabelSheet, x: float, y: float) -> None:
    width, height = sheet.label[0] - 2 * _PAD_X, sheet.label[1] - 2 * _PAD_Y
    size, lines = _laid(pdf, label, width, height)
    total = sum(_height(size, strong) for _text, strong in lines)
    down = y + _PAD_Y + max(0.0, (height - total) / 2)
    for text, strong in lines:
        line = _height(size, strong)
        pdf.set_xy(x + _PAD_X, down)
        if strong:
            with bold(pdf, size * _BIGGER, _INK):
                pdf.cell(width, line, text)
        else:
            pdf.set_font_size(size)
            pdf.set_text_color(*_INK)
            pdf.cell(width, line, text)
        down += line


def _height(size: float, strong: bool) -> float:
    return size * (_BIGGER if strong else 1) * _MM_PER_PT * _LEADING


def _laid(pdf: "FPDF", label: Label, width: float, height: float) -> tuple[float, list[tuple[str, bool]]]:
    """The largest letters in which all lines fit; where even the smallest don't, the last lines are cut."""
    found: list[tuple[str, bool]] = []
    for size in _SIZES:
        found = []
        for number, text in enumerate(label.lines):
            strong = number == label.strong
            pdf.set_font_size(size * (_BIGGER if strong else 1))
            room = width - (0.4 if strong else 0)  # bold outlines reach a little further
            found += [(line, strong) for line in wrap(printable(text), room, pdf.get_string_width) if line]
        if sum(_height(size, strong) for _text, strong in found) <= height:
            return size, found
    size, kept, used = _SIZES[-1], [], 0.0
    for text, strong in found:
        used += _height(size, strong)
        if used > height:
            break
        kept.append((text, strong))
    if len(kept) < len(found) and kept:
        pdf.set_font_size(size)
        kept[-1] = (elide(f"{kept[-1][0]}…", width, pdf.get_string_width), kept[-1][1])
    return size, kept
