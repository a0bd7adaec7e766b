"""A customer's stored value outside a sale: recharging and refunding it.

The customer is named by id and by the name shown; the counter opens these as the customer's page does.
"""

import tkinter as tk
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from meiping.domains.customers.levels import level_of
from meiping.domains.ledger.queries import CustomerBalances
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.domains.wallet.queries import recharge_offer
from meiping.domains.wallet.rules import Offer
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

TENDER = Field(
    "tender",
    "收款方式",
    FieldKind.CHOICE,
    required=True,
    choices=tuple((tender.key, tender.title) for tender in RECEIVING_TENDERS),
    default=RECEIVING_TENDERS[0].key,
)
NOTE = Field("note", "备注", limit=100)
_NO_RULE = "没有适用的充值规则"


def recharge_dialog(
    parent: tk.Misc,
    context: Context,
    customer_id: int,
    name: str,
    balances: CustomerBalances,
    done: Callable[[], None],
) -> FormDialog:
    """Put money into a customer's stored value. Pressed twice, it is booked once.

    The bonus follows what the shop's rules give for the sum, until another one is typed.
    """
    key, booked = str(uuid.uuid4()), telling(parent, context, done)
    offered, level = Offer(), context.read(level_of, customer_id=customer_id)

    def risen() -> str:
        now = context.read(level_of, customer_id=customer_id)
        return f"，升级为{now}" if now != level else ""

    def submit(values: dict[str, Any]) -> bool:
        values["bonus_fen"] = values["bonus_fen"] or 0
        bonus = f"，赠送 {show_fen(values['bonus_fen'])}" if values["bonus_fen"] else ""
        return context.run(
            recharge,
            key=key,
            customer_id=customer_id,
            **values,
            near=dialog,
            button=dialog.button,
            done=lambda number: booked(
                "recharge", number, f"已充值 {show_fen(values['principal_fen'])}{bonus}{risen()}"
            ),
        )

    def changed(key: str) -> None:
        nonlocal offered
        if key != "principal_fen":
            return
        form, sum_fen = dialog.form, dialog.form.value("principal_fen") or 0
        followed = (form.value("bonus_fen") or 0) == offered.bonus_fen
        offered = context.read(recharge_offer, customer_id=customer_id, principal_fen=sum_fen) or Offer()
        form.rehint("bonus_fen", f"按规则“{offered.rule}”" if offered.rule else _NO_RULE if sum_fen else "")
        if followed:
            form.set_value("bonus_fen", offered.bonus_fen or None)

    fields = _recharge_fields(name, balances)
    dialog = FormDialog(parent, "充值", fields, submit="充值", on_submit=submit, on_change=changed)
    return dialog


def _recharge_fields(name: str, balances: CustomerBalances) -> tuple[Field, ...]:
    present = f"{name} · 现有储值 {show_fen(balances.stored_fen)}"
    if balances.stored_bonus_fen:
        present += f"（含赠送 {show_fen(balances.stored_bonus_fen)}）"
    return (
        Field("present", "", FieldKind.NOTE, hint=present),
        Field("principal_fen", "充值金额", FieldKind.MONEY, required=True),
        Field("bonus_fen", "赠送金额", FieldKind.MONEY),
        TENDER,
        NOTE,
    )


def refund_dialog(
    parent: tk.Misc,
    context: Context,
    customer_id: int,
    name: str,
    balances: CustomerBalances,
    done: Callable[[], None],
) -> FormDialog | None:
    """Give principal back as money; when all of it goes, what becomes of the bonus must be chosen."""
    principal_fen, bonus_fen = balances.stored_principal_fen, balances.stored_bonus_fen
    if principal_fen <= 0:
        only = f"，只有赠送 {show_fen(bonus_fen)}，不能退成现金" if bonus_fen else ""
        context.toast(f"“{name}”没有可退的储值本金{only}。", kind="info")
        return None
    key, booked = str(uuid.uuid4()), telling(parent, context, done)

    def submit(values: dict[str, Any]) -> bool:
        lapse = {"lapse": True, "keep": False}.get(values.pop("bonus", None) or "")
        lapsed = f"，赠送 {show_fen(bonus_fen)} 作废" if lapse else ""
        return context.run(
            refund,
            key=key,
            customer_id=customer_id,
            lapse_bonus=lapse,
            **values,
            near=dialog,
            button=dialog.button,
            done=lambda number: booked(
                "refund", number, f"已退款 {show_fen(values['principal_fen'])}{lapsed}"
            ),
        )

    def changed(key: str) -> None:
        if key == "principal_fen":
            dialog.form.show("bonus", bonus_fen > 0 and dialog.form.value("principal_fen") == principal_fen)

    values = {"tender": RECEIVING_TENDERS[0].key}
    dialog = FormDialog(
        parent,
        "储值退款",
        _refund_fields(name, balances),
        submit="退款",
        on_submit=submit,
        on_change=changed,
        values=values,
        danger=True,
    )
    dialog.form.show("bonus", False)
    dialog.form.editor("principal_fen").target.focus_set()
    return dialog


def _refund_fields(name: str, balances: CustomerBalances) -> tuple[Field, ...]:
    bonus_fen = balances.stored_bonus_fen
    present = f"{name} · 可退本金 {show_fen(balances.stored_principal_fen)}"
    if bonus_fen:
        present += f"；赠送 {show_fen(bonus_fen)} 不能退成现金"
    return (
        Field("present", "", FieldKind.NOTE, hint=present),
        Field("principal_fen", "退款金额", FieldKind.MONEY, required=True),
        replace(TENDER, title="退款方式"),
        Field(
            "bonus",
            "赠送余额",
            FieldKind.CHOICE,
            required=True,
            choices=(("lapse", f"作废 {show_fen(bonus_fen)}"), ("keep", f"保留 {show_fen(bonus_fen)}")),
            hint="本金全部退完，请选择赠送怎么办",
        ),
        NOTE,
    )


def telling(parent: tk.Misc, context: Context, done: Callable[[], None]) -> Callable[[str, str, str], None]:
    """What follows a booked slip: the page shows it, and it is told with the way to its paper."""

    def booked(source: str, number: str, words: str) -> None:
        done()
        hand_out_slip(parent, context, f"{words}，单号 {number}。", source=source, number=number)

    return booked
