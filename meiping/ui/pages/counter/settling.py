"""From the total to the posted bill: the payment begins, is confirmed once, and leaves the change on screen."""

from typing import Any

from meiping.domains.access.queries import companies_of
from meiping.domains.customers.levels import level_of
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.kept_payments import KeptPayment, keep_payment, kept_payment
from meiping.domains.sales.rules import SELL_ON_CREDIT
from meiping.domains.sales.service import checkout
from meiping.domains.sales.spending_pins import guarded, guarded_fen, spending_pin_wanted
from meiping.domains.till.rules import TENDER_BY_KEY, Tender
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.ui.bills.till_printer import open_drawer_for_cash
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.bill_commands import BillCommands
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.give_back_dialog import GiveBackDialog
from meiping.ui.pages.counter.payment_draft import ODD_CHANGE_FEN, PaymentDraft
from meiping.ui.pages.counter.spending_pin_dialog import SpendingPinDialog


class Settling:
    """Takes the money for the bill on the counter."""

    def __init__(self, desk: Desk, commands: BillCommands) -> None:
        self._desk, self._commands = desk, commands
        self._draft: PaymentDraft | None = None
        self._under_way = False

    def settle_key(self) -> None:
        """F12: begin the payment, or confirm it."""
        if self._desk.paying:
            self._desk.side.payment.pay_exactly()
        else:
            self.begin()

    def begin(self, tender: Tender | None = None) -> None:
        """Take the money, with a tender already chosen by a click if one was."""
        desk = self._desk
        if not desk.till.cart.lines:
            desk.say("还没有商品，请先扫码或搜索商品。")
            return
        desk.scan.clear()
        desk.till.refresh()
        if desk.till.bill().total_fen < 0:
            self._give_back()
            return
        draft, lost = self._resumed(self._draft_now())
        desk.side.begin_payment(draft)
        if tender is not None:
            desk.side.payment.pick(tender)
        if lost:
            desk.say(lost)

    def _resumed(self, draft: PaymentDraft) -> tuple[PaymentDraft, str]:
        """The draft with what had been taken when the program was stopped in the middle; a word where that fits no more."""
        desk = self._desk
        if draft.taken:
            self.keep(draft)
            return draft, ""
        kept: KeptPayment | None = desk.context.read(kept_payment, cart_key=desk.till.cart.key)
        if kept is None:
            return draft, ""
        by = "、".join(
            f"{TENDER_BY_KEY[one.tender].title} {show_fen(one.amount_fen)}" for one in kept.payments
        )
        try:
            resumed = draft.resumed(kept)
        except InputError:
            self.keep(None)
            return draft, f"单子有变动，上次收的{by}没有接上，请重新收款。"
        desk.context.toast(f"接着上次没结完的收款：已收{by}。", kind="info")
        return resumed, ""

    def keep(self, draft: PaymentDraft | None) -> None:
        """Keep what was taken so far, so that the till comes back with it; None forgets it."""
        desk = self._desk
        kept = None if draft is None else draft.to_keep()
        desk.context.run(keep_payment, cart_key=desk.till.cart.key, kept=kept)

    def _give_back(self) -> None:
        """Goods that come back are worth more than what is taken: the rest goes back, without payments."""
        desk = self._desk
        dialog = GiveBackDialog(desk.widget, desk.context, desk.till.cart)
        dialog.wait_window()
        if dialog.way is None:
            return
        nothing = PaymentDraft(0, desk.till.customer)
        desk.context.run(
            checkout,
            cart=desk.till.cart,
            payments=[],
            way=dialog.way,
            done=lambda posted: self._settled(posted, nothing),
        )

    def _draft_now(self) -> PaymentDraft:
        """What was taken before going back counts on, as long as bill and customer are the same."""
        till = self._desk.till
        context = self._desk.context
        by_points = context.option("points.on") and context.option("points.pay")
        companies = companies_of(context.actor)
        fresh = PaymentDraft(
            till.bill().total_fen,
            till.customer,
            may_credit=context.may_get(SELL_ON_CREDIT),
            customer_key=key_word("customer"),
            points_per_yuan=context.option("points.per_yuan") if by_points else None,
            company=dict(companies).get(context.actor.company_id, "") if len(companies) > 1 else "",
            deposit_fen=till.deposit_fen,
        ).with_deposit()
        kept = self._draft
        same = kept is not None and _owed(kept) == _owed(fresh)
        return kept if kept is not None and same else fresh

    def bill_changed(self) -> None:
        """Customer or terms changed while the money was being taken."""
        self._draft = None
        self._desk.side.begin_payment(self._draft_now())

    def back(self) -> bool:
        """Esc: from the amount to the tenders, from the tenders to the goods. False if no payment is under way."""
        desk = self._desk
        if not desk.paying:
            return False
        if not desk.side.payment.back():
            self._draft = desk.side.payment.draft
            if self._draft is not None and self._draft.taken:
                self.keep(None)
            desk.side.show_sale(desk.till.cart, desk.till.bill(), desk.till.deposit_fen)
            desk.scan.focus_set()
        return True

    def leave(self) -> None:
        """Back to the goods, wherever the payment stands."""
        while self._desk.paying:
            self.back()

    def settle(self, draft: PaymentDraft) -> None:
        """Post the bill, once whatever is pressed."""
        desk = self._desk
        if self._under_way:
            return
        self._under_way = True
        desk.side.pay.state(["disabled"])
        try:
            if self._odd_change(draft) or not self._pin_given(draft):
                return
            desk.context.run(
                checkout,
                cart=desk.till.cart,
                payments=draft.payments,
                stored_change_fen=draft.stored_change_fen,
                near=desk.side.payment,
                done=lambda posted: self._settled(posted, draft),
            )
        finally:
            self._under_way = False
            if desk.paying:
                desk.side.pay.state(["!disabled"])

    def _odd_change(self, draft: PaymentDraft) -> bool:
        """Much more cash than is due may have been a code; True if it was."""
        if draft.change_fen < ODD_CHANGE_FEN:
            return False
        received_fen = sum(p.received_fen or 0 for p in draft.payments)
        word = "找零存入储值" if draft.stored_change_fen else "找零"
        return not self._desk.context.ask(
            f"实收现金 {show_fen(received_fen)}，{word} {show_fen(draft.change_fen)}，对吗？",
            yes="对，结账",
            no="重新输入",
            danger=True,
        )

    def _pin_given(self, draft: PaymentDraft) -> bool:
        """Ask the member for his spending PIN where he has one and it guards what is spent; False if he must not yet."""
        desk, customer, amount_fen = self._desk, draft.customer, guarded_fen(draft.payments)
        if customer is None or not amount_fen:
            return True
        asked: dict[str, Any] = {
            "customer_id": customer.id,
            "cart_key": desk.till.cart.key,
            "amount_fen": amount_fen,
        }
        wanted = desk.context.read(spending_pin_wanted, **asked)
        if not wanted:
            return wanted is not None
        by = "、".join(TENDER_BY_KEY[one.tender].title for one in guarded(draft.payments))
        told = f"{customer.name} · 用{by}付"
        dialog = SpendingPinDialog(desk.widget, desk.context, told=told, **asked)
        dialog.wait_window()
        return dialog.passed

    def _tell_level(self, draft: PaymentDraft) -> None:
        """Say that the customer has reached a higher level by this bill."""
        customer, context = draft.customer, self._desk.context
        if customer is None or not context.option("levels.by_rule"):
            return
        now = context.read(level_of, customer_id=customer.id)
        if now and now != customer.level:
            context.toast(f"{customer.name}升级为{now}，下次起享受新的折扣。")

    def _settled(self, posted: PostedBill, draft: PaymentDraft) -> None:
        desk = self._desk
        self._draft = None
        self._tell_level(draft)
        desk.side.payment.rest_quietly(usable=False)
        desk.till.begin_anew()
        if posted.deposit_back_fen or any(one.tender == Tender.CASH.key for one in draft.payments):
            open_drawer_for_cash(desk.context)
        desk.side.show_done(posted, draft)
        desk.scan.clear()
        desk.scan.focus_set()
        if desk.errand.settled(posted):
            return
        self._commands.hand_out_receipt(posted.sale_id, posted.number)


def _owed(draft: PaymentDraft) -> tuple[object, ...]:
    return draft.total_fen, draft.customer, draft.deposit_fen
