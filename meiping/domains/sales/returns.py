"""Taking goods back, whole bills or parts: all parts together give back exactly what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import survivor_of
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.sales.models import Sale, SaleLine, SaleTender
from meiping.domains.sales.posting import BillHead, BillLine, post_bill, write_bill
from meiping.domains.sales.queries import visible_sales
from meiping.domains.sales.rules import RETURN_GOODS, running_part
from meiping.domains.settings.service import next_number
from meiping.domains.stock import moves
from meiping.domains.till.rules import TENDER_BY_KEY, Tender
from meiping.domains.till.service import business_date, session
from meiping.domains.wallet import service as wallet
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import line_amount, share_out
from meiping.kernel.quantity import show_milli
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
    shares = _refund_shares(actor, sale, refund_fen, to_stored_value=to_stored_value)
    return Refund(refund_fen, tuple((tender.key, amount) for tender, amount in shares.items() if amount))


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
    went_out = _products_that_went_out(work, sale.id)
    goods = [part for _, part in lines if part.product_id in went_out]
    difference_fen = _put_goods_back(work, return_id, goods, to_waste=to_waste)
    list_fen = sum(_list_part(line, part) for line, part in lines)
    head = BillHead(
        key=key,
        number=number,
        kind="return",
        customer_id=_whose(sale),
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
    shares = _refund_shares(work.actor, sale, refund_fen, to_stored_value=to_stored_value)
    money = _give_back(work, sale, shares, to_stored_value=to_stored_value)
    tenders = [(tender.key, -amount, -amount) for tender, amount in shares.items() if amount]
    write_bill(work, return_id, head, [part for _, part in lines], tenders)
    post_bill(work, return_id, head, money, stock_difference_fen=difference_fen)
    audit.record(work, "sale.return", f"退货 {number}", Source("sale", return_id))
    work.changed(Topic.SALES)
    given = tuple((tender.key, amount) for tender, amount in shares.items() if amount)
    return PostedReturn(return_id, number, refund_fen, given)


def _whose(sale: Sale) -> int | None:
    """Who gets what comes back: the bill's customer, or the one he was merged into."""
    return None if sale.customer_id is None else survivor_of(sale.customer_id)


def _given_back(posted: Sale) -> PostedReturn:
    rows = SaleTender.select().where(SaleTender.sale == posted.id).order_by(SaleTender.id)
    given = tuple((row.tender, -row.amount_fen) for row in rows)
    return PostedReturn(posted.id, posted.number, -posted.total_fen, given)


def _returnable(actor: Actor, sale_id: int, *, to_stored_value: bool) -> Sale:
    mine = Sale.id.in_(visible_sales(actor))
    sale = Sale.get_or_none(Sale.id == sale_id, Sale.company == actor.company_id, mine)
    if sale is None:
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    if sale.kind == "return":
        raise InputError("退货单不能再退。")
    if to_stored_value and sale.customer_id is None:
        raise InputError("散客没有储值账户，请选择原路退回。")
    return sale


def _returned_lines(work: Work, sale: Sale, quantities: Mapping[int, int]) -> list[tuple[SaleLine, BillLine]]:
    parts = _returned_parts(sale, quantities)
    for line, part in parts:
        work.execute(
            "UPDATE sale_line SET returned_milli = returned_milli - ? WHERE id = ?", part.qty_milli, line.id
        )
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
        left = line.qty_milli - line.returned_milli
        if not 0 < qty_milli <= left:
            raise InputError(f"“{line.product_name}”最多还能退 {show_milli(left)}。", field=str(line_id))
        parts.append((line, _negative(line, qty_milli)))
    return parts


def _part(line: SaleLine, whole_fen: int, qty_milli: int) -> int:
    return running_part(whole_fen, line.qty_milli, before_milli=line.returned_milli, now_milli=qty_milli)


def _list_part(line: SaleLine, part: BillLine) -> int:
    return _part(line, line_amount(line.list_price_fen, line.qty_milli), -part.qty_milli)


def _negative(line: SaleLine, qty_milli: int) -> BillLine:
    return BillLine(
        product_id=line.product_id,
        product_name=line.product_name,
        unit=line.unit,
        qty_milli=-qty_milli,
        list_price_fen=line.list_price_fen,
        price_fen=line.price_fen,
        discount_bp=line.discount_bp,
        bill_discount_fen=-_part(line, line.bill_discount_fen, qty_milli),
        rounding_fen=-_part(line, line.rounding_fen, qty_milli),
        net_fen=-_part(line, line.net_fen, qty_milli),
        cost_fen=-_part(line, line.cost_fen, qty_milli),
        gift=line.gift,
        note="",
        returns_line_id=line.id,
    )


def _products_that_went_out(work: Work, sale_id: int) -> set[int]:
    rows = work.execute(
        "SELECT DISTINCT product_id FROM stock_move WHERE source_kind = 'sale' AND source_id = ?", sale_id
    )
    return {row[0] for row in rows.fetchall()}


def _put_goods_back(work: Work, return_id: int, goods: list[BillLine], *, to_waste: bool) -> int:
    """Bring goods in at the cost they went out with; gives the fen booked to stock differences."""
    day, source = business_date(work), Source("sale", return_id)
    difference_fen = 0
    for part in goods:
        difference_fen += moves.receive(
            work,
            product_id=part.product_id,
            qty_milli=-part.qty_milli,
            value_fen=-part.cost_fen,
            nature="销售退货",
            source=source,
            business_date=day,
        )
        if to_waste:
            difference_fen += moves.issue(
                work,
                product_id=part.product_id,
                qty_milli=-part.qty_milli,
                nature="退货报损",
                source=source,
                business_date=day,
            )
    return difference_fen


def _refund_shares(actor: Actor, sale: Sale, refund_fen: int, *, to_stored_value: bool) -> dict[Tender, int]:
    """How much goes back by which tender: debt first, then as it was paid, less what went back before."""
    shares: dict[Tender, int] = {}
    if sale.customer_id is not None:
        debt_fen = balances_in(actor.company_id, survivor_of(sale.customer_id)).debt_fen
        shares[Tender.CREDIT] = min(refund_fen, debt_fen)
    rest = refund_fen - sum(shares.values())
    if to_stored_value:
        shares[Tender.STORED_VALUE] = rest
        return shares
    left = _still_to_give_back(sale)
    weights = [left[tender] for tender in left]
    as_paid = min(rest, sum(weights))
    shares |= dict(zip(left, share_out(as_paid, weights), strict=True))
    shares[Tender.CASH] = shares.get(Tender.CASH, 0) + rest - as_paid
    return shares


def _still_to_give_back(sale: Sale) -> dict[Tender, int]:
    """What each tender but credit paid on the bill, less what returns of it gave back."""
    bills = [sale.id, *(row.id for row in Sale.select(Sale.id).where(Sale.original == sale.id))]
    left: dict[Tender, int] = {}
    for row in SaleTender.select().where(SaleTender.sale.in_(bills)).order_by(SaleTender.id):
        tender = TENDER_BY_KEY[row.tender]
        if tender is not Tender.CREDIT:
            left[tender] = left.get(tender, 0) + row.amount_fen
    return {tender: max(amount, 0) for tender, amount in left.items()}


def _give_back(work: Work, sale: Sale, shares: Mapping[Tender, int], *, to_stored_value: bool) -> list[Line]:
    lines: list[Line] = []
    party = _whose(sale) or 0
    for tender, amount_fen in shares.items():
        if tender is not Tender.STORED_VALUE:
            lines.append(Line(tender.account, -amount_fen, party if tender is Tender.CREDIT else 0))
        elif amount_fen and to_stored_value:
            as_paid = min(amount_fen, _still_to_give_back(sale).get(Tender.STORED_VALUE, 0))
            lines.append(Line(Account.STORED_PRINCIPAL, -(amount_fen - as_paid), party))
            lines += _stored_as_paid(work, sale, as_paid)
        elif amount_fen:
            lines += _stored_as_paid(work, sale, amount_fen)
    return lines


def _stored_as_paid(work: Work, sale: Sale, amount_fen: int) -> list[Line]:
    whose = _whose(sale)
    if not amount_fen or whose is None:
        return []
    bills = [sale.id, *(row.id for row in Sale.select(Sale.id).where(Sale.original == sale.id))]
    return list(wallet.put_back(work, customer_id=whose, amount_fen=amount_fen, sale_ids=bills))
