"""Files people have and files that are bad: each is read, or refused with a sentence, within its bounds."""

import struct
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from meiping.adapters import sheets
from meiping.adapters.sheets import read_pasted, read_sheet
from meiping.kernel.errors import Cancelled, UserError

SHEET = "xl/worksheets/sheet1.xml"


def saved(path: Path, *rows: tuple[Any, ...], **after: object) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge := after.get("merge"):
        sheet.merge_cells(str(merge))
    if after.get("mac"):
        book.epoch = CALENDAR_MAC_1904
    book.save(path)
    return path


def patched(path: Path, entry: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one entry's bytes changed."""
    made = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == entry else content)
    path.write_bytes(made.getvalue())
    return path


def good(path: Path) -> Path:
    return saved(path / "客户.xlsx", ("姓名", "电话"), ("王芳", 13800138000))


def more_rows(count: int, row: bytes) -> Callable[[bytes], bytes]:
    def change(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", b"".join(row % (n, n) for n in range(9, count)) + b"</sheetData>")

    return change


def test_a_workbook_gives_its_rows_with_their_numbers(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "客户.xlsx", (), ("姓名", "电话", "生日"), ("王芳", "0755", date(1990, 5, 1)), (), ("李",)
    )
    read = read_sheet(path)
    assert read.rows == [(2, ("姓名", "电话", "生日")), (3, ("王芳", "0755", date(1990, 5, 1))), (5, ("李",))]
    assert read.sheets == ("Sheet",)
    assert len(read.file_hash) == 64


def test_days_counted_from_1904_are_the_days_meant(tmp_path: Path) -> None:
    read = read_sheet(saved(tmp_path / "mac.xlsx", ("生日",), (date(1990, 5, 1),), mac=True))
    assert read.rows[1] == (2, (date(1990, 5, 1),))
    assert read.date1904


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_texts_of_any_usual_encoding_and_sign(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes(f'姓名{sign}备注\r\n王芳{sign}"两行\n都要"\r\n'.encode(encoding))
    assert read_sheet(path).rows == [(1, ("姓名", "备注")), (2, ("王芳", "两行\n都要"))]


def test_pasted_cells_keep_leading_zeros_and_line_breaks() -> None:
    assert read_pasted('编号\t备注\n0012\t"一\n二"\n').rows == [
        (1, ("编号", "备注")),
        (2, ("0012", "一\n二")),
    ]


def test_merged_cells_count_for_every_row(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.xlsx", ("业务员", "姓名"), ("陈强", "甲"), (None, "乙"), (None, "丙"), merge="A2:A3"
    )
    read = read_sheet(path)
    assert [cells for _, cells in read.rows[1:]] == [("陈强", "甲"), ("陈强", "乙"), ("", "丙")]
    assert "合并" in read.notes[0]


def test_a_formula_without_its_result_is_known(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", ("姓名", "额度"), ("甲", "=1+1"), ("乙", 3))
    assert dict(read_sheet(path).no_result) == {2: (1,)}
    told = patched(
        path, SHEET, lambda xml: xml.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    )
    read = read_sheet(told)
    assert (dict(read.no_result), read.rows[1][1]) == ({}, ("甲", 2.0))


def test_a_million_empty_rows_are_nothing(tmp_path: Path) -> None:
    path = patched(good(tmp_path), SHEET, more_rows(1_000_000, b'<row r="%d"><c r="A%d" s="0"/></row>'))
    started = time.monotonic()
    assert len(read_sheet(path).rows) == 2
    assert time.monotonic() - started < sheets.TIME_S


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image1.png", bytes(70_000_000))
    return path


def lying_bomb(path: Path) -> Path:
    """An entry that says it is small."""
    bomb(path)
    content = path.read_bytes().replace(struct.pack("<L", 70_000_000), struct.pack("<L", 1_000))
    path.write_bytes(content)
    return path


def encrypted(path: Path) -> Path:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    return path


def far_away(path: Path) -> Path:
    row = b'<row r="2147483647"><c r="A2147483647"><v>1</v></c></row></sheetData>'
    return patched(path, SHEET, lambda xml: xml.replace(b"</sheetData>", row))


def far_cell(path: Path) -> Path:
    row = b'<row><c r="A2147483647"><v>1</v></c></row></sheetData>'
    return patched(path, SHEET, lambda xml: xml.replace(b"</sheetData>", row))


def wide_and_tall(path: Path) -> Path:
    """Two cells at opposite corners: a table of two hundred million cells, were it made."""
    row = b'<row r="1048576"><c r="GR1048576"><v>1</v></c></row></sheetData>'
    return patched(path, SHEET, lambda xml: xml.replace(b"</sheetData>", row))


def declared(path: Path) -> Path:
    return patched(path, SHEET, lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)


def cut_off(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-700])
    return path


def written(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    return path


BAD = {
    "empty": (written(b""), "空的"),
    "blank": (written(b"\r\n \r\n"), "没有内容"),
    "a program": (written(b"MZ\x00\x00" + bytes(300)), "不是表格"),
    "half characters": (written(b"\xff\xff\xfe\xfe" + b"\x81" * 31), "编码"),
    "a web page": (written(b"<html><table><tr><td>1</td></tr></table></html>"), "网页"),
    "a zip of something else": (zipped, "不是表格"),
    "cut off": (cut_off, "不是表格"),
    "a bomb": (bomb, "太大"),
    "a bomb that lies": (lying_bomb, ""),
    "encrypted": (encrypted, "密码"),
    "a row past the end": (far_away, "行号"),
    "a cell past the end": (far_cell, "行号"),
    "two corners": (wide_and_tall, ""),
    "declared entities": (declared, "DOCTYPE"),
    "too many rows": (written(b"a,b\n" * 50_100), "50,000"),
    "too many columns": (written(b"a," * 300 + b"a\n"), "200"),
    "a cell too long": (written(b"a,b\nc," + b"x" * 40_000), "32,767"),
    "too many bytes": (written(b"abc,def\n" * 2_600_000), "20 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_in_time(name: str, tmp_path: Path) -> None:
    make, said = BAD[name]
    path = make(good(tmp_path))
    before = path.read_bytes()
    started = time.monotonic()
    with pytest.raises(UserError) as refused:
        read_sheet(path)
    assert time.monotonic() - started < sheets.TIME_S + 1
    assert said in refused.value.sentence
    assert refused.value.sentence.endswith("。")
    assert path.read_bytes() == before


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有找到"):
        read_sheet(tmp_path / "没有.xlsx")
    with pytest.raises(UserError, match="文件夹"):
        read_sheet(tmp_path)


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    class Stop:
        def report(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled

    path = patched(good(tmp_path), SHEET, more_rows(400_000, b'<row r="%d"><c r="A%d" s="0"/></row>'))
    with pytest.raises(Cancelled):
        read_sheet(path, progress=Stop())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=40))
def test_damage_anywhere_ends_in_rows_or_a_sentence(tmp_path: Path, place: int, damage: bytes) -> None:
    path = good(tmp_path)
    content = bytearray(path.read_bytes())
    at = place % len(content)
    content[at : at + len(damage)] = damage
    path.write_bytes(content)
    with suppress(UserError):
        assert read_sheet(path).rows
