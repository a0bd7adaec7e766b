"""The line in the head of a customer that says when he was contacted, when he shall be, and when he bought."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.sales.last_purchases import last_purchase
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.moments import from_ms, show_date
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.theme import px


class ContactLine(ttk.Frame):
    """最近联系 · 下次联系, red where it is overdue · 最近消费."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._last, self._next, self._bought = (
            ttk.Label(self, style="Muted.TLabel", font="MpSmall") for _ in range(3)
        )

    def show(self, detail: CustomerDetail) -> None:
        """Say what is known; what is not known takes no room."""
        contacted = show_date(from_ms(detail.last_contact_at).date()) if detail.last_contact_at else ""
        planned, today = detail.next_contact_date, self._context.actor.today()
        late = planned is not None and planned < today
        when = ""
        if planned is not None:
            when = f"逾期 {(today - planned).days} 天" if late else "今天" if planned == today else ""
        told = (
            (self._last, f"最近联系 {contacted}" if contacted else "还没有联系过", "Muted.TLabel"),
            (
                self._next,
                f"下次联系 {show_date(planned)}" + (f"（{when}）" if when else "") if planned else "",
                "Bad.TLabel" if late else "TLabel" if planned == today else "Muted.TLabel",
            ),
            (self._bought, self._purchase(detail), "Muted.TLabel"),
        )
        for label, text, style in told:
            label.pack_forget()
            label.configure(text=text, style=style)
            if text:
                label.pack(side="left", padx=(0, px(self, 16)))

    def _purchase(self, detail: CustomerDetail) -> str:
        if not self._context.actor.can(VIEW_SALES):
            return ""
        last = self._context.read(last_purchase, customer_id=detail.id)
        return f"最近消费 {show_date(last.day)} {show_fen(last.total_fen)}" if last is not None else ""
