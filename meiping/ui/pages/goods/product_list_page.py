"""商品管理: every product, its prices and its stock."""

import tkinter as tk
from collections.abc import Sequence
from typing import Any

from meiping.domains.catalog.queries import COST_COLUMNS, ProductFilter, State, categories
from meiping.domains.catalog.rules import COST, EDIT
from meiping.domains.catalog.service import activate_products, deactivate_products, delete_products
from meiping.domains.stock.queries import GOODS_COLUMNS, product_list
from meiping.domains.stock.rules import RECEIVE_GOODS, VIEW_STOCK
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.goods.category_dialog import CategoryDialog
from meiping.ui.pages.goods.chosen_goods import ChosenGoods
from meiping.ui.pages.goods.product_dialog import add_product_dialog, change_product_dialog
from meiping.ui.pages.goods.stock_detail import GoodsDetail

_STATES = ((State.INCOMPLETE, "待完善"), (State.INACTIVE, "停用"), (State.ALL, "全部"))


class _Hands:
    """What can be done with products here."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._parent, self._context = parent, context
        self.page: ListPage | None = None

    def add(self) -> None:
        """A new product, which the list then shows."""
        add_product_dialog(self._parent, self._context, done=self._select)

    def _select(self, product_id: int) -> None:
        assert self.page is not None
        self.page.narrow()
        self.page.list.select_id(product_id)

    def change(self, row: Row) -> None:
        """Change the product of a row."""
        change_product_dialog(self._parent, self._context, row["id"])

    def receive(self, row: Row) -> None:
        """Bring some of it in."""
        self._context.open_page("stock_in", product_id=row["id"])

    def categories(self) -> None:
        """The window of the categories."""
        CategoryDialog(self._parent, self._context)

    def deactivate(self, ids: Sequence[int]) -> None:
        """Take products out of use; the message offers to take it back."""

        def back() -> None:
            self._context.run(activate_products, product_ids=ids, success="已恢复在售")

        def done(count: int) -> None:
            text = f"已停用 {count:,} 个商品，收银时不再出现。"
            self._context.toast(text, action=("撤销", back))

        self._context.run(deactivate_products, product_ids=ids, done=done)

    def activate(self, ids: Sequence[int]) -> None:
        """Bring products back into use."""
        self._context.run(activate_products, product_ids=ids, success=lambda n: f"已启用 {n:,} 个商品")

    def delete(self, ids: Sequence[int], row: Row | None) -> None:
        """Delete products without history, once the user is sure."""
        what = f"“{row['name']}”" if row else f"选中的 {len(ids):,} 个商品"
        detail = "删除后不能恢复。有库存、销售或报价记录的商品不能删除，可以停用。"
        if self._context.ask(f"删除{what}吗？", yes="删除", no="不删", danger=True, detail=detail):
            self._context.run(delete_products, product_ids=ids, success=lambda n: f"已删除 {n:,} 个商品")


def _columns(context: Context) -> list[Column]:
    unseen: set[str] = set()
    unseen |= COST_COLUMNS if not context.actor.can(COST) else set()
    unseen |= {"stock_milli"} if not context.actor.can(VIEW_STOCK) else set()
    return [column for column in GOODS_COLUMNS if column.key not in unseen]


def _filter(asked: Asked) -> ProductFilter:
    """Of products picked out elsewhere those not in use are shown, too."""
    found = asked["chosen"]
    usual = State.ACTIVE if found is None else State.ALL
    ids = found[1] if found is not None else None
    return ProductFilter(asked.text, asked["category"], asked["state"] or usual, ids)


def build(parent: tk.Misc, context: Context) -> ListPage:
    """The page."""
    hands = _Hands(parent, context)

    def category_choices() -> list[tuple[Any, str]]:
        return [(one.id, one.title) for one in categories()]

    spec = ListSpec(
        key="products",
        title="商品管理",
        unit="个商品",
        columns=_columns(context),
        listing=lambda asked: product_list(
            context.actor,
            filter=_filter(asked),
        ),
        search="名称 / 拼音 / 编码 / 条码",
        filters=(
            Filter("category", "分类", category_choices, width=12),
            Filter("state", "状态", lambda: _STATES, all_word="在售"),
        ),
        actions=(
            Action("新增商品", hands.add, "plus-lg", EDIT, key="Control-n", primary=True),
            Action("分类", hands.categories, "tags", EDIT),
            Action("修改", hands.change, permission=EDIT, key="F2", needs=Needs.ONE, opens=True),
            Action("入库", hands.receive, permission=RECEIVE_GOODS, needs=Needs.ONE),
            Action("停用", hands.deactivate, permission=EDIT, needs=Needs.IDS),
            Action("启用", hands.activate, permission=EDIT, needs=Needs.IDS),
            Action("删除", hands.delete, permission=EDIT, key="Delete", needs=Needs.IDS_AND_ROW),
        ),
        detail=lambda pane: GoodsDetail(pane, context, key="products"),
        above=ChosenGoods,
        share=0.66,
        empty=("还没有商品。\n把店里卖的东西和服务放到这里，收银时就能扫到。", "新增商品"),
    )
    page = ListPage(parent, context, spec)
    hands.page = page
    return page


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.PRODUCTS, Topic.STOCK}),
    help="所有商品和服务：名称、条码、价格、库存。有过库存或销售的商品不能删除，只能停用。",
    keys=(("Ctrl+N", "新增商品"), ("F2 / 双击", "修改"), ("Delete", "删除"), *LIST_KEYS),
)
