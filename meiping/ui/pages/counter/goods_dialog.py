"""选商品: goods without a code at hand, by category and by name; several are taken into the bill at once."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductFilter, categories
from meiping.domains.stock.queries import GOODS_COLUMNS, product_list
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.cut_text import CutLabel
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.virtual_list import VirtualList

_SHOWN = ("name", "specification", "code", "unit", "list_price_fen", "stock_milli")
_ALL = 0
_CATEGORIES = (
    Column("title", "分类", width=14, stretch=True),
    Column("products", "商品", Kind.NUMBER, width=5),
)
_WIDTH, _HEIGHT, _SIDE = 960, 460, 230


class GoodsDialog(DialogWindow):
    """``chosen`` are the ids of the goods taken, in their order; none where the clerk left.

    Typing searches, ↓ goes into the list, ← and → turn between categories and goods. Space puts the goods in hand among
    those wanted, or takes them out again; Enter takes what is wanted, else the goods in hand.
    """

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, "选商品", resizable=True)
        self._context = context
        self._text, self._category = "", _ALL
        self.chosen: list[int] = []
        self._wanted: dict[int, str] = {}
        self.search = SearchBox(self.body, self._searched, hint="名称、拼音首字母、编码、条码")
        self.search.pack(fill="x", pady=(0, px(self, 10)))
        panes = self._panes()
        self.categories = self._category_list(panes)
        self.goods = self._goods_list(panes)
        self.search.leads_to(self.goods.enter)
        for key in ("<Return>", "<KP_Enter>"):
            self.search.entry.bind(key, lambda _event: self._entered(), add=True)
        self._told = CutLabel(self.body, style="Muted.TLabel")
        self._told.pack(fill="x", pady=(px(self, 8), 0))
        self.take_button = self.add_button("加入本单 Enter", self.take, bootstyle="primary")
        self.add_button("取消 Esc", self.dismiss)
        self._show()
        self.open(self.search.entry)

    def _panes(self) -> ttk.Frame:
        width = min(px(self, _WIDTH), self.winfo_screenwidth() - px(self, 80))
        height = min(px(self, _HEIGHT), self.winfo_screenheight() - px(self, 260))
        panes = ttk.Frame(self.body, width=width, height=height)
        panes.pack(fill="both", expand=True)
        panes.pack_propagate(False)
        return panes

    def _category_list(self, panes: ttk.Frame) -> VirtualList:
        side = ttk.Frame(panes, width=px(self, _SIDE))
        side.pack(side="left", fill="y", padx=(0, px(self, 12)))
        side.pack_propagate(False)
        found = VirtualList(
            side,
            _CATEGORIES,
            key="goods_categories",
            view=self._context.view,
            on_select=self._category_chosen,
            on_open=lambda _row: self.goods.enter(),
            selectmode="browse",
        )
        found.pack(fill="both", expand=True)
        rows: list[Row] = [{"id": _ALL, "title": "全部", "products": None}, *_category_rows()]
        found.set_listing(Table("分类", _CATEGORIES, rows))
        found.tree.bind("<Right>", lambda _event: self._go(self.goods))
        return found

    def _goods_list(self, panes: ttk.Frame) -> VirtualList:
        found = VirtualList(
            panes,
            [column for column in GOODS_COLUMNS if column.key in _SHOWN],
            key="goods_to_choose",
            view=self._context.view,
            on_open=lambda _row: self.take(),
            on_select=lambda _row: self._tell(),
        )
        found.pack(side="left", fill="both", expand=True)
        found.tree.bind("<space>", lambda _event: self._want())
        found.tree.bind("<Left>", lambda _event: self._go(self.categories))
        return found

    @staticmethod
    def _go(there: VirtualList) -> str:
        there.enter()
        return "break"

    # ---------------------------------------------------------------- narrowing

    def _searched(self, text: str) -> None:
        self._text = text
        self._show()

    def _category_chosen(self, row: Row | None) -> None:
        category = _ALL if row is None else row["id"]
        if category != self._category:
            self._category = category
            self._show()

    def _show(self) -> None:
        wanted = ProductFilter(text=self._text, category_id=self._category or None, sold_by_code=True)
        listing = self._context.read(product_list, filter=wanted)
        if listing is None:
            return
        self.goods.set_empty("没有符合的商品" if self._text else "这里还没有商品")
        self.goods.set_listing(listing)
        self._tell()

    # ---------------------------------------------------------------- taking

    def _want(self) -> str:
        """The goods in hand are wanted, or not any more; the next ones are in hand."""
        row = self.goods.current_row()
        if row is None:
            self.bell()
            return "break"
        if self._wanted.pop(row["id"], None) is None:
            self._wanted[row["id"]] = row["name"]
        self.goods.step(1)
        self._tell()
        return "break"

    def _tell(self) -> None:
        """What is wanted so far, and how many the button takes."""
        wanted = len(self._wanted) or self.goods.selected_count()
        self.take_button.configure(
            text="加入本单 Enter" if wanted < 2 else f"加入本单 {wanted} 样 Enter", width=0
        )
        if self._wanted:
            self._told.say(f"已选 {len(self._wanted)} 样：{'、'.join(self._wanted.values())}")
        else:
            self._told.say("空格选几样 · ← → 在分类和商品之间换 · Ctrl+单击也能选几样")

    def _entered(self) -> str:
        """Enter in the search takes the only goods found; of several it leads to the first."""
        self.goods.enter()
        if self.goods.count == 1:
            self.take()
        return "break"

    def take(self) -> None:
        """What is wanted, else what is selected."""
        self.chosen = [*self._wanted] or [row["id"] for row in self.goods.selected_rows()]
        if self.chosen:
            self.close()
        else:
            self.bell()


def _category_rows() -> list[Row]:
    """The categories; one with sub-categories counts the goods of these too, as choosing it shows them."""
    known = categories()
    below = {one.id: sum(sub.products for sub in known if sub.parent_id == one.id) for one in known}
    return [{"id": one.id, "title": one.title, "products": one.products + below[one.id]} for one in known]
