"""库存增加: goods come in: bought, found, or there when the shop began."""

import tkinter as tk

from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.goods.stock_document_form import KEYS, StockDocumentPage


def build(parent: tk.Misc, context: Context) -> StockDocumentPage:
    """The page."""
    return StockDocumentPage(parent, context, incoming=True)


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.PRODUCTS, Topic.STOCK, Topic.SETTINGS}),
    help="采购入库、盘盈、期初：把商品和成本记进库存。过账后有单号，不能修改；错了用库存减少冲回。",
    keys=KEYS,
)
