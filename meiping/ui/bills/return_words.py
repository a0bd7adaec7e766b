"""How a refund is said."""

from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.till.rules import TENDER_BY_KEY, Tender
from meiping.kernel.money import show_fen

RETURN_WAYS = (
    (RefundWay.AS_PAID, "原路退回"),
    (RefundWay.STORED, "退到储值"),
    (RefundWay.CASH, "退现金"),
)
"""How money may go back, in the order in which it is offered."""


def refund_word(tender_key: str) -> str:
    """How money goes back by a tender: what was on credit lowers the debt."""
    tender = TENDER_BY_KEY[tender_key]
    return "冲减欠款" if tender is Tender.CREDIT else f"退{tender.title}"


def returned_words(posted: PostedReturn) -> str:
    """What to give back, in one line."""
    ways = "，".join(f"{refund_word(key)} {show_fen(amount)}" for key, amount in posted.by_tender)
    return f"退货 {posted.number}：{ways}。" if ways else f"退货 {posted.number} 已完成。"
