"""The ways to pay, each with its digit; a digit waits a moment, so that a scanner can't choose one."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.till.rules import Tender
from meiping.kernel.money import show_fen
from meiping.kernel.text import plain
from meiping.ui.pages.counter.payment_draft import PaymentDraft, offered_tenders
from meiping.ui.theme import px

_ICONS = {
    Tender.CASH: "cash-stack",
    Tender.WECHAT: "wechat",
    Tender.ALIPAY: "alipay",
    Tender.CARD: "credit-card-2-front",
    Tender.STORED_VALUE: "wallet2",
    Tender.CREDIT: "journal-text",
    Tender.POINTS: "star",
}
_ACROSS = 3
_HIGH, _LOW = 8, 4
"""Pixels at 100 % above and below the words of a button, in a high window and in a low one."""
SCAN_GAP_MS = 35
"""A digit waits so long before it chooses a tender: a scanner's second digit would have come by then."""


@dataclass(frozen=True, slots=True)
class TenderKeys:
    """What the keys of the grid do."""

    pick: Callable[[Tender], object]
    stored_and_cash: Callable[[], object]
    enter: Callable[[], object]
    space: Callable[[], object]
    back: Callable[[], object]


class TenderGrid(ttk.Frame):
    """Has the focus while a tender is being chosen; a click chooses at any time."""

    def __init__(self, parent: tk.Misc, keys: TenderKeys) -> None:
        super().__init__(parent, takefocus=True)
        self._keys = keys
        self._digits = ""
        self._job: str | None = None
        self._listening = False
        self._resting: bool | None = None
        self._tenders = offered_tenders(points=True)
        self._buttons = {tender: self._button(place, tender) for place, tender in enumerate(self._tenders)}
        self._both = ttk.Button(
            self, command=keys.stored_and_cash, bootstyle="primary ghost", takefocus=False
        )
        self._both.configure(padding=(0, px(self, 3)))
        self.bind("<KeyPress>", self._pressed)
        self.bind("<Destroy>", lambda _event: self._forget(), add=True)

    def _button(self, place: int, tender: Tender) -> ttk.Button:
        row, column = divmod(place, _ACROSS)
        self.columnconfigure(column, weight=1, uniform="tender")
        button = ttk.Button(
            self, icon=_ICONS[tender], command=partial(self._keys.pick, tender), takefocus=False
        )
        button.configure(padding=(px(self, 2), px(self, _HIGH)))
        gap = px(self, 6)
        button.grid(
            row=row, column=column, sticky="ew", padx=(gap if column else 0, 0), pady=(gap if row else 0, 0)
        )
        return button

    @property
    def _both_digit(self) -> int:
        """The digit that takes all stored value there is, and the rest in cash."""
        return len(self._tenders) + 1

    # ---------------------------------------------------------------- what is shown

    def offer(self, tenders: tuple[Tender, ...]) -> None:
        """Show these, the shop has no others."""
        if tenders == self._tenders:
            return
        self._tenders, self._resting = tenders, None
        for tender, button in self._buttons.items():
            if tender in tenders:
                button.grid()
            else:
                button.grid_remove()

    def set_low(self, low: bool) -> None:
        """Leave room below in a low window."""
        for button in self._buttons.values():
            button.configure(padding=(px(self, 2), px(self, _LOW if low else _HIGH)))

    def rest(self, *, usable: bool) -> None:
        """No payment under way: only the words, to be clicked where ``usable``."""
        if self._resting is usable:
            return
        self._listening, self._resting = False, usable
        self._forget()
        self._both.grid_remove()
        for tender, button in self._buttons.items():
            button.configure(text=tender.title, bootstyle="neutral outline")
            button.state(["!disabled" if usable else "disabled"])

    def show(self, draft: PaymentDraft, chosen: Tender, *, firmly: bool) -> None:
        """The digits, the tender at hand, and what stored value and cash would make together."""
        self._listening, self._resting = True, None
        self.offer(draft.tenders)
        for digit, tender in enumerate(self._tenders, start=1):
            button = self._buttons[tender]
            here = "primary" if firmly else "primary outline"
            button.configure(
                text=f"{digit} {tender.title}", bootstyle=here if tender is chosen else "neutral outline"
            )
            button.state(["!disabled"])
        stored_fen = draft.limit_fen(Tender.STORED_VALUE) or 0
        if 0 < stored_fen < draft.rest_fen:
            rest = show_fen(draft.rest_fen - stored_fen)
            self._both.configure(text=f"{self._both_digit} 储值 {show_fen(stored_fen)} + 现金 {rest}")
            row, column = divmod(len(self._tenders), _ACROSS)
            gap = px(self, 6)
            self._both.grid(
                row=row,
                column=column,
                columnspan=_ACROSS - column,
                sticky="ew",
                padx=(gap if column else 0, 0),
                pady=(gap, 0),
            )
        else:
            self._both.grid_remove()

    # ---------------------------------------------------------------- keys

    def _pressed(self, event: "tk.Event[tk.Misc]") -> str | None:
        if not self._listening:
            return None
        char = plain(event.char)
        if event.keysym in ("Return", "KP_Enter"):
            self._forget()
            self._keys.enter()
        elif event.keysym == "BackSpace":
            self._keys.back()
        elif event.char == " ":
            self._keys.space()
        elif char.isdigit():
            self._digit(char)
        else:
            return None
        return "break"

    def _digit(self, char: str) -> None:
        """A digit alone chooses; several in one breath are a scanner's and choose nothing."""
        self._digits += char
        if self._job is not None:
            self.after_cancel(self._job)
        self._job = self.after(SCAN_GAP_MS, self._choose)

    def _choose(self) -> None:
        digits = self._digits
        self._forget()
        if digits == str(self._both_digit):
            self._keys.stored_and_cash()
        elif len(digits) == 1 and 1 <= int(digits) <= len(self._tenders):
            self._keys.pick(self._tenders[int(digits) - 1])

    def _forget(self) -> None:
        self._digits = ""
        if self._job is not None:
            self.after_cancel(self._job)
            self._job = None
