"""业务 and 财务往来: a customer's bills and their returns, and all that moved his money."""

import tkinter as tk
from collections.abc import Sequence
from dataclasses import replace

from meiping.domains.ledger.queries import STATEMENT_COLUMNS, statement
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.sales.queries import KIND_WORDS, bill_columns, bills_of
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import RETURN_GOODS, VIEW_SALES
from meiping.kernel.tabular import Column, Row
from meiping.ui.bills.invoice_dialogs import ask_cancel, ask_invoice, invoice_actions
from meiping.ui.bills.receipt_dialog import hand_out_slip, show_slip
from meiping.ui.bills.return_dialog import exchange_at_counter, take_goods_back
from meiping.ui.bills.return_words import returned_words
from meiping.ui.bills.statement_dialog import statement_dialog
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import BILLS_PAGE
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer

BILLS, STATEMENT = "业务", "财务往来"


def _columns() -> tuple[Column, ...]:
    """The goods stand where a list over all customers has the customer."""
    columns = without_customer(bill_columns())
    return tuple(replace(one, hidden=False) if one.key == "goods" else one for one in columns)


class BillsPane(HubListPane):
    """The customer's bills; goods come back from here, a double click opens one at its own page."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            BILLS,
            _columns,
            bills_of,
            "还没有业务。按 F9 开单，卖给这位客户的都会记在这里。",
            unit="张单",
            actions=(
                Action(
                    "退换货 F3",
                    self._give_back,
                    "arrow-return-left",
                    RETURN_GOODS,
                    needs=Needs.ONE,
                    head=True,
                ),
                Action("看小票", self._show_receipt, "receipt", needs=Needs.ONE, head=True),
                Action("打开业务单", self._open, needs=Needs.ONE, opens=True),
                *invoice_actions(self._invoice, self._cancel_invoice),
            ),
        )
        super().__init__(parent, context, changed, spec)

    def _open(self, row: Row) -> None:
        self.context.open_page(BILLS_PAGE, select=row["id"])

    def give_back_chosen(self) -> None:
        """Goods of the chosen bill come back; without one of which any can, the list has the keys."""
        row = self.list.current_row()
        if row is None or row["kind"] == KIND_WORDS["return"]:
            self.list.enter()
            told = "退货单不能再退，" if row is not None else ""
            self.context.toast(f"{told}请选一张单，再按 F3 退货。", kind="info")
        else:
            self._give_back(row)

    def _give_back(self, row: Row) -> None:
        if row["kind"] == KIND_WORDS["return"]:
            self.context.toast("退货单不能再退。", kind="warning")
            return
        take_goods_back(
            self.widget,
            self.context,
            sale_id=row["id"],
            on_posted=self._returned,
            on_exchange=exchange_at_counter(self.context),
        )

    def _returned(self, posted: PostedReturn) -> None:
        self.changed()
        hand_out_slip(self.widget, self.context, returned_words(posted), source="sale", number=posted.number)

    def _invoice(self, sale_ids: Sequence[int]) -> None:
        ask_invoice(self.widget, self.context, sale_ids, done=self.changed)

    def _cancel_invoice(self, row: Row) -> None:
        ask_cancel(self.widget, self.context, row["id"], done=self.changed)

    def _show_receipt(self, row: Row) -> None:
        show_slip(self.widget, self.context, source="sale", number=row["number"])


class StatementPane(HubListPane):
    """All that moved the customer's money; a double click shows the paper of it."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            STATEMENT,
            STATEMENT_COLUMNS,
            statement,
            "还没有往来。销售、充值、收款都会记在这里。",
            unit="笔",
            actions=(
                Action("看小票、补打", self._show_slip, "receipt", needs=Needs.ONE, head=True, opens=True),
                Action("对账单", self._make_statement, "file-text", head=True),
            ),
        )
        super().__init__(parent, context, changed, spec)

    def _make_statement(self) -> None:
        if self.detail is not None:
            statement_dialog(self.widget, self.context, self.detail.id, self.detail.shown_name)

    def _show_slip(self, row: Row) -> None:
        show_slip(self.widget, self.context, source=row["source"], number=row["number"])


BILLS_TAB = HubTab(BILLS, VIEW_SALES, BillsPane)
STATEMENT_TAB = HubTab(STATEMENT, VIEW_MONEY, StatementPane)
