"""How a bill is being paid, without a window: tenders taken so far, what is missing, what may be taken next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from meiping.domains.loyalty.rules import points_needed
from meiping.domains.sales.at_till import CustomerAtTill
from meiping.domains.sales.kept_payments import KeptPayment
from meiping.domains.sales.payments import Payment
from meiping.domains.till.rules import TENDER_BY_KEY, Tender, suggested_cash
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen

ODD_CHANGE_FEN = 100_000
"""Change from here up is asked about: a code may have been typed as cash."""


_USED_UP = {
    Tender.STORED_VALUE: "余额用完",
    Tender.CREDIT: "没有可赊额度",
    Tender.POINTS: "没有可用的积分",
}
_ONLY = {
    Tender.STORED_VALUE: "储值余额只有",
    Tender.CREDIT: "超出信用额度，还可赊",
    Tender.POINTS: "积分最多抵",
}


def offered_tenders(*, points: bool) -> tuple[Tender, ...]:
    """The ways to pay in the order of their digits, from 1."""
    without = {Tender.DEPOSIT} if points else {Tender.DEPOSIT, Tender.POINTS}
    return tuple(tender for tender in Tender if tender not in without)


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """The payments of a bill of ``total_fen`` so far. ``may_credit`` says whether the operator may sell on credit;
    ``customer_key`` is the key that chooses the customer.

    ``points_per_yuan`` is how many points pay one yuan, None where points can't pay. ``company`` is whose stored value
    and debt count, said where there are several. ``keep_change`` puts the change into stored value. ``deposit_fen`` was
    paid beforehand: see ``with_deposit``.
    """

    total_fen: int
    customer: CustomerAtTill | None = None
    may_credit: bool = True
    customer_key: str = "F2"
    payments: tuple[Payment, ...] = ()
    points_per_yuan: int | None = None
    company: str = ""
    keep_change: bool = False
    deposit_fen: int = 0

    @property
    def tenders(self) -> tuple[Tender, ...]:
        """The ways to pay in the order of their digits, from 1."""
        return offered_tenders(points=self.points_per_yuan is not None)

    def with_deposit(self) -> "PaymentDraft":
        """The draft begun with what was paid beforehand, as far as the total needs it."""
        used_fen = min(self.deposit_fen, self.total_fen)
        return self._with(Payment(Tender.DEPOSIT.key, used_fen)) if used_fen > 0 else self

    @property
    def deposit_back_fen(self) -> int:
        """What was paid beforehand and is over: it goes back in cash."""
        return max(self.deposit_fen - max(self.total_fen, 0), 0)

    @property
    def taken(self) -> tuple[Payment, ...]:
        """The payments that were taken now, and can be taken back."""
        return tuple(one for one in self.payments if one.tender != Tender.DEPOSIT.key)

    @property
    def rest_fen(self) -> int:
        """What is still missing."""
        return self.total_fen - sum(payment.amount_fen for payment in self.payments)

    @property
    def change_fen(self) -> int:
        """The cash that is over."""
        return sum(payment.change_fen for payment in self.payments)

    @property
    def stored_change_fen(self) -> int:
        """What of it goes into stored value."""
        return self.change_fen if self.keep_change and self.customer is not None else 0

    def _taken(self, tender: Tender) -> int:
        return sum(payment.amount_fen for payment in self.payments if payment.tender == tender.key)

    def limit_fen(self, tender: Tender) -> int | None:
        """How much this tender can still pay of anything; None where nothing limits it."""
        if tender.real_money:
            return None
        if self.customer is None:
            return 0
        if self.customer.card_lost and tender is not Tender.CREDIT:
            return 0
        if tender is Tender.STORED_VALUE:
            return max(self.customer.stored_fen - self._taken(tender), 0)
        if tender is Tender.POINTS:
            worth_fen = self.customer.points_worth_fen if self.points_per_yuan is not None else 0
            return max(worth_fen - self._taken(tender), 0)
        return max(self.customer.credit_left_fen - self._taken(tender), 0) if self.may_credit else 0

    def why_not(self, tender: Tender) -> str:
        """Why this tender can't pay now, in a few words; empty if it can."""
        if tender.real_money:
            return ""
        if self.customer is None:
            return f"先选客户 {self.customer_key}"
        if tender is Tender.CREDIT and not self.may_credit:
            return "没有赊账权限"
        if self.limit_fen(tender):
            return ""
        lost = self.customer.card_lost and tender is not Tender.CREDIT
        return "会员卡已挂失" if lost else _USED_UP[tender]

    def about(self, tender: Tender, typed_fen: int | None) -> str:
        """What there is of a tender that has an end, and what the typed sum would take of it."""
        limit, customer = self.limit_fen(tender), self.customer
        if limit is None or customer is None:
            return ""
        where = f"（{self.company}）" if self.company else ""
        if tender is Tender.STORED_VALUE:
            return f"储值余额 {show_fen(limit)}{where}"
        if tender is Tender.CREDIT:
            return f"还可赊 {show_fen(limit)}{where}"
        words = f"现有 {customer.points or 0:,} 分，可抵 {show_fen(limit)}"
        if typed_fen and typed_fen <= limit and self.points_per_yuan is not None:
            needed = points_needed(typed_fen, per_yuan=self.points_per_yuan)
            words += f" · 本次用 {needed:,} 分"
        return words

    def proposal_fen(self, tender: Tender) -> int:
        """What the amount field begins with: the rest, as far as this tender reaches."""
        limit = self.limit_fen(tender)
        return self.rest_fen if limit is None else min(self.rest_fen, limit)

    def suggestions(self) -> Sequence[int]:
        """Sums of cash likely to be handed over for the rest, rising."""
        return suggested_cash(self.rest_fen)

    def change_for(self, received_fen: int) -> int:
        """The cash to give back for what is handed over now; negative while it is not enough."""
        return received_fen - self.rest_fen

    def take(self, tender: Tender, typed_fen: int) -> "PaymentDraft":
        """The draft with a payment more. Cash may be more than the rest: the difference is change.

        Raises InputError for nothing, for more than is due, and beyond stored value or credit.
        """
        if typed_fen <= 0:
            raise InputError("付款金额必须大于零。", field=tender.key)
        if self.rest_fen <= 0:
            raise InputError("已经付清，按 Enter 结账。", field=tender.key)
        if reason := self.why_not(tender):
            raise InputError(f"不能用{tender.title}：{reason}。", field=tender.key)
        limit = self.limit_fen(tender)
        if limit is not None and typed_fen > limit:
            raise InputError(f"{_ONLY[tender]} {show_fen(limit)}。", field=tender.key)
        if tender is Tender.CASH and typed_fen > self.rest_fen:
            return self._with(Payment(tender.key, self.rest_fen, typed_fen))
        if typed_fen > self.rest_fen:
            raise InputError(f"只差 {show_fen(self.rest_fen)}，{tender.title}不能多收。", field=tender.key)
        return self._with(Payment(tender.key, typed_fen))

    def _with(self, added: Payment) -> "PaymentDraft":
        """The same tender taken twice is one payment."""
        kept, merged = [], added
        for there in self.payments:
            if there.tender == added.tender:
                received = (there.received_fen or there.amount_fen) + (added.received_fen or added.amount_fen)
                amount = there.amount_fen + added.amount_fen
                merged = Payment(added.tender, amount, received if received > amount else None)
            else:
                kept.append(there)
        return replace(self, payments=(*kept, merged))

    def to_keep(self) -> KeptPayment:
        """What of it is kept with the cart."""
        customer_id = None if self.customer is None else self.customer.id
        return KeptPayment(self.total_fen, customer_id, self.taken, self.keep_change)

    def resumed(self, kept: KeptPayment) -> "PaymentDraft":
        """This draft with what was taken before. Raises InputError where that does not fit the bill any more."""
        if (kept.total_fen, kept.customer_id) != (self.total_fen, self.to_keep().customer_id):
            raise InputError("应收或客户变了。")
        draft = replace(self, keep_change=kept.keep_change)
        for payment in kept.payments:
            draft = draft.take(TENDER_BY_KEY[payment.tender], payment.received_fen or payment.amount_fen)
        return draft

    def without_last(self) -> "PaymentDraft":
        """The draft without the payment taken last."""
        return replace(self, payments=self.payments[:-1]) if self.taken else self

    def words(self) -> list[tuple[str, int]]:
        """What was taken so far: word and fen."""
        return [(TENDER_BY_KEY[payment.tender].title, payment.amount_fen) for payment in self.payments]
