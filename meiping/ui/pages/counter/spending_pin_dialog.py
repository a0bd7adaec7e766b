"""请会员输入消费密码: between the payment and the bill. The slow hash is computed by a worker."""

import tkinter as tk
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.rules import PIN_WORDS
from meiping.domains.sales.rules import WAIVE_PIN
from meiping.domains.sales.spending_pins import check_spending_pin, waive_spending_pin
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.money import show_fen
from meiping.store.database import writing
from meiping.ui.context import Context, Progress
from meiping.ui.theme import px
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_WIDTH = 380


class SpendingPinDialog(FormDialog):
    """Says who (``told``) will spend what and asks for his PIN: digits, Enter. ``passed`` once he may spend it."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        customer_id: int,
        told: str,
        cart_key: str,
        amount_fen: int,
    ) -> None:
        self.passed = False
        self._context = context
        self._asked: dict[str, Any] = {
            "customer_id": customer_id,
            "cart_key": cart_key,
            "amount_fen": amount_fen,
        }
        fields = (Field("pin", PIN_WORDS, FieldKind.PASSWORD, required=True),)
        super().__init__(
            parent,
            f"请会员输入{PIN_WORDS}",
            fields,
            submit="确定 Enter",
            on_submit=self._submit,
            width=_WIDTH,
        )
        head = ttk.Frame(self.body)
        head.pack(fill="x", before=self.form, pady=(0, px(self, 14)))
        ttk.Label(head, text=told, style="Muted.TLabel").pack(anchor="w")
        ttk.Label(head, text=show_fen(amount_fen), font="MpKpi").pack(anchor="w")
        if context.may_get(WAIVE_PIN):
            self.add_button("免密码 F4", self._waive)
            self.bind("<F4>", lambda _event: self._waive())
        self.pin = self.form.editor("pin")
        self.pin.target.focus_set()

    def _submit(self, entered: dict[str, Any]) -> bool:
        actor: Actor = self._context.actor
        asked: dict[str, Any] = {**self._asked, **entered}

        def work(_progress: Progress) -> None:
            with writing():
                check_spending_pin(actor, **asked)

        self.button.configure(state="disabled")
        self._context.background(
            work, title=f"核对{PIN_WORDS}", done=self._right, failed=self._failed, quiet=True
        )
        return False

    def _right(self, _none: object) -> None:
        if self.winfo_exists():
            self.passed = True
            self.close()

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal")
        self.pin.set_value("")
        if isinstance(error, UserError):
            self.show_error(InputError(error.sentence, field="pin"))
        self.pin.target.focus_set()

    def _waive(self) -> None:
        """Who may, or a colleague with his PIN, lets the bill go without it."""
        self._context.run(waive_spending_pin, **self._asked, near=self, done=self._right)

    def dismiss(self) -> None:
        """Back to the payment; nothing is asked, there is nothing to lose."""
        self.close()
