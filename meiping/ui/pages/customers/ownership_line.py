"""Who else looks after the customer of the hub, and the button that changes it."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail, OpenShare, shares_of
from meiping.domains.customers.rules import TRANSFER
from meiping.ui.context import Context
from meiping.ui.pages.customers.ownership_dialogs import ownership_menu
from meiping.ui.widgets.menus import popup


class OwnershipLine(ttk.Label):
    """``授权给小周，至 2026-04-01``; nothing where nobody shares the customer."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Callable[[], None]) -> None:
        super().__init__(parent, style="Warn.TLabel", font="MpSmall")
        self._context, self._changed = context, changed
        self._detail: CustomerDetail | None = None
        self.shares: list[OpenShare] = []
        self._button: ttk.Button | None = None

    def button(self, parent: tk.Misc) -> ttk.Button | None:
        """The button that opens the menu; None without the right to transfer customers."""
        if self._context.actor.can(TRANSFER):
            self._button = ttk.Button(
                parent, text="归属 ▾", icon="person-gear", command=self.open_menu, bootstyle="neutral outline"
            )
        return self._button

    def show(self, detail: CustomerDetail) -> None:
        """Fetch and show who shares this customer."""
        self._detail = detail
        self.shares = self._context.read(shares_of, customer_id=detail.id) or []
        self.configure(text=" · ".join(share.words for share in self.shares))
        if self.shares:
            self.pack(anchor="w")
        else:
            self.pack_forget()

    def open_menu(self) -> None:
        """What can be done about who looks after the customer."""
        if self._detail is None or self._button is None:
            return
        entries = ownership_menu(self, self._context, self._detail, self.shares, self._changed)
        place = self._button.winfo_rootx(), self._button.winfo_rooty() + self._button.winfo_height()
        popup(self._button, entries, *place)

    def menu(self) -> dict[str, Callable[[], object] | None]:
        """What the menu offers now, by its words."""
        assert self._detail is not None
        return dict(ownership_menu(self, self._context, self._detail, self.shares, self._changed))
