"""费用: written down, approved, paid and taken back. Advances are the same list with another kind."""

import tkinter as tk
import uuid
from functools import partial

from meiping.domains.access.queries import colleagues
from meiping.domains.expenses.queries import ADVANCE_COLUMNS, EXPENSE_COLUMNS, ExpenseFilter, expenses
from meiping.domains.expenses.rules import ADVANCE, APPROVE, CATEGORY, EXPENSE, KINDS, MAKE, PAY, Status
from meiping.domains.expenses.service import decide_expense, take_back_expense
from meiping.domains.settings.queries import words
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.receipt_dialog import show_slip
from meiping.ui.context import Context
from meiping.ui.days_filter import PERIODS, period_of
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.money.expense_dialogs import new_expense_dialog, pay_dialog, settle_dialog
from meiping.ui.widgets.dialogs import ask_text

_EMPTY = {
    EXPENSE: "还没有费用。房租、水电、工资、报销，店里花的钱都记在这里。",
    ADVANCE: "还没有借支。谁从店里预支了钱、还了多少，记在这里。",
}
_STATES = tuple((status.key, status.title) for status in Status)


class ExpensesPage(ListPage):
    """One list for either kind."""

    def __init__(self, parent: tk.Misc, context: Context, *, kind: str) -> None:
        self._kind, word = kind, KINDS[kind]
        filters = [Filter("period", "日期", lambda: PERIODS), Filter("status", "状态", lambda: _STATES)]
        if kind == EXPENSE:
            filters.append(Filter("category_id", "类别", self._categories, width=8))
        if context.actor.scope() > Scope.OWN:
            filters.append(Filter("person_id", "人员", lambda: colleagues(context.actor), width=8))
        settle = Action("还款", self._settle, permission=PAY, needs=Needs.ONE, key="F6", head=True)
        settling = (settle,) if kind == ADVANCE else ()
        super().__init__(
            parent,
            context,
            ListSpec(
                key=f"{kind}s",
                title=word,
                unit=f"笔{word}",
                columns=EXPENSE_COLUMNS if kind == EXPENSE else ADVANCE_COLUMNS,
                listing=self._listing,
                search="单号 / 收款方 / 说明" if kind == EXPENSE else "单号 / 说明",
                filters=filters,
                actions=(
                    Action(f"登记{word}", self._add, "plus-lg", MAKE, "Control-n", primary=True),
                    Action("支付", self._pay, permission=PAY, needs=Needs.ONE, key="F7", head=True),
                    *settling,
                    Action(
                        "通过", partial(self._decide, True), permission=APPROVE, needs=Needs.ONE, key="F4"
                    ),
                    Action(
                        "驳回",
                        partial(self._decide, False),
                        permission=APPROVE,
                        needs=Needs.ONE,
                        key="Shift-F4",
                    ),
                    Action(
                        "看单据、打印",
                        self._slip,
                        "receipt",
                        needs=Needs.ONE,
                        key="F8",
                        head=True,
                        opens=True,
                    ),
                    Action("冲销", self._take_back, permission=PAY, needs=Needs.ONE),
                ),
                empty=(_EMPTY[kind], f"登记{word}"),
            ),
        )

    @staticmethod
    def _categories() -> list[tuple[int, str]]:
        return [(word.id, word.name) for word in words(CATEGORY)]

    def _listing(self, asked: Asked) -> Listing:
        days = period_of(asked["period"], self.context.actor.today())
        narrow = ExpenseFilter(
            text=asked.text,
            status=asked["status"],
            category_id=asked.values.get("category_id"),
            person_id=asked.values.get("person_id"),
            first_date=days.first,
            last_date=days.last,
        )
        return expenses(self.context.actor, narrow=narrow, kind=self._kind)

    def _add(self) -> None:
        new_expense_dialog(self.widget, self.context, self._kind, self.reload)

    def _pay(self, row: Row) -> None:
        if row["state"] == Status.APPROVED.key:
            pay_dialog(self.widget, self.context, row, self._kind, self.reload)
        else:
            waits = row["state"] == Status.REQUESTED.key
            told = "还没有审批，通过以后再支付" if waits else f"{row['status']}，不用支付"
            self.context.toast(f"这一张{told}。", kind="info")

    def _settle(self, row: Row) -> None:
        if row["left_fen"]:
            settle_dialog(self.widget, self.context, row, self.reload)
        else:
            self.context.toast("这笔借支没有要还的。", kind="info")

    def _decide(self, approve: bool, row: Row) -> None:
        reason = ""
        if not approve:
            told = ask_text(self.widget, f"为什么驳回 {row['number']}？", yes="驳回")
            if told is None:
                return
            reason = told
        self.context.run(
            decide_expense,
            expense_id=row["id"],
            approve=approve,
            reason=reason,
            success=lambda own: _decided(row["number"], approve, own=own),
            done=lambda _own: self.reload(),
        )

    def _take_back(self, row: Row) -> None:
        reason = ask_text(
            self.widget, f"为什么冲销 {row['number']}（{show_fen(row['amount_fen'])}）？", yes="冲销"
        )
        if reason is not None:
            self.context.run(
                take_back_expense,
                key=str(uuid.uuid4()),
                expense_id=row["id"],
                reason=reason,
                success=lambda number: f"已用 {number} 冲销。",
                done=lambda _number: self.reload(),
            )

    def _slip(self, row: Row) -> None:
        show_slip(self.widget, self.context, source="expense", number=row["number"])


def _decided(number: str, approve: bool, *, own: bool) -> str:
    told = "，这是您自己的单，已记入操作日志" if own and approve else ""
    return f"已{'通过' if approve else '驳回'} {number}{told}。"


EXPENSE_KEYS = (
    ("F4", "通过"),
    ("Shift+F4", "驳回"),
    ("F7", "支付"),
    ("F8 / 双击", "看单据、打印"),
    *LIST_KEYS,
)
"""The keys of both lists."""
PAGE = PageParts(
    build=partial(ExpensesPage, kind=EXPENSE),
    watches=frozenset({Topic.EXPENSES, Topic.SETTINGS}),
    help="店里花的钱：登记、支付、打单。用现金支付的会从当班的钱箱里减去。记错了用“冲销”，原来的单不会删掉。",
    keys=(("Ctrl+N", "登记费用"), *EXPENSE_KEYS),
)
