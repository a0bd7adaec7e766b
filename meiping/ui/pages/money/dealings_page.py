"""财务往来: every movement of customers' money one may see, the newest first."""

import tkinter as tk
from datetime import date
from typing import Any

from meiping.domains.access.queries import colleagues, companies_of
from meiping.domains.customers.rules import VIEW
from meiping.domains.reports.queries.dealings import (
    DEALING_COLUMNS,
    DEALING_KINDS,
    DealingFilter,
    dealings,
)
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.receipt_dialog import show_slip
from meiping.ui.context import Context
from meiping.ui.days_filter import DaysFilter
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts

_TENDERS = tuple((tender.key, tender.title) for tender in RECEIVING_TENDERS)


class DealingsPage(ListPage):
    """The list; a double click leads to the bill, or to the customer."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._days = DaysFilter()
        filters = [
            Filter("period", "日期", self._days.choices, width=14),
            Filter("kind", "类型", lambda: DEALING_KINDS),
            Filter("tender", "收付方式", lambda: _TENDERS),
        ]
        if len(colleagues(context.actor)) > 1:
            filters.append(Filter("operator_id", "经手人", lambda: colleagues(context.actor), width=8))
        if context.actor.scope() is Scope.ALL and len(companies_of(context.actor)) > 1:
            filters.append(Filter("company_id", "公司", lambda: companies_of(context.actor), width=12))
        super().__init__(
            parent,
            context,
            ListSpec(
                key="dealings",
                title="财务往来",
                unit="笔往来",
                columns=DEALING_COLUMNS,
                listing=self._listing,
                search="客户 / 单号",
                filters=filters,
                actions=(
                    Action("打开", self._open, needs=Needs.ONE, opens=True),
                    Action("打开客户", self._hub, permission=VIEW, needs=Needs.ONE),
                    Action("看小票、补打", self._slip, "receipt", needs=Needs.ONE, key="F8", head=True),
                ),
                empty=("还没有财务往来。销售、充值、收款都会记在这里。", None),
                subtitle=self._subtitle,
            ),
        )

    def open(self, *, first_date: date | None = None, last_date: date | None = None, **values: Any) -> None:
        """Come here from elsewhere: as any list, or to the movements of these days."""
        super().open(**{**values, **self._days.ask(first_date, last_date)})

    def _listing(self, asked: Asked) -> Listing:
        days = self._days.period(asked["period"], self.context.actor.today())
        narrow = DealingFilter(
            text=bill_number(asked.text) if asked.text.strip() else "",
            kind=asked["kind"],
            tender=asked["tender"],
            first_date=days.first,
            last_date=days.last,
            company_id=asked.values.get("company_id"),
            operator_id=asked.values.get("operator_id"),
        )
        return dealings(self.context.actor, narrow=narrow)

    def _subtitle(self, asked: Asked) -> str:
        actor = self.context.actor
        titles: dict[str, dict[Any, str]] = {
            "period": dict(self._days.choices()),
            "kind": dict(DEALING_KINDS),
            "tender": dict(_TENDERS),
            "operator_id": dict(colleagues(actor)),
            "company_id": dict(companies_of(actor)),
        }
        told = [words.get(asked.values.get(key), "") for key, words in titles.items()]
        return " · ".join(word for word in (*told, asked.text.strip()) if word)

    def _open(self, row: Row) -> None:
        """The bill at its own page, else the customer's dealings."""
        if row["source"] == "sale" and self.context.actor.can(VIEW_SALES):
            self.context.open_page("bills", text=row["number"], select=row["source_id"])
        elif self.context.actor.can(VIEW):
            self._hub(row)

    def _hub(self, row: Row) -> None:
        if row["customer_id"] is None:
            self.context.toast("散客没有客户资料。", kind="info")
        else:
            self.context.open_page("customer_hub", customer_id=row["customer_id"], tab="财务往来")

    def _slip(self, row: Row) -> None:
        show_slip(self.widget, self.context, source=row["source"], number=row["number"])


PAGE = PageParts(
    build=DealingsPage,
    watches=frozenset({Topic.MONEY, Topic.SALES, Topic.CUSTOMERS}),
    help=(
        "所有客户的销售、退货、充值、退款、收款和期初，最近的在前，只能看，不能改；要更正请退货或退款。"
        "“收付款”是实际收到或付出的钱，合计在最下面。"
    ),
    keys=(
        ("双击 / Enter", "打开业务单，或客户的往来"),
        ("F8", "看小票、补打"),
        *LIST_KEYS,
    ),
)
