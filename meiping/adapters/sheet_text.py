"""The rows of a long sheet, written as the words a workbook keeps them in.

openpyxl makes an object and a tree of every cell. A workbook with everything but the rows comes from there; the
rows are put into it as text afterwards, several times as quickly.
"""

import re
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TEXT = 32_767


def fitting(text: str) -> str:
    """What a cell can hold of a text."""
    kept = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept if len(kept) <= _LONGEST_TEXT else kept[: _LONGEST_TEXT - 1] + "…"


def text_cell(letters: str, line: int, style: int, text: str) -> str:
    """A cell with text that is text, whatever it looks like."""
    kept = fitting(text)
    space = ' xml:space="preserve"' if kept != kept.strip() else ""
    return f'<c r="{letters}{line}" s="{style}" t="inlineStr"><is><t{space}>{escape(kept, quote=False)}</t></is></c>'


def value_cell(letters: str, line: int, style: int, value: Decimal | int | date) -> str:
    """A cell with a number, or with the number that a day or a moment is to a workbook."""
    number = _serial(value) if isinstance(value, date) else value
    return f'<c r="{letters}{line}" s="{style}"><v>{float(number):.16g}</v></c>'


def empty_cell(letters: str, line: int, style: int) -> str:
    """A cell with nothing but its look."""
    return f'<c r="{letters}{line}" s="{style}"/>'


def row_text(line: int, cells: str) -> bytes:
    """A row of cells, one after the other, as it lies in the sheet."""
    return f'<row r="{line}">{cells}</row>'.encode()


@lru_cache(maxsize=4096)
def _serial(day: date | datetime) -> float:
    from openpyxl.utils import datetime as calendar

    to_number: Any = calendar.to_excel  # its type hints lack it
    return float(to_number(day))


def put_rows(made: IO[bytes], bodies: Mapping[str, tuple[int, IO[bytes]]], out: BinaryIO) -> None:
    """Copy a workbook, and put rows in the place of an empty row of some of its sheets.

    ``bodies`` tells by the sheets' paths inside the workbook which row that is, and what comes there.
    """
    with ZipFile(made) as book, ZipFile(out, "w", ZIP_DEFLATED) as whole:
        for entry in book.infolist():
            content = book.read(entry)
            if entry.filename not in bodies:
                whole.writestr(entry, content)
                continue
            line, body = bodies[entry.filename]
            head, tail = _around(content, line)
            filled = ZipInfo(entry.filename, entry.date_time)
            filled.compress_type = ZIP_DEFLATED
            filled.file_size = len(head) + body.seek(0, 2) + len(tail)  # tells a very large entry in time
            body.seek(0)
            with whole.open(filled, "w") as target:
                target.write(head)
                shutil.copyfileobj(body, target, 1 << 20)
                target.write(tail)


def _around(content: bytes, line: int) -> tuple[bytes, bytes]:
    parts = re.split(rb'<row r="%d"\s*(?:/>|></row>)' % line, content)
    if len(parts) != 2:
        raise RuntimeError(f"the sheet has no place for its rows in row {line}")
    return parts[0], parts[1]
