"""回收站: what was deleted of customers, contacts, contact records, quotes, tasks and documents, and the way back."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.contacts.queries import (
    CONTACT_BIN_COLUMNS,
    RECORD_BIN_COLUMNS,
    ContactFilter,
    RecordFilter,
    contact_list,
    record_list,
)
from meiping.domains.contacts.recording import restore_records
from meiping.domains.contacts.service import restore_contacts
from meiping.domains.customers.queries import BIN_COLUMNS, CustomerFilter, customer_list
from meiping.domains.customers.rules import DELETE, EDIT
from meiping.domains.customers.service import restore_customers
from meiping.domains.deals.queries import QUOTE_BIN_COLUMNS, QuoteFilter, quote_list
from meiping.domains.deals.service import restore_quotes
from meiping.domains.documents.queries import DOCUMENT_BIN_COLUMNS, DocumentFilter, document_list
from meiping.domains.documents.service import purge_documents, restore_documents
from meiping.domains.office.queries import TASK_BIN_COLUMNS, TaskFilter, task_list
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.office.service import purge_tasks, restore_tasks
from meiping.domains.stewardship.purging import (
    purge_cases,
    purge_contacts,
    purge_customers,
    purge_quotes,
    purge_records,
)
from meiping.domains.support.queries import CASE_BIN_COLUMNS, CaseFilter, case_list
from meiping.domains.support.rules import HANDLE as HANDLE_CASES
from meiping.domains.support.service import restore_cases
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Column, Kind, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_actions import Action, Needs
from meiping.ui.list_page import LIST_KEYS, ListPage, ListSpec
from meiping.ui.page_spec import PageParts
from meiping.ui.theme import px
from meiping.ui.widgets.cards import margins
from meiping.ui.widgets.virtual_list import VirtualList


@dataclass(frozen=True, slots=True)
class BinKind:
    """One kind of thing in the recycle bin. ``ids`` is what its verbs call the records' ids."""

    key: str
    title: str
    unit: str
    permission: Permission
    columns: Sequence[Column]
    read: Callable[[Actor, str], Listing]
    restore: Callable[..., Any]
    purge: Callable[..., Any]
    ids: str
    search: str


KINDS = (
    BinKind(
        "customer",
        "客户",
        "位客户",
        DELETE,
        BIN_COLUMNS,
        lambda actor, text: customer_list(actor, CustomerFilter(text, in_bin=True)),
        restore_customers,
        purge_customers,
        "customer_ids",
        "姓名 / 电话 / 编号",
    ),
    BinKind(
        "contact",
        "联系人",
        "位联系人",
        EDIT,
        CONTACT_BIN_COLUMNS,
        lambda actor, text: contact_list(actor, ContactFilter(text, in_bin=True)),
        restore_contacts,
        purge_contacts,
        "contact_ids",
        "姓名 / 手机",
    ),
    BinKind(
        "contact_record",
        "联系反馈",
        "条联系反馈",
        EDIT,
        RECORD_BIN_COLUMNS,
        lambda actor, text: record_list(actor, RecordFilter(text, in_bin=True)),
        restore_records,
        purge_records,
        "record_ids",
        "内容 / 客户",
    ),
    BinKind(
        "quote",
        "报价",
        "份报价",
        EDIT,
        QUOTE_BIN_COLUMNS,
        lambda actor, text: quote_list(actor, QuoteFilter(text, in_bin=True)),
        restore_quotes,
        purge_quotes,
        "quote_ids",
        "单号 / 主题 / 客户",
    ),
    BinKind(
        "case",
        "服务单",
        "张服务单",
        HANDLE_CASES,
        CASE_BIN_COLUMNS,
        lambda actor, text: case_list(actor, CaseFilter(text, in_bin=True)),
        restore_cases,
        purge_cases,
        "case_ids",
        "单号 / 主题 / 客户",
    ),
    BinKind(
        "task",
        "任务",
        "个任务",
        USE_TASKS,
        TASK_BIN_COLUMNS,
        lambda actor, text: task_list(actor, TaskFilter(text, in_bin=True)),
        restore_tasks,
        purge_tasks,
        "task_ids",
        "任务 / 内容 / 客户",
    ),
    BinKind(
        "document",
        "更多资料",
        "份资料",
        EDIT,
        DOCUMENT_BIN_COLUMNS,
        lambda actor, text: document_list(actor, DocumentFilter(text, in_bin=True)),
        restore_documents,
        purge_documents,
        "document_ids",
        "资料名称 / 备注 / 客户",
    ),
)
_KIND_COLUMNS = (
    Column("title", "种类", width=10, stretch=True, sortable=False),
    Column("count", "数量", Kind.NUMBER, width=6, sortable=False),
)


class BinList(ListPage):
    """What was deleted of one kind."""

    def __init__(self, parent: tk.Misc, context: Context, kind: BinKind, changed: Callable[[], None]) -> None:
        self._kind, self._changed = kind, changed
        super().__init__(
            parent,
            context,
            ListSpec(
                key=f"bin.{kind.key}",
                title=f"{kind.title}回收站",
                unit=kind.unit,
                columns=kind.columns,
                listing=lambda asked: kind.read(context.actor, asked.text),
                search=kind.search,
                actions=(
                    Action(
                        "恢复",
                        self.restore,
                        "arrow-counterclockwise",
                        permission=kind.permission,
                        key="F2",
                        needs=Needs.IDS,
                        head=True,
                        primary=True,
                    ),
                    Action(
                        "彻底删除",
                        self.purge,
                        "trash3",
                        permission=DELETE,
                        key="Delete",
                        needs=Needs.IDS,
                        head=True,
                    ),
                ),
                empty=(f"这里是空的。删除的{kind.title}会放在这里，随时可以恢复。", None),
            ),
        )

    def restore(self, ids: Sequence[int]) -> None:
        """Take them out of the bin."""
        self._do(self._kind.restore, ids, "已恢复")

    def purge(self, ids: Sequence[int]) -> None:
        """Let them go for good; the verb asks, or says why not."""
        self._do(self._kind.purge, ids, "已彻底删除")

    def _do(self, verb: Callable[..., Any], ids: Sequence[int], done: str) -> None:
        values: dict[str, Any] = {self._kind.ids: ids}
        self.context.run(
            verb,
            success=lambda outcome: f"{done} {_how_many(outcome):,} {self._kind.unit}。",
            done=lambda _outcome: self._changed(),
            **values,
        )


def _how_many(outcome: int | list[int]) -> int:
    return len(outcome) if isinstance(outcome, list) else outcome


class RecycleBinPage:
    """The kinds with their counts at the left, the chosen one's list at the right."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self.kinds = [kind for kind in KINDS if context.actor.can(kind.permission)]
        self._pages: dict[str, BinList] = {}
        self.widget: tk.Widget = ttk.Frame(parent)
        margin = margins(self.widget)
        self.side = VirtualList(
            self.widget,
            _KIND_COLUMNS,
            key="bin.kinds",
            view=context.view,
            on_select=self._chosen,
            selectmode="browse",
        )
        self.side.configure(width=px(self.widget, 190))
        self.side.grid_propagate(False)
        self.side.pack(
            side="left", fill="y", padx=(margin, 0), pady=(px(self.widget, 18), px(self.widget, 14))
        )
        self._room = ttk.Frame(self.widget)
        self._room.pack(side="left", fill="both", expand=True)
        self.front = self._bring(self.kinds[0])
        self.side.set_listing(FreshListing(self._counts))
        self.side.select_id(self.kinds[0].key)

    def _counts(self) -> Listing:
        rows = [
            {"id": kind.key, "title": kind.title, "count": kind.read(self._context.actor, "").count()}
            for kind in self.kinds
        ]
        return Table("", _KIND_COLUMNS, rows)

    def _chosen(self, row: Row | None) -> None:
        kind = next((one for one in self.kinds if row is not None and one.key == row["id"]), None)
        if kind is not None and self._pages.get(kind.key) is not self.front:
            self.front = self._bring(kind)

    def _bring(self, kind: BinKind) -> BinList:
        for page in self._pages.values():
            page.widget.pack_forget()
        if kind.key in self._pages:
            self._pages[kind.key].reload()
        else:
            self._pages[kind.key] = BinList(self._room, self._context, kind, self.reload)
        self._pages[kind.key].widget.pack(fill="both", expand=True)
        return self._pages[kind.key]

    def open(self, *, kind: str = "customer", text: str = "", select: int | None = None) -> None:
        """Come here from elsewhere, to one kind."""
        if kind in {one.key for one in self.kinds}:
            self.side.select_id(kind)
            self._chosen(self.side.current_row())
        self.front.open(text=text, select=select)

    def reload(self) -> None:
        """Fetch the counts and the list again."""
        self.side.reload()
        self.front.reload()

    def focus(self) -> None:
        """The search box of the list in front."""
        self.front.focus()


PAGE = PageParts(
    build=RecycleBinPage,
    watches=frozenset(
        {Topic.CUSTOMERS, Topic.CONTACTS, Topic.DEALS, Topic.TASKS, Topic.SUPPORT, Topic.DOCUMENTS}
    ),
    help="删除的客户、联系人、联系反馈、报价、任务和资料都在这里，选中后恢复即可。彻底删除不能撤回；有业务单或账目的客户不能彻底删除。"
    "已删除客户的联系人、反馈、报价和资料，恢复客户后才会看到。",
    keys=(("F2", "恢复选中的"), ("Delete", "彻底删除选中的"), *LIST_KEYS),
)
