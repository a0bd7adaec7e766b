"""What the parts of the counter share: the bill, the field, the column, the errand, and how a refusal is told."""

import tkinter as tk
from collections.abc import Callable

from meiping.domains.reports.names import person_called
from meiping.domains.sales.queries import NOBODY_WORD
from meiping.kernel.errors import UserError
from meiping.kernel.permissions import Permission
from meiping.ui.context import Context
from meiping.ui.pages.counter.cart_controller import CartController
from meiping.ui.pages.counter.errand import Errand
from meiping.ui.pages.counter.scan_field import ScanField
from meiping.ui.pages.counter.side_column import Side, SideColumn


class Desk:
    """One counter on screen; the page puts field, column and errand in as soon as they are built."""

    scan: ScanField
    side: SideColumn
    errand: Errand

    def __init__(self, context: Context, widget: tk.Widget, till: CartController) -> None:
        self.context, self.widget, self.till = context, widget, till

    @property
    def paying(self) -> bool:
        """Whether the money is being taken."""
        return self.side.state_shown is Side.PAYING

    def person(self, operator_id: int | None) -> str:
        """The name of a salesperson, empty for none."""
        return self.context.read(person_called, operator_id=operator_id) or "" if operator_id else ""

    def people(self) -> list[str]:
        """Whom each line of the bill counts for, empty where that is the bill's salesperson."""
        cart = self.till.cart
        own = [cart.own_salesperson(line) for line in cart.lines]
        return ["" if one is None else self.person(one) or NOBODY_WORD for one in own]

    def say(self, sentence: str) -> None:
        """Tell a refusal below the scan field, with a sound; while paying, below the amount."""
        if self.paying:
            self.side.payment.notice(sentence)
            return
        self.scan.offer.offer(sentence)
        self.widget.bell()

    def focus(self) -> None:
        """Give the keys to the scan field, in payment to the payment."""
        if self.paying:
            payment = self.side.payment
            (payment.amount if payment.is_typing() else payment.chooser).focus_set()
        elif self.scan.prompt.is_open:
            self.scan.prompt.entry.focus_set()
        else:
            self.scan.focus_set()

    def attempt(self, action: Callable[[], object]) -> bool:
        """Do something with the bill; False after a refusal, which is told."""
        try:
            action()
        except UserError as error:
            self.say(error.sentence)
            return False
        return True

    def allowed(self, permission: Permission) -> bool:
        """Whether the clerk may do it, or could be allowed to; if not, says so."""
        return self.context.may_get(permission) or self.attempt(
            lambda: self.context.actor.require(permission)
        )
