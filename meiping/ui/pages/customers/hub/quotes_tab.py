"""报价: prices told to a customer before he buys."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial

from meiping.domains.customers.rules import EDIT, VIEW
from meiping.domains.deals.queries import QUOTE_COLUMNS, quotes_of
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import BILLS_PAGE
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.pages.customers.quotes.commands import (
    add_quote_dialog,
    delete_chosen_quotes,
    give_up_quote_rows,
    open_quote_dialog,
    print_quote,
    sell_as_quoted,
)

TITLE = "报价"


class QuotesPane(HubListPane):
    """The customer's quotes: written, changed, printed, turned into a bill, given up, deleted."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            without_customer(QUOTE_COLUMNS),
            quotes_of,
            "还没有报价。把报给这位客户的价格记下来，客户来买时一键开单。",
            unit="份",
            actions=(
                Action("添加", self.add, "plus-lg", EDIT, key="Insert", primary=True),
                Action("打开", self._open, "pencil", needs=Needs.ONE, opens=True, head=True),
                Action("开单", self._sell, "cart-plus", CHECKOUT, needs=Needs.ONE, head=True),
                Action("打印", self._print, "printer", key="Control-p", needs=Needs.ONE, head=True),
                Action("删除", self._delete, "trash", EDIT, key="Delete", needs=Needs.IDS_AND_ROW, head=True),
                Action("看业务单", self._show_bill, permission=VIEW_SALES, needs=Needs.ONE),
                Action(
                    "放弃报价",
                    partial(self._give_up, True),
                    permission=EDIT,
                    needs=Needs.SOME,
                    apart=True,
                ),
                Action("重新启用", partial(self._give_up, False), permission=EDIT, needs=Needs.SOME),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new quote for the customer shown."""
        if self.context.actor.can(EDIT) and (detail := self.usable()):
            self.list.focus_set()  # where the keys are once the quote is saved
            customer = (detail.id, detail.shown_name)
            add_quote_dialog(self.widget, self.context, self._saved, customer=customer)

    def _open(self, row: Row) -> None:
        if self.usable():
            open_quote_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, quote_id: int) -> None:
        self.changed()
        self.list.select_id(quote_id)

    def _sell(self, row: Row) -> None:
        if self.usable():
            sell_as_quoted(self.context, row)

    def _show_bill(self, row: Row) -> None:
        if row["bill_id"] is None:
            self.context.toast("这份报价还没有开单。", kind="info")
        else:
            self.context.open_page(BILLS_PAGE, select=row["bill_id"])

    def _print(self, row: Row) -> None:
        print_quote(self.context, row["id"])

    def _give_up(self, given_up: bool, rows: Sequence[Row]) -> None:
        if self.usable():
            give_up_quote_rows(self.context, rows, self.changed, given_up=given_up)

    def _delete(self, ids: Sequence[int], row: Row | None) -> None:
        if self.usable():
            delete_chosen_quotes(self.context, ids, row, self.changed)


QUOTES_TAB = HubTab(TITLE, VIEW, QuotesPane)
