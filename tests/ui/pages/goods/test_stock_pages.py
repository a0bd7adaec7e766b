"""Looking at the stock and at what moved it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.domains.stock.service import StockLine, issue_goods, receive_goods
from meiping.ui.pages.goods.documents_page import PAGE as DOCUMENTS
from meiping.ui.pages.goods.stock_page import PAGE as STOCK
from tests.factories import new_key
from tests.shop import OpenedShop
from tests.ui.pages.goods.conftest import COLA
from tests.windows import PageContext, texts

Press = Callable[..., None]


def test_low_stock_stands_out_and_can_be_seen_alone(opened: Any, shop: OpenedShop) -> None:
    add_product(shop.actor, product=replace(COLA, low_stock_milli=6000))
    other = add_product(shop.actor, product=ProductInput("阿胶", 100))
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(other, 3000, 5000)])
    page = opened(STOCK)
    assert [(row["name"], row["tone"]) for row in page.list.visible_rows()] == [
        ("阿胶", None),
        ("可口可乐", "warning"),
    ]
    page.narrow(low=True)
    page.list.draw_now()
    assert [row["name"] for row in page.list.visible_rows()] == ["可口可乐"]
    cola = next(row["product_id"] for row in page.list.visible_rows())
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 9000, 5000)])
    page.reload()
    page.widget.update()
    assert any("库存都够" in word for word in texts(page.list))


def test_enter_leads_to_the_product_and_the_menu_to_the_document(
    opened: Any, press: Press, context: PageContext, cola: int
) -> None:
    page = opened(STOCK)
    press(page.list.tree, "<Down>", "<Return>")
    assert context.opened[-1] == ("products", {"text": "P00001", "select": cola})
    page.detail._open_document({"source_kind": "stock_document", "source_id": 4})
    assert context.opened[-1] == ("stock_documents", {"select": 4})


def test_documents_show_their_lines(
    opened: Any, press: Press, pump: Any, cola: int, shop: OpenedShop
) -> None:
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 3000, 100)], note="开业")
    issue_goods(shop.actor, key=new_key(), nature="报损", lines=[StockLine(cola, 1000)])
    page = opened(DOCUMENTS)
    assert [row["nature"] for row in page.list.visible_rows()] == ["报损", "期初"]
    press(page.list.tree, "<Down>", "<Down>")
    pump(lambda: page.detail.lines.count == 1)
    page.detail.lines.draw_now()
    assert page.detail.lines.visible_rows()[0]["qty_milli"] == 3000
    page.narrow(direction="out")
    page.list.draw_now()
    assert [row["nature"] for row in page.list.visible_rows()] == ["报损"]
