"""监督记录: every event watched at the till; those of a bill lead to it."""

import tkinter as tk
from datetime import date
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.queries.watching import EVENT_COLUMNS, EventFilter, till_events
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.context import Context
from meiping.ui.days_filter import DaysFilter
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts


class EventsPage(ListPage):
    """The events of the actor's company."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._days = DaysFilter()
        super().__init__(
            parent,
            context,
            ListSpec(
                key="till_events",
                title="监督记录",
                unit="条记录",
                columns=EVENT_COLUMNS,
                listing=self._listing,
                search="单号 / 商品 / 原因",
                filters=(
                    Filter("period", "日期", self._days.choices, width=12),
                    Filter("person", "操作员", lambda: colleagues(context.actor), width=8),
                    Filter(
                        "kind", "动作", lambda: tuple((kind.key, kind.title) for kind in EventKind), width=10
                    ),
                ),
                actions=(
                    Action(
                        "查看业务单", self._bill, permission=VIEW_SALES, key="F2", needs=Needs.ONE, opens=True
                    ),
                ),
                empty=("还没有需要留意的操作。删除商品、改价、赠送、退货、开钱箱都会记在这里。", None),
            ),
        )

    def open(self, *, first_date: date | None = None, last_date: date | None = None, **values: Any) -> None:
        """Come here from elsewhere: as any list, or to the events of these days."""
        super().open(**{**values, **self._days.ask(first_date, last_date)})

    def _listing(self, asked: Asked) -> Listing:
        days = self._days.period(asked["period"], self.context.actor.today())
        narrow = EventFilter(asked.text, days.first, days.last, asked["person"], asked["kind"])
        return till_events(self.context.actor, narrow=narrow)

    def _bill(self, row: Row) -> None:
        if row["sale_id"] is None:
            self.context.toast("这条记录没有对应的业务单。", kind="info")
            return
        bill = self.context.read(bill_detail, sale_id=row["sale_id"])
        if bill is not None:
            self.context.open_page("bills", text=bill.number)


PAGE = PageParts(
    build=EventsPage,
    watches=frozenset({Topic.SALES, Topic.CART, Topic.ACCESS}),
    help="收银时删除的商品、清空的单、改过的价、赠品、退货、赊账、开钱箱和主管批准，都记在这里，不能修改。双击查看业务单。",
    keys=(("F2 / 双击", "查看业务单"), *LIST_KEYS),
)
