"""Money taken beforehand for the bill on the counter, and given back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from meiping.domains.sales.deposits import give_deposit_back, take_deposit
from meiping.kernel.money import show_fen
from meiping.ui.bills.money_dialogs import NOTE, TENDER, telling
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind


def take_deposit_dialog(desk: Desk) -> FormDialog:
    """Take money beforehand. Pressed twice, it is booked once."""
    held_fen = desk.till.deposit_fen
    present = f"{desk.till.cart.customer_name} · 应收 {show_fen(desk.till.bill().total_fen)}"
    if held_fen:
        present += f" · 已付定金 {show_fen(held_fen)}"
    return _dialog(desk, "收定金", "定金", present, take_deposit, "已收定金")


def deposit_back_dialog(desk: Desk) -> FormDialog:
    """Give back what was taken beforehand, usually all of it."""
    held_fen = desk.till.deposit_fen
    present = f"{desk.till.cart.customer_name} · 已付定金 {show_fen(held_fen)}"
    return _dialog(
        desk, "退定金", "退定金", present, give_deposit_back, "已退定金", amount_fen=held_fen, danger=True
    )


def _dialog(
    desk: Desk,
    title: str,
    word: str,
    present: str,
    verb: Callable[..., str],
    told: str,
    *,
    amount_fen: int | None = None,
    danger: bool = False,
) -> FormDialog:
    context = desk.context
    key, booked = str(uuid.uuid4()), telling(desk.widget, context, desk.till.refresh)

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            verb,
            key=key,
            cart_key=desk.till.cart.key,
            **values,
            near=dialog,
            button=dialog.button,
            done=lambda number: booked("deposit", number, f"{told} {show_fen(values['amount_fen'])}"),
        )

    fields = (
        Field("present", "", FieldKind.NOTE, hint=present),
        Field("amount_fen", word, FieldKind.MONEY, required=True),
        replace(TENDER, title="退款方式") if danger else TENDER,
        NOTE,
    )
    dialog = FormDialog(
        desk.widget,
        title,
        fields,
        submit=title,
        on_submit=submit,
        values={"amount_fen": amount_fen, "tender": TENDER.default},
        danger=danger,
    )
    dialog.form.editor("amount_fen").target.focus_set()
    return dialog
