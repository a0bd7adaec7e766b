"""A bill made for a customer whose page the clerk came from: said in the head, and led back to when it is done."""

import tkinter as tk

from meiping.domains.sales.carts import PostedBill
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.context import Context
from meiping.ui.widgets.cards import PageHead

_HUB = "customer_hub"


class Errand:
    """Under way from ``begin`` until the bill is settled or put aside, or the clerk goes back by Esc."""

    def __init__(self, widget: tk.Widget, context: Context, head: PageHead, *facts: str) -> None:
        self._widget, self._context, self._head, self._facts = widget, context, head, facts
        self._customer_id: int | None = None
        self.trips = 0
        """How often it led back: who was about to take the keys then leaves them where they are."""
        self.end()

    def begin(self, customer_id: int) -> None:
        """The clerk came from this customer."""
        self._customer_id = customer_id
        self._head.facts(f"来自客户操作 · Esc 返回 · {self._facts[0]}", "来自客户操作 · Esc 返回", "Esc 返回")

    def say(self, *facts: str) -> None:
        """What the head says when there is nothing to go back to: in full, then in fewer words."""
        self._facts = facts
        if self._customer_id is None:
            self.end()

    def end(self) -> None:
        """There is nothing to go back to."""
        self._customer_id = None
        self._head.facts(*self._facts)

    def follow(self, customer_id: int | None) -> None:
        """The bill is another customer's now: it is no longer this errand."""
        if self._customer_id is not None and customer_id not in (None, self._customer_id):
            self.end()

    @property
    def under_way(self) -> bool:
        """Whether there is a customer to go back to."""
        return self._customer_id is not None

    def back(self) -> bool:
        """To the customer again; False if the clerk did not come from one."""
        customer_id = self._customer_id
        if customer_id is None:
            return False
        self.end()
        self.trips += 1
        self._context.open_page(_HUB, customer_id=customer_id)
        return True

    def settled(self, posted: PostedBill) -> bool:
        """Back once the bill is settled; where change must be given it stays in sight until Enter or Esc."""
        if self._customer_id is None or posted.change_fen:
            return False
        told = f"{posted.number} 已结账 {show_fen(posted.total_fen)}。"
        self.back()
        hand_out_slip(self._widget, self._context, told, source="sale", number=posted.number)
        return True
