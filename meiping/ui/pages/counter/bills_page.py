"""业务单: every posted bill one may see, its lines beside it; returned, printed again, saved from here."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from meiping.domains.sales.invoice_state import STATE_WORDS, invoicing_on
from meiping.domains.sales.queries import KIND_WORDS, BillDetail, BillFilter, bill_columns, bill_detail, bills
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.invoice_dialogs import ask_cancel, ask_invoice, invoice_actions
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.receipts import fetch_receipt, print_receipt, save_receipt
from meiping.ui.bills.return_dialog import exchange_at_counter, take_goods_back
from meiping.ui.bills.return_words import returned_words
from meiping.ui.bills.tender_dialog import ask_tender
from meiping.ui.context import Context
from meiping.ui.days_filter import ASKED_DAYS, DaysFilter
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.counter.bill_pane import BillPane

_WEEKDAYS = "一二三四五六日"
_SOLD = tuple(key for key in KIND_WORDS if key != "return")


class BillsPage(ListPage):
    """All bills in the actor's scope, the newest first."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._days = DaysFilter()
        self._hour: tuple[int, int] | None = None
        self._sold = False
        super().__init__(
            parent,
            context,
            ListSpec(
                key="bills",
                title="业务单",
                unit="张单",
                columns=partial(bill_columns, narrow=True),
                listing=self._listing,
                search="单号 / 客户",
                filters=(
                    Filter("period", "日期", self._days.choices, width=14),
                    Filter("kind", "类型", lambda: tuple(KIND_WORDS.items())),
                    Filter("invoice", "开票", lambda: tuple(STATE_WORDS.items()), when=invoicing_on),
                ),
                actions=(
                    Action(
                        "退换货",
                        self._return_row,
                        permission=RETURN_GOODS,
                        key="F7",
                        needs=Needs.ONE,
                    ),
                    Action(
                        "更正收款方式",
                        partial(self._with_bill, self._change_tender),
                        key="F4",
                        needs=Needs.ONE,
                    ),
                    Action("补打小票", partial(self._with_bill, self._print), needs=Needs.ONE),
                    Action("小票存为 PDF", partial(self._with_bill, self._save), needs=Needs.ONE),
                    *invoice_actions(self._invoice, self._cancel_invoice, key="F6"),
                ),
                detail=self._pane,
                share=0.6,
                empty=("还没有业务单。在“收银”里结账的单都在这里。", None),
                subtitle=self._subtitle,
            ),
        )

    def open(
        self,
        *,
        first_date: date | None = None,
        last_date: date | None = None,
        hour: tuple[int, int] | None = None,
        sold: bool = False,
        **values: Any,
    ) -> None:
        """Come here from elsewhere: as any list, or to the bills of these days, only what was ``sold`` without returns.

        With an ``hour`` (weekday, Monday 0, and hour on the shop's clock) to what was sold in it on these days.
        """
        if first_date is not None:
            self._hour, self._sold = hour, sold or hour is not None
            values |= self._days.ask(first_date, last_date, called=self._called(first_date, last_date))
        super().open(**values)

    def _called(self, first: date, last: date | None) -> str:
        """The days in few words, with what of them is meant; empty where they have no end."""
        if self._hour is not None:
            return f"周{_WEEKDAYS[self._hour[0]]} {self._hour[1]} 点"
        if last is None:
            return ""
        days = f"{first}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
        return f"{days} 卖出" if self._sold else days

    def _listing(self, asked: Asked) -> Listing:
        days = self._days.period(asked["period"], self.context.actor.today())
        own = asked["period"] == ASKED_DAYS
        hour = self._hour if own else None
        kind = asked["kind"] or (_SOLD if own and self._sold else None)
        narrow = BillFilter(
            bill_number(asked.text), kind, days.first, days.last, hour, invoice=asked["invoice"]
        )
        return bills(self.context.actor, narrow=narrow)

    def _subtitle(self, asked: Asked) -> str:
        words = [
            dict(self._days.choices()).get(asked["period"], ""),
            KIND_WORDS.get(asked["kind"], ""),
            STATE_WORDS.get(asked["invoice"], ""),
            asked.text.strip(),
        ]
        return " · ".join(word for word in words if word)

    def _pane(self, parent: tk.Misc) -> BillPane:
        return BillPane(
            parent, self.context, on_return=self._return, on_print=self._print, on_save=self._save
        )

    # ---------------------------------------------------------------- doing

    def _with_bill(self, act: Callable[[BillDetail], object], row: Row) -> None:
        bill = self.context.read(bill_detail, sale_id=row["id"])
        if bill is not None:
            act(bill)

    def _return_row(self, row: Row) -> None:
        self._with_bill(self._return, row)

    def _return(self, bill: BillDetail) -> None:
        if bill.kind == "return":
            self.context.toast("退货单不能再退。", kind="warning")
            return
        take_goods_back(
            self.widget,
            self.context,
            sale_id=bill.id,
            on_posted=self._returned,
            on_exchange=exchange_at_counter(self.context),
        )

    def _returned(self, posted: PostedReturn) -> None:
        self.context.toast(
            returned_words(posted),
            action=("打印小票", lambda: self._print_number(posted.sale_id, posted.number)),
        )
        self.reload()

    def _change_tender(self, bill: BillDetail) -> None:
        ask_tender(self.widget, self.context, bill, done=self.reload)

    def _invoice(self, sale_ids: Sequence[int]) -> None:
        ask_invoice(self.widget, self.context, sale_ids, done=self.reload)

    def _cancel_invoice(self, row: Row) -> None:
        ask_cancel(self.widget, self.context, row["id"], done=self.reload)

    def _print(self, bill: BillDetail) -> None:
        self._print_number(bill.id, bill.number, reprint=True)

    def _print_number(self, sale_id: int, number: str, *, reprint: bool = False) -> None:
        receipt = fetch_receipt(self.context, sale_id=sale_id, number=number, reprint=reprint)
        if receipt is not None:
            print_receipt(self.context, receipt)

    def _save(self, bill: BillDetail) -> None:
        receipt = fetch_receipt(self.context, sale_id=bill.id, number=bill.number, reprint=True)
        if receipt is not None:
            save_receipt(self.context, self.widget, receipt)


PAGE = PageParts(
    build=BillsPage,
    watches=frozenset({Topic.SALES, Topic.SETTINGS}),
    help="已经结账的单都在这里，不能修改；要更正请退货，收款方式按错了当班可以更正。选中一张，右边是明细。",
    keys=(("F7", "退货、换货"), ("F4", "更正收款方式"), ("F6", "开票"), *LIST_KEYS),
)
