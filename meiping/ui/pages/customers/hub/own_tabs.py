"""资料 and 变动记录: a customer's own fields, and what was changed of them."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.audit.queries import CHANGE_COLUMNS
from meiping.domains.customers.queries import CustomerDetail, customer_changes
from meiping.domains.customers.rules import VIEW
from meiping.ui.context import Context
from meiping.ui.pages.customers.customer_card import facts_of
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubTab, list_tab
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Facts, wrap_to_width
from meiping.ui.widgets.scroller import Scroller


class FactsPane:
    """Everything entered about the customer."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        self._context = context
        scroller = Scroller(parent)
        self.widget: tk.Widget = scroller
        self._facts = Facts(scroller.inner, columns=3)
        self._facts.pack(fill="x", pady=(px(scroller, 14), 0))
        self._words = ttk.Label(scroller.inner, style="Muted.TLabel", font="MpSmall")
        self._notes = ttk.Label(scroller.inner, justify="left")
        wrap_to_width(self._notes)

    def show(self, detail: CustomerDetail) -> None:
        """Say what is known."""
        self._facts.show([*facts_of(detail), ("地址", detail.address)])
        self._notes.pack_forget()
        self._words.pack_forget()
        if detail.notes:
            self._words.configure(text="备注")
            self._words.pack(anchor="w")
            self._notes.configure(text=detail.notes)
            self._notes.pack(fill="x")

    def export(self, detail: CustomerDetail) -> None:
        """A card is no list: say where all of it can be taken out."""
        self._context.toast("资料在“客户管理”里导出，所有栏目都可以带上。", kind="info")


FACTS_TAB = HubTab("资料", VIEW, FactsPane)
CHANGES_TAB = list_tab(VIEW, HubList("变动记录", CHANGE_COLUMNS, customer_changes, "资料还没有改动过。"))
