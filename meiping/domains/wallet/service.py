"""Stored value recharged and refunded, and the part by which bills spend it."""

from collections.abc import Sequence

from meiping.domains.customers.cards import require_card
from meiping.domains.ledger.levels import rise
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.till.rules import Tender
from meiping.domains.till.slips import SlipKind
from meiping.domains.wallet.models import Recharge, Refund
from meiping.domains.wallet.recharge_rules import offer_now
from meiping.domains.wallet.rules import BONUS, RECHARGE, REFUND, lapsing_bonus, split_spending
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN
from meiping.store.unit_of_work import Work, verb

RECHARGES = SlipKind(Recharge, "充值", "CZ", "recharge")
REFUNDS = SlipKind(Refund, "退款", "TK", "refund")


@verb(RECHARGE)
def recharge(
    work: Work,
    *,
    key: str,
    customer_id: int,
    principal_fen: int,
    bonus_fen: int | None = None,
    tender: str = "cash",
    note: str = "",
) -> str:
    """Put money into a customer's stored value in the actor's company and give the slip's number.

    Without ``bonus_fen`` the bonus is what the shop's best rule gives; another one needs the right BONUS. ``key`` is
    made when the window opens: pressed twice, the same slip comes back.
    """
    if posted := RECHARGES.posted(key):
        return posted
    customer_id, paid_with = RECHARGES.begin(work, customer_id, tender)
    if not 0 < principal_fen <= MAX_FEN:
        raise InputError("充值金额必须大于零。", field="principal_fen")
    offer = offer_now(work, customer_id=customer_id, principal_fen=principal_fen)
    if bonus_fen is None:
        bonus_fen = offer.bonus_fen
    if not 0 <= bonus_fen <= MAX_FEN:
        raise InputError("赠送金额不能小于零。", field="bonus_fen")
    by_rule = bonus_fen == offer.bonus_fen
    if not by_rule:
        work.actor.require(BONUS)
    number = RECHARGES.book(
        work,
        _recharged(paid_with, principal_fen, bonus_fen, customer_id),
        action="wallet.recharge",
        key=key,
        customer_id=customer_id,
        tender=paid_with,
        note=note,
        principal_fen=principal_fen,
        bonus_fen=bonus_fen,
        rule_id=offer.rule_id if by_rule else None,
    )
    rise(work, customer_id)
    return number


def _recharged(paid_with: Tender, principal_fen: int, bonus_fen: int, customer_id: int) -> list[Line]:
    return [
        Line(paid_with.account, principal_fen),
        Line(Account.STORED_PRINCIPAL, -principal_fen, customer_id),
        Line(Account.PROMOTION, bonus_fen),
        Line(Account.STORED_BONUS, -bonus_fen, customer_id),
    ]


def keep_change(work: Work, *, key: str, customer_id: int, sale_id: int, amount_fen: int) -> str:
    """A part of settling: cash that would be given back becomes stored value instead, without a bonus; gives its slip.

    ``key`` is the bill's. Needs the right RECHARGE.
    """
    work.actor.require(RECHARGE)
    return RECHARGES.book(
        work,
        _recharged(Tender.CASH, amount_fen, 0, customer_id),
        action="wallet.keep_change",
        key=f"{key} change",
        customer_id=customer_id,
        tender=Tender.CASH,
        note="找零存入",
        principal_fen=amount_fen,
        bonus_fen=0,
        sale_id=sale_id,
    )


@verb(REFUND)
def refund(
    work: Work,
    *,
    key: str,
    customer_id: int,
    principal_fen: int,
    tender: str = "cash",
    lapse_bonus: bool | None = None,
    note: str = "",
) -> str:
    """Give stored value back as money, out of the principal in the actor's company; gives the slip's number.

    When all principal goes and bonus is left, ``lapse_bonus`` must say whether it lapses. ``key`` is made when the
    window opens: pressed twice, the same slip comes back. Raises InputError beyond the principal.
    """
    if posted := REFUNDS.posted(key):
        return posted
    customer_id, paid_by = REFUNDS.begin(work, customer_id, tender)
    there = balances_in(work.actor.company_id, customer_id)
    lapsed_fen = lapsing_bonus(
        principal_fen,
        principal_fen=there.stored_principal_fen,
        bonus_fen=there.stored_bonus_fen,
        lapse=lapse_bonus,
    )
    lines = [
        Line(Account.STORED_PRINCIPAL, principal_fen, customer_id),
        Line(paid_by.account, -principal_fen),
        Line(Account.STORED_BONUS, lapsed_fen, customer_id),
        Line(Account.PROMOTION, -lapsed_fen),
    ]
    return REFUNDS.book(
        work,
        lines,
        action="wallet.refund",
        key=key,
        customer_id=customer_id,
        tender=paid_by,
        note=note,
        principal_fen=principal_fen,
        lapsed_bonus_fen=lapsed_fen,
    )


def spend(work: Work, *, customer_id: int, amount_fen: int) -> Sequence[Line]:
    """The postings that pay ``amount_fen`` from stored value, principal first. Raises InputError if short."""
    require_card(work, customer_id)
    there = balances_in(work.actor.company_id, customer_id)
    principal, bonus = split_spending(
        amount_fen, principal_fen=there.stored_principal_fen, bonus_fen=there.stored_bonus_fen
    )
    return (
        Line(Account.STORED_PRINCIPAL, principal, customer_id),
        Line(Account.STORED_BONUS, bonus, customer_id),
    )
