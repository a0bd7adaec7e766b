"""What was taken for the bill so far, a line for each tender, or all on one where there is little room."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.kernel.money import show_fen
from meiping.ui.pages.counter.payment_draft import PaymentDraft
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.cut_text import one_after_another


class TakenList(ttk.Frame):
    """Packed by its owner while there is something to say."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)

    def show(self, draft: PaymentDraft, *, low: bool) -> None:
        """The payments of the draft."""
        for child in self.winfo_children():
            child.destroy()
        if low and draft.payments:
            self._on_a_line(draft)
            return
        for title, fen in draft.words():
            row = ttk.Frame(self, style="Chrome.TFrame", padding=(px(self, 10), px(self, 3)))
            row.pack(fill="x", pady=(0, px(self, 2)))
            ttk.Label(row, text=f"已收 {title}", style="Chrome.TLabel").pack(side="left")
            ttk.Label(row, text=show_fen(fen), style="Chrome.TLabel", font="MpBold").pack(side="right")

    def _on_a_line(self, draft: PaymentDraft) -> None:
        words = one_after_another(*(f"{title} {show_fen(fen)}" for title, fen in draft.words()))
        said = ttk.Label(self, text=f"已收 {words}", style="Chrome.TLabel", font="MpSmall", justify="left")
        said.configure(padding=(px(self, 10), px(self, 3)))
        wrap_to_width(said)
        said.pack(fill="x")
