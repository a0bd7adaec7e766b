"""库存减少: goods go out without being sold: broken, used, missing."""

import tkinter as tk

from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.goods.stock_document_form import KEYS, StockDocumentPage


def build(parent: tk.Misc, context: Context) -> StockDocumentPage:
    """The page."""
    return StockDocumentPage(parent, context, incoming=False)


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.PRODUCTS, Topic.STOCK, Topic.SETTINGS}),
    help="报损、自用、盘亏：把没有卖掉的商品从库存里减去。不能减到零以下。",
    keys=KEYS,
)
