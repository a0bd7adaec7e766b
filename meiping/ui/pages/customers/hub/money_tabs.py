"""业务 and 财务往来: a customer's bills, and all that moved his money."""

import tkinter as tk

from meiping.domains.ledger.queries import STATEMENT_COLUMNS, statement
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.sales.queries import BILL_COLUMNS, bills_of
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import BILLS_PAGE
from meiping.ui.pages.customers.hub.pane import (
    Changed,
    HubList,
    HubListPane,
    HubTab,
    list_tab,
    without_customer,
)


class BillsPane(HubListPane):
    """The customer's bills; a double click opens one at its own page."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            "业务",
            without_customer(BILL_COLUMNS),
            bills_of,
            "还没有业务。按 F9 开单，卖给这位客户的都会记在这里。",
            actions=(Action("打开业务单", self._open, needs=Needs.ONE, opens=True),),
        )
        super().__init__(parent, context, changed, spec)

    def _open(self, row: Row) -> None:
        self.context.open_page(BILLS_PAGE, select=row["id"])


BILLS_TAB = HubTab("业务", VIEW_SALES, BillsPane)
STATEMENT_TAB = list_tab(
    VIEW_MONEY,
    HubList("财务往来", STATEMENT_COLUMNS, statement, "还没有往来。销售、充值、收款都会记在这里。"),
)
