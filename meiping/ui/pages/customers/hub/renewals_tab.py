"""续费: the services a customer has, until when each goes, and their annual fees."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.customers.rules import EDIT, VIEW
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.renewals.queries import TERM_COLUMNS, terms_of
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.kernel.tabular import Row
from meiping.ui.bills.dunning import print_fee_letters
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.renewal_verbs import ask_why_closed, open_bill, renew, reopen

TITLE = "续费"
_NOT_HERE = ("phone", "owner")


class RenewalsPane(HubListPane):
    """The customer's services: renewed at the counter, asked for by letter, not wanted any more."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        some = Needs.SOME
        spec = HubList(
            TITLE,
            [column for column in without_customer(TERM_COLUMNS) if column.key not in _NOT_HERE],
            terms_of,
            "还没有服务期。卖给这位客户有服务期的商品，到期日就记在这里。",
            unit="项",
            actions=(
                Action("续费", self._renew, "arrow-repeat", CHECKOUT, needs=some, head=True),
                Action("催缴单", self._letters, "envelope", RECEIVE, needs=Needs.IDS, head=True),
                Action("看业务单", self._bill, permission=VIEW_SALES, needs=Needs.ONE, opens=True),
                Action("不再续…", self._close, permission=EDIT, key="Delete", needs=some, apart=True),
                Action("恢复待续", self._reopen, permission=EDIT, needs=some),
            ),
        )
        super().__init__(parent, context, changed, spec)

    def _renew(self, rows: Sequence[Row]) -> None:
        if self.usable():
            renew(self.context, rows, from_hub=True)

    def _letters(self, ids: Sequence[int]) -> None:
        print_fee_letters(self.context, ids)

    def _bill(self, row: Row) -> None:
        open_bill(self.context, row)

    def _close(self, rows: Sequence[Row]) -> None:
        if self.usable():
            ask_why_closed(self.widget, self.context, rows, self.changed)

    def _reopen(self, rows: Sequence[Row]) -> None:
        if self.usable():
            reopen(self.context, rows, self.changed)


RENEWALS_TAB = HubTab(TITLE, VIEW, RenewalsPane)
