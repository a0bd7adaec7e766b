"""更多资料: the files of all customers one may see, with the chosen one at the right."""

import tkinter as tk
from datetime import timedelta
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.rules import EDIT
from meiping.domains.documents.queries import DOCUMENT_COLUMNS, DocumentFilter, document_list
from meiping.domains.documents.rules import CATEGORIES
from meiping.domains.settings.queries import words
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_moment
from meiping.kernel.sizes import show_size
from meiping.kernel.tabular import Listing, Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.list_page import LIST_KEYS, Asked, Filter, ListPage, ListSpec
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.pages.customers.documents.commands import DocumentCommands
from meiping.ui.pages.customers.documents.preview import DocumentPreview
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts
from meiping.ui.widgets.file_drops import FileDrops

_DAYS = ((0, "今天"), (6, "7 天内"), (29, "30 天内"), (364, "一年内"))


class DocumentPane:
    """The chosen document at the right of the list."""

    def __init__(self, parent: tk.Misc, context: Context, commands: DocumentCommands) -> None:
        self._context, self._commands = context, commands
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一份资料，这里预览")
        self.widget: tk.Widget = self._pane
        buttons = ttk.Frame(self._pane.body)
        buttons.pack(fill="x", pady=(0, px(parent, 10)))
        offered = (
            ("打开", "box-arrow-up-right", self._open, "primary outline"),
            ("另存为", "download", self._save, "neutral outline"),
            ("客户操作", "person-lines-fill", self._hub, "neutral outline"),
        )
        for text, icon, command, style in offered:
            button = ttk.Button(buttons, text=text, icon=icon, command=command, bootstyle=style)
            button.pack(side="left", padx=(0, px(parent, 8)))
        self._facts = Facts(self._pane.body, columns=2)
        self._facts.pack(side="bottom", fill="x", pady=(px(parent, 12), 0))
        self.preview = DocumentPreview(self._pane.body, context)
        self.preview.pack(fill="both", expand=True)

    def show(self, row: Row | None) -> None:
        """Show a document, or that none is chosen."""
        self._row = row
        self.preview.show(row)
        if row is None:
            self._pane.clear()
            return
        self._pane.show(row["name"], f"{row['customer']} · {show_size(row['size_bytes'])}")
        self._facts.show(
            [
                ("类别", row["category"]),
                ("添加人", row["operator"]),
                ("添加时间", show_moment(row["created_at"])),
                ("附于联系反馈", show_moment(row["record_at"])),
                ("备注", row["notes"]),
            ]
        )

    def _open(self) -> None:
        if self._row is not None:
            self._commands.open(self._row)

    def _save(self) -> None:
        if self._row is not None:
            self._commands.save_as([self._row["id"]], self._row)

    def _hub(self) -> None:
        if self._row is not None:
            open_hub(self._context, self._row["customer_id"])


class DocumentsPage(ListPage):
    """The list of documents with what can be done about them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.commands = DocumentCommands(
            parent,
            context,
            customer=lambda: None,
            reload=self.reload,
            select=self._select,
        )
        super().__init__(
            parent,
            context,
            ListSpec(
                key="documents",
                title="更多资料",
                unit="份资料",
                columns=DOCUMENT_COLUMNS,
                listing=self._listing,
                search="资料名称 / 备注 / 客户",
                filters=_filters(context),
                actions=(
                    *self.commands.actions(add_key="Control-n"),
                    Action("打开客户操作", self._hub, needs=Needs.ONE),
                ),
                detail=lambda pane: DocumentPane(pane, context, self.commands),
                share=0.62,
                empty=("还没有资料。客户的合同、证件、照片都可以放在这里，随数据一起备份。", "添加资料"),
            ),
        )
        if context.actor.can(EDIT):
            context.keys.bind(self.widget, {"Control-v": self.commands.paste})
            FileDrops(
                self.widget,
                offer=lambda: "松开鼠标，添加这些文件，再选择客户",
                dropped=self.commands.take_dropped,
            )

    def _listing(self, asked: Asked) -> Listing:
        days, today = asked["days"], self.context.actor.today()
        narrowed = DocumentFilter(
            text=asked.text,
            category_id=asked["category_id"],
            operator_id=asked.values.get("operator_id"),
            first_date=None if days is None else today - timedelta(days=days),
        )
        return document_list(self.context.actor, narrowed)

    def _select(self, document_id: int) -> None:
        self.list.select_id(document_id)

    def _hub(self, row: Row) -> None:
        open_hub(self.context, row["customer_id"])


def _filters(context: Context) -> tuple[Filter, ...]:
    found = [
        Filter("category_id", "类别", _categories, width=8),
        Filter("days", "添加时间", lambda: _DAYS, width=8),
    ]
    if context.actor.scope() > Scope.OWN:
        found.append(Filter("operator_id", "添加人", lambda: colleagues(context.actor), width=8))
    return tuple(found)


def _categories() -> list[tuple[Any, str]]:
    return [(word.id, word.name) for word in words(CATEGORIES, with_inactive=True)]


PAGE = PageParts(
    build=DocumentsPage,
    watches=frozenset({Topic.DOCUMENTS, Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS}),
    help="客户的合同、证件、照片等文件。文件收进数据文件夹，同样的内容只存一份，随备份一起带走。"
    "打开的是一份副本，改好后用“替换文件”放回来。文件也可以从文件夹里直接拖进来。",
    keys=(
        ("Ctrl+N", "添加资料，可以多选"),
        ("Ctrl+V", "粘贴截图或复制的文件"),
        ("Enter / 双击", "打开"),
        ("F2", "修改名称、类别、备注"),
        ("Delete", "移入回收站"),
        *LIST_KEYS,
    ),
)
