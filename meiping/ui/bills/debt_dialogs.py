"""What a customer owes: receiving it, against certain bills or the oldest first, and giving it up."""

import tkinter as tk
import uuid
from collections.abc import Callable
from typing import Any

from meiping.domains.receivables.queries import open_items
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Row, Table
from meiping.ui.bills.money_dialogs import NOTE, TENDER, telling
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_MOST_BILLS = 12
"""As many of the oldest bills can be ticked; a debt on more is paid from the oldest on."""
_OLDEST_FIRST = "先还最早的"


def receive_dialog(
    parent: tk.Misc, context: Context, customer_id: int, name: str, done: Callable[[], None]
) -> FormDialog | None:
    """Take a payment against what a customer owes, all of it unless another sum is typed or bills are ticked."""
    owed = _owed(context, customer_id, name)
    if owed is None:
        return None
    key, booked, ticks = str(uuid.uuid4()), telling(parent, context, done), _Ticks(owed)

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            receive,
            key=key,
            customer_id=customer_id,
            **{"bills": (), **values},
            near=dialog,
            button=dialog.button,
            done=lambda number: booked("receipt", number, f"已收款 {show_fen(values['amount_fen'])}"),
        )

    fields = (*_fields(owed, name, "收款金额"), TENDER, NOTE)
    values = {"amount_fen": owed.totals["open_fen"], "tender": RECEIVING_TENDERS[0].key}
    dialog = FormDialog(
        parent,
        "收款",
        fields,
        submit="收款",
        on_submit=submit,
        values=values,
        on_change=lambda key: ticks.follow(dialog, key),
    )
    dialog.form.editor("amount_fen").target.focus_set()
    return dialog


def write_off_dialog(
    parent: tk.Misc, context: Context, customer_id: int, name: str, done: Callable[[], None]
) -> FormDialog | None:
    """Give up what a customer owes, or part of it; it stays in the books as a loss."""
    owed = _owed(context, customer_id, name)
    if owed is None:
        return None
    key, ticks = str(uuid.uuid4()), _Ticks(owed)

    def finished(number: str, amount_fen: int) -> None:
        done()
        context.toast(f"已核销 {show_fen(amount_fen)}，单号 {number}。")

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            write_off,
            key=key,
            customer_id=customer_id,
            **{"bills": (), **values},
            near=dialog,
            button=dialog.button,
            done=lambda number: finished(number, values["amount_fen"]),
        )

    fields = (
        *_fields(owed, name, "核销金额"),
        Field("reason", "原因", required=True, limit=200, hint="核销后记为坏账损失，不能撤销"),
    )
    dialog = FormDialog(
        parent,
        "坏账核销",
        fields,
        submit="核销",
        on_submit=submit,
        values={"amount_fen": owed.totals["open_fen"]},
        on_change=lambda key: ticks.follow(dialog, key),
        danger=True,
    )
    dialog.form.editor("amount_fen").target.focus_set()
    return dialog


def _owed(context: Context, customer_id: int, name: str) -> Table | None:
    owed: Table | None = context.read(open_items, customer_id=customer_id)
    if owed is not None and not owed.rows:
        context.toast(f"“{name}”没有欠款。", kind="info")
        return None
    return owed


def _fields(owed: Table, name: str, title: str) -> tuple[Field, ...]:
    bills = [row for row in owed.rows if row["id"]][:_MOST_BILLS]
    fields: list[Field] = [
        Field("present", "", FieldKind.NOTE, hint=f"{name} · 现欠 {show_fen(owed.totals['open_fen'])}"),
        Field(
            "amount_fen",
            title,
            FieldKind.MONEY,
            required=True,
            hint=_OLDEST_FIRST if len(owed.rows) > 1 else "",
        ),
    ]
    if len(owed.rows) > 1:
        choices = tuple((row["id"], _word(row)) for row in bills)
        fields.append(Field("bills", "只还勾选的单", FieldKind.SEVERAL, choices=choices))
    return tuple(fields)


def _word(row: Row) -> str:
    late = f" · 逾期 {row['days']} 天" if row["days"] else ""
    return f"{row['number']} · 欠 {show_fen(row['open_fen'])}{late}"


class _Ticks:
    """The amount follows what is ticked, all where nothing is, until another one is typed."""

    def __init__(self, owed: Table) -> None:
        self._owed = owed
        self._proposed_fen: int | None = owed.totals["open_fen"] if owed.totals else None

    def follow(self, dialog: FormDialog, key: str) -> None:
        """A field of the dialog was changed."""
        if key != "bills":
            return
        form = dialog.form
        ticked = form.value("bills")
        form.rehint("amount_fen", "" if ticked else _OLDEST_FIRST)
        followed = form.value("amount_fen") == self._proposed_fen
        rows = self._owed.rows
        self._proposed_fen = sum(row["open_fen"] for row in rows if not ticked or row["id"] in ticked)
        if followed:
            form.set_value("amount_fen", self._proposed_fen)
