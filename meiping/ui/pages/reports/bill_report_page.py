"""单据统计: every bill of a period with what it brought and how it was paid; opened and returned from here."""

from dataclasses import replace
from typing import Any

from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.names import customer_called, person_called, product_called
from meiping.domains.reports.queries import bill_columns, bill_report
from meiping.domains.sales.queries import KIND_WORDS
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.bills.receipts import fetch_receipt, print_receipt
from meiping.ui.bills.return_dialog import ReturnDialog, exchange_at_counter
from meiping.ui.bills.return_words import returned_words
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, SALESPERSON
from meiping.ui.pages.reports.report import ReportPage, report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec


class BillReportPage(ReportPage):
    """The report, with the return of a bill as on the page of bills."""

    def _build_head(self) -> None:
        super()._build_head()
        if self.context.actor.can(RETURN_GOODS):
            self.head.action("退货", "arrow-return-left", self.return_selected, "F7")

    def _bind_keys(self) -> None:
        super()._bind_keys()
        if self.context.actor.can(RETURN_GOODS):
            self.context.keys.bind(self.list, {"F7": self.return_selected})

    def return_selected(self) -> None:
        """Take back goods of the bill that is selected."""
        rows = self.list.selected_rows()
        if len(rows) != 1:
            self.context.toast("请先选择一张单。", kind="info")
        elif rows[0]["kind"] == KIND_WORDS["return"]:
            self.context.toast("退货单不能再退。", kind="warning")
        else:
            sale_id = int(rows[0]["id"])
            dialog = ReturnDialog(
                self.widget,
                self.context,
                sale_id=sale_id,
                on_posted=self._returned,
                on_exchange=exchange_at_counter(self.context),
            )
            dialog.wait_window()

    def _returned(self, posted: PostedReturn) -> None:
        def receipt() -> None:
            found = fetch_receipt(self.context, sale_id=posted.sale_id, number=posted.number, reprint=False)
            if found is not None:
                print_receipt(self.context, found)

        self.context.toast(returned_words(posted), action=("打印小票", receipt))
        self.reload()

    def _menu(self, row: Row) -> list[tuple[str, Any]]:
        entries = super()._menu(row)
        if self.context.actor.can(RETURN_GOODS):
            entries.append(("退货…", self.return_selected))
        return entries


def _open(context: Context, row: Row, _asked: ReportAsked) -> None:
    context.open_page("bills", text=row["number"], select=row["id"])


SPEC = ReportSpec(
    key="bill_report",
    title="单据统计",
    columns=bill_columns,
    read=bill_report,
    choices=(
        COMPANY,
        SALESPERSON,
        Choice("kind", "类型", lambda _actor: list(KIND_WORDS.items()), width=7),
    ),
    narrows={
        "customer_id": lambda actor, value: f"客户 {customer_called(actor, customer_id=value)}",
        "person_id": lambda actor, value: f"业务员 {person_called(actor, operator_id=value)}",
        "product_id": lambda actor, value: f"商品 {product_called(actor, product_id=value)}",
    },
    search="单号 / 客户",
    figures=("net_fen", "discount_fen", "profit_fen", "margin_bp"),
    worse=frozenset({"discount_fen"}),
    opens=_open,
    opens_word="打开业务单",
    empty="这段时间没有业务单。",
)
_PARTS = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.SETTINGS}),
    help="一张一张的业务单：金额、优惠、成本、毛利和付款。双击打开单据，F7 退货。各种付款的金额可以在列设置里显示出来。",
)
PAGE = replace(
    _PARTS,
    build=lambda parent, context: BillReportPage(parent, context, SPEC),
    keys=(("F7", "退货"), *_PARTS.keys),
)
