"""客户操作: find a customer at the left, do everything about him at the right."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.audit.rules import EXPORT
from meiping.domains.contacts.queries import find_contacts
from meiping.domains.customers.queries import CustomerFilter, customer_list, find_customers
from meiping.domains.customers.rules import EDIT, name_or_phone
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.reminders.rules import USE
from meiping.domains.sales.rules import CHECKOUT, RETURN_GOODS
from meiping.domains.wallet.rules import RECHARGE, REFUND
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_form import add_customer_dialog
from meiping.ui.pages.customers.customer_view import CustomerView
from meiping.ui.pages.customers.hub.pane import HubListPane
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.cards import Split, margins
from meiping.ui.widgets.virtual_list import VirtualList

_FOUND_COLUMNS = (
    Column("name", "客户", width=12, stretch=True, sortable=False),
    Column("phone", "电话", Kind.PHONE, width=14, sortable=False),
)
_FOUND_LIMIT = 200
_FEW = 500
"""Up to so many customers one is looked up in the list itself."""


_RIGHTS = {
    "Control-n": EDIT,
    "F2": EDIT,
    "F4": EDIT,
    "F11": EDIT,
    "F3": RETURN_GOODS,
    "F6": RECHARGE,
    "Shift-F6": REFUND,
    "F7": RECEIVE,
    "F8": USE,
    "F9": CHECKOUT,
    "Control-e": EXPORT,
}
"""What the keys of the page need."""


class CustomerHubPage:
    """The hub: search and results, and the customer chosen among them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        split = Split(self.widget, key="customer_hub", view=context.view, share=0.27)
        margin = margins(self.widget)
        split.pack(fill="both", expand=True, padx=margin, pady=(px(split, 14), px(split, 14)))
        split.add(self._build_left(split), weight=0)
        self.view = CustomerView(split, context, changed=self.reload)
        split.add(self.view, weight=1)
        self._bind_keys()
        self.list.set_listing(FreshListing(self._found))
        self._say_empty()

    def _build_left(self, parent: tk.Misc) -> ttk.Frame:
        left = ttk.Frame(parent)
        first = ttk.Frame(left)
        first.pack(fill="x", pady=(0, px(left, 10)))
        self.search = SearchBox(
            first, lambda _text: self._search(), hint="姓名 / 拼音 / 电话 / 卡号", width=20
        )
        if self._context.actor.can(EDIT):
            self.new = ttk.Button(first, text="新增", command=self._add, bootstyle="neutral outline")
            self.new.pack(side="right", padx=(px(left, 8), 0))
        self.search.pack(side="left", fill="x", expand=True)
        self.list = VirtualList(
            left,
            _FOUND_COLUMNS,
            key="customer_hub",
            view=self._context.view,
            on_select=self._selected,
            on_open=self._selected,
            selectmode="browse",
        )
        self.list.pack(fill="both", expand=True)
        self.search.leads_to(self.list.enter)
        for key in ("<Return>", "<KP_Enter>"):
            self.search.entry.bind(key, lambda _event: self._take_first(), add=True)
        return left

    def _bind_keys(self) -> None:
        table: dict[str, Callable[[], object]] = {
            "Control-f": self.search.focus_set,
            "Control-n": self._add,
            "Control-e": self.view.export,
            "F2": self.view.change,
            "F4": self.view.record,
            "F3": self.view.give_back,
            "F6": self.view.recharge,
            "Shift-F6": self.view.refund,
            "F7": self.view.receive,
            "F8": self.view.remind,
            "F9": self.view.sell,
            "F10": self.view.points,
            "F11": self.view.attach,
            "Alt-Left": partial(self.view.tabs.turn, -1),
            "Alt-Right": partial(self.view.tabs.turn, 1),
        }
        self.list.tree.bind("<F2>", lambda _event: self.view.change())
        self._context.keys.bind(self.widget, table)

    # ---------------------------------------------------------------- finding

    def _found(self) -> Listing:
        """Everybody while nothing is typed, then the best hits first, and those found by their contacts."""
        text = self.search.get().strip()
        if not text:
            everybody: Listing | None = self._context.read(customer_list, narrowed=CustomerFilter())
            return everybody or Table("", _FOUND_COLUMNS, [])
        hits = self._context.read(find_customers, text=text, limit=_FOUND_LIMIT) or ()
        rows = [{"id": hit.id, "name": hit.name, "phone": hit.phone} for hit in hits]
        known = {row["id"] for row in rows}
        for person in self._context.read(find_contacts, text=text, limit=_FOUND_LIMIT) or ():
            if person.customer_id not in known:
                known.add(person.customer_id)
                name = f"{person.name} · {person.customer}"
                rows.append({"id": person.customer_id, "name": name, "phone": person.phone})
        return Table("", _FOUND_COLUMNS, rows)

    def _search(self) -> None:
        self.list.set_listing(FreshListing(self._found))
        self._say_empty()

    def _say_empty(self) -> None:
        may_add = self._context.actor.can(EDIT)
        text = "没有找到这位客户" if self.search.get().strip() else "还没有客户"
        self.list.set_empty(text, "新增客户" if may_add else None, self._add if may_add else None)

    def _take_first(self) -> None:
        """Enter in the search box shows the best hit."""
        if self.search.get().strip() and (found := self.list.row_at(0)):
            self.list.select_id(found[0])

    def _selected(self, row: Row | None) -> None:
        if row is not None and (self.view.detail is None or self.view.detail.id != row["id"]):
            self.view.show(row["id"])

    def _add(self) -> None:
        if self._context.actor.can(EDIT):
            typed = self.search.get().strip()
            add_customer_dialog(
                self.widget, self._context, self._show_added, start=name_or_phone(typed) if typed else None
            )

    def _show_added(self, customer_id: int) -> None:
        self.open(customer_id=customer_id)

    # ---------------------------------------------------------------- the page

    def open(self, *, customer_id: int | None = None, tab: str = "", select: int | None = None) -> None:
        """Come here from elsewhere, to a customer, with the sub-tab of this title in front if one is named.

        ``select`` is the id of a row in it.
        """
        if customer_id is None:
            return
        if not self.view.show(customer_id) or self.view.detail is None:
            return
        self.search.set("")
        if self.list.count <= _FEW:
            self.list.reload()
            self.list.select_id(customer_id)
        else:  # too far down to scroll to: found by the code instead
            self.search.set(self.view.detail.code)
            self._take_first()
        if tab:
            pane = self.view.tabs.bring(tab)
            if select is not None and isinstance(pane, HubListPane):
                pane.list.select_id(select)

    def reload(self) -> None:
        """Fetch again, keeping who is chosen."""
        self.list.reload()
        if self.view.detail is not None:
            self.view.show(self.view.detail.id)

    def unusable_keys(self) -> frozenset[str]:
        """Keys of what the operator may not do."""
        return frozenset(key for key, right in _RIGHTS.items() if not self._context.may_get(right))

    def focus(self) -> None:
        """The search box is ready when the page opens."""
        self.search.focus_set()


PAGE = PageParts(
    build=CustomerHubPage,
    watches=frozenset(
        {
            Topic.CUSTOMERS,
            Topic.CONTACTS,
            Topic.DOCUMENTS,
            Topic.MONEY,
            Topic.SALES,
            Topic.REMINDERS,
            Topic.TASKS,
            Topic.DEALS,
            Topic.SETTINGS,
            Topic.ACCESS,
        }
    ),
    help="找到一位客户，就能看他的业务、往来、提醒和资料，开单、退货、充值、退款、收款都在这里。",
    keys=(
        ("Ctrl+F", "找客户"),
        ("Enter", "显示最像的一位"),
        ("Ctrl+N", "新增客户"),
        ("F2", "修改资料"),
        ("F4", "写联系反馈"),
        ("F3", "退货：在“业务”里选中的单"),
        ("F6", "充值"),
        ("Shift+F6", "储值退款"),
        ("F7", "收款"),
        ("F8", "定提醒"),
        ("F9", "开单"),
        ("F10", "积分明细与调整"),
        ("F11", "添加资料"),
        ("Alt+← / Alt+→", "上一个 / 下一个子页"),
        ("Insert / F2 / Delete", "在子页的列表里：添加、修改、删除"),
        ("Ctrl+E", "导出当前列表"),
        ("F5", "刷新"),
    ),
)
