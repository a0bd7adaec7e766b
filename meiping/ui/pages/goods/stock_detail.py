"""What stands at the right of a list of goods: the facts of a product, and how its stock moved."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductDetail, product_detail
from meiping.domains.catalog.rules import BELOW_ZERO, COST, EDIT
from meiping.domains.stock.queries import MOVEMENT_COLUMNS, movements, stock_of_product
from meiping.domains.stock.rules import RECEIVE_GOODS, VIEW_STOCK
from meiping.domains.stock.service import KIND as DOCUMENT
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.kernel.tabular import Row
from meiping.ui.context import Command, Context
from meiping.ui.pages.goods.product_dialog import change_product_dialog
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts
from meiping.ui.widgets.virtual_list import VirtualList


class GoodsDetail:
    """The pane beside the lists of products and of stock; a row names its product by ``product_id`` or ``id``."""

    def __init__(self, parent: tk.Misc, context: Context, *, key: str) -> None:
        self._context = context
        self._product_id = 0
        self.pane = DetailPane(parent, empty="选择一个商品，这里显示它的资料和库存变动")
        self.widget: tk.Widget = self.pane
        self.facts = Facts(self.pane.body, columns=2)
        self.facts.pack(fill="x")
        self.moves: VirtualList | None = None
        if context.actor.can(EDIT):
            self._button("修改", self._change)
        if context.actor.can(RECEIVE_GOODS):
            self._button("入库", lambda: context.open_page("stock_in", product_id=self._product_id))
        if context.actor.can(VIEW_STOCK):
            heading = ttk.Label(self.pane.body, text="库存变动", font="MpBold")
            heading.pack(anchor="w", pady=(px(parent, 4), px(parent, 6)))
            columns = [c for c in MOVEMENT_COLUMNS if c.key != "value_fen" or context.actor.can(COST)]
            self.moves = VirtualList(
                self.pane.body,
                columns,
                key=f"{key}.moves",
                view=context.view,
                empty=("还没有库存变动", None, None),
                on_open=self._open_document,
            )
            self.moves.pack(fill="both", expand=True)

    def _button(self, word: str, command: Command) -> None:
        button = ttk.Button(self.pane.actions, text=word, command=command, bootstyle="neutral outline")
        button.pack(side="left", padx=(px(self.pane, 8), 0))

    def _change(self) -> None:
        change_product_dialog(self.pane, self._context, self._product_id)

    def _open_document(self, move: Row) -> None:
        """Double click on a move: the document behind it."""
        if move["source_kind"] == DOCUMENT:
            self._context.open_page("stock_documents", select=move["source_id"])

    def show(self, row: Row | None) -> None:
        """Show the product of a row, or that none is chosen."""
        detail = None
        if row is not None:
            self._product_id = row.get("product_id", row["id"])
            detail = self._context.read(product_detail, product_id=self._product_id)
        if row is None or detail is None:
            self.pane.clear()
            return
        product = detail.product
        line = " · ".join(filter(None, (product.code, detail.category, product.brand)))
        self.pane.show(product.name, line)
        self.facts.show([*self._stock_facts(detail), *_product_facts(detail)])
        if self.moves is not None:
            company_id = row.get("company_id")
            moves = self._context.read(movements, product_id=self._product_id, company_id=company_id)
            if moves is not None:
                self.moves.set_listing(moves)

    def _stock_facts(self, detail: ProductDetail) -> list[tuple[str, str]]:
        """What lies where; one line a company."""
        if not self._context.actor.can(VIEW_STOCK) or not detail.product.stocked:
            return []
        table = self._context.read(stock_of_product, product_id=detail.id)
        if table is None:
            return []
        facts = []
        for row in table.rows:
            name = "现存" if len(table.rows) == 1 else f"现存 · {row['company']}"
            facts.append((name, f"{show_milli(row['qty_milli'])} {detail.product.unit}".rstrip()))
            if self._context.actor.can(COST):
                facts.append(("库存金额", show_fen(row["value_fen"])))
        return facts


def _fee_words(fee_fen: int, months: int) -> str:
    """What is due for how long: ``¥300.00 / 12 个月``."""
    return " / ".join(
        filter(None, (show_fen(fee_fen) if fee_fen else "", f"{months} 个月" if months else ""))
    )


def _product_facts(detail: ProductDetail) -> list[tuple[str, str]]:
    product = detail.product
    state = "停用" if not detail.active else "待完善" if detail.incomplete else ""
    return [
        ("售价", show_fen(product.list_price_fen)),
        ("最低售价", show_fen(product.lowest_price_fen) if product.lowest_price_fen else ""),
        ("进价", show_fen(product.purchase_price_fen)),
        ("库存下限", show_milli(product.low_stock_milli)),
        ("库存不足时", BELOW_ZERO.get(product.below_zero, "")),
        ("年费", _fee_words(product.annual_fee_fen, product.service_term_months)),
        ("质保", f"{product.warranty_months} 个月" if product.warranty_months else ""),
        ("规格", product.specification),
        ("条码", product.barcodes),
        ("状态", state),
        ("种类", "" if product.stocked else "服务（不管理库存）"),
        ("备注", product.notes),
    ]
