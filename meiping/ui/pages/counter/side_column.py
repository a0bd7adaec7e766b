"""The right side of the counter: who buys, what it comes to, how it is paid, what is given back, the receipt."""

import tkinter as tk
from collections.abc import Callable, Sequence
from enum import Enum, auto

import ttkbootstrap as ttk

from meiping.domains.sales.at_till import CustomerAtTill
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.pricing import PricedBill
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.till.rules import Tender
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import ONE, show_milli
from meiping.ui.bills.receipt_pane import ReceiptPane
from meiping.ui.bills.return_words import refund_word
from meiping.ui.context import Context
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.customer_card import CustomerCard
from meiping.ui.pages.counter.payment_draft import PaymentDraft, offered_tenders
from meiping.ui.pages.counter.payment_panel import PaymentPanel
from meiping.ui.pages.counter.total_box import TotalBox
from meiping.ui.theme import px

_LOW = 660
"""Below so many pixels at 100 % a payment by several tenders needs all the room there is."""


class Side(Enum):
    """What the column is about."""

    SALE = auto()
    PAYING = auto()
    DONE = auto()
    """Settled: the change stays until the next goods, with the receipt if one is shown."""
    RECEIPT = auto()
    """An older receipt, shown again."""


class SideColumn(ttk.Frame):
    """One column, four states; the lines at the left stay as they are."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        on_customer: Callable[[], object],
        on_no_customer: Callable[[], object],
        on_pay: Callable[[], object],
        on_begin: Callable[[Tender], object],
        on_settle: Callable[[PaymentDraft], object],
        on_taken: Callable[[PaymentDraft], object],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.state_shown = Side.RECEIPT
        self._context = context
        self._bill, self._cart, self._deposit_fen = PricedBill(), Cart(key=""), 0
        self.card = CustomerCard(self, on_choose=on_customer, on_remove=on_no_customer)
        self.card.pack(fill="x")
        self.total = TotalBox(self)
        self.total.pack(fill="x", pady=px(self, 10))
        self.pay = ttk.Button(
            self,
            text=f"结账  {key_word('settle')}",
            icon="check2-circle",
            icon_size=20,
            command=on_pay,
            takefocus=False,
        )
        self.pay.configure(bootstyle="success", padding=(px(self, 8), px(self, 13)))
        large = f"Pay.{self.pay.cget('style')}"
        ttk.Style.get_instance().configure(large, font="MpBig")
        self.pay.configure(style=large)
        self.payment = PaymentPanel(
            self, on_settle=on_settle, on_change=self._show_payment, on_taken=on_taken, on_begin=on_begin
        )
        self.receipt = ReceiptPane(self, context, on_close=on_close)
        self._done_words = ttk.Label(self, style="Muted.TLabel", justify="left")
        self._low = False
        self.bind("<Configure>", lambda _event: self._fit(), add=True)
        self.show_sale(self._cart, self._bill, self._deposit_fen)

    def _fit(self) -> None:
        """The total is large, to be read from across the counter, unless the payment below it wants the room."""
        low = self.state_shown is Side.PAYING and self.winfo_height() < px(self, _LOW)
        if low is not self._low:
            self._low = low
            self.total.set_low(low)
            self.payment.set_low(low)

    # ---------------------------------------------------------------- states

    def _become(self, state: Side) -> None:
        if state is self.state_shown:
            return
        self.state_shown = state
        for part in (self.pay, self.payment, self.receipt, self._done_words):
            part.pack_forget()
        if state in (Side.SALE, Side.PAYING):
            self.pay.pack(side="bottom", fill="x", pady=(px(self, 10), 0))
            self.payment.pack(fill="both", expand=True)
        self._fit()

    def _become_done(self) -> None:
        """Another bill is done: without the receipt of the one before."""
        self._become(Side.DONE)
        self.receipt.pack_forget()

    def show_customer(
        self,
        customer: CustomerAtTill | None,
        *,
        last_price_fen: int | None,
        quoted_fen: int | None,
        salesperson: str,
    ) -> None:
        """Who buys."""
        self.card.show(
            customer, last_price_fen=last_price_fen, quoted_fen=quoted_fen, salesperson=salesperson
        )

    def show_sale(self, cart: Cart, bill: PricedBill, deposit_fen: int = 0) -> None:
        """What the bill comes to, and what of it was paid beforehand; the tenders wait."""
        self._cart, self._bill, self._deposit_fen = cart, bill, deposit_fen
        self._become(Side.SALE)
        points = self._context.option("points.on") and self._context.option("points.pay")
        self.payment.chooser.offer(offered_tenders(points=points))
        self.payment.rest_quietly(usable=bool(cart.lines))
        self.pay.configure(text=f"结账  {key_word('settle')}")
        self.pay.state(["!disabled" if cart.lines else "disabled"])
        counted = counted_words(cart.lines) or "等待商品"
        if bill.total_fen < 0:
            self.total.show("应退", show_fen(-bill.total_fen), counted, _saving(bill), "danger")
        else:
            told = f"已付定金 {show_fen(deposit_fen)}" if deposit_fen else _saving(bill)
            self.total.show("应收", show_fen(bill.total_fen), counted, told)

    def begin_payment(self, draft: PaymentDraft) -> None:
        """Take the money."""
        self._become(Side.PAYING)
        self.pay.state(["!disabled"])
        self.payment.begin(draft)

    def _show_payment(self) -> None:
        """The large figure follows what is typed: missing, due, or to give back."""
        draft, typed = self.payment.draft, self.payment.typed_fen()
        if draft is None or self.state_shown is not Side.PAYING:
            return
        due = f"应收 {show_fen(draft.total_fen)}"
        rest_fen = draft.rest_fen
        cash = self.payment.tender is Tender.CASH
        if rest_fen <= 0:
            over_fen = draft.deposit_back_fen
            back = f"定金多出 {show_fen(over_fen)}，退现金" if over_fen else ""
            self.total.show("已付清", show_fen(draft.total_fen), back, tone="success")
        elif typed is not None and typed > rest_fen and cash:
            word = "存入储值" if self.payment.keeps_change else "找零"
            self.total.show(word, show_fen(typed - rest_fen), due, f"实收 {show_fen(typed)}", "success")
        elif self.payment.is_typing() and typed is not None and 0 < typed < rest_fen:
            words = f"{self.payment.tender.title} {show_fen(typed)}"
            self.total.show("还差", show_fen(rest_fen - typed), due, words)
        elif draft.payments:
            self.total.show("还差", show_fen(rest_fen), due, f"已付 {show_fen(draft.total_fen - rest_fen)}")
        else:
            self.total.show("应收", show_fen(rest_fen), "", _saving(self._bill))
        whole = rest_fen <= 0 or typed is None or typed >= rest_fen
        self.pay.configure(text="收款结账  Enter" if whole else "收这一笔  Enter")

    def show_done(self, posted: PostedBill, draft: PaymentDraft) -> None:
        """Settled: the change in the largest figures there are."""
        self._become_done()
        if posted.total_fen < 0:
            over_fen = posted.deposit_back_fen
            back = (*posted.back, (Tender.DEPOSIT.key, over_fen)) if over_fen else posted.back
            self._show_given_back(posted.number, over_fen - posted.total_fen, back, "已换货")
            return
        cash = next((p for p in draft.payments if p.change_fen), None)
        if posted.deposit_back_fen:
            left = f"应收 {show_fen(posted.total_fen)}"
            self.total.show("退定金", show_fen(posted.deposit_back_fen), left, "退现金", "success")
        elif cash is not None:
            left, right = f"应收 {show_fen(posted.total_fen)}", f"实收现金 {show_fen(cash.received_fen)}"
            kept_fen = posted.stored_change_fen
            word, fen = ("存入储值", kept_fen) if kept_fen else ("找零", posted.change_fen)
            self.total.show(word, show_fen(fen), left, right, "success")
        else:
            paid = " + ".join(word for word, _ in draft.words()) or "不用付款"
            self.total.show("已结账", show_fen(posted.total_fen), paid, posted.number, "success")
        ways = "、".join(f"{word} {show_fen(amount)}" for word, amount in draft.words())
        self._done_words.configure(text=f"{posted.number} 已结账\n{ways}\n\n扫下一件商品，开始新的一单")
        self._done_words.pack(anchor="w", pady=(px(self, 4), 0))

    def show_returned(self, posted: PostedReturn) -> None:
        """Goods came back: what to give back, in the largest figures."""
        self._become_done()
        self._show_given_back(posted.number, posted.refund_fen, posted.by_tender, "已退货")

    def _show_given_back(
        self, number: str, refund_fen: int, by_tender: Sequence[tuple[str, int]], done: str
    ) -> None:
        ways = " · ".join(f"{refund_word(key)} {show_fen(amount)}" for key, amount in by_tender)
        self.total.show("退款", show_fen(refund_fen), ways, number, "danger")
        self._done_words.configure(text=f"{number} {done}\n{ways}")
        self._done_words.pack(anchor="w", pady=(px(self, 4), 0))

    def show_receipt(self, *, sale_id: int, number: str, reprint: bool) -> None:
        """The receipt below the change, or an older one in place of the payment."""
        if self.state_shown is not Side.DONE:
            self._become(Side.RECEIPT)
        if self.receipt.show(sale_id=sale_id, number=number, reprint=reprint):
            self._done_words.pack_forget()
            self.receipt.pack(fill="both", expand=True)


def counted_words(lines: Sequence[CartLine]) -> str:
    """``3 种 5 件``, and what comes back beside it; empty without lines. What is weighed is one piece."""
    words = []
    for word, some in (
        ("", [line for line in lines if line.taken is None]),
        ("退 ", [line for line in lines if line.taken is not None]),
    ):
        if some:
            pieces = sum(ONE if line.quantity_decimals else abs(line.qty_milli) for line in some)
            words.append(f"{word}{len(some)} 种 {show_milli(pieces)} 件")
    return "，".join(words)


def _saving(bill: PricedBill) -> str:
    back_fen = -sum(line.net_fen for line in bill.lines if line.net_fen < 0)
    if back_fen:
        return f"商品 {show_fen(bill.total_fen + back_fen)} · 退 {show_fen(back_fen)}"
    titles = "、".join(title for title, _ in bill.savings)
    less = bool(bill.discount_fen or bill.rounding_fen)
    words = [f"原价 {show_fen(bill.list_fen)}"] if less and not titles else []
    if bill.discount_fen > 0:
        words.append(f"优惠 {show_fen(bill.discount_fen)}" + (f"（{titles}）" if titles else ""))
    if bill.rounding_fen:
        words.append(f"抹零 {show_fen(bill.rounding_fen)}")
    return " · ".join(words)
