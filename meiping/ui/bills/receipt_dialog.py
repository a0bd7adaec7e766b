"""A receipt or slip in a window: looked at, printed, saved as a PDF file; for pages without room beside the list."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.ui.bills.handing_out import hand_out, receipt_mode
from meiping.ui.bills.receipt_pane import ReceiptPane
from meiping.ui.bills.receipts import Receipt, fetch_slip, has_slip
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow

_WIDTH, _HEIGHT = 420, 600


class ReceiptDialog(DialogWindow):
    """Ctrl+P prints, Ctrl+S saves, Esc closes."""

    def __init__(self, parent: tk.Misc, context: Context, receipt: Receipt, *, reprint: bool) -> None:
        super().__init__(parent, "小票", resizable=True)
        self.footer.pack_forget()  # the pane brings its buttons
        height = min(px(self, _HEIGHT), self.winfo_screenheight() - px(self, 160))
        room = ttk.Frame(self.body, width=px(self, _WIDTH), height=height)
        room.pack(fill="both", expand=True)
        room.pack_propagate(False)
        self.pane = ReceiptPane(room, context, on_close=self.dismiss)
        self.pane.pack(fill="both", expand=True)
        for keys, command in (("pP", self.pane.print), ("sS", self.pane.save)):
            for key in keys:
                self.bind(f"<Control-{key}>", partial(_at_key, command))
        self.pane.show_receipt(receipt, reprint=reprint)
        self.open(self)


def _at_key(command: Callable[[], object], _event: object) -> None:
    command()


def show_slip(parent: tk.Misc, context: Context, *, source: str, number: str, reprint: bool = True) -> None:
    """The paper of a dealing in a window; what has none is told."""
    if not has_slip(source):
        context.toast("这一笔没有小票。", kind="info")
        return
    receipt = fetch_slip(context, source=source, number=number, reprint=reprint)
    if receipt is not None:
        ReceiptDialog(parent, context, receipt, reprint=reprint)


def hand_out_slip(parent: tk.Misc, context: Context, told: str, *, source: str, number: str) -> None:
    """Tell that money was booked, and do with its slip as with receipts: print it, offer it, or nothing."""
    mode = receipt_mode(context)
    offer = (
        None
        if mode == "never"
        else ("小票", lambda: show_slip(parent, context, source=source, number=number, reprint=False))
    )
    context.toast(told, action=offer)
    if mode in ("show", "never"):
        return
    receipt = fetch_slip(context, source=source, number=number, reprint=False)
    if receipt is not None:
        hand_out(context, receipt)
