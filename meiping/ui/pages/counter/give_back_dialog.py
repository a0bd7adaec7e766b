"""退款: what goods brought back are worth more than what is taken; how the rest goes back, said before it does."""

import tkinter as tk
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.sales.cart import Cart
from meiping.domains.sales.exchanging import refund_of_cart
from meiping.domains.sales.refunds import RefundWay
from meiping.kernel.errors import UserError
from meiping.kernel.money import show_fen
from meiping.ui.bills.return_words import RETURN_WAYS, refund_word
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow


class GiveBackDialog(DialogWindow):
    """``way`` is what was chosen, None where the clerk left. Digits choose, Enter settles."""

    def __init__(self, parent: tk.Misc, context: Context, cart: Cart) -> None:
        super().__init__(parent, "换货退款")
        self._context, self._cart = context, cart
        self.way: RefundWay | None = None
        self._chosen = ttk.StringVar(self, RefundWay.AS_PAID.value)
        ttk.Frame(self.body, width=px(self, 380), height=0).pack()
        self._sum = ttk.Label(self.body, font="MpTotal")
        self._by = ttk.Label(self.body, style="Muted.TLabel", justify="left")
        wrap_to_width(self._by)
        self._radios = [
            self._radio(place, way, text) for place, (way, text) in enumerate(RETURN_WAYS, start=1)
        ]
        self._wrong = ttk.Label(self.body, style="Bad.TLabel", font="MpSmall", justify="left")
        wrap_to_width(self._wrong)
        self._wrong.pack(fill="x", pady=(px(self, 6), 0))
        self.submit_button = self.add_button("退款结账 Enter", self._submit, bootstyle="danger")
        self.add_button("返回 Esc", self.dismiss)
        for key in ("<Return>", "<KP_Enter>", "<F12>"):
            self.bind(key, lambda _event: self._submit())
        self._show()
        self.open(self._radios[0])

    def _radio(self, place: int, way: RefundWay, text: str) -> ttk.Radiobutton:
        radio = ttk.Radiobutton(
            self.body, text=f"{place}  {text}", value=way.value, variable=self._chosen, command=self._show
        )
        radio.pack(anchor="w", pady=px(self, 4))
        if way is RefundWay.STORED and self._cart.customer_id is None:
            radio.configure(text=f"{place}  {text}（散客没有储值）", state="disabled")
        else:
            for key in (f"<Key-{place}>", f"<KP_{place}>"):
                self.bind(key, partial(self._choose, way))
        return radio

    def _choose(self, way: RefundWay, _event: object) -> None:
        self._chosen.set(way.value)
        self._show()

    def _show(self) -> None:
        """What would go back by the way chosen."""
        try:
            refund = refund_of_cart(self._context.actor, cart=self._cart, way=RefundWay(self._chosen.get()))
        except UserError as error:
            self._wrong.configure(text=error.sentence)
            self.submit_button.state(["disabled"])
            for label in (self._sum, self._by):
                label.pack_forget()
            return
        self._wrong.configure(text="")
        self.submit_button.state(["!disabled"])
        self._sum.pack(anchor="w", before=self._radios[0])
        self._by.pack(fill="x", pady=(0, px(self, 12)), before=self._radios[0])
        self._sum.configure(text=f"退 {show_fen(refund.refund_fen)}")
        self._by.configure(
            text=" · ".join(f"{refund_word(key)} {show_fen(fen)}" for key, fen in refund.by_tender)
        )

    def _submit(self) -> None:
        if self.submit_button.instate(["!disabled"]):
            self.way = RefundWay(self._chosen.get())
            self.close()
