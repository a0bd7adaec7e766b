"""Printed tables: everything is there, figures line up, headings repeat, pages are numbered."""

import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from meiping.adapters.pdf import page_count, page_image, table_pdf
from meiping.kernel.errors import Cancelled
from meiping.kernel.tabular import Column, Kind, Table
from tests.adapters.paper import page_sizes_mm, page_texts, text_box_mm

COLUMNS = (
    Column("code", "编号", Kind.CODE),
    Column("name", "名称", stretch=True),
    Column("day", "最近消费", Kind.DATE),
    Column("amount_fen", "消费金额", Kind.MONEY),
)
HEAD = {"shop": "美平美发", "period": "2026-11", "operator": "王小明", "company": ""}
NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"code": f"{n:04d}", "name": f"客户{n:04d}", "day": date(2026, 11, 21), "amount_fen": n * 100}
        for n in range(count)
    ]


def printed(tmp_path: Path, table: Table, **options: Any) -> Path:
    path = tmp_path / "表.pdf"
    table_pdf(path, table, head=HEAD, now=NOW, **options)
    return path


def test_head_rows_totals_and_page_numbers_are_printed(tmp_path: Path) -> None:
    path = printed(tmp_path, Table("客户排行", COLUMNS, rows(90), {"amount_fen": 400500}, "按消费金额"))
    pages = page_texts(path)
    assert len(pages) == page_count(path) == 3
    for expected in ("美平美发", "客户排行", "按消费金额", "期间：2026-11", "操作员：王小明"):
        assert expected in pages[0]
    assert "公司" not in pages[0]
    for number, text in enumerate(pages, 1):
        assert "消费金额" in text
        assert "美平美发" in text
        assert "按消费金额" in text
        assert f"第 {number} 页，共 3 页" in text.replace("\n", "")
        assert f"打印时间 {NOW.astimezone():%Y-%m-%d %H:%M}" in text
    together = "".join(pages)
    assert all(f"客户{n:04d}" in together for n in range(90))
    assert "合计" in pages[-1]
    assert "¥4,005.00" in pages[-1]


@pytest.mark.parametrize("count", range(28, 46))
def test_the_totals_never_stand_alone_on_a_page(tmp_path: Path, count: int) -> None:
    pages = page_texts(printed(tmp_path, Table("客户", COLUMNS, rows(count), {"amount_fen": 1})))
    assert "合计" in pages[-1]
    assert f"客户{count - 1:04d}" in pages[-1]


def test_figures_line_up_at_the_right_and_names_at_the_left(tmp_path: Path) -> None:
    path = printed(tmp_path, Table("客户", COLUMNS, rows(30), {"amount_fen": 12345678900}))
    rights = [text_box_mm(path, text)[2] for text in ("¥0.00", "¥29.00", "¥123,456,789.00")]
    assert max(rights) - min(rights) < 0.6
    lefts = [text_box_mm(path, text)[0] for text in ("客户0001", "客户0029")]
    assert max(lefts) - min(lefts) < 0.2


def test_a_long_name_breaks_and_a_long_figure_does_not(tmp_path: Path) -> None:
    name = "深圳市南山区某某美容美发用品有限公司（旗舰店）" * 3
    row = {"code": "1", "name": name, "day": None, "amount_fen": 99_999_999_999}
    text = page_texts(printed(tmp_path, Table("客户", COLUMNS, [row])))[0]
    assert name in text.replace("\n", "")
    assert name not in text
    assert "¥999,999,999.99" in text


def test_wide_tables_turn_the_page_and_very_wide_ones_are_split(tmp_path: Path) -> None:
    def wide(count: int) -> Table:
        columns = tuple(Column(f"c{n}", f"第{n}项金额", Kind.MONEY) for n in range(count))
        return Table("宽表", columns, [{f"c{n}": 123456700 + n for n in range(count)}])

    assert page_sizes_mm(printed(tmp_path, wide(4))) == [(210, 297)]
    assert page_sizes_mm(printed(tmp_path, wide(10))) == [(297, 210)]
    assert page_sizes_mm(printed(tmp_path, wide(10), landscape=False))[0] == (210, 297)
    path = printed(tmp_path, wide(40))
    pages = page_texts(path)
    assert len(pages) > 1
    assert all("第0项金额" in page for page in pages)
    assert all(f"¥1,234,567.{n:02d}" in "".join(pages) for n in range(40))


@pytest.mark.parametrize("count", range(3, 30))
def test_no_figure_is_printed_too_small_to_be_read(tmp_path: Path, count: int) -> None:
    """This figure is 15.6 mm long in letters of seven points; squeezed into a column it would be shorter."""
    columns = (
        Column("day", "日期", Kind.CODE),
        *(Column(f"c{n}", "金额", Kind.MONEY) for n in range(count)),
    )
    row = {"day": "2026-10-01"} | {f"c{n}": 123456700 + n for n in range(count)}
    path = printed(tmp_path, Table("汇总", columns, [row]))
    left, _top, right, _bottom = text_box_mm(path, "¥1,234,567.00")
    assert right - left > 15


def test_a_note_longer_than_a_page_goes_on_overleaf(tmp_path: Path) -> None:
    columns = (Column("code", "编号", Kind.CODE), Column("note", "备注"))
    note = "".join(f"第{n}句。" for n in range(1500))
    path = printed(
        tmp_path, Table("备注", columns, [{"code": "1", "note": note}, {"code": "2", "note": "短"}])
    )
    together = "".join(page_texts(path)).replace("\n", "")
    assert page_count(path) > 1
    assert all(f"第{n}句" in together for n in (0, 700, 1499))
    assert "短" in together


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    assert "没有记录" in page_texts(printed(tmp_path, Table("客户", COLUMNS, [])))[0]


def test_no_character_is_dropped_silently(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    names = ["陈建国𠮷", "好😀", "王\x07晓梅", "龘赟䶮㛃犇"]
    with caplog.at_level(logging.WARNING):
        path = printed(tmp_path, Table("客户👍", COLUMNS, [{"code": n, "name": n} for n in names]))
    text = page_texts(path)[0]
    assert "陈建国〓" in text
    assert "好〓" in text
    assert "客户〓" in text
    assert "龘赟䶮㛃犇" in text
    assert caplog.records == []


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    class Stop:
        def report(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        printed(tmp_path, Table("客户", COLUMNS, rows(500)), progress=Stop())
    assert list(tmp_path.iterdir()) == []


def test_a_page_can_be_looked_at_on_screen(tmp_path: Path) -> None:
    image = page_image(printed(tmp_path, Table("客户", COLUMNS, rows(3))), dpi=72)
    assert image.size == pytest.approx((595, 842), abs=1)
    assert len(image.convert("L").getcolors() or []) > 10


def test_paragraphs_stand_below_the_table_and_none_is_cut(tmp_path: Path) -> None:
    below = ("合计（大写）：肆佰元整", "备注：含送货。" + "货到三天内付款。" * 40, "", "客户确认：")
    path = printed(tmp_path, Table("报价单", COLUMNS, rows(33), {"amount_fen": 40000}), below=below)
    text = "".join(page_texts(path)).replace("\n", "")
    assert "合计（大写）：肆佰元整" in text
    assert text.count("货到三天内付款。") == 40
    assert "客户确认：" in text


def test_the_word_for_totals_stands_where_there_is_room_for_it(tmp_path: Path) -> None:
    columns = (Column("place", "#", Kind.NUMBER), *COLUMNS[1:])
    path = printed(
        tmp_path, Table("单", columns, [{"place": 1, "name": "茶", "amount_fen": 1}], {"amount_fen": 1})
    )
    assert text_box_mm(path, "合计")[0] - text_box_mm(path, "茶")[0] < 1
