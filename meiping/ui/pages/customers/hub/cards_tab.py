"""次卡: a customer's count cards; a double click shows their uses and takes one, Delete gives one back."""

import tkinter as tk

from meiping.domains.customers.rules import VIEW
from meiping.domains.loyalty.card_queries import CARD_COLUMNS, cards_of
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.tabular import Row
from meiping.ui.bills.card_return_dialog import give_card_back
from meiping.ui.bills.cards_dialog import CardsDialog
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab

TITLE = "次卡"


class CardsPane(HubListPane):
    """The cards, those that can be used first."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            CARD_COLUMNS,
            cards_of,
            "还没有次卡。在收银台卖一张次卡商品给这位客户，就在这里。",
            unit="张卡",
            actions=(
                Action("消费、使用记录", self._open, "ticket", needs=Needs.ONE, head=True, opens=True),
                Action(
                    "退卡",
                    self._give_back,
                    "arrow-return-left",
                    RETURN_GOODS,
                    key="Delete",
                    needs=Needs.ONE,
                    head=True,
                ),
            ),
        )
        super().__init__(parent, context, changed, spec)

    def _open(self, _row: Row) -> None:
        if detail := self.usable():
            CardsDialog(self.widget, self.context, detail.id, detail.shown_name, self.changed)

    def _give_back(self, row: Row) -> None:
        if self.usable():
            give_card_back(self.widget, self.context, row["id"], changed=self.changed)


CARDS_TAB = HubTab(TITLE, VIEW, CardsPane)
