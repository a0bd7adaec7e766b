"""Taking money from a customer outside a sale: recharging stored value, receiving what is owed."""

import tkinter as tk
import uuid
from collections.abc import Callable
from typing import Any

from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.ledger.queries import CustomerBalances
from meiping.domains.receivables.service import receive
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.domains.wallet.service import recharge
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_TENDER = Field(
    "tender",
    "收款方式",
    FieldKind.CHOICE,
    required=True,
    choices=tuple((tender.key, tender.title) for tender in RECEIVING_TENDERS),
    default=RECEIVING_TENDERS[0].key,
)
_NOTE = Field("note", "备注", limit=100)


def recharge_dialog(
    parent: tk.Misc,
    context: Context,
    detail: CustomerDetail,
    balances: CustomerBalances,
    done: Callable[[], None],
) -> FormDialog:
    """Put money into a customer's stored value. Pressed twice, it is booked once."""
    key = str(uuid.uuid4())
    present = f"{detail.shown_name} · 现有储值 {show_fen(balances.stored_fen)}"
    if balances.stored_bonus_fen:
        present += f"（含赠送 {show_fen(balances.stored_bonus_fen)}）"

    def submit(values: dict[str, Any]) -> bool:
        values["bonus_fen"] = values["bonus_fen"] or 0
        bonus = f"，赠送 {show_fen(values['bonus_fen'])}" if values["bonus_fen"] else ""
        return context.run(
            recharge,
            key=key,
            customer_id=detail.id,
            **values,
            near=dialog,
            button=dialog.button,
            success=lambda number: f"已充值 {show_fen(values['principal_fen'])}{bonus}，单号 {number}。",
            done=lambda _number: done(),
        )

    fields = (
        Field("present", "", FieldKind.NOTE, hint=present),
        Field("principal_fen", "充值金额", FieldKind.MONEY, required=True),
        Field("bonus_fen", "赠送金额", FieldKind.MONEY),
        _TENDER,
        _NOTE,
    )
    dialog = FormDialog(parent, "充值", fields, submit="充值", on_submit=submit)
    return dialog


def receive_dialog(
    parent: tk.Misc,
    context: Context,
    detail: CustomerDetail,
    balances: CustomerBalances,
    done: Callable[[], None],
) -> FormDialog | None:
    """Take a payment against what a customer owes, all of it unless another sum is typed."""
    if balances.debt_fen <= 0:
        context.toast(f"“{detail.shown_name}”没有欠款。", kind="info")
        return None
    key = str(uuid.uuid4())

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            receive,
            key=key,
            customer_id=detail.id,
            **values,
            near=dialog,
            button=dialog.button,
            success=lambda number: f"已收款 {show_fen(values['amount_fen'])}，单号 {number}。",
            done=lambda _number: done(),
        )

    fields = (
        Field(
            "present", "", FieldKind.NOTE, hint=f"{detail.shown_name} · 现欠 {show_fen(balances.debt_fen)}"
        ),
        Field("amount_fen", "收款金额", FieldKind.MONEY, required=True),
        _TENDER,
        _NOTE,
    )
    values = {"amount_fen": balances.debt_fen, "tender": RECEIVING_TENDERS[0].key}
    dialog = FormDialog(parent, "收款", fields, submit="收款", on_submit=submit, values=values)
    dialog.form.editor("amount_fen").target.focus_set()
    return dialog
