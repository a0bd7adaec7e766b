"""Taking goods back, whole bills or parts: all parts together give back exactly what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass

from meiping.domains.audit import service as audit
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
    actor: Actor, *, sale_id: int, quantities: Mapping[int, int], to_stored_value: bool = False
) -> Refund:
    """What ``return_goods`` would give back now, so that it is said before it is done. Raises as that does."""
    sale = _returnable(actor, sale_id, to_stored_value=to_stored_value)
    refund_fen = -sum(part.net_fen for _, part in _returned_parts(sale, quantities))
    return Refund(refund_fen, _told(_shares(actor, sale, refund_fen, to_stored_value=to_stored_value)))


@verb(RETURN_GOODS)
def return_goods(
    work: Work,
    *,
    key: str,
    sale_id: int,
    quantities: Mapping[int, int],
    to_stored_value: bool = False,
    to_waste: bool = False,
    reason: str = "",
) -> PostedReturn:
    """Take back ``quantities`` (thousandths by line id) of a bill and give back what was paid for them.

    The refund first lowers what the customer owes, then goes back the way it was paid, or into stored value.
    ``to_waste`` takes the goods out again at once. ``key`` is made when the window opens: pressed twice, the
    same return comes back.
    """
    posted = Sale.get_or_none(Sale.key == key)
    if posted is not None:
        return _given_back(posted)
    sale = _returnable(work.actor, sale_id, to_stored_value=to_stored_value)
    lines = _returned_lines(work, sale, quantities)
    now = session(work)
    day = now.business_date
    number = next_number(work, "TH", day=day)
    return_id = work.next_id("sale")
    source = Source("sale", return_id)
    went_out = products_that_went_out(work, sale.id)
    difference_fen = sum(
        put_back(work, part, source=source, day=day, to_waste=to_waste)
        for _, part in lines
        if part.product_id in went_out
    )
    list_fen = sum(part_of(line, list_value(line), -part.qty_milli) for line, part in lines)
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
        discount_fen=-(list_fen + sum(-part.rounding_fen + part.net_fen for _, part in lines)),
        rounding_fen=sum(part.rounding_fen for _, part in lines),
        cost_fen=sum(part.cost_fen for _, part in lines),
        note=clean(reason, name="原因"),
    )
    refund_fen = -head.total_fen
    shares = _shares(work.actor, sale, refund_fen, to_stored_value=to_stored_value)
    given = _told(shares)
    tenders = [(key, -fen, -fen) for key, fen in given]
    write_bill(work, return_id, head, [part for _, part in lines], tenders)
    post_bill(
        work,
        return_id,
        head,
        refund_lines(shares, whose(sale) or 0) + bring_cards_back(work, [part for _, part in lines]),
        stock_difference_fen=difference_fen,
    )
    owed_less_fen = dict(given).get(Tender.CREDIT.key, 0)
    receivables.took_off(work, paying=source, charged=Source("sale", sale.id), amount_fen=owed_less_fen)
    if head.customer_id is not None:
        take_back_points(
            work, sale, return_id, customer_id=head.customer_id, returned_fen=refund_fen, gone=shares
        )
    audit.record(work, "sale.return", f"退货 {number}", source)
    told = f"{number}：{head.note}" if head.note else number
    events.note(work, EventKind.RETURNED, amount_fen=refund_fen, detail=told, source=source)
    work.changed(Topic.SALES)
    return PostedReturn(return_id, number, refund_fen, given)


def _given_back(posted: Sale) -> PostedReturn:
    rows = SaleTender.select().where(SaleTender.sale == posted.id).order_by(SaleTender.id)
    given = tuple((row.tender, -row.amount_fen) for row in rows)
    return PostedReturn(posted.id, posted.number, -posted.total_fen, given)


def _returnable(actor: Actor, sale_id: int, *, to_stored_value: bool) -> Sale:
    sale = returnable(actor, sale_id)
    if to_stored_value and sale.customer_id is None:
        raise InputError("散客没有储值账户，请选择原路退回。")
    return sale


def _returned_lines(work: Work, sale: Sale, quantities: Mapping[int, int]) -> list[tuple[SaleLine, BillLine]]:
    parts = _returned_parts(sale, quantities)
    for _, part in parts:
        count_returned(work, part)
    return parts


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


def _shares(actor: Actor, sale: Sale, refund_fen: int, *, to_stored_value: bool) -> Purses:
    """How much goes back by which tender: debt first, then as it was paid, less what went back before."""
    way = RefundWay.STORED if to_stored_value else RefundWay.AS_PAID
    debt_fen = min(refund_fen, debt_of(actor, whose(sale)))
    rest_fen = refund_fen - debt_fen
    parts = take_from(purses_of(sale), rest_fen, way)
    rest_fen -= sum(part.amount_fen for part in parts.values())
    return {Tender.CREDIT: Purse(debt_fen), **given_back(parts, rest_fen, way)}


def _told(shares: Purses) -> tuple[tuple[str, int], ...]:
    return tuple((tender.key, purse.amount_fen) for tender, purse in shares.items() if purse.amount_fen)
