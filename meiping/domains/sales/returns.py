"""Taking goods back, whole bills or parts: all parts together give back exactly what was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.ledger.rules import Line
from meiping.domains.receivables import service as receivables
from meiping.domains.sales.count_cards import bring_cards_back
from meiping.domains.sales.models import Sale, SaleLine, SaleTender
from meiping.domains.sales.points import take_back_points
from meiping.domains.sales.posting import BillHead, BillLine, post_bill, write_bill
from meiping.domains.sales.refunds import (
    Purse,
    Purses,
    RefundWay,
    debt_of,
    given_back,
    purses_of,
    refund_lines,
    take_from,
    whose,
)
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.domains.sales.taking_back import (
    count_returned,
    list_value,
    negative,
    part_of,
    products_that_went_out,
    put_back,
    require_left,
    returnable,
)
from meiping.domains.settings.service import next_number
from meiping.domains.till import events
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.rules import Tender
from meiping.domains.till.service import session
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, query, verb


@dataclass(frozen=True, slots=True)
class PostedReturn:
    """What a return gives: its id and number, the fen given back in all, and by which tender."""

    sale_id: int
    number: str
    refund_fen: int
    by_tender: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """What a return would give back: the fen in all, and by which tender (key, fen)."""

    refund_fen: int
    by_tender: tuple[tuple[str, int], ...]


@query(RETURN_GOODS)
def refund_of(
    actor: Actor, *, sale_id: int, quantities: Mapping[int, int], way: RefundWay = RefundWay.AS_PAID
) -> Refund:
    """What ``return_goods`` would give back now, so that it is said before it is done. Raises as that does."""
    sale = may_come_back(actor, sale_id, way=way)
    refund_fen = -sum(part.net_fen for _, part in _returned_parts(sale, quantities))
    shares = shares_of(actor, sale, refund_fen, way=way)
    return Refund(refund_fen, told_shares(shares))


@verb(RETURN_GOODS)
def return_goods(
    work: Work,
    *,
    key: str,
    sale_id: int,
    quantities: Mapping[int, int],
    way: RefundWay = RefundWay.AS_PAID,
    to_waste: bool = False,
    reason: str = "",
) -> PostedReturn:
    """Take back ``quantities`` (thousandths by line id) of a bill and give back what was paid for them.

    The refund first lowers what the customer owes, then goes back the way it was paid, into stored value, or in cash
    but for what stored value and points had paid.
    ``to_waste`` takes the goods out again at once. ``key`` is made when the window opens: pressed twice, the
    same return comes back.
    """
    posted = posted_return(key)
    if posted is not None:
        return posted
    sale = may_come_back(work.actor, sale_id, way=way)
    lines = _returned_parts(sale, quantities)
    list_fen = sum(part_of(line, list_value(line), -part.qty_milli) for line, part in lines)
    return write_return(
        work,
        sale,
        [part for _, part in lines],
        bring_cards_back(work, [part for _, part in lines]),
        list_fen=list_fen,
        key=key,
        way=way,
        to_waste=to_waste,
        reason=reason,
    )


def write_return(
    work: Work,
    sale: Sale,
    lines: Sequence[BillLine],
    cards: Sequence[Line],
    *,
    list_fen: int,
    key: str,
    way: RefundWay,
    to_waste: bool = False,
    reason: str = "",
) -> PostedReturn:
    """A part of taking back: post the parts of a bill's lines that come back, worth ``list_fen`` at list price.

    ``cards`` are the postings for count cards among them.
    """
    for part in lines:
        count_returned(work, part)
    now = session(work)
    day = now.business_date
    number = next_number(work, "TH", day=day)
    return_id = work.next_id("sale")
    source = Source("sale", return_id)
    went_out = products_that_went_out(work, sale.id)
    difference_fen = sum(
        put_back(work, part, source=source, day=day, to_waste=to_waste)
        for part in lines
        if part.product_id in went_out
    )
    head = BillHead(
        key=key,
        number=number,
        kind="return",
        customer_id=whose(sale),
        salesperson_id=sale.salesperson_id,
        original_id=sale.id,
        business_date=day,
        shift_id=now.shift_id,
        list_fen=-list_fen,
        discount_fen=-(list_fen + sum(-part.rounding_fen + part.net_fen for part in lines)),
        rounding_fen=sum(part.rounding_fen for part in lines),
        cost_fen=sum(part.cost_fen for part in lines),
        note=clean(reason, name="原因"),
    )
    refund_fen = -head.total_fen
    shares = shares_of(work.actor, sale, refund_fen, way=way)
    given = told_shares(shares)
    tenders = [(key, -fen, -fen) for key, fen in given]
    write_bill(work, return_id, head, lines, tenders)
    post_bill(
        work,
        return_id,
        head,
        [*refund_lines(shares, whose(sale) or 0), *cards],
        stock_difference_fen=difference_fen,
    )
    owed_less_fen = dict(given).get(Tender.CREDIT.key, 0)
    receivables.took_off(work, paying=source, charged=Source("sale", sale.id), amount_fen=owed_less_fen)
    if head.customer_id is not None:
        take_back_points(
            work, sale, return_id, customer_id=head.customer_id, returned_fen=refund_fen, gone=shares
        )
    audit.record(work, "sale.return", f"退货 {number}", source)
    told = f"{number}（退现金）" if way is RefundWay.CASH else number
    told = f"{told}：{head.note}" if head.note else told
    events.note(work, EventKind.RETURNED, amount_fen=refund_fen, detail=told, source=source)
    work.changed(Topic.SALES)
    return PostedReturn(return_id, number, refund_fen, given)


def posted_return(key: str) -> PostedReturn | None:
    """The return that was posted under a key."""
    posted = Sale.get_or_none(Sale.key == key)
    if posted is None:
        return None
    rows = SaleTender.select().where(SaleTender.sale == posted.id).order_by(SaleTender.id)
    given = tuple((row.tender, -row.amount_fen) for row in rows)
    return PostedReturn(posted.id, posted.number, -posted.total_fen, given)


def may_come_back(actor: Actor, sale_id: int, *, way: RefundWay) -> Sale:
    """The bill goods come back from. Raises NotFound, and InputError for stored value of nobody."""
    sale = returnable(actor, sale_id)
    if way is RefundWay.STORED and sale.customer_id is None:
        raise InputError("散客没有储值账户，请选择原路退回。")
    return sale


def _returned_parts(sale: Sale, quantities: Mapping[int, int]) -> list[tuple[SaleLine, BillLine]]:
    sold = {line.id: line for line in SaleLine.select().where(SaleLine.sale == sale.id)}
    wanted = {line_id: qty for line_id, qty in quantities.items() if qty}
    if not wanted:
        raise InputError("请选择要退的商品和数量。")
    parts = []
    for line_id, qty_milli in wanted.items():
        line = sold.get(line_id)
        if line is None or line.qty_milli < 0:
            raise InputError("要退的商品不在这张单里，请重新打开。")
        require_left(line, qty_milli)
        parts.append((line, negative(line, qty_milli)))
    return parts


def shares_of(actor: Actor, sale: Sale, refund_fen: int, *, way: RefundWay) -> Purses:
    """How much goes back by which tender: debt first, then as it was paid, less what went back before."""
    debt_fen = min(refund_fen, debt_of(actor, whose(sale)))
    rest_fen = refund_fen - debt_fen
    parts = take_from(purses_of(sale), rest_fen, way)
    rest_fen -= sum(part.amount_fen for part in parts.values())
    return {Tender.CREDIT: Purse(debt_fen), **given_back(parts, rest_fen, way)}


def told_shares(shares: Purses) -> tuple[tuple[str, int], ...]:
    """The shares as they are said: tender keys and fen."""
    return tuple((tender.key, purse.amount_fen) for tender, purse in shares.items() if purse.amount_fen)
