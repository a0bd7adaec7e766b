"""交班记录: every shift one may see, its figures beside it; the report shown and printed again."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.sales.shifts import shift_report
from meiping.domains.till.queries.lists import SHIFT_COLUMNS, ShiftFilter, shifts
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_moment
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.receipt_dialog import show_slip
from meiping.ui.context import Context
from meiping.ui.days_filter import PERIODS, period_of
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.counter.shift_view import ShiftView
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane


class ShiftsPage(ListPage):
    """The shifts, the newest first; a double click shows the report."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="shifts",
                title="交班记录",
                unit="个班次",
                columns=SHIFT_COLUMNS,
                listing=self._listing,
                search="班次 / 开班人",
                filters=(Filter("period", "日期", lambda: PERIODS), Toggle("differing", "只看有长短款")),
                actions=(
                    Action(
                        "看交班单、补打",
                        self._slip,
                        "receipt",
                        needs=Needs.ONE,
                        key="F8",
                        opens=True,
                        head=True,
                    ),
                ),
                detail=lambda pane: _ShiftPane(pane, context, on_slip=self._slip),
                share=0.58,
                empty=("还没有班次。在“收银”里按 F11 开班，交班以后都在这里。", None),
                subtitle=self._subtitle,
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        days = period_of(asked["period"], self.context.actor.today())
        text = bill_number(asked.text) if asked.text.strip() else ""
        return shifts(
            self.context.actor, narrow=ShiftFilter(text, days.first, days.last, bool(asked["differing"]))
        )

    def _subtitle(self, asked: Asked) -> str:
        words = (dict(PERIODS).get(asked["period"] or "", ""), asked.text.strip())
        return " · ".join(word for word in (*words, "有长短款" if asked["differing"] else "") if word)

    def _slip(self, row: Row) -> None:
        ended = row["closed_at"] is not None
        show_slip(self.widget, self.context, source="shift", number=row["number"], reprint=ended)


class _ShiftPane:
    """One shift at the right of the list."""

    def __init__(self, parent: tk.Misc, context: Context, *, on_slip: Callable[[Row], object]) -> None:
        self._context = context
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一个班次，这里显示它的收付")
        self.widget: tk.Widget = self._pane
        self._view = ShiftView(self._pane.body, columns=3)
        self._view.pack(fill="x")
        button = ttk.Button(
            self._pane.body,
            text="交班单",
            icon="receipt",
            bootstyle="neutral outline",
            command=lambda: on_slip(self._row) if self._row is not None else None,
        )
        button.pack(anchor="w", pady=(px(parent, 10), 0))

    def show(self, row: Row | None) -> None:
        """Fetch and show a shift."""
        self._row = row
        report = None if row is None else self._context.read(shift_report, shift_id=row["id"])
        if report is None:
            self._pane.clear()
            return
        head = report.figures.head
        ended = f"{show_moment(head.closed_at)} {head.closed_by} 交班" if head.closed_at else "还没有交班"
        about = (f"{show_moment(head.opened_at)} {head.operator} 开班", ended, f"营业日 {head.business_date}")
        self._pane.show(head.number, " · ".join(about))
        self._view.show(report)


PAGE = PageParts(
    build=ShiftsPage,
    watches=frozenset({Topic.MONEY}),
    help=(
        "每个班次从开班的备用金到交班的清点：各种方式收付多少、应有多少、差多少和原因。"
        "交班以后不能再改；以后的退货算在退货时的班次里。"
    ),
    keys=(("F8", "看交班单、补打"), ("双击 / Enter", "看交班单"), *LIST_KEYS),
)
