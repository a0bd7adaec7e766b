"""Goods that come back with a cart and pay for what is taken instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meiping.domains.customers.queries import survivor_of
from meiping.domains.ledger.rules import Line
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.models import ExchangeCredit, Sale, SaleLine
from meiping.domains.sales.points import take_back_points
from meiping.domains.sales.posting import BillLine
from meiping.domains.sales.pricing import PricedBill, price_bill
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
from meiping.domains.sales.returns import Refund
from meiping.domains.sales.rules import CHECKOUT, RETURN_GOODS
from meiping.domains.sales.taking_back import (
    count_returned,
    credited,
    negative,
    products_that_went_out,
    put_back,
    require_left,
    returnable,
    taken_from,
)
from meiping.domains.sales.terms import back_terms
from meiping.domains.settings.queries import option
from meiping.domains.till.approvals import require_approved
from meiping.domains.till.rules import Tender
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.money import CashRounding, share_out
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query


@query(RETURN_GOODS)
def lines_taken_back(
    actor: Actor, *, sale_id: int, quantities: Mapping[int, int], to_waste: bool = False
) -> tuple[int | None, tuple[CartLine, ...]]:
    """The bill's customer, and the lines by which ``quantities`` (thousandths by line id) of it come back in a cart.

    Raises NotFound, and InputError for more than is left.
    """
    sale = returnable(actor, sale_id)
    wanted = {line_id: qty for line_id, qty in quantities.items() if qty}
    if not wanted:
        raise InputError("请选择要退的商品和数量。")
    sold = (
        SaleLine.select().where(SaleLine.sale == sale.id, SaleLine.qty_milli > 0).order_by(SaleLine.position)
    )
    lines = tuple(
        _cart_line(line, sale, wanted[line.id], to_waste=to_waste) for line in sold if line.id in wanted
    )
    if len(lines) != len(wanted):
        raise InputError("要退的商品不在这张单里，请重新打开。")
    return whose(sale), lines


def _cart_line(line: SaleLine, sale: Sale, qty_milli: int, *, to_waste: bool) -> CartLine:
    require_left(line, qty_milli)
    return CartLine(
        product_id=line.product_id,
        code=line.product.code,
        name=line.product_name,
        unit=line.unit,
        qty_milli=-qty_milli,
        list_price_fen=line.list_price_fen,
        price_fen=line.price_fen,
        quantity_decimals=line.product.quantity_decimals,
        discount_bp=line.discount_bp,
        gift=bool(line.gift),
        taken=taken_from(line, sale.number, to_waste=to_waste),
        salesperson_id=credited(line),
    )


@query(CHECKOUT)
def refund_of_cart(actor: Actor, *, cart: Cart, way: RefundWay = RefundWay.AS_PAID) -> Refund:
    """What settling the cart would give back now, and by which tender. Raises as settling does."""
    came = came_back(actor, cart)
    bill = price_bill(cart, CashRounding(option("till.rounding")))
    settled = settle_credit(actor, came, bill, cart.customer_id, way)
    return Refund(max(-bill.total_fen, 0), tenders_back(settled.back))


# ---------------------------------------------------------------- parts of settling
@dataclass(frozen=True, slots=True)
class CameBack:
    """A line of the cart, its place there, and the bill line it comes from."""

    place: int
    line: SaleLine
    sale: Sale
    part: BillLine
    to_waste: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What goes back to the customer by tender, and what left each earlier bill: (bill, tender, all, kept)."""

    back: Purses
    credits: tuple[tuple[int, Tender, Purse, Purse], ...]


def came_back(actor: Actor, cart: Cart) -> list[CameBack]:
    """The goods that come back, checked against the bills they are from.

    Raises InputError where they have come back since, belong to another customer, or nothing is taken instead;
    PermissionDenied unless the actor may take goods back, or was allowed just these on this cart.
    """
    if not cart.takes_back:
        return []
    for subject in filter(None, map(back_terms, cart.lines)):
        require_approved(actor, RETURN_GOODS, cart_key=cart.key, subject=subject)
    if all(line.taken is not None for line in cart.lines):
        raise InputError("还没有换的商品：请扫要换的商品，只退不换请用退货。")
    seen: set[int] = set()
    found = []
    for place, line in enumerate(cart.lines):
        taken = line.taken
        if taken is None:
            continue
        stored = SaleLine.get_or_none(SaleLine.id == taken.line_id)
        if stored is None or stored.qty_milli <= 0 or taken.line_id in seen:
            raise InputError(f"“{line.name}”不能这样退，请删除这一行重新选择。")
        seen.add(taken.line_id)
        sale = returnable(actor, stored.sale_id)
        _same_customer(sale, cart, line)
        require_left(stored, -line.qty_milli)
        if taken_from(stored, sale.number, to_waste=taken.to_waste) != taken:
            raise InputError(f"“{line.name}”又退过一部分，请删除这一行重新选择。")
        part = negative(stored, -line.qty_milli)
        found.append(CameBack(place, stored, sale, part, taken.to_waste))
    return found


def only_original(came: Sequence[CameBack]) -> int | None:
    """The bill all of it is from; None for none or several."""
    sales = {one.sale.id for one in came}
    return sales.pop() if len(sales) == 1 else None


def _same_customer(sale: Sale, cart: Cart, line: CartLine) -> None:
    owner = whose(sale)
    buyer = None if cart.customer_id is None else survivor_of(cart.customer_id)
    if owner is not None and owner != buyer:
        raise InputError(f"“{line.name}”是另一位客户买的，请先选择买它的客户（F2）。")


def take_goods_back(work: Work, came: Sequence[CameBack], source: Source, day: date) -> int:
    """Count them as returned and bring them into stock, or to waste; gives the fen booked to stock differences."""
    went_out = {sale_id: products_that_went_out(work, sale_id) for sale_id in {one.sale.id for one in came}}
    difference_fen = 0
    for one in came:
        count_returned(work, one.part)
        if one.part.product_id in went_out[one.sale.id]:
            difference_fen += put_back(work, one.part, source=source, day=day, to_waste=one.to_waste)
    return difference_fen


def settle_credit(
    actor: Actor, came: Sequence[CameBack], bill: PricedBill, customer_id: int | None, way: RefundWay
) -> Settled:
    """What the goods that come back pay for, and what is given back for the rest.

    Raises InputError where stored value is wanted without a customer.
    """
    if way is RefundWay.STORED and customer_id is None:
        raise InputError("散客没有储值账户，请选择原路退回或现金。")
    worth: dict[int, int] = {}
    for one in came:
        worth[one.sale.id] = worth.get(one.sale.id, 0) - one.part.net_fen
    sales = {one.sale.id: one.sale for one in came}
    back_fen = max(-bill.total_fen, 0)
    owner = None if customer_id is None else survivor_of(customer_id)
    debt_fen = min(back_fen, debt_of(actor, owner))
    keeps = share_out(sum(worth.values()) - back_fen, list(worth.values()))
    lefts = [fen - keep for fen, keep in zip(worth.values(), keeps, strict=True)]
    gives = share_out(back_fen - debt_fen, lefts)
    back: Purses = {Tender.CREDIT: Purse(debt_fen)}
    credits: list[tuple[int, Tender, Purse, Purse]] = []
    for sale_id, keep, give in zip(worth, keeps, gives, strict=True):
        purses = purses_of(sales[sale_id])
        given = take_from(purses, give, way)
        kept = take_from(purses, keep)
        rest = give - sum(purse.amount_fen for purse in given.values())
        for tender, purse in given_back(given, rest, way).items():
            back[tender] = back.get(tender, Purse(0)).plus(purse)
        for tender in purses:
            stays = kept.get(tender, Purse(0))
            whole = given.get(tender, Purse(0)).plus(stays)
            if whole.amount_fen:
                credits.append((sale_id, tender, whole, stays))
    return Settled(back, tuple(credits))


def tenders_back(back: Purses) -> tuple[tuple[str, int], ...]:
    """What goes back: tender keys and fen."""
    return tuple((tender.key, purse.amount_fen) for tender, purse in back.items() if purse.amount_fen)


def money_back(settled: Settled, customer_id: int | None) -> list[Line]:
    """The postings of what goes back."""
    return refund_lines(settled.back, customer_id or 0)


def write_credits(sale_id: int, settled: Settled) -> None:
    """Write down what left the earlier bills."""
    for original_id, tender, whole, kept in settled.credits:
        ExchangeCredit.insert(
            sale=sale_id,
            original=original_id,
            tender=tender.key,
            amount_fen=whole.amount_fen,
            bonus_fen=whole.bonus_fen,
            kept_fen=kept.amount_fen,
            kept_bonus_fen=kept.bonus_fen,
        ).execute()


def exchange_points(
    work: Work,
    sale_id: int,
    *,
    customer_id: int,
    came: Sequence[CameBack],
    settled: Settled,
) -> None:
    """Take back what the goods that come back earned, and the points they were paid with; called once all is written."""
    for original in {one.sale.id: one.sale for one in came}.values():
        if original.customer_id is None:
            continue
        mine = [
            (tender, gone, kept)
            for original_id, tender, gone, kept in settled.credits
            if original_id == original.id
        ]
        take_back_points(
            work,
            original,
            sale_id,
            customer_id=customer_id,
            returned_fen=-sum(one.part.net_fen for one in came if one.sale.id == original.id),
            gone={tender: gone for tender, gone, _ in mine},
            kept={tender: kept for tender, _, kept in mine},
        )
