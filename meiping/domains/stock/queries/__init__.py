"""Reading stock."""

from meiping.domains.stock.queries.documents import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    StockDocumentDetail,
    document_detail,
    documents,
)
from meiping.domains.stock.queries.levels import (
    COST_COLUMNS,
    GOODS_COLUMNS,
    LOW_RULE,
    STOCK_COLUMNS,
    StockFilter,
    by_code,
    find_products,
    hits_by_id,
    last_costs,
    low_stock,
    product_list,
    stock_list,
    stock_of_product,
)
from meiping.domains.stock.queries.movements import MOVEMENT_COLUMNS, movements

__all__ = [
    "COST_COLUMNS",
    "DOCUMENT_COLUMNS",
    "GOODS_COLUMNS",
    "LINE_COLUMNS",
    "LOW_RULE",
    "MOVEMENT_COLUMNS",
    "STOCK_COLUMNS",
    "StockDocumentDetail",
    "StockFilter",
    "by_code",
    "document_detail",
    "documents",
    "find_products",
    "hits_by_id",
    "last_costs",
    "low_stock",
    "movements",
    "product_list",
    "stock_list",
    "stock_of_product",
]
