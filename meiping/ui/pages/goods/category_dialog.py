"""The categories of the products: two levels, in a small window."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import categories
from meiping.domains.catalog.service import delete_category, save_category
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field
from meiping.ui.widgets.virtual_list import VirtualList

_COLUMNS = (
    Column("shown", "分类", width=26, stretch=True, sortable=False),
    Column("products", "商品", Kind.NUMBER, width=8, sortable=False),
)


class CategoryDialog(DialogWindow):
    """Add, rename and delete categories; every step is saved at once."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, "商品分类", resizable=True)
        self._context = context
        holder = ttk.Frame(self.body, width=px(self, 420), height=px(self, 360))
        holder.pack(fill="both", expand=True)
        holder.pack_propagate(False)
        self.list = VirtualList(
            holder,
            _COLUMNS,
            key="products.categories",
            view=context.view,
            empty=("还没有分类。\n商品多了以后，分类让它们容易找。", "新增分类", self.add),
            on_open=self.rename,
            on_menu=lambda row: [
                ("改名", lambda: self.rename(row)),
                ("新增小类", self.add_below),
                ("删除", self.delete),
            ],
            selectmode="browse",
        )
        self.list.pack(fill="both", expand=True)
        self.add_button("关闭", self.close)
        ttk.Button(self.footer, text="新增分类", command=self.add, bootstyle="primary").pack(side="left")
        for word, command in (("新增小类", self.add_below), ("改名", self.rename), ("删除", self.delete)):
            button = ttk.Button(self.footer, text=word, command=command, bootstyle="neutral outline")
            button.pack(side="left", padx=(px(self, 8), 0))
        self.bind("<Control-n>", lambda _event: self.add())
        self.list.tree.bind("<Delete>", lambda _event: self.delete())
        self._refresh()
        self.open(self.list.tree)

    def _refresh(self, select: int | None = None) -> None:
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "parent_id": one.parent_id,
                "shown": one.name if one.parent_id is None else f"　　{one.name}",
                "products": one.products,
            }
            for one in categories()
        ]
        self.list.set_listing(Table("商品分类", _COLUMNS, rows))
        if select is not None:
            self.list.select_id(select)

    def _chosen(self) -> Row | None:
        row = self.list.current_row()
        if row is None:
            self._context.toast("请先选择一个分类。", kind="info")
        return row

    def _ask(
        self, title: str, *, parent_id: int | None, category_id: int | None = None, name: str = ""
    ) -> None:
        def save(entered: Values) -> bool:
            return self._context.run(
                save_category,
                near=dialog,
                button=dialog.button,
                done=self._refresh,
                name=entered["name"],
                parent_id=parent_id,
                category_id=category_id,
            )

        field = Field("name", "名称", required=True, limit=30)
        dialog = FormDialog(self, title, (field,), values={"name": name}, on_submit=save, width=340)

    def add(self) -> None:
        """A new category of the first level."""
        self._ask("新增分类", parent_id=None)

    def add_below(self) -> None:
        """A new sub-category of the chosen category, or of the one it belongs to."""
        row = self._chosen()
        if row is not None:
            self._ask("新增小类", parent_id=row["parent_id"] or row["id"])

    def rename(self, row: Row | None = None) -> None:
        """Another name for the chosen category."""
        row = row or self._chosen()
        if row is not None:
            self._ask("分类改名", parent_id=row["parent_id"], category_id=row["id"], name=row["name"])

    def delete(self) -> None:
        """Delete the chosen category if nothing is in it."""
        row = self._chosen()
        if row is not None and ask(self, f"删除分类“{row['name']}”吗？", yes="删除", no="不删", danger=True):
            self._context.run(delete_category, category_id=row["id"], done=lambda _none: self._refresh())
