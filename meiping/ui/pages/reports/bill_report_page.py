"""单据统计: every bill of a period with what it brought and how it was paid; opened and returned from here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.names import customer_called, person_called, product_called
from meiping.domains.reports.queries import BillTable, bill_columns, bill_report
from meiping.domains.reports.rules import Period, Unit
from meiping.domains.sales.queries import KIND_WORDS
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.bills.receipts import fetch_receipt, print_receipt
from meiping.ui.bills.return_dialog import exchange_at_counter, take_goods_back
from meiping.ui.bills.return_words import returned_words
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, SALESPERSON, TO_COUNTER
from meiping.ui.pages.reports.report import ReportPage, report_parts
from meiping.ui.pages.reports.report_spec import Choice, ReportSpec

_QUESTIONS = {None: "几点卖得最多？", Unit.DAY: "每天卖了多少？", Unit.MONTH: "每月卖了多少？"}


class BillReportPage(ReportPage):
    """The report, with the return of a bill as on the page of bills."""

    def _build_head(self) -> None:
        super()._build_head()
        if self.context.may_get(RETURN_GOODS):
            self.head.action("退货", "arrow-return-left", self.return_selected, "F7")

    def _bind_keys(self) -> None:
        super()._bind_keys()
        if self.context.may_get(RETURN_GOODS):
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
            take_goods_back(
                self.widget,
                self.context,
                sale_id=sale_id,
                on_posted=self._returned,
                on_exchange=exchange_at_counter(self.context),
            )

    def _returned(self, posted: PostedReturn) -> None:
        def receipt() -> None:
            found = fetch_receipt(self.context, sale_id=posted.sale_id, number=posted.number, reprint=False)
            if found is not None:
                print_receipt(self.context, found)

        self.context.toast(returned_words(posted), action=("打印小票", receipt))
        self.reload()

    def _picked(self, key: str) -> None:
        """A month shows its days, a day its hours, an hour its bills."""
        asked, unit = self.asked(), _unit_of_key(key)
        if unit is not None:
            self.ask(replace(asked, period=unit.days(key), quick=None))
        else:
            self.ask(replace(asked, values={**asked.values, "hour": key}))

    def _menu(self, row: Row) -> list[tuple[str, Any]]:
        entries = super()._menu(row)
        if self.context.may_get(RETURN_GOODS):
            entries.append(("退货…", self.return_selected))
        return entries


def _unit_of_key(key: str) -> Unit | None:
    """What a bar stands for: a day, a month, or an hour (None)."""
    return next((unit for unit in Unit if unit.letters == len(key)), None)


def _chart(table: Table, asked: ReportAsked) -> Chart | None:
    """What the bills came to by hour, day or month, those without any among them."""
    if not isinstance(table, BillTable):
        return None
    course = table.course()
    sums, unit = course.sums, course.unit
    if unit is None:
        keys = [f"{hour:02d}" for hour in range(int(min(sums)), int(max(sums)) + 1)]
        words = [f"{int(key)}点" for key in keys]
    else:
        keys = unit.labels(*_ends(asked.period, unit, sums))
        short = unit is Unit.DAY and keys[0][:4] == keys[-1][:4]
        words = [key[5:] if short else key for key in keys]
    values = [sums.get(key, 0) for key in keys]
    return Chart(ChartKind.BAR, _QUESTIONS[unit], words, [Series("净销售额", values)], Kind.MONEY, keys=keys)


def _ends(period: Period, unit: Unit, labels: Iterable[str]) -> tuple[date, date]:
    """All days asked for; of an open period from the first to the last with a bill."""
    found = sorted(labels)
    first, last = unit.days(found[0]).first, unit.days(found[-1]).last
    first, last = (period.first or first), (period.last or last)
    assert first is not None
    assert last is not None
    return first, last


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
        "hour": lambda _actor, value: f"{int(value)} 点",
        "product_id": lambda actor, value: f"商品 {product_called(actor, product_id=value)}",
    },
    search="单号 / 客户",
    figures=("net_fen", "discount_fen", "profit_fen", "margin_bp"),
    worse=frozenset({"discount_fen"}),
    chart=_chart,
    question=_QUESTIONS[Unit.DAY],
    opens=_open,
    opens_word="打开业务单",
    empty="这段时间没有业务单。收银结账以后，每张单赚了多少、怎样付的都在这里。",
    begins=TO_COUNTER,
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.SETTINGS}),
    help="一张一张的业务单：金额、优惠、成本、毛利和付款。双击打开单据，F7 退货。"
    "选了业务员，就是他的单和有他卖的商品的单：金额、优惠、成本、毛利只算他的部分，付款是整张单的。"
    "点图上的一根柱子往下看：月看日，日看钟点，钟点看它的单。各种付款的金额可以在列设置里显示出来。",
    page=BillReportPage,
    more_keys=(("F7", "退货"),),
)
