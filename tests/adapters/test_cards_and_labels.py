"""Cards fill one page and say what found no room; labels stand where the sheet has them."""

import pypdfium2
import pytest

from meiping.adapters.card_pdf import Card, CardSection, CardTable, cards_pdf
from meiping.adapters.label_pdf import SHEET_BY_KEY, SHEETS, Label, labels_pdf
from meiping.adapters.pdf import page_count
from meiping.kernel.tabular import Column, Kind

COLUMNS = (Column("number", "单号", Kind.CODE, width=20), Column("total", "金额", Kind.MONEY, width=12))


def text_of(path, page: int = 0) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return str(document[page].get_textpage().get_text_range())


def test_every_card_is_one_page_however_much_there_is(tmp_path):
    rows = [{"number": f"XS-{number:04d}", "total": 12_345} for number in range(90)]
    card = Card(
        "王小明",
        "C00001 · 138 2201 7788",
        [("储值余额", "¥10.00"), ("欠款", "¥0.00")],
        [
            CardSection("基本", [("性别", "男"), ("职业", ""), ("地址", "很长的街道" * 20)]),
            CardSection("空", [("无", "")]),
        ],
        "备注" * 400,
        [CardTable("联系人", COLUMNS[:1], rows[:2], 2), CardTable("最近业务", COLUMNS, rows, 90)],
    )
    path = tmp_path / "cards.pdf"
    cards_pdf(path, [card, Card("乙")], total=2, shop="小店", operator="王老板")
    assert page_count(path) == 2
    told = text_of(path)
    for words in ("小店", "王小明", "性别", "XS-0001", "¥123.45", "操作员：王老板"):
        assert words in told
    assert "条没有列出" in told
    assert "职业" not in told
    assert "空" not in told


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.key for sheet in SHEETS])
def test_labels_lie_on_the_paper_and_begin_where_they_are_told(tmp_path, sheet):
    path = tmp_path / "labels.pdf"
    labels = [Label((f"名{number}", "一条很长很长的街道名称" * 12, "138")) for number in range(sheet.places)]
    labels_pdf(path, labels, sheet, first=1)
    assert page_count(path) == (sheet.places if sheet.places == 1 else 2)
    right, bottom = sheet.corner(sheet.places - 1)
    assert right + sheet.label[0] <= sheet.page[0] + 0.1
    assert bottom + sheet.label[1] <= sheet.page[1] + 0.6
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == tuple(round(side) for side in sheet.page)


def test_a_text_too_long_for_a_label_is_cut_with_a_mark(tmp_path):
    path = tmp_path / "one.pdf"
    labels_pdf(path, [Label(("名", "字" * 900))], SHEET_BY_KEY["roll-60x40"])
    assert "…" in text_of(path)
