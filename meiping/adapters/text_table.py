"""A list as plain text with commas or tabs, for programs that take no workbook."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from meiping.adapters.excel import Sheet
from meiping.adapters.files import write_file
from meiping.adapters.progress import Progress
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.money import yuan
from meiping.kernel.quantity import units
from meiping.kernel.tabular import Kind

RISKY = "=+-@\t\r\n＝＋－＠"
"""A text that begins so would be taken for a formula: it gets an apostrophe in front."""
_REPORT_EVERY = 500
_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.MONEY: lambda value: str(yuan(value)),
    Kind.QUANTITY: lambda value: str(units(value)),
    Kind.NUMBER: str,
    Kind.PERCENT: lambda value: f"{value / 100:.1f}%",
    Kind.DATE: show_date,
    Kind.MOMENT: show_moment,
    Kind.YES: lambda value: "是" if value else "",
}


def write_text_table(path: Path, sheet: Sheet, *, sign: str = ",", progress: Progress | None = None) -> None:
    """Write the headings and rows of a sheet in UTF-8 with its mark, whole or not at all.

    Fen become yuan, instants local time; no text can become a formula. Raises CannotWrite, and Cancelled.
    """
    write_file(path, lambda stream: _fill(stream, sheet, sign, progress))


def _fill(stream: BinaryIO, sheet: Sheet, sign: str, progress: Progress | None) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", errors="replace")
    writer = csv.writer(text, delimiter=sign)
    writer.writerow([column.title for column in sheet.columns])
    for done, row in enumerate(sheet.rows):
        if progress is not None and done % _REPORT_EVERY == 0:
            progress.report(done, max(done, sheet.count()))
        writer.writerow([_cell(column.kind, row.get(column.key)) for column in sheet.columns])
    text.detach()  # flushed, and left open for who opened it


def _cell(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind in _WRITTEN:
        return _WRITTEN[kind](value)
    text = str(value)
    return f"'{text}" if text.startswith(tuple(RISKY)) else text
