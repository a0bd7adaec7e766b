"""The chosen customer at the right of the list."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail, customer_detail
from meiping.domains.sales.rules import CHECKOUT
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.pages.customers.customer_actions import open_bill, open_hub
from meiping.ui.pages.customers.customer_card import MoneyStrip, facts_of
from meiping.ui.pages.customers.portrait import Portrait
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
        self._pane.show(detail.shown_name, detail.code)
        self._money.show(detail)
        left_out = {"公司", "部门"}
        self._facts.show([fact for fact in facts_of(detail) if fact[0] not in left_out])
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
