"""客户管理: all customers one may see, found as one types, with the chosen one at the right."""

import tkinter as tk
from collections.abc import Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.queries import (
    CUSTOMER_COLUMNS,
    CustomerDetail,
    CustomerFilter,
    counts_by_status,
    customer_columns,
    customer_counts,
    customer_detail,
    customer_list,
)
from meiping.domains.customers.rules import DELETE, EDIT, NOT_FILLED
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import delete_rows, open_bill, open_hub
from meiping.ui.pages.customers.customer_card import MoneyStrip, facts_of, head_line
from meiping.ui.pages.customers.customer_form import add_customer_dialog, change_customer_dialog
from meiping.ui.pages.customers.ownership_dialogs import ownership_actions
from meiping.ui.pages.customers.portrait import Portrait
from meiping.ui.pages.customers.sheets_menu import add_sheets_menu
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts, wrap_to_width


class CustomerPane:
    """The chosen customer at the right of the list."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self._detail: CustomerDetail | None = None
        self._pane = DetailPane(parent, empty="在左边选择一位客户，这里显示资料")
        self.widget: tk.Widget = self._pane
        self._portrait = Portrait(self._pane.lead, context)
        self._portrait.pack(padx=(0, px(parent, 10)))
        if context.actor.can(CHECKOUT):
            bill = ttk.Button(self._pane.actions, text="开单", icon="cart-plus", command=self._open_bill)
            bill.configure(bootstyle="primary outline")
            bill.pack(side="right", padx=(px(parent, 8), 0))
        hub = ttk.Button(
            self._pane.actions, text="客户操作", icon="person-lines-fill", command=self._open_hub
        )
        hub.configure(bootstyle="neutral outline")
        hub.pack(side="right")
        self._money = MoneyStrip(self._pane.body, context)
        if self._money.allowed:
            self._money.pack(fill="x", pady=(0, px(parent, 14)))
        self._facts = Facts(self._pane.body, columns=2)
        self._facts.pack(fill="x")
        self._notes = ttk.Label(self._pane.body, justify="left")
        wrap_to_width(self._notes)

    def show(self, row: Row | None) -> None:
        """Fetch and show a customer."""
        detail = None if row is None else self._context.read(customer_detail, customer_id=row["id"])
        self._detail = detail
        if detail is None:
            self._pane.clear()
            return
        self._portrait.show(detail)
        self._pane.show(detail.shown_name, head_line(detail))
        self._money.show(detail)
        shown_above = {"电话", "公司", "部门"}
        self._facts.show([fact for fact in facts_of(detail) if fact[0] not in shown_above])
        self._notes.configure(text=f"备注：{detail.notes}" if detail.notes else "")
        if detail.notes:
            self._notes.pack(fill="x", pady=(px(self._notes, 4), 0))
        else:
            self._notes.pack_forget()

    def _open_hub(self) -> None:
        if self._detail is not None:
            open_hub(self._context, self._detail.id)

    def _open_bill(self) -> None:
        if self._detail is not None:
            open_bill(self._context, self._detail.id)


class CustomerListPage(ListPage):
    """The list of customers with what can be done to them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="customers",
                title="客户管理",
                unit="位客户",
                facts=self._new_ones,
                columns=lambda: context.read(customer_columns) or CUSTOMER_COLUMNS,
                listing=lambda asked: customer_list(context.actor, _narrowed(asked)),
                search="姓名 / 拼音 / 电话 / 卡号",
                filters=_filters(context),
                actions=(
                    Action(
                        "新增客户", self._add, "person-plus", permission=EDIT, key="Control-n", primary=True
                    ),
                    Action("打开客户操作", self._hub, key="Return", needs=Needs.ONE),
                    Action("修改", self._change, permission=EDIT, key="F2", needs=Needs.ONE, opens=True),
                    *ownership_actions(parent, context, self.reload),
                    Action("删除", self._delete, permission=DELETE, key="Delete", needs=Needs.SOME),
                ),
                detail=lambda pane: CustomerPane(pane, context),
                empty=("还没有客户。新增第一位，或在收银时输入手机号建档。", "新增客户"),
            ),
        )

        add_sheets_menu(self.head, context, self.reload)

    def _new_ones(self) -> str:
        counts = self.context.read(customer_counts)
        return f"本月新增 {counts.new_this_month:,} 位" if counts and counts.new_this_month else ""

    def _add(self) -> None:
        add_customer_dialog(self.widget, self.context, self._saved)

    def _hub(self, row: Row) -> None:
        open_hub(self.context, row["id"])

    def _change(self, row: Row) -> None:
        change_customer_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, customer_id: int) -> None:
        self.reload()
        self.list.select_id(customer_id)

    def _delete(self, rows: Sequence[Row]) -> None:
        delete_rows(self.context, rows, self.reload)


def _filters(context: Context) -> tuple[Filter, ...]:
    found = [
        Filter("level_id", "等级", _levels, width=6),
        Filter("status_id", "状态", lambda: _statuses(context), width=14),
        Filter("source_id", "来源", _sources, width=10),
    ]
    if context.actor.scope() > Scope.OWN:
        found.append(Filter("owner_id", "业务员", lambda: colleagues(context.actor), width=8))
    return tuple(found)


def _levels() -> list[tuple[Any, str]]:
    return [*((level.id, level.name) for level in levels(with_inactive=True)), (NOT_FILLED, "未填写")]


def _sources() -> list[tuple[Any, str]]:
    found = words("customer_source", with_inactive=True)
    return [*((word.id, word.name) for word in found), (NOT_FILLED, "未填写")]


def _statuses(context: Context) -> list[tuple[Any, str]]:
    shares = context.read(counts_by_status) or ()
    return [(share.id, f"{share.name}（{share.count:,}）") for share in shares if share.id is not None]


def _narrowed(asked: Asked) -> CustomerFilter:
    return CustomerFilter(text=asked.text, **asked.values)


PAGE = PageParts(
    build=CustomerListPage,
    watches=frozenset({Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS, Topic.MONEY}),
    help="查找、新增、修改客户。输入姓名、拼音首字母、电话任意几位或卡号都能找到。",
    keys=(
        ("Ctrl+N", "新增客户"),
        ("F2 / 双击", "修改选中的客户"),
        ("Enter", "打开客户操作"),
        ("Ctrl+T", "转移给业务员"),
        ("Delete", "移入回收站"),
        *LIST_KEYS,
    ),
)
