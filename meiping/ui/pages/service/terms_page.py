"""服务到期: the services sold, until when each goes, and the annual fees to collect."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.rules import EDIT, VIEW
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.reminders.rules import USE
from meiping.domains.renewals.queries import (
    ALL,
    TERM_COLUMNS,
    WAITING,
    TermFilter,
    expiring_services,
    term_list,
)
from meiping.domains.renewals.rules import TermState
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.dunning import print_fee_letters
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.renewal_verbs import ask_why_closed, open_bill, remind, renew, reopen

_STATES = ((WAITING, "过期与即将到期"), *((state.key, state.title) for state in TermState), (ALL, "全部"))


class TermsPage(ListPage):
    """The list; what has run out stands at the top, a double click leads to the customer."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        filters = [Filter("state", "状态", lambda: _STATES, all_word="待续", width=14)]
        if context.actor.scope() > Scope.OWN:
            filters.append(Filter("owner_id", "业务员", lambda: colleagues(context.actor), width=8))
        super().__init__(
            parent,
            context,
            ListSpec(
                key="service_terms",
                title="服务到期",
                unit="项服务",
                columns=TERM_COLUMNS,
                listing=self._listing,
                facts=self._facts,
                search="客户 / 拼音 / 电话 / 商品 / 单号",
                filters=filters,
                actions=self._hands(),
                empty=(
                    "还没有要续的服务。\n在商品资料里填上服务期和年费，卖给有名字的客户以后，到期日就记在这里。",
                    None,
                ),
            ),
        )

    def _hands(self) -> tuple[Action, ...]:
        one, some = Needs.ONE, Needs.SOME
        return (
            Action("续费", self._renew, "arrow-repeat", CHECKOUT, "F7", some, head=True),
            Action("提醒", self._remind, "bell", USE, "F4", one, head=True),
            Action("催缴单", self._letters, "envelope", RECEIVE, "F8", Needs.IDS, head=True),
            Action("打开客户", self._open, permission=VIEW, needs=one, opens=True),
            Action("看业务单", lambda row: open_bill(self.context, row), permission=VIEW_SALES, needs=one),
            Action("不再续…", self._close, permission=EDIT, key="Delete", needs=some, apart=True),
            Action("恢复待续", self._reopen, permission=EDIT, needs=some),
        )

    def _listing(self, asked: Asked) -> Listing:
        narrowed = TermFilter(asked.text, asked["state"], asked.values.get("owner_id"))
        return term_list(self.context.actor, narrowed)

    def _facts(self) -> str:
        found = self.context.read(expiring_services)
        if found is None or not found.overdue + found.soon:
            return ""
        counts = ((found.overdue, "已过期"), (found.soon, "即将到期"))
        told = [f"{word} {count:,} 项" for count, word in counts if count]
        return " · ".join((*told, f"应收年费 {show_fen(found.fen)}"))

    def _renew(self, rows: Sequence[Row]) -> None:
        renew(self.context, rows)

    def _close(self, rows: Sequence[Row]) -> None:
        ask_why_closed(self.widget, self.context, rows, self.reload)

    def _reopen(self, rows: Sequence[Row]) -> None:
        reopen(self.context, rows, self.reload)

    def _remind(self, row: Row) -> None:
        remind(self.widget, self.context, row, self.reload)

    def _letters(self, ids: Sequence[int]) -> None:
        print_fee_letters(self.context, ids)

    def _open(self, row: Row) -> None:
        self.context.open_page("customer_hub", customer_id=row["customer_id"])


PAGE = PageParts(
    build=TermsPage,
    watches=frozenset({Topic.SALES, Topic.DEALS, Topic.CUSTOMERS, Topic.PRODUCTS, Topic.SETTINGS}),
    help=(
        "卖出有服务期的商品时，到期日自动记在这里；过期的在最前。续费把年费放到收银台，结账后下一期从上一期到期的"
        "第二天算起。商品退了，服务就结束；客户不要了，记为不再续。到期前一个月会自动提醒（天数在设置里改）。"
    ),
    keys=(
        ("双击 / Enter", "打开客户"),
        ("F7", "选中的服务续费"),
        ("F4", "添加提醒"),
        ("F8", "选中服务的催缴单"),
        ("Delete", "不再续"),
        *LIST_KEYS,
    ),
)
