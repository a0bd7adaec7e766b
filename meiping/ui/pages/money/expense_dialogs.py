"""The forms of expenses and advances."""

import tkinter as tk
import uuid
from collections.abc import Callable
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.expenses.queries import to_set_off
from meiping.domains.expenses.rules import CATEGORY, EXPENSE, KINDS, PAY, ExpenseInput
from meiping.domains.expenses.service import pay_expense, request_expense, settle_advance, spend
from meiping.domains.settings.queries import words
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Row
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

_TENDERS = tuple((tender.key, tender.title) for tender in RECEIVING_TENDERS)
_LATER, _SET_OFF = "later", "set off"


def new_expense_dialog(parent: tk.Misc, context: Context, kind: str, done: Callable[[], None]) -> FormDialog:
    """Write one down; who may pay and needs nobody's approval pays it at once or says that it comes later."""
    at_once = context.actor.can(PAY) and not context.option("expenses.approval")
    key = str(uuid.uuid4())

    def submit(values: Values) -> bool:
        tender = values.pop("tender", _LATER)
        asked: dict[str, Any] = {"key": key, "kind": kind, "expense": ExpenseInput(**values)}
        if tender != _LATER:
            return context.run(
                spend,
                **asked,
                tender=tender,
                near=dialog,
                button=dialog.button,
                done=lambda number: _paid(parent, context, kind, number, done),
            )
        return context.run(
            request_expense,
            **asked,
            near=dialog,
            button=dialog.button,
            success=f"已登记{KINDS[kind]}，等待{'支付' if not context.option('expenses.approval') else '审批'}。",
            done=lambda _expense_id: done(),
        )

    dialog = FormDialog(
        parent,
        f"登记{KINDS[kind]}",
        _expense_fields(context, kind, at_once=at_once),
        submit="登记",
        on_submit=submit,
        values={"tender": "cash", "person_id": context.actor.operator_id},
        columns=1,
    )
    return dialog


def _expense_fields(context: Context, kind: str, *, at_once: bool) -> list[Field]:
    fields = [
        Field(
            "category_id",
            "类别",
            FieldKind.CHOICE,
            required=True,
            choices=lambda: tuple((word.id, word.name) for word in words(CATEGORY)),
            hint="类别在“系统 → 数据字典”里增减",
        ),
        Field("amount_fen", "金额", FieldKind.MONEY, required=True),
        Field("payee", "收款方", limit=60),
        Field(
            "person_id",
            "经手人" if kind == EXPENSE else "借支人",
            FieldKind.CHOICE,
            required=True,
            choices=lambda: tuple(colleagues(context.actor)),
        ),
        Field(
            "tender",
            "支付",
            FieldKind.CHOICE,
            required=True,
            choices=(*_TENDERS, (_LATER, "以后支付")),
        ),
        Field("note", "说明", limit=200),
    ]
    if kind != EXPENSE:
        fields = [field for field in fields if field.key not in ("category_id", "payee")]
    if not at_once:
        fields = [field for field in fields if field.key != "tender"]
    return fields


def pay_dialog(
    parent: tk.Misc, context: Context, row: Row, kind: str, done: Callable[[], None]
) -> FormDialog:
    """Pay one that was approved."""
    fields = (
        Field(
            "present",
            "",
            FieldKind.NOTE,
            hint=f"{row['number']} · {row['person']} · {show_fen(row['amount_fen'])}",
        ),
        Field("tender", "支付方式", FieldKind.CHOICE, required=True, choices=_TENDERS),
    )

    def submit(values: Values) -> bool:
        return context.run(
            pay_expense,
            expense_id=row["id"],
            tender=values["tender"],
            near=dialog,
            button=dialog.button,
            done=lambda number: _paid(parent, context, kind, number, done),
        )

    title = f"支付{KINDS[kind]}"
    dialog = FormDialog(parent, title, fields, submit="支付", on_submit=submit, values={"tender": "cash"})
    return dialog


def settle_dialog(parent: tk.Misc, context: Context, row: Row, done: Callable[[], None]) -> FormDialog:
    """Take an advance back as money, or set an expense off against it."""
    key = str(uuid.uuid4())
    bills = context.read(to_set_off) or []
    ways = (*_TENDERS, *([(_SET_OFF, "用费用单抵扣")] if bills else []))

    def submit(values: Values) -> bool:
        if values["tender"] == _SET_OFF:
            asked: dict[str, Any] = {"expense_id": values["expense_id"]}
        else:
            asked = {"amount_fen": values["amount_fen"], "tender": values["tender"]}
        return context.run(
            settle_advance,
            key=key,
            advance_id=row["id"],
            **asked,
            near=dialog,
            button=dialog.button,
            success=lambda number: f"已还款，单号 {number}。",
            done=lambda _number: done(),
        )

    def changed(key: str) -> None:
        if key == "tender":
            by_bill = dialog.form.value("tender") == _SET_OFF
            dialog.form.show_many({"amount_fen": not by_bill, "expense_id": by_bill})

    fields = (
        Field("present", "", FieldKind.NOTE, hint=f"{row['person']} · 还没还 {show_fen(row['left_fen'])}"),
        Field("tender", "怎么还", FieldKind.CHOICE, required=True, choices=ways),
        Field("amount_fen", "还款金额", FieldKind.MONEY, required=True),
        Field("expense_id", "费用单", FieldKind.CHOICE, required=True, choices=tuple(bills), hidden=True),
    )
    dialog = FormDialog(
        parent,
        "借支还款",
        fields,
        submit="还款",
        on_submit=submit,
        on_change=changed,
        values={"tender": "cash", "amount_fen": row["left_fen"]},
    )
    return dialog


def _paid(parent: tk.Misc, context: Context, kind: str, number: str, done: Callable[[], None]) -> None:
    done()
    hand_out_slip(parent, context, f"已支付{KINDS[kind]}，单号 {number}。", source="expense", number=number)
