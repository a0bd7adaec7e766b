"""The window of cash beside bills: put in, taken out, or just the drawer opened."""

import tkinter as tk
import uuid
from typing import Any

from meiping.domains.till.drawer import move_cash, open_drawer
from meiping.domains.till.rules import CASH_REASONS, OPEN_DRAWER
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.bills.till_printer import open_drawer as send_pulse
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_IN, _OUT = "in", "out"


def only_open_drawer(context: Context) -> None:
    """Open the drawer without money; it is written down first."""
    context.run(open_drawer, done=lambda _none: send_pulse(context))


class CashDialog(FormDialog):
    """Cash put into the drawer or taken out, with a reason; or just the drawer."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._parent, self._context, self._key = parent, context, str(uuid.uuid4())
        fields = (
            Field(
                "way",
                "现金",
                FieldKind.SWITCH,
                choices=((_OUT, "从钱箱取出"), (_IN, "存入钱箱")),
                default=_OUT,
            ),
            Field("amount_fen", "金额", FieldKind.MONEY, required=True),
            Field(
                "reason",
                "原因",
                FieldKind.SUGGEST,
                required=True,
                choices=[(w, w) for w in CASH_REASONS],
                limit=60,
            ),
        )
        super().__init__(parent, "现金收支", fields, submit="记账", on_submit=self._book)
        if context.may_get(OPEN_DRAWER):
            self.add_button("只开钱箱", self._only_drawer)
        self.form.editor("amount_fen").target.focus_set()

    def _only_drawer(self) -> None:
        self.close()
        only_open_drawer(self._context)

    def _book(self, values: dict[str, Any]) -> bool:
        out = values["way"] == _OUT
        amount_fen = values["amount_fen"]
        said = f"已从钱箱取出 {show_fen(amount_fen)}" if out else f"已存入钱箱 {show_fen(amount_fen)}"
        context, parent = self._context, self._parent
        return context.run(
            move_cash,
            key=self._key,
            amount_fen=-amount_fen if out else amount_fen,
            reason=values["reason"],
            near=self,
            button=self.button,
            done=lambda number: hand_out_slip(
                parent, context, f"{said}，单号 {number}。", source="cash_movement", number=number
            ),
        )
