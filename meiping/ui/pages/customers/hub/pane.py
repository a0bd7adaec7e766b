"""What a sub-tab of the hub is, and the one that most of them are: a list about one customer."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail
from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Column, Listing, Table
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_actions import Action, ListActions
from meiping.ui.list_output import export_listing
from meiping.ui.theme import px
from meiping.ui.widgets.virtual_list import VirtualList

Changed = Callable[[], None]
"""Called by a pane after something was done in it, so that the hub shows the customer anew."""


class HubPane(Protocol):
    """One sub-tab; ``widget`` fills it."""

    widget: tk.Widget

    def show(self, detail: CustomerDetail) -> None:
        """Fetch and show what concerns this customer; the place is kept while it is the same one."""

    def export(self, detail: CustomerDetail) -> None:
        """Everything in the tab into a workbook."""


@runtime_checkable
class AddingPane(HubPane, Protocol):
    """A pane in which something can be added to the customer shown."""

    def add(self) -> object:
        """Ask for a new one."""


@dataclass(frozen=True, slots=True)
class HubTab:
    """A sub-tab as the hub knows it; who lacks ``permission`` does not see it."""

    title: str
    permission: Permission
    build: Callable[[tk.Misc, Context, Changed], HubPane]


class Reader(Protocol):
    """A query that gives the rows about one customer."""

    def __call__(self, actor: Any, *, customer_id: int) -> Listing: ...


@dataclass(frozen=True, slots=True)
class HubList:
    """A list about one customer, declared.

    ``actions`` as on a list page: those in the head become small buttons above the list, and their keys work while
    the list has the focus. ``empty`` says what belongs here; ``adds`` is the word of the action that puts it there.
    ``columns`` may be a function, asked anew whenever the customer is shown.
    """

    title: str
    columns: Sequence[Column] | Callable[[], Sequence[Column]]
    read: Reader
    empty: str
    unit: str = "条"
    actions: Sequence[Action] = ()
    adds: str | None = None


class HubListPane:
    """One list tab; a pane with actions is a subclass that declares them as its own methods."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed, spec: HubList) -> None:
        self.widget: tk.Widget = ttk.Frame(parent, padding=(0, px(parent, 10), 0, 0))
        self.context, self.changed, self.spec = context, changed, spec
        self.detail: CustomerDetail | None = None
        self._actions = ListActions(context, spec.actions)
        self._count: ttk.Label | None = None
        self._sometimes: list[tuple[Action, ttk.Button]] = []
        if self._actions.in_head:
            self._build_bar()
        self.list = VirtualList(self.widget, self._columns(), key=f"hub.{spec.title}", view=context.view)
        adds = self._actions.called(spec.adds)
        self.list.set_empty(spec.empty, adds.text if adds else None, adds.command if adds else None)
        self._actions.serve(self.list, bare=True)
        anywhere = {one.key: one.command for one in self._actions.offered if one.key and not one.on_rows}
        if anywhere:  # an empty list never has the focus
            context.keys.bind(self.widget, anywhere)
        self.list.pack(fill="both", expand=True)

    def _columns(self) -> Sequence[Column]:
        columns = self.spec.columns
        return columns() if callable(columns) else columns

    def _build_bar(self) -> None:
        bar = ttk.Frame(self.widget)
        bar.pack(fill="x", pady=(0, px(bar, 6)))
        for action in self._actions.in_head:
            button = ttk.Button(bar, text=action.text, command=partial(self._actions.perform, action))
            button.configure(bootstyle="primary ghost" if action.primary else "neutral ghost")
            if action.icon:
                button.configure(icon=action.icon)
            button.pack(side="left", padx=(0, px(bar, 4)))
            if action.when is not None:
                self._sometimes.append((action, button))
        self._count = ttk.Label(bar, style="Muted.TLabel", font="MpSmall")
        self._count.pack(side="right")

    def show(self, detail: CustomerDetail) -> None:
        """Fetch this customer's rows."""
        same = self.detail is not None and self.detail.id == detail.id
        self.detail = detail
        for action, button in self._sometimes:
            if not action.is_on:
                button.pack_forget()
            elif not button.winfo_manager():
                button.pack(side="left", padx=(0, px(button, 4)))
        if callable(self.spec.columns):
            self.list.set_columns(self._columns())
        if same:
            self.list.reload()
        else:
            self.list.set_listing(FreshListing(lambda: self._read(detail.id)))
        if self._count is not None:
            count = self.list.count
            self._count.configure(text=f"共 {count:,} {self.spec.unit}" if count else "")

    def _read(self, customer_id: int) -> Listing:
        """The rows; none where they are refused, which has been told."""
        found: Listing | None = self.context.read(self.spec.read, customer_id=customer_id)
        return found or Table(self.spec.title, tuple(self._columns()), [])

    def usable(self) -> CustomerDetail | None:
        """The customer shown, unless in the recycle bin, which is told."""
        if self.detail is not None and self.detail.deleted_at is not None:
            self.context.toast("这位客户在回收站里，请先恢复。", kind="info")
            return None
        return self.detail

    def export(self, detail: CustomerDetail) -> None:
        """Everything in the tab into a workbook; the customer stands in the sheet, for titles go into the logs."""
        columns, sort = self.list.visible_columns(), self.list.layout.sort
        listing = self._read(detail.id)
        export_listing(self.widget, self.context, self.spec.title, columns, listing, sort, detail.shown_name)


def list_tab(permission: Permission, spec: HubList) -> HubTab:
    """A sub-tab that only shows a list."""
    return HubTab(
        spec.title, permission, lambda parent, context, changed: HubListPane(parent, context, changed, spec)
    )


def without_customer(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns of a list over all customers as they stand under one customer."""
    return tuple(column for column in columns if column.key != "customer")
