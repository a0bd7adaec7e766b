"""开票: an invoice for one bill or several is written down, and cancelled again."""

import tkinter as tk
import uuid
from collections.abc import Callable, Sequence

from meiping.domains.sales.invoice_rules import InvoiceInput, rate_words
from meiping.domains.sales.invoice_state import invoicing_on
from meiping.domains.sales.invoices import (
    InvoiceDraft,
    cancel_invoice,
    invoice_bills,
    invoice_draft,
    standing_invoice,
)
from meiping.domains.sales.rules import INVOICE
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

_TOLD = 3
"""So many bills are named in a dialog; the rest is counted."""


def invoice_actions(
    make: Callable[[Sequence[int]], object], cancel: Callable[[Row], object], *, key: str = ""
) -> tuple[Action, ...]:
    """What a list of bills offers while the shop makes out invoices."""
    return (
        Action(
            "开票",
            make,
            "file-text",
            INVOICE,
            key=key,
            needs=Needs.IDS,
            head=True,
            apart=True,
            when=invoicing_on,
        ),
        Action("作废发票", cancel, permission=INVOICE, needs=Needs.ONE, when=invoicing_on),
    )


def ask_invoice(
    parent: tk.Misc, context: Context, sale_ids: Sequence[int], *, done: Callable[[], None]
) -> None:
    """Ask for the number printed on the invoice of these bills and write it down; a refusal is told."""
    draft: InvoiceDraft | None = context.read(invoice_draft, sale_ids=sale_ids)
    if draft is None:
        return
    key = str(uuid.uuid4())

    def submit(entered: Values) -> bool:
        return context.run(
            invoice_bills,
            near=form,
            success="已登记发票",
            done=lambda _none: done(),
            key=key,
            sale_ids=sale_ids,
            invoice=InvoiceInput(**entered),
        )

    amount = f"开票金额 {show_fen(draft.amount_fen)}，含税 {_rates(draft)} {show_fen(draft.tax_fen)}"
    fields = (
        Field("present", "", FieldKind.NOTE, hint=f"{_told(draft.numbers)}\n{amount}"),
        Field("number", "发票号码", FieldKind.CODE, required=True, limit=40),
        Field("title", "抬头", required=True, limit=100, default=draft.title),
        Field("tax_number", "税号", FieldKind.CODE, limit=40, default=draft.tax_number, hint="个人可以不填"),
        Field("invoiced_date", "开票日期", FieldKind.DATE, required=True, default=context.actor.today()),
        Field("note", "备注", limit=100),
    )
    form = FormDialog(parent, "开票", fields, submit="登记发票", on_submit=submit, columns=1, width=460)
    form.wait_window()


def ask_cancel(parent: tk.Misc, context: Context, sale_id: int, *, done: Callable[[], None]) -> None:
    """Ask why the invoice of a bill is void and cancel it, for all bills on it; a refusal is told."""
    found: tuple[str, list[str]] | None = context.read(standing_invoice, sale_id=sale_id)
    if found is None:
        return
    number, bills = found

    def submit(entered: Values) -> bool:
        return context.run(
            cancel_invoice,
            near=form,
            success="已作废发票",
            done=lambda _none: done(),
            sale_id=sale_id,
            **entered,
        )

    fields = (
        Field(
            "present",
            "",
            FieldKind.NOTE,
            hint=f"{_told(bills)} 会一起变回未开。" if len(bills) > 1 else bills[0],
        ),
        Field("reason", "原因", required=True, limit=60, hint="例如 退货红冲、抬头写错"),
    )
    form = FormDialog(parent, f"作废发票 {number}", fields, submit="作废发票", on_submit=submit, danger=True)
    form.wait_window()


def _rates(draft: InvoiceDraft) -> str:
    return "、".join(rate_words(rate) for rate in draft.rates_bp)


def _told(numbers: Sequence[str]) -> str:
    named = "、".join(numbers[:_TOLD])
    return named if len(numbers) <= _TOLD else f"{named} 等 {len(numbers)} 张"
