"""An exported workbook holds what the list shows: real numbers and dates, and text that stays text."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from meiping.adapters.excel import StreamedSheet, listing_sheet, write_workbook
from meiping.kernel.errors import Cancelled
from meiping.kernel.moments import from_ms, to_ms
from meiping.kernel.tabular import Column, Kind, Sort, Table

COLUMNS = (
    Column("code", "编号", Kind.CODE),
    Column("name", "名称", Kind.TEXT),
    Column("phone", "电话", Kind.PHONE),
    Column("amount_fen", "金额", Kind.MONEY),
    Column("qty_milli", "数量", Kind.QUANTITY),
    Column("count", "次数", Kind.NUMBER),
    Column("share_bp", "占比", Kind.PERCENT),
    Column("day", "日期", Kind.DATE),
    Column("at", "时间", Kind.MOMENT),
    Column("active", "在用", Kind.YES),
)
AT = to_ms(datetime(2026, 11, 21, 1, 30, tzinfo=UTC))
ROW = {
    "id": 1,
    "code": "0012",
    "name": "王晓梅",
    "phone": "13822017788",
    "amount_fen": 123456,
    "qty_milli": 2500,
    "count": 7,
    "share_bp": 3333,
    "day": date(2026, 11, 21),
    "at": AT,
    "active": True,
}


def saved(tmp_path: Path, *tables: Any) -> Any:
    write_workbook(tmp_path / "导出.xlsx", tables)
    return openpyxl.load_workbook(tmp_path / "导出.xlsx")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def one_text(tmp_path: Path, text: str) -> Any:
    book = saved(tmp_path, Table("表", (Column("t", "文字"),), [{"t": text}]))
    return book.active["A3"]


def test_every_kind_of_value_arrives_as_what_it_is(tmp_path: Path) -> None:
    sheet = saved(tmp_path, Table("客户", COLUMNS, [ROW])).active
    assert [cell.value for cell in sheet[2]] == [column.title for column in COLUMNS]
    found = dict(zip([column.key for column in COLUMNS], sheet[3], strict=True))
    assert found["code"].value == "0012"
    assert found["phone"].value == "13822017788"
    assert found["code"].number_format == found["phone"].number_format == "@"
    assert found["amount_fen"].value == 1234.56
    assert found["amount_fen"].number_format == "#,##0.00"
    assert found["qty_milli"].value == 2.5
    assert found["count"].value == 7
    assert found["share_bp"].value == 0.3333
    assert found["share_bp"].number_format == "0.0%"
    assert found["day"].value == datetime(2026, 11, 21)
    assert found["day"].number_format == "yyyy-mm-dd"
    assert found["at"].value == from_ms(AT).replace(tzinfo=None)
    assert found["active"].value == "是"


def test_whole_quantities_have_no_stray_decimal_point(tmp_path: Path) -> None:
    rows = [{"q": 1_200_000}, {"q": 500}]
    sheet = saved(tmp_path, Table("库存", (Column("q", "数量", Kind.QUANTITY),), rows)).active
    assert (sheet["A3"].value, sheet["A3"].number_format) == (1200, "#,##0")
    assert (sheet["A4"].value, sheet["A4"].number_format) == (0.5, "#,##0.0##")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+86 138",
        "-5",
        "@cmd",
        "#N/A",
        "12345678901234567890",
        "1E5",
        " 空格 ",
        "第一行\n第二行",
        "<v>1</v> & ]]> </c></row>",
        '<row r="3"></row>',
    ],
)
def test_text_stays_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    cell = one_text(tmp_path, text)
    assert (cell.value, cell.data_type) == (text, "s")


def test_what_a_workbook_can_not_hold_is_left_out_and_the_rest_stays(tmp_path: Path) -> None:
    assert one_text(tmp_path, "王\x00晓\x1f梅\ud800\uffff").value == "王晓梅"
    assert one_text(tmp_path, "一行\r\n二行").value == "一行\n二行"
    long = one_text(tmp_path, "长" * 40_000).value
    assert len(long) == 32_767
    assert long.endswith("…")


def test_days_excel_does_not_know_are_written_as_text(tmp_path: Path) -> None:
    rows = [
        {"d": date(1, 1, 1)},
        {"d": date(1899, 12, 31)},
        {"d": date(1900, 1, 1)},
        {"d": date(9999, 12, 31)},
    ]
    sheet = saved(tmp_path, Table("日子", (Column("d", "日期", Kind.DATE),), rows)).active
    assert [sheet.cell(3 + i, 1).value for i in range(4)] == [
        "0001-01-01",
        "1899-12-31",
        datetime(1900, 1, 1),
        datetime(9999, 12, 31),
    ]


def test_the_unknown_is_empty(tmp_path: Path) -> None:
    sheet = saved(tmp_path, Table("客户", COLUMNS, [dict.fromkeys(ROW), {}])).active
    assert {cell.value for row in sheet.iter_rows(min_row=3) for cell in row} <= {None}


def test_title_subtitle_frozen_head_filter_and_totals(tmp_path: Path) -> None:
    table = Table("汇总统计", COLUMNS, [ROW, ROW], {"amount_fen": 246912}, "2026-11-01 至 2026-11-30")
    sheet = saved(tmp_path, table).active
    assert sheet.title == "汇总统计"
    assert sheet["A1"].value == "汇总统计"
    assert sheet["A2"].value == "2026-11-01 至 2026-11-30"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.auto_filter.ref == "A3:J5"
    assert sheet["A6"].value == "合计"
    assert (sheet["D6"].value, sheet["D6"].font.bold) == (2469.12, True)


def test_columns_are_wide_enough_for_what_they_hold(tmp_path: Path) -> None:
    row = {**ROW, "name": "深圳市南山区某某美容美发有限公司", "amount_fen": 123456789012}
    sheet = saved(tmp_path, Table("客户", COLUMNS, [row])).active
    assert sheet.column_dimensions["B"].width >= 32
    assert sheet.column_dimensions["D"].width >= len("1,234,567,890.12")
    assert sheet.column_dimensions["A"].width < 12


def test_sheet_names_are_such_as_excel_takes(tmp_path: Path) -> None:
    titles = ["销售/退货: 2026*", "", "'", "History", "长" * 40, "长" * 40, "客户", "客户"]
    book = saved(tmp_path, *(Table(title, COLUMNS, []) for title in titles))
    assert len(set(book.sheetnames)) == len(titles)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)
    assert book.sheetnames[0] == "销售 退货  2026"
    assert book.sheetnames[-1] == "客户 (2)"


class Recorder:
    """Hears the progress and asks to stop after some reports."""

    def __init__(self, stop_after: int = 1_000_000) -> None:
        self.heard: list[tuple[int, int]] = []
        self.stop_after = stop_after

    def report(self, done: int, total: int, what: str = "") -> None:
        self.heard.append((done, total))
        if len(self.heard) >= self.stop_after:
            raise Cancelled


def many(count: int) -> StreamedSheet:
    def rows() -> Iterator[dict[str, Any]]:
        for number in range(count):
            yield {**ROW, "code": f"{number:06d}"}

    return StreamedSheet("客户", COLUMNS, rows(), count)


def test_progress_is_told_every_five_hundred_rows(tmp_path: Path) -> None:
    heard = Recorder()
    write_workbook(tmp_path / "a.xlsx", [many(1_200)], progress=heard)
    assert heard.heard == [(500, 1200), (1000, 1200), (1200, 1200)]
    book: Any = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.active["A1202"].value == "001199"


def test_every_sheet_gets_its_own_rows_and_totals(tmp_path: Path) -> None:
    columns = (Column("name", "名称"), Column("fen", "金额", Kind.MONEY))
    first = Table("一", columns, [{"name": "甲", "fen": 150}], {"fen": 150})
    second = Table("二", columns, [{"name": "乙", "fen": None}, {"fen": -5}], subtitle="说明")
    book = saved(tmp_path, first, Table("空", columns, []), second)
    assert [list(sheet.values) for sheet in book.worksheets] == [
        [("一", None), ("名称", "金额"), ("甲", 1.5), ("合计", 1.5)],
        [("空", None), ("名称", "金额")],
        [("二", None), ("说明", None), ("名称", "金额"), ("乙", None), (None, -0.05)],
    ]


def test_cancelling_leaves_no_file_and_keeps_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts, shop = tmp_path / "drafts", tmp_path / "shop"
    drafts.mkdir()
    shop.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(drafts))
    with pytest.raises(Cancelled):
        write_workbook(shop / "a.xlsx", [many(10), many(2_000)], progress=Recorder(3))
    assert names_in(shop) == []
    assert names_in(drafts) == []
    (shop / "a.xlsx").write_bytes(b"old")
    with pytest.raises(Cancelled):
        write_workbook(shop / "a.xlsx", [many(2_000)], progress=Recorder(2))
    assert (shop / "a.xlsx").read_bytes() == b"old"


def test_a_listing_is_fetched_in_its_order_a_window_at_a_time(tmp_path: Path) -> None:
    columns = (Column("n", "序号", Kind.NUMBER),)
    listing = Table("长表", columns, [{"n": n} for n in range(2_500)], {"n": 3_123_750})
    sheet = saved(tmp_path, listing_sheet("长表", columns, listing, Sort("n", descending=True))).active
    assert (sheet["A3"].value, sheet["A2502"].value) == (2_499, 0)
    assert sheet["A2503"].value == 3_123_750
