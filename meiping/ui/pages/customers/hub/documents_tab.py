"""更多资料: a customer's files, with the chosen one to look at beside the list."""

import tkinter as tk
from dataclasses import replace

from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.customers.rules import EDIT, VIEW
from meiping.domains.documents.queries import DOCUMENT_COLUMNS, documents_of
from meiping.ui.context import Context
from meiping.ui.pages.customers.documents.commands import DocumentCommands
from meiping.ui.pages.customers.documents.preview import DocumentPreview
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Split
from meiping.ui.widgets.file_drops import FileDrops

TITLE = "更多资料"
_SHOWN = ("name", "category", "notes", "created_at")
_COLUMNS = tuple(
    replace(column, hidden=column.key not in _SHOWN) for column in without_customer(DOCUMENT_COLUMNS)
)


class DocumentsPane(HubListPane):
    """The customer's files."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        self.commands = DocumentCommands(
            parent,
            context,
            customer=self._whose,
            reload=self._again,
            select=self._select,
        )
        spec = HubList(
            TITLE,
            _COLUMNS,
            documents_of,
            "还没有资料。合同、证件、照片都可以放在这里，随数据一起备份。",
            unit="份资料",
            actions=self.commands.actions(add_key="Insert"),
            adds="添加资料",
        )
        super().__init__(parent, context, changed, spec)
        self._put_preview_beside(context)
        if context.actor.can(EDIT):
            context.keys.bind(self.widget, {"Control-v": self.commands.paste})
            FileDrops(self.widget, offer=self._offer_drop, dropped=self.commands.take_dropped)

    def _put_preview_beside(self, context: Context) -> None:
        self.list.pack_forget()
        split = Split(self.widget, key="hub.documents", view=context.view, share=0.66)
        split.pack(fill="both", expand=True)
        self.list.lift(split)
        split.add(self.list, weight=3)
        self.preview = DocumentPreview(split, context)
        self.preview.configure(width=px(split, 220))
        split.add(self.preview, weight=1)
        self.list.on_select = self.preview.show

    def _whose(self) -> CustomerDetail | bool:
        return self.usable() or False

    def _offer_drop(self) -> str:
        """What letting files go here would do; nothing while no customer can get any."""
        if self.detail is None or self.detail.deleted_at is not None:
            return ""
        return f"松开鼠标，添加到“{self.detail.shown_name}”的资料"

    def _again(self) -> None:
        if self.detail is not None:
            self.show(self.detail)

    def _select(self, document_id: int) -> None:
        self.list.select_id(document_id)

    def show(self, detail: CustomerDetail) -> None:
        """Fetch this customer's files; the first one is chosen to look at."""
        super().show(detail)
        current = self.list.current_row()
        if current is None and (first := self.list.row_at(0)):
            self.list.select_id(first[0])
        self.preview.show(self.list.current_row())

    def add(self) -> None:
        """Choose files for the customer shown."""
        self.commands.add()


DOCUMENTS_TAB = HubTab(TITLE, VIEW, DocumentsPane)
