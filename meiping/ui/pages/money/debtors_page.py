"""应收欠款: who owes what since when; received, given up and reconciled from here."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.rules import VIEW
from meiping.domains.receivables.debtors import DEBTOR_COLUMNS, LATE, DebtorFilter, debtors
from meiping.domains.receivables.rules import RECEIVE, WRITE_OFF
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.debt_dialogs import receive_dialog, write_off_dialog
from meiping.ui.bills.dunning import print_dunning_letters
from meiping.ui.bills.statement_dialog import statement_dialog
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts

_LATE = ((LATE, "已逾期"), ("31", "逾期 30 天以上"), ("61", "逾期 60 天以上"), ("91", "逾期 90 天以上"))


class DebtorsPage(ListPage):
    """The list; a double click leads to the customer's dealings."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        filters = [Filter("late", "逾期", lambda: _LATE, width=14)]
        if context.actor.scope() > Scope.OWN:
            filters.append(Filter("owner_id", "业务员", lambda: colleagues(context.actor), width=8))
        super().__init__(
            parent,
            context,
            ListSpec(
                key="debtors",
                title="应收欠款",
                unit="位客户",
                columns=DEBTOR_COLUMNS,
                listing=self._listing,
                search="客户 / 拼音 / 电话",
                filters=filters,
                actions=(
                    Action(
                        "收款",
                        self._receive,
                        "cash-coin",
                        permission=RECEIVE,
                        needs=Needs.ONE,
                        key="F7",
                        head=True,
                    ),
                    Action("对账单", self._statement, "file-text", needs=Needs.ONE, key="F4", head=True),
                    Action(
                        "催缴单",
                        self._dun,
                        "envelope",
                        permission=RECEIVE,
                        needs=Needs.IDS,
                        key="F8",
                        head=True,
                    ),
                    Action("坏账核销", self._write_off, permission=WRITE_OFF, needs=Needs.ONE),
                    Action("打开客户", self._open, permission=VIEW, needs=Needs.ONE, opens=True),
                ),
                empty=("没有客户欠款。收银时选“赊账”的单会记在这里。", None),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        narrow = DebtorFilter(asked.text, asked.values.get("owner_id"), int(asked["late"] or 0))
        return debtors(self.context.actor, narrow=narrow)

    def _receive(self, row: Row) -> None:
        receive_dialog(self.widget, self.context, row["id"], row["name"], self.reload)

    def _write_off(self, row: Row) -> None:
        write_off_dialog(self.widget, self.context, row["id"], row["name"], self.reload)

    def _statement(self, row: Row) -> None:
        statement_dialog(self.widget, self.context, row["id"], row["name"])

    def _dun(self, ids: Sequence[int]) -> None:
        print_dunning_letters(self.context, ids)

    def _open(self, row: Row) -> None:
        self.context.open_page("customer_hub", customer_id=row["id"], tab="财务往来")


PAGE = PageParts(
    build=DebtorsPage,
    watches=frozenset({Topic.MONEY, Topic.CUSTOMERS}),
    help=(
        "谁欠多少、哪天到期、逾期几天，逾期最久的在前。到期日是赊账之日加上客户的账期；收到的钱先还最早的单，"
        "收款时也可以勾选只还哪几张。确实收不回来的可以核销，记为坏账损失。"
    ),
    keys=(
        ("双击 / Enter", "打开客户的往来"),
        ("F7", "收款"),
        ("F4", "对账单"),
        ("F8", "选中客户的催缴单"),
        *LIST_KEYS,
    ),
)
