"""A receipt on its way out: as a picture, onto paper, into a PDF file. Always from what is stored, never before."""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from meiping.adapters.escpos import print_slip
from meiping.adapters.printing import PrintOutcome, PrintWay, print_pdf
from meiping.adapters.receipt_pdf import Align, Rule, Slip, Text, slip_image, slip_pdf
from meiping.domains.expenses.queries import expense_slip
from meiping.domains.loyalty.card_queries import card_use_slip
from meiping.domains.receivables.queries import payment_slip
from meiping.domains.sales.deposits import deposit_slip
from meiping.domains.sales.queries import bill_by_number
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.shifts import shift_slip
from meiping.domains.till.queries.lists import movement_slip
from meiping.domains.wallet.queries import recharge_slip, refund_slip
from meiping.ui.bills.till_printer import shop_printer
from meiping.ui.context import Context
from meiping.ui.list_output import print_folder
from meiping.ui.widgets.dialogs import choose_save_file

Width = Literal[58, 80]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A bill's slip and the number it carries."""

    number: str
    slip: Slip

    def in_width(self, width: Width) -> "Receipt":
        """The same on another roll."""
        return replace(self, slip=replace(self.slip, width_mm=width))


def fetch_receipt(context: Context, *, sale_id: int, number: str, reprint: bool) -> Receipt | None:
    """The receipt of a posted bill, ``reprint`` marked 补打; None after a refusal that was told."""
    return _receipt(context, number, context.read(receipt_slip, sale_id=sale_id, reprint=reprint))


def _receipt(context: Context, number: str, slip: Slip | None) -> Receipt | None:
    """One of practice says so at its head and its foot: it must never be taken for a real one."""
    if slip is not None and context.practice:
        said = Text("练习 不作凭据", Align.CENTRE, bold=True)
        slip = replace(slip, blocks=(said, Rule(), *slip.blocks, Rule(), said))
    return Receipt(number, slip) if slip is not None else None


_SLIPS: Mapping[str, Callable[..., Slip]] = {
    "recharge": recharge_slip,
    "refund": refund_slip,
    "deposit": deposit_slip,
    "receipt": payment_slip,
    "cash_movement": movement_slip,
    "shift": shift_slip,
    "expense": expense_slip,
    "card_use": card_use_slip,
}
"""The paper of what is no bill, by its kind in the journal."""


def has_slip(source: str) -> bool:
    """Whether a dealing of this kind in the journal was handed out on paper."""
    return source == "sale" or source in _SLIPS


def fetch_slip(context: Context, *, source: str, number: str, reprint: bool) -> Receipt | None:
    """The paper of any dealing by its kind in the journal and its number; None after a refusal that was told."""
    if source == "sale":
        bill = context.read(bill_by_number, number=number)
        return fetch_receipt(context, sale_id=bill.id, number=number, reprint=reprint) if bill else None
    return _receipt(context, number, context.read(_SLIPS[source], number=number, reprint=reprint))


def draw_receipt(context: Context, receipt: Receipt, *, width_px: int, done: Callable[[Any], object]) -> None:
    """Draw the receipt ``width_px`` wide in a worker; ``done`` gets the picture."""
    dpi = width_px / receipt.slip.width_mm * 25.4
    context.background(
        lambda progress: slip_image(receipt.slip, dpi=dpi),
        title="显示小票",
        done=lambda image: _ignore(done(image)),
        quiet=True,
    )


def print_receipt(context: Context, receipt: Receipt) -> None:
    """Send the receipt to the printer; a failure is told with a way to try again and never touches the bill.

    In practice nothing is printed.
    """
    if context.practice:
        context.toast("练习模式：小票只在屏幕上看，不打印。", kind="info")
        return
    printer = shop_printer(context)

    def work(progress: object) -> PrintOutcome:
        if printer is not None:
            return print_slip(receipt.slip, printer)
        path = print_folder() / f"{receipt.number}.pdf"
        slip_pdf(path, receipt.slip)
        return print_pdf(path)

    def again() -> None:
        print_receipt(context, receipt)

    def done(outcome: PrintOutcome) -> None:
        sent = outcome.way is PrintWay.SENT
        kind = {PrintWay.SENT: "success", PrintWay.OPENED: "info"}.get(outcome.way, "warning")
        action = None if sent else ("再打一次", again)
        context.toast(f"小票 {receipt.number}：{outcome.sentence}", kind=kind, action=action)

    def failed(error: Exception) -> None:
        context.toast(
            f"小票 {receipt.number} 没有打印出来，单已结好。", kind="warning", action=("再打一次", again)
        )

    context.background(work, title="打印小票", done=done, failed=failed, quiet=True)


def save_receipt(context: Context, parent: tk.Misc, receipt: Receipt) -> None:
    """Ask where to, and write the receipt as a PDF file."""
    path = choose_save_file(parent, "小票存为 PDF", (("PDF 文件", "*.pdf"),), f"{receipt.number}.pdf")
    if path is None:
        return
    context.background(
        lambda progress: slip_pdf(path, receipt.slip),
        title="保存小票",
        success=f"小票已存为“{path.name}”。",
        quiet=True,
    )


def _ignore(_result: object) -> None:
    """Callbacks that give something back are welcome too."""
