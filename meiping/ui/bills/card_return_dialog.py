"""退卡: what is left of a count card goes back to the customer; how much and how is said before it is done."""

import tkinter as tk
import uuid
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.sales.card_returns import CardRefund, refund_of_card, return_card
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.errors import UserError
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.bills.return_words import RETURN_WAYS, refund_word, returned_words
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow

REASONS = ("不想要了", "搬家", "服务停办", "买错了")


def give_card_back(parent: tk.Misc, context: Context, card_id: int, *, changed: Callable[[], object]) -> None:
    """Ask and do it; who lacks the right needs a colleague's PIN first. ``changed`` is called once it is done."""
    with context.approved(RETURN_GOODS, "退次卡") as allowed:
        if not allowed:
            context.toast(f"您没有“{RETURN_GOODS.title}”的权限，请联系管理员。", kind="danger")
            return
        refund: CardRefund | None = context.read(refund_of_card, card_id=card_id)
        if refund is not None:
            CardReturnDialog(parent, context, card_id, refund, changed).wait_window()


class CardReturnDialog(DialogWindow):
    """Digits choose how the money goes back, Ctrl+Enter does it."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        card_id: int,
        refund: CardRefund,
        changed: Callable[[], object],
    ) -> None:
        super().__init__(parent, f"退卡 · {refund.service}")
        self._parent, self._context, self._card_id, self._changed = parent, context, card_id, changed
        self._key = str(uuid.uuid4())
        self._way = ttk.StringVar(self, RefundWay.AS_PAID.value)
        ttk.Frame(self.body, width=px(self, 400), height=0).pack()
        left = refund.uses - refund.used
        paid = f"实付 {show_fen(refund.paid_fen)} · 共 {refund.uses} 次"
        used = f"已用 {refund.used} 次，退剩下的 {left} 次" if refund.used else "还没有用过"
        ttk.Label(self.body, text=f"{paid} · {used}", style="Muted.TLabel").pack(anchor="w")
        self._sum = ttk.Label(self.body, font="MpTotal")
        self._sum.pack(anchor="w", pady=(px(self, 6), 0))
        self._by = ttk.Label(self.body, style="Muted.TLabel", justify="left")
        wrap_to_width(self._by)
        self._by.pack(fill="x", pady=(0, px(self, 10)))
        self._radios = [self._radio(place, *way) for place, way in enumerate(RETURN_WAYS, start=1)]
        row = ttk.Frame(self.body)
        row.pack(fill="x", pady=(px(self, 8), 0))
        ttk.Label(row, text="原因").pack(side="left", padx=(0, px(self, 10)))
        self.reason = ttk.Combobox(row, values=REASONS)
        self.reason.pack(side="left", fill="x", expand=True)
        self._wrong = ttk.Label(self.body, style="Bad.TLabel", font="MpSmall", justify="left")
        wrap_to_width(self._wrong)
        self._wrong.pack(fill="x", pady=(px(self, 6), 0))
        self.submit_button = self.add_button("退卡 Ctrl+Enter", self.submit, bootstyle="danger")
        self.add_button("取消 Esc", self.dismiss)
        for key in ("<Control-Return>", "<F12>"):
            self.bind(key, lambda _event: self.submit())
        for key in ("<Return>", "<KP_Enter>"):
            self.reason.bind(key, lambda _event: self.submit())
        self._show()
        self.open(self._radios[0])

    def _radio(self, place: int, way: RefundWay, text: str) -> ttk.Radiobutton:
        radio = ttk.Radiobutton(
            self.body, text=f"{place}  {text}", value=way.value, variable=self._way, command=self._show
        )
        radio.pack(anchor="w", pady=px(self, 4))
        for digit, (chosen, _word) in enumerate(RETURN_WAYS, start=1):
            for key in (f"<Key-{digit}>", f"<KP_{digit}>"):
                radio.bind(key, partial(self._choose, chosen))
        for key in ("<Return>", "<KP_Enter>"):
            radio.bind(key, lambda _event: self.reason.focus_set())
        return radio

    def _choose(self, way: RefundWay, _event: object) -> None:
        self._way.set(way.value)
        self._radios[[one for one, _word in RETURN_WAYS].index(way)].focus_set()
        self._show()

    def _show(self) -> None:
        """What would go back the way chosen."""
        try:
            refund = refund_of_card(
                self._context.actor, card_id=self._card_id, way=RefundWay(self._way.get())
            )
        except UserError as error:
            self.show_error(error)
            self.submit_button.state(["disabled"])
            return
        self._wrong.configure(text="")
        self.submit_button.state(["!disabled"])
        self._sum.configure(text=f"退 {show_fen(refund.refund_fen)}")
        words = [f"{refund_word(key)} {show_fen(fen)}" for key, fen in refund.by_tender]
        self._by.configure(text=" · ".join(words) or "没有要退的钱")

    def show_error(self, error: UserError) -> None:
        """Say a refusal."""
        self._wrong.configure(text=error.sentence)

    def submit(self) -> str:
        """Give the card back."""
        if self.submit_button.instate(["!disabled"]):
            self._context.run(
                return_card,
                key=self._key,
                card_id=self._card_id,
                way=RefundWay(self._way.get()),
                reason=self.reason.get(),
                near=self,
                done=self._posted,
            )
        return "break"

    def _posted(self, posted: PostedReturn) -> None:
        self.close()
        self._changed()
        hand_out_slip(
            self._parent, self._context, returned_words(posted), source="sale", number=posted.number
        )
