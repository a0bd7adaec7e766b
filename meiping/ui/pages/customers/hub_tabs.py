"""The sub-tabs of the customer hub: lists about one customer, fetched when their tab is in front."""

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import ttkbootstrap as ttk

from meiping.domains.audit.queries import CHANGE_COLUMNS
from meiping.domains.customers.queries import CustomerDetail, customer_changes
from meiping.domains.customers.rules import VIEW
from meiping.domains.ledger.queries import STATEMENT_COLUMNS, statement
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.reminders.queries import REMINDER_COLUMNS, reminders_of
from meiping.domains.reminders.rules import USE
from meiping.domains.sales.queries import BILL_COLUMNS, bills_of
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Column, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_output import export_listing
from meiping.ui.pages.customers.customer_actions import BILLS_PAGE, REMINDERS_PAGE
from meiping.ui.pages.customers.customer_card import facts_of
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Facts, wrap_to_width
from meiping.ui.widgets.scroller import Scroller
from meiping.ui.widgets.virtual_list import VirtualList


class _Reader(Protocol):
    def __call__(self, actor: Any, *, customer_id: int) -> Listing: ...


@dataclass(frozen=True, slots=True)
class _ListTab:
    """A list about one customer. ``opens`` is the page a double click goes to, with the row selected."""

    title: str
    permission: Permission
    columns: Sequence[Column]
    read: _Reader
    empty: str
    opens: str | None = None


def _without_customer(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.key != "customer")


_TABS = (
    _ListTab(
        "业务",
        VIEW_SALES,
        _without_customer(BILL_COLUMNS),
        bills_of,
        "还没有业务。按 F9 开单，卖给这位客户的都会记在这里。",
        BILLS_PAGE,
    ),
    _ListTab(
        "财务往来", VIEW_MONEY, STATEMENT_COLUMNS, statement, "还没有往来。销售、充值、收款都会记在这里。"
    ),
    _ListTab(
        "提醒",
        USE,
        _without_customer(REMINDER_COLUMNS),
        reminders_of,
        "还没有提醒。按 F8 给这位客户定一个。",
        REMINDERS_PAGE,
    ),
)
_CHANGES = _ListTab("变动记录", VIEW, CHANGE_COLUMNS, customer_changes, "资料还没有改动过。")


class _ListPane(ttk.Frame):
    """One list tab."""

    def __init__(self, parent: tk.Misc, context: Context, tab: _ListTab) -> None:
        super().__init__(parent, padding=(0, px(parent, 10), 0, 0))
        self._context, self.tab = context, tab
        self._shown: int | None = None
        self.list = VirtualList(
            self,
            tab.columns,
            key=f"hub.{tab.title}",
            view=context.view,
            empty=(tab.empty, None, None),
            on_open=self._open if tab.opens else None,
        )
        self.list.pack(fill="both", expand=True)

    def show(self, detail: CustomerDetail) -> None:
        """Fetch this customer's rows; the place is kept while it is the same customer."""
        if self._shown == detail.id:
            self.list.reload()
        else:
            self.list.set_listing(FreshListing(lambda: self._read(detail.id)))
        self._shown = detail.id

    def _read(self, customer_id: int) -> Listing:
        """The rows; none where they are refused, which has been told."""
        found: Listing | None = self._context.read(self.tab.read, customer_id=customer_id)
        return found or Table(self.tab.title, tuple(self.tab.columns), [])

    def _open(self, row: Row) -> None:
        if self.tab.opens is not None:
            self._context.open_page(self.tab.opens, select=row["id"])

    def export(self, detail: CustomerDetail) -> None:
        """Everything in the tab into a workbook; the customer stands in the sheet, for titles go into the logs."""
        columns, sort = self.list.visible_columns(), self.list.layout.sort
        listing = self._read(detail.id)
        export_listing(self, self._context, self.tab.title, columns, listing, sort, detail.shown_name)


class _FactsPane(Scroller):
    """Everything entered about the customer."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._facts = Facts(self.inner, columns=3)
        self._facts.pack(fill="x", pady=(px(self, 14), 0))
        self._words = ttk.Label(self.inner, style="Muted.TLabel", font="MpSmall")
        self._notes = ttk.Label(self.inner, justify="left")
        wrap_to_width(self._notes)

    def show(self, detail: CustomerDetail) -> None:
        """Say what is known."""
        self._facts.show([*facts_of(detail), ("地址", detail.address)])
        self._notes.pack_forget()
        self._words.pack_forget()
        if detail.notes:
            self._words.configure(text="备注")
            self._words.pack(anchor="w")
            self._notes.configure(text=detail.notes)
            self._notes.pack(fill="x")


class HubTabs(ttk.Notebook):
    """业务 · 财务往来 · 提醒 · 资料 · 变动记录, as far as the operator may see them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, style="Flat.TNotebook")
        self._panes: list[_ListPane | _FactsPane] = [
            _ListPane(self, context, tab) for tab in _TABS if context.actor.can(tab.permission)
        ]
        titles = [pane.tab.title for pane in self._panes if isinstance(pane, _ListPane)]
        self._panes += [_FactsPane(self), _ListPane(self, context, _CHANGES)]
        for pane, title in zip(self._panes, [*titles, "资料", _CHANGES.title], strict=True):
            self.add(pane, text=title)
        self._detail: CustomerDetail | None = None
        self._fresh: set[int] = set()
        self.bind("<<NotebookTabChanged>>", lambda _event: self._show_front(), add=True)

    def show(self, detail: CustomerDetail) -> None:
        """Another customer, or the same one anew: what is in front is fetched, the rest when it comes there."""
        self._detail = detail
        self._fresh.clear()
        self._show_front()

    def _front(self) -> int:
        return int(self.index("current"))

    def _show_front(self) -> None:
        place = self._front()
        if self._detail is not None and place not in self._fresh:
            self._fresh.add(place)
            self._panes[place].show(self._detail)

    def export(self) -> None:
        """The list in front into a workbook."""
        pane = self._panes[self._front()]
        if self._detail is not None and isinstance(pane, _ListPane):
            pane.export(self._detail)
