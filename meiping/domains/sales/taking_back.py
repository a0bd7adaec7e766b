"""Goods of posted bills that come back: which bill and line, what part of it, and into stock again."""

from datetime import date

from meiping.domains.sales.cart import TakenBack
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.sales.posting import BillLine
from meiping.domains.sales.queries import visible_sales
from meiping.domains.sales.rules import running_part
from meiping.domains.stock import moves
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import line_amount
from meiping.kernel.quantity import show_milli
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def returnable(actor: Actor, sale_id: int) -> Sale:
    """A bill of the actor's company and scope that goods may come back from. Raises NotFound, InputError."""
    mine = Sale.id.in_(visible_sales(actor))
    sale = Sale.get_or_none(Sale.id == sale_id, Sale.company == actor.company_id, mine)
    if sale is None:
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    if sale.kind == "return":
        raise InputError("退货单不能再退。")
    return sale


def require_left(line: SaleLine, qty_milli: int) -> None:
    """Raise InputError unless so much of the line has not come back yet."""
    left = line.qty_milli - line.returned_milli
    if not 0 < qty_milli <= left:
        raise InputError(f"“{line.product_name}”最多还能退 {show_milli(left)}。", field=str(line.id))


def list_value(line: SaleLine) -> int:
    """What the whole line comes to at list price, in fen."""
    return line_amount(line.list_price_fen, line.qty_milli)


def taken_from(line: SaleLine, number: str, *, to_waste: bool = False) -> TakenBack:
    """The line as a cart keeps it that takes goods of it back."""
    return TakenBack(
        line_id=line.id,
        number=number,
        sold_milli=line.qty_milli,
        before_milli=line.returned_milli,
        list_fen=list_value(line),
        bill_discount_fen=line.bill_discount_fen,
        rounding_fen=line.rounding_fen,
        net_fen=line.net_fen,
        to_waste=to_waste,
    )


def part_of(line: SaleLine, whole_fen: int, qty_milli: int) -> int:
    """The fen of ``qty_milli`` out of a line, after what came back before."""
    return running_part(whole_fen, line.qty_milli, before_milli=line.returned_milli, now_milli=qty_milli)


def credited(line: SaleLine) -> int:
    """The salesperson a line of a posted bill counts for; 0 for nobody."""
    return int(line.salesperson_id if line.salesperson_id is not None else line.sale.salesperson_id or 0)


def negative(line: SaleLine, qty_milli: int) -> BillLine:
    """The frozen line by which ``qty_milli`` of a line come back; the credit is taken from who got it."""
    return BillLine(
        product_id=line.product_id,
        product_name=line.product_name,
        unit=line.unit,
        qty_milli=-qty_milli,
        list_price_fen=line.list_price_fen,
        price_fen=line.price_fen,
        discount_bp=line.discount_bp,
        bill_discount_fen=-part_of(line, line.bill_discount_fen, qty_milli),
        rounding_fen=-part_of(line, line.rounding_fen, qty_milli),
        net_fen=-part_of(line, line.net_fen, qty_milli),
        cost_fen=-part_of(line, line.cost_fen, qty_milli),
        gift=line.gift,
        note="",
        returns_line_id=line.id,
        salesperson_id=credited(line),
    )


def count_returned(work: Work, part: BillLine) -> None:
    """Write down at the sold line what came back of it."""
    work.execute(
        "UPDATE sale_line SET returned_milli = returned_milli - ? WHERE id = ?",
        part.qty_milli,
        part.returns_line_id,
    )


def products_that_went_out(work: Work, sale_id: int) -> set[int]:
    """The goods of a bill that lie in stock: services and what was none then are not among them."""
    rows = work.execute(
        "SELECT DISTINCT product_id FROM stock_move WHERE source_kind = 'sale' AND source_id = ?", sale_id
    )
    return {row[0] for row in rows.fetchall()}


def put_back(work: Work, part: BillLine, *, source: Source, day: date, to_waste: bool) -> int:
    """Bring goods in at the cost they went out with; gives the fen booked to stock differences."""
    difference_fen = moves.receive(
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
