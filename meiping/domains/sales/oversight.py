"""Rights and watchfulness over carts: what by hand needs a right or an approval, and what is written down of it."""

from collections.abc import Mapping, Sequence

from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.limits import wanted_rights
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import PricedBill, PricedLine, price_bill
from meiping.domains.sales.rules import CHANGE_PRICES, RETURN_GOODS, SELL_ON_CREDIT, VOID
from meiping.domains.sales.terms import back_terms, bill_terms, line_terms, taken_off, terms_by_hand
from meiping.domains.settings.queries import option
from meiping.domains.till import events
from meiping.domains.till.approvals import approver_on, require_on
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.rules import Tender
from meiping.kernel.money import WHOLE_BP, show_discount, show_fen
from meiping.kernel.permissions import Permission
from meiping.kernel.quantity import show_milli
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def require_terms(work: Work, cart: Cart, floors: Mapping[int, int]) -> None:
    """Raise PermissionDenied unless the actor, or who approved just these terms on this cart, may change prices so far.

    ``floors`` are the lowest prices in fen by product.
    """
    for subject in terms_by_hand(cart):
        require_on(work, CHANGE_PRICES, cart_key=cart.key, subject=subject)
    for wanted in wanted_rights(cart, option("till.most_discount"), floors):
        require_on(work, wanted.permission, cart_key=cart.key, subject=wanted.subject)


# ------------------------------------------------------------------ goods taken off an unfinished bill


def watch_taken_off(work: Work, before: str, cart: Cart) -> None:
    """Write down what was taken off; raises PermissionDenied for goods that had stood there for long."""
    gone = taken_off(before, cart)
    if not gone:
        return
    long_ago = work.at - 1000 * int(option("till.void_seconds"))
    if any(one.added_at <= long_ago for one in gone):
        work.actor.require(VOID)
    for one in gone:
        detail = f"{one.name} × {show_milli(one.qty_milli)}"
        events.note(work, EventKind.LINE_REMOVED, amount_fen=one.amount_fen, detail=detail)


def watch_dropped(work: Work, body: str) -> None:
    """Write down that a whole cart with goods on it is thrown away; raises PermissionDenied."""
    cart = Cart.from_json(body)
    if not cart.lines:
        return
    work.actor.require(VOID)
    detail = f"{len(cart.lines)} 种商品"
    events.note(work, EventKind.BILL_CLEARED, amount_fen=price_bill(cart).total_fen, detail=detail)


# ------------------------------------------------------------------ what a settled bill holds


def note_bill(
    work: Work, cart: Cart, bill: PricedBill, payments: Sequence[Payment], number: str, source: Source
) -> None:
    """Write down what was done by hand on a bill just settled: prices, discounts, gifts, returns, credit."""
    for line, priced in zip(cart.lines, bill.lines, strict=True):
        if not line.changed_by_hand:
            continue
        kind = EventKind.GIFT if line.gift else EventKind.PRICE_CHANGED
        said = f"{number} {line.name}：{_told(line, priced)}"
        given_fen = priced.list_fen - priced.amount_fen
        _note(work, kind, CHANGE_PRICES, cart, line_terms(line), given_fen, said, source)
    if cart.bill_discount_bp != WHOLE_BP or cart.bill_reduction_fen:
        given_fen = sum(line.bill_discount_fen for line in bill.lines)
        words = [show_discount(cart.bill_discount_bp)] if cart.bill_discount_bp != WHOLE_BP else []
        words += [f"减 {show_fen(cart.bill_reduction_fen)}"] if cart.bill_reduction_fen else []
        said = f"{number} 整单{'，'.join(words)}"
        _note(work, EventKind.PRICE_CHANGED, CHANGE_PRICES, cart, bill_terms(cart), given_fen, said, source)
    back_fen = -sum(line.net_fen for line, there in zip(bill.lines, cart.lines, strict=True) if there.taken)
    if cart.takes_back:
        came = next(filter(None, map(back_terms, cart.lines)))
        _note(work, EventKind.RETURNED, RETURN_GOODS, cart, came, back_fen, f"{number}（换货）", source)
    credit_fen = sum(one.amount_fen for one in payments if one.tender == Tender.CREDIT.key)
    if credit_fen:
        _note(work, EventKind.CREDIT, SELL_ON_CREDIT, cart, "", credit_fen, number, source)


def _told(line: CartLine, priced: PricedLine) -> str:
    if line.gift:
        return "赠送"
    words = [f"{show_fen(line.list_price_fen)} → {show_fen(priced.price_fen)}"]
    if line.price_fen == line.list_price_fen:
        words = []
    if priced.discount_bp != WHOLE_BP:
        words.append(show_discount(priced.discount_bp))
    return "，".join(words)


def _note(
    work: Work,
    kind: EventKind,
    permission: Permission,
    cart: Cart,
    subject: str,
    amount_fen: int,
    detail: str,
    source: Source,
) -> None:
    approver_id = None
    if subject and not work.actor.can(permission):
        approver_id = approver_on(work, permission, cart_key=cart.key, subject=subject)
    elif approval := work.actor.approval_of(permission):
        approver_id = approval.approver_id
    events.note(work, kind, amount_fen=amount_fen, detail=detail, source=source, approver_id=approver_id)
