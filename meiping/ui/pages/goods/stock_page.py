"""库存查询: what lies where, what it is worth, what is running low."""

import tkinter as tk
from functools import partial
from typing import Any

from meiping.domains.access.queries import companies_of
from meiping.domains.catalog.rules import COST, VIEW
from meiping.domains.stock.queries import (
    COST_COLUMNS,
    LOW_RULE,
    STOCK_COLUMNS,
    StockFilter,
    low_stock,
    stock_list,
)
from meiping.domains.stock.rules import ISSUE_GOODS, RECEIVE_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.goods.stock_detail import GoodsDetail

_ALL_ENOUGH = "没有商品到了下限，库存都够。\n下限在“商品管理”里给每种商品填上。"


def build(parent: tk.Misc, context: Context) -> ListPage:
    """The page."""
    several = len(companies_of(context.actor)) > 1

    def company_choices() -> list[tuple[Any, str]]:
        return list(companies_of(context.actor))

    def listing(asked: Asked) -> Any:
        company_id = asked["company"] if several else None
        return stock_list(context.actor, filter=StockFilter(asked.text, company_id, asked["low"]))

    def facts() -> str:
        low = low_stock(context.actor).count()
        return f"{low:,} 种到了下限" if low else ""

    def to_page(key: str, row: Row | None = None) -> None:
        context.open_page(key, **({"product_id": row["product_id"]} if row is not None else {}))

    def to_product(row: Row) -> None:
        context.open_page("products", text=row["code"], select=row["product_id"])

    unseen = set() if context.actor.can(COST) else COST_COLUMNS
    spec = ListSpec(
        key="stock",
        title="库存查询",
        unit="种商品",
        columns=[c for c in STOCK_COLUMNS if c.key not in unseen and (several or c.key != "company")],
        listing=listing,
        facts=facts,
        search="名称 / 拼音 / 编码 / 条码",
        filters=(
            *((Filter("company", "公司", company_choices, width=12),) if several else ()),
            Toggle("low", f"只看到了下限的（{LOW_RULE}）"),
        ),
        actions=(
            Action(
                "库存增加", partial(to_page, "stock_in"), "box-arrow-in-down", RECEIVE_GOODS, primary=True
            ),
            Action("库存减少", partial(to_page, "stock_out"), "box-arrow-up", ISSUE_GOODS),
            Action("查看商品", to_product, permission=VIEW, needs=Needs.ONE, opens=True),
            Action("入库", partial(to_page, "stock_in"), permission=RECEIVE_GOODS, needs=Needs.ONE),
            Action("出库", partial(to_page, "stock_out"), permission=ISSUE_GOODS, needs=Needs.ONE),
        ),
        detail=lambda pane: GoodsDetail(pane, context, key="stock"),
        share=0.66,
        none_met=lambda asked: _ALL_ENOUGH if asked["low"] and not asked.text.strip() else "",
        empty=("还没有管理库存的商品。\n商品入库以后，这里显示现存、成本和金额。", "库存增加"),
    )
    return ListPage(parent, context, spec)


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.PRODUCTS, Topic.STOCK}),
    help="每个公司的现存、成本和金额。现存 ≤ 下限的商品用橙色标出，少于零的用红色；只看到了下限的时候，最急的排在最前。",
    keys=(("回车 / 双击", "查看商品"), *LIST_KEYS),
)
