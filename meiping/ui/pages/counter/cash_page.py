"""现金收支: cash put into the drawer and taken out of it beside bills, with its reasons."""

import tkinter as tk

from meiping.domains.till.queries.lists import MOVEMENT_COLUMNS, MovementFilter, cash_movements
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.receipt_dialog import show_slip
from meiping.ui.context import Context
from meiping.ui.days_filter import PERIODS, period_of
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.counter.cash_dialog import CashDialog

_WAYS = (("in", "存入"), ("out", "取出"))


class CashPage(ListPage):
    """The movements, the newest first; a double click shows the slip."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="cash",
                title="现金收支",
                unit="笔",
                columns=MOVEMENT_COLUMNS,
                listing=self._listing,
                search="单号 / 原因",
                filters=(Filter("period", "日期", lambda: PERIODS), Filter("way", "方向", lambda: _WAYS)),
                actions=(
                    Action("现金收支", self._book, "cash-stack", primary=True, key="Control-n"),
                    Action(
                        "看单、补打", self._slip, "receipt", needs=Needs.ONE, key="F8", opens=True, head=True
                    ),
                ),
                empty=("还没有现金收支。找零的钱放进钱箱、大钞拿走，都记在这里。", "现金收支"),
                subtitle=self._subtitle,
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        days = period_of(asked["period"], self.context.actor.today())
        text = bill_number(asked.text) if asked.text.strip() else ""
        return cash_movements(
            self.context.actor, narrow=MovementFilter(text, asked["way"], days.first, days.last)
        )

    def _subtitle(self, asked: Asked) -> str:
        told = (dict(PERIODS).get(asked["period"] or "", ""), dict(_WAYS).get(asked["way"] or "", ""))
        return " · ".join(word for word in (*told, asked.text.strip()) if word)

    def _book(self) -> None:
        CashDialog(self.widget, self.context).wait_window()

    def _slip(self, row: Row) -> None:
        show_slip(self.widget, self.context, source="cash_movement", number=row["number"])


PAGE = PageParts(
    build=CashPage,
    watches=frozenset({Topic.MONEY}),
    help=(
        "放进钱箱和从钱箱拿走的现金，与销售、充值、收款无关的都在这里，对方是保险柜。"
        "记错了就反方向再记一笔，写明原因。"
    ),
    keys=(("Ctrl+N", "现金收支"), ("F8", "看单、补打"), ("双击 / Enter", "看单"), *LIST_KEYS),
)
