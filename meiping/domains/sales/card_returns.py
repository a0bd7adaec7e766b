"""Giving back a count card that was used in part: what its uses took stays earned, the rest goes back.

It is a return of that piece of the bill at what is left of its price, so that bills, points, reports and the drawer
know it as any other return.
"""

from dataclasses import dataclass, replace

from meiping.domains.loyalty import cards
from meiping.domains.loyalty.card_rules import worth_used
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.sales.posting import BillLine
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import (
    PostedReturn,
    may_come_back,
    posted_return,
    shares_of,
    told_shares,
    write_return,
)
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.domains.sales.taking_back import list_value, negative, part_of, require_left
from meiping.kernel.actor import Actor
from meiping.kernel.money import WHOLE_BP
from meiping.kernel.quantity import ONE
from meiping.store.unit_of_work import Work, query, verb


@dataclass(frozen=True, slots=True)
class CardRefund:
    """What giving a card back comes to: what its place on the bill cost, the fen its uses took, and what goes back.

    ``by_tender`` is by which tender (key, fen).
    """

    service: str
    uses: int
    used: int
    paid_fen: int
    refund_fen: int
    by_tender: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Returned:
    sale: Sale
    left: cards.CardLeft
    part: BillLine
    paid_fen: int
    list_fen: int


@query(RETURN_GOODS)
def refund_of_card(actor: Actor, *, card_id: int, way: RefundWay = RefundWay.AS_PAID) -> CardRefund:
    """What ``return_card`` would give back now, so that it is said before it is done. Raises as that does."""
    found = _returned(actor, card_id, way=way)
    refund_fen = -found.part.net_fen
    shares = shares_of(actor, found.sale, refund_fen, way=way)
    left = found.left
    return CardRefund(left.service, left.uses, left.used, found.paid_fen, refund_fen, told_shares(shares))


@verb(RETURN_GOODS)
def return_card(
    work: Work, *, key: str, card_id: int, way: RefundWay = RefundWay.AS_PAID, reason: str = ""
) -> PostedReturn:
    """Take a count card back and give back what was paid for the uses that are left.

    As with other goods that first lowers what the customer owes, then goes back in the ``way`` asked for. ``key`` is
    made when the window opens: pressed twice, the same return comes back. Raises InputError where the card was given
    back, used up or has lapsed.
    """
    posted = posted_return(key)
    if posted is not None:
        return posted
    found = _returned(work.actor, card_id, way=way)
    return write_return(
        work,
        found.sale,
        [found.part],
        cards.bring_rest_back(work, found.left),
        list_fen=found.list_fen,
        key=key,
        way=way,
        reason=reason,
    )


def _returned(actor: Actor, card_id: int, *, way: RefundWay) -> _Returned:
    left = cards.left_of(actor, card_id)
    line = SaleLine.get_by_id(left.line_id)
    sale = may_come_back(actor, line.sale_id, way=way)
    require_left(line, ONE)
    paid_fen = part_of(line, line.net_fen, ONE)
    whole_fen = part_of(line, list_value(line), ONE)
    list_fen = whole_fen - worth_used(whole_fen, left.uses, left.used)
    part = negative(line, ONE)
    if left.used:
        part = _without_used(part, left, list_fen=list_fen, refund_fen=max(paid_fen - left.used_fen, 0))
    return _Returned(sale, left, part, paid_fen, list_fen)


def _without_used(part: BillLine, left: cards.CardLeft, *, list_fen: int, refund_fen: int) -> BillLine:
    """The line that brings back what is left of a card: its price is that."""
    return replace(
        part,
        list_price_fen=list_fen,
        price_fen=refund_fen,
        discount_bp=WHOLE_BP,
        bill_discount_fen=0,
        rounding_fen=0,
        net_fen=-refund_fen,
        note=f"已用 {left.used} 次，退 {left.uses - left.used} 次",
    )
