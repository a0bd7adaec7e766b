"""Reads one sheet of a file in a process of its own, which may be killed; ``adapters.sheets`` starts it.

Everything a file may do wrong is looked at before it is parsed: sizes, declared entities, row numbers. What is
written out is a line of JSON for the head, for every chunk of rows and for null at the end; or for a refusal,
a text, instead. Days and times, which JSON does not know, are objects of one key: see ``sheet_lines``.
"""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from meiping.adapters.sheet_lines import to_line
from meiping.kernel.sheet import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Cell

MAX_UNPACKED = 60_000_000
MAX_ENTRIES = 2_000
MEMORY = 300 << 20
LAST_ROW = 1_048_576
_CHUNK = 1_000
_BLOCK = 1 << 20
_OVERLAP = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAR = re.compile(rb' r="[A-Z]{0,3}(\d{7,})"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s(?P<head>[^>]{0,200}?)>\s*<(?:\w+:)?f[\s>/](?P<rest>.{0,9000}?)</(?:\w+:)?c>", re.S
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_PLAIN = (str, int, float, bool, date, datetime, time, timedelta)
TOO_LARGE = "文件内容太大，超出了能读的范围。请分成几个文件，或只留下要导入的内容再试。"
NOT_A_BOOK = "这个文件不是表格，或者已经损坏。请用 Excel 或 WPS 打开它，另存为 xlsx 再试。"
LOCKED = "这个文件有打开密码。请用 Excel 打开，取消密码后另存再试。"
EMPTY = "表里没有内容。"


class Refused(Exception):
    """The file is refused with this sentence."""


def main(path: str, sheet: str) -> None:
    """Read ``sheet`` of the file, or without a name the first with anything in it, and write it to the output."""
    _bound_memory()
    out = sys.stdout.buffer
    try:
        for part in _parts(Path(path), sheet):
            out.write(to_line(part))
    except Refused as refused:
        out.write(to_line(str(refused)))
    except MemoryError:
        out.write(to_line(TOO_LARGE))


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parts(path: Path, sheet: str) -> Iterator[Any]:
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise Refused("这个文件是空的。")
    if start[:4] == b"PK\x03\x04":
        yield from _book(path, sheet, _look_into(path))
    elif start == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise Refused(LOCKED)
        yield from _book(path, sheet, {})
    else:
        yield from text_parts(path.read_bytes())


# ------------------------------------------------------------------- workbooks
def _look_into(path: Path) -> dict[str, Any]:
    """The real sizes and dangerous words of a packed workbook's entries; gives what is known of its sheets."""
    known: dict[str, Any] = {"no_result": {}, "date1904": False}
    total = 0
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Refused(TOO_LARGE)
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused(LOCKED)
            for entry in entries:
                with packed.open(entry) as stream:
                    total += _look_through(entry.filename, stream, MAX_UNPACKED - total, known)
            sheets = _sheet_files(packed)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refused(NOT_A_BOOK) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Refused(NOT_A_BOOK) from error
        raise
    known["sheets"] = sheets
    return known


def _look_through(name: str, stream: Any, allowed: int, known: dict[str, Any]) -> int:
    """Read an entry to its end, a block at a time; gives its real size."""
    size, tail, seen = 0, b"", name.endswith((".xml", ".rels"))
    in_sheet = name.startswith("xl/worksheets/") and seen
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > allowed:
            raise Refused(TOO_LARGE)
        if not seen:
            continue
        window = tail + block
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"<\x00!\x00D" in window:
            raise Refused("文件里有不允许的内容（DOCTYPE），没有读取。")
        if name == "xl/workbook.xml" and re.search(rb'\bdate1904="(1|true)"', window):
            known["date1904"] = True
        if in_sheet:
            if any(int(row) > LAST_ROW for row in _FAR.findall(window)):
                raise Refused("文件里有超出表格范围的行号，可能已经损坏。请用 Excel 打开后另存再试。")
            if b"<f" in window:
                _find_formulas(window, known["no_result"].setdefault(name, {}))
        tail = block[-_OVERLAP:]
    return size


def _find_formulas(window: bytes, found: dict[int, set[int]]) -> None:
    """Formulas whose result was not saved: reading would find nothing there."""
    for match in _FORMULA.finditer(window):
        place = _PLACE.search(match["head"])
        if place is None or b'="str"' in match["head"] or _VALUE.search(match["rest"]):
            continue
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        found.setdefault(int(place[2]), set()).add(column - 1)


def _sheet_files(packed: zipfile.ZipFile) -> dict[str, str]:
    """The names of the sheets, each with the entry it lies in; nothing where the workbook is of another kind."""
    from xml.etree import ElementTree

    names = set(packed.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    try:
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
        links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError as error:
        raise Refused(NOT_A_BOOK) from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            link = next((value for key, value in element.items() if key.endswith("}id")), "")
            target = targets.get(link, "").lstrip("/")
            found[element.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _book(path: Path, wanted: str, known: dict[str, Any]) -> Iterator[Any]:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(str(path)) as book:
            usable = [
                one.name
                for one in book.sheets_metadata
                if one.typ == calamine.SheetTypeEnum.WorkSheet
                and one.visible == calamine.SheetVisibleEnum.Visible
            ]
            yield from _sheet(book, wanted, usable, known)
    except calamine.PasswordError as error:
        raise Refused(LOCKED) from error
    except (calamine.CalamineError, OSError) as error:
        raise Refused(NOT_A_BOOK) from error


def _sheet(book: Any, wanted: str, usable: list[str], known: dict[str, Any]) -> Iterator[Any]:
    for name in [wanted] if wanted in usable else usable:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        missing = known.get("no_result", {}).get(known.get("sheets", {}).get(name, ""), {})
        first_column = int(sheet.start[1])
        head = {
            "sheet": name,
            "sheets": tuple(usable),
            "first_column": first_column,
            "date1904": known.get("date1904", False),
            "no_result": [
                (row, sorted(column - first_column for column in columns if column >= first_column))
                for row, columns in missing.items()
            ],
            "notes": (),
        }
        if sheet.width > MAX_COLUMNS:
            raise Refused(f"表里有 {sheet.width} 列，最多能读 {MAX_COLUMNS} 列。请删去不需要的列再试。")
        merged = _merged(sheet, first_column)
        if merged:
            head["notes"] = ("有合并的单元格，按每一行都写着同样的内容处理。",)
        yield head
        yield from _chunks(_filled(sheet.iter_rows(), merged))
        yield None
        return
    raise Refused(EMPTY)


def _merged(sheet: Any, first_column: int) -> list[tuple[int, int, int]]:
    """Cells merged over several rows as (first row, last row, column), from 0."""
    ranges = getattr(sheet, "merged_cell_ranges", None) or []
    tall = [(a, b) for a, b in ranges if b[0] > a[0]][:10_000]
    return sorted((a[0], b[0], a[1] - first_column) for a, b in tall if a[1] >= first_column)


def _filled(rows: Iterable[list[Any]], merged: list[tuple[int, int, int]]) -> Iterator[list[Any]]:
    """The rows with merged cells filled in all of their rows."""
    waiting = iter(merged)
    coming = next(waiting, None)
    open_ones: list[tuple[int, int, Any]] = []
    for number, row in enumerate(rows):
        if open_ones and any(cell != "" for cell in row):
            for _last, column, value in open_ones:
                if column < len(row) and row[column] == "":
                    row[column] = value
        while coming is not None and coming[0] <= number:
            if coming[0] == number and coming[2] < len(row):
                open_ones.append((coming[1], coming[2], row[coming[2]]))
            coming = next(waiting, None)
        open_ones = [one for one in open_ones if one[0] > number]
        yield row


# ----------------------------------------------------------------------- texts
def text_parts(content: bytes) -> Iterator[Any]:
    """The rows of a text with commas, tabs or semicolons, in UTF-8, UTF-16 with its mark, or GB 18030."""
    text = _decoded(content)
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.I):
        raise Refused("这其实是一个网页文件，不是表格。请用 Excel 打开它，另存为 xlsx 再试。")
    yield {"sheet": "", "sheets": (), "first_column": 0, "date1904": False, "no_result": [], "notes": ()}
    yield from _chunks(_split(text))
    yield None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in content:
        raise Refused(NOT_A_BOOK)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(text.count(sign) for sign in map(chr, range(1, 9))) > 8:
            raise Refused(NOT_A_BOOK)
        return text
    raise Refused("文件的文字编码看不懂。请用 Excel 打开它，另存为 xlsx 或“CSV UTF-8”再试。")


def _split(text: str) -> Iterator[list[str]]:
    lines = text[:20_000].splitlines()[:20]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in ("\t", ",", ";", "，", "|")}
    sign = max(counts, key=lambda one: counts[one])
    csv.field_size_limit(max(len(text), MAX_CELL))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign if counts[sign] else ",")
    try:
        for row in reader:
            numbered: list[str] = row
            yield numbered
    except csv.Error as error:
        raise Refused("文件的行列看不懂。请用 Excel 打开它，另存为 xlsx 再试。") from error


# ------------------------------------------------------------------------ rows
def _chunks(rows: Iterable[list[Any]]) -> Iterator[list[tuple[int, tuple[Cell, ...]]]]:
    chunk: list[tuple[int, tuple[Cell, ...]]] = []
    kept = 0
    for number, row in enumerate(rows, start=1):
        cells = tuple(row)
        while cells and (cells[-1] is None or cells[-1] == ""):
            cells = cells[:-1]
        if not any(cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        _check(number, cells)
        kept += 1
        if kept > MAX_ROWS + 20:  # titles above the rows count as nothing
            raise Refused(f"表里有内容的行超过 {MAX_ROWS:,} 行，请分成几个文件再导入。")
        chunk.append((number, cells))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if not kept:
        raise Refused(EMPTY)
    yield chunk


def _check(number: int, cells: tuple[Any, ...]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise Refused(f"第 {number} 行有 {len(cells)} 列，最多能读 {MAX_COLUMNS} 列。")
    for cell in cells:
        if isinstance(cell, str):
            if len(cell) > MAX_CELL:
                raise Refused(f"第 {number} 行有一格超过 {MAX_CELL:,} 个字，请缩短再试。")
        elif cell is not None and not isinstance(cell, _PLAIN):
            raise Refused(NOT_A_BOOK)
