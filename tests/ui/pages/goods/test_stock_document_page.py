"""Goods come in and go out by scanner and keyboard; what is wrong is told where it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.domains.stock.queries import StockFilter, documents, stock_list
from meiping.domains.stock.service import StockLine, receive_goods
from meiping.ui import list_output
from meiping.ui.pages.goods.slip import print_slip
from meiping.ui.pages.goods.stock_in_page import PAGE as STOCK_IN
from meiping.ui.pages.goods.stock_out_page import PAGE as STOCK_OUT
from tests.factories import new_key
from tests.shop import OpenedShop
from tests.windows import PageContext

Press = Callable[..., None]
SPRITE = "6900000000014"


def on_hand(shop: OpenedShop) -> dict[str, tuple[int, int]]:
    rows = stock_list(shop.actor, filter=StockFilter()).window(0, 99, None)
    return {row["name"]: (row["qty_milli"], row["value_fen"]) for row in rows}


def lines(page: Any) -> list[tuple[str, int, int | None]]:
    return [(line.product.name, line.qty_milli, line.unit_cost_fen) for line in page.draft.lines]


def test_scanning_alone_brings_goods_in(
    opened: Any, scan: Any, press: Press, cola: int, shop: OpenedShop, context: PageContext
) -> None:
    page = opened(STOCK_IN)
    for _ in range(3):
        scan("6901234567892")
    assert lines(page) == [("可口可乐", 3000, 200)]
    assert page.picker.text.get() == ""
    press(page.picker.entry, "<Control-Return>")
    assert on_hand(shop) == {"可口可乐": (3000, 600)}
    assert "已入库 RK-20260316-0001" in context.told()
    assert lines(page) == []


def test_typed_picked_and_figures_by_enter(
    opened: Any, write: Any, press: Press, pump: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(STOCK_IN)
    write(page.picker.entry, "kkkl")
    pump(page.picker.is_open)
    press(page.picker.entry, "<Return>")
    write(page.grid.editor, "２４")
    press(page.grid.editor, "<Return>")
    write(page.grid.editor, "1.85")
    press(page.grid.editor, "<Return>")
    assert page.grid.editor is None
    assert page.widget.focus_get() is page.picker.entry
    press(page.picker.entry, "<Control-Return>")
    assert on_hand(shop) == {"可口可乐": (24_000, 4440)}


def test_a_wrong_figure_stays_with_its_reason_and_nothing_is_posted(
    opened: Any, scan: Any, write: Any, press: Press, cola: int, shop: OpenedShop
) -> None:
    page = opened(STOCK_IN)
    scan("6901234567892")
    press(page.picker.entry, "<F2>")
    write(page.grid.editor, "1.5")
    press(page.grid.editor, "<Return>")
    assert "必须是整数" in page.message.cget("text")
    press(page.grid.editor, "<Control-Return>")
    assert documents(shop.actor).count() == 0
    assert page.grid.editor.raw() == "1.5"
    press(page.grid.editor, "<Escape>")
    assert page.grid.editor is None
    assert page.message.cget("text") == ""
    assert lines(page) == [("可口可乐", 1000, 200)]


def test_a_bar_code_scanned_into_a_figure_is_a_scan(opened: Any, scan: Any, press: Press, cola: int) -> None:
    page = opened(STOCK_IN)
    scan("6901234567892")
    press(page.picker.entry, "<F2>")
    scan("6901234567892")
    assert lines(page) == [("可口可乐", 2000, 200)]


def test_an_unknown_code_is_told_and_can_become_a_product(
    opened: Any, scan: Any, press: Press, dialog: Any, fill: Any, pump: Any, context: PageContext
) -> None:
    page = opened(STOCK_IN)
    scan("6909999999996")
    assert "6909999999996" in page.message.cget("text")
    assert lines(page) == []
    action = context.toasts[-1][2]
    assert action is not None
    action[1]()
    form = dialog()
    assert form.form.value("barcodes") == "6909999999996"
    fill(form, name="新货", list_price_fen="9.9", purchase_price_fen="6")
    press(form, "<Control-s>")
    pump(lambda: page.grid.editor is not None)
    assert lines(page) == [("新货", 1000, 600)]


def test_more_than_there_is_can_not_go_out(
    opened: Any, scan: Any, press: Press, write: Any, cola: int, shop: OpenedShop, context: PageContext
) -> None:
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 2000, 100)])
    page = opened(STOCK_OUT)
    scan("6901234567892")
    press(page.picker.entry, "<F2>")
    write(page.grid.editor, "3")
    press(page.grid.editor, "<Control-Return>")
    assert "现存 2 瓶，不能减少 3 瓶" in page.message.cget("text")
    write(page.grid.editor, "2")
    press(page.grid.editor, "<Control-Return>")
    assert on_hand(shop) == {"可口可乐": (0, 0)}
    assert "已出库 CK-20260316-0001" in context.told()
    assert page.message.cget("text") == ""


def test_lines_are_walked_and_removed_by_keyboard(
    opened: Any, scan: Any, press: Press, write: Any, cola: int, shop: OpenedShop
) -> None:
    add_product(shop.actor, product=ProductInput("雪碧", 300, barcodes=SPRITE, purchase_price_fen=150))
    page = opened(STOCK_IN)
    scan("6901234567892")
    scan(SPRITE)
    press(page.picker.entry, "<F2>")
    write(page.grid.editor, "5")
    press(page.grid.editor, "<Up>")
    write(page.grid.editor, "7")
    press(page.grid.editor, "<Return>")
    press(page.grid.editor, "<Return>")
    assert lines(page) == [("可口可乐", 7000, 200), ("雪碧", 5000, 150)]
    press(page.grid.tree, "<Delete>")
    assert [name for name, *_ in lines(page)] == ["雪碧"]
    press(page.grid.tree, "<Delete>")
    assert lines(page) == []
    press(page.picker.entry, "<Control-Return>")
    assert "还没有商品" in page.message.cget("text")


def test_clearing_asks_first(opened: Any, scan: Any, press: Press, answer: Any, cola: int) -> None:
    page = opened(STOCK_IN)
    scan("6901234567892")
    answer("不清空")
    press(page.picker.entry, "<Control-n>")
    assert len(page.draft.lines) == 1
    answer("清空")
    press(page.picker.entry, "<Control-n>")
    assert page.draft.lines == []


def test_nature_and_note_are_kept_with_the_document(
    opened: Any, scan: Any, press: Press, write: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(STOCK_IN)
    scan("6901234567892")
    page.nature.set_value("盘盈")
    write(page.note, "年中盘点")
    press(page.note, "<Control-Return>")
    row = documents(shop.actor).window(0, 1, None)[0]
    assert (row["nature"], row["note"]) == ("盘盈", "年中盘点")
    assert page.note.get_value() == ""


def test_services_are_not_offered(opened: Any, scan: Any, shop: OpenedShop) -> None:
    add_product(shop.actor, product=ProductInput("上门安装", 5000, code="88001", stocked=False))
    page = opened(STOCK_IN)
    scan("880010")
    page.scan("88001")
    assert "是服务" in page.message.cget("text")
    assert page._search("上门") == []


def test_stock_that_changes_meanwhile_is_shown_and_figures_stay(
    opened: Any, scan: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(STOCK_OUT)
    scan("6901234567892")
    assert page.draft.window(0, 1, None)[0]["tone"] == "danger"
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 2000, 100)])
    page.reload()
    row = page.draft.window(0, 1, None)[0]
    assert (row["stock_milli"], row["qty_milli"], row["tone"]) == (2000, 1000, None)


def test_coming_from_a_product_it_is_ready_for_the_quantity(opened: Any, pump: Any, cola: int) -> None:
    page = opened(STOCK_IN)
    page.open(product_id=cola)
    pump(lambda: page.grid.editor is not None)
    assert lines(page) == [("可口可乐", 1000, 200)]


def test_the_slip_is_a_pdf_with_every_line(
    shop: OpenedShop, context: PageContext, cola: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []
    monkeypatch.setattr(list_output, "open_in_system", seen.append)
    result = receive_goods(
        shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 2000, 100)], note="开业"
    )
    print_slip(context, result.id)
    from pypdfium2 import PdfDocument

    with PdfDocument(seen[0]) as document:
        text = document[0].get_textpage().get_text_bounded()
    for words in ("入库单", result.number, "可口可乐", "期初", "开业", "2.00"):
        assert words in text
