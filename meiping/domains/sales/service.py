"""Settling a cart, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meiping.domains.audit import service as audit
from meiping.domains.customers.service import CustomerForSale, customer_for_sale
from meiping.domains.ledger.levels import rise
from meiping.domains.ledger.rules import Line
from meiping.domains.loyalty import service as loyalty
from meiping.domains.receivables import service as receivables
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import PostedBill, posted_under
from meiping.domains.sales.count_cards import bring_cards_back, issue_cards
from meiping.domains.sales.deposits import give_rest_back, use_deposit
from meiping.domains.sales.exchanging import (
    came_back,
    exchange_points,
    money_back,
    only_original,
    settle_credit,
    take_goods_back,
    tenders_back,
    write_credits,
)
from meiping.domains.sales.oversight import note_bill, require_terms
from meiping.domains.sales.payments import Payment, check_change, check_payments
from meiping.domains.sales.points import earn_on_bill
from meiping.domains.sales.posting import BillHead, BillLine, post_bill, write_bill
from meiping.domains.sales.prices import price_facts
from meiping.domains.sales.pricing import PricedBill, price_bill, with_facts
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.rules import CHANGE_PRICES, CHECKOUT, SELL_ON_CREDIT
from meiping.domains.sales.service_terms import begin_service
from meiping.domains.sales.spending_pins import settle_spending_pin
from meiping.domains.settings.options import STOCK_ALLOW, STOCK_FORBID
from meiping.domains.settings.queries import option
from meiping.domains.settings.service import next_number
from meiping.domains.stock import moves
from meiping.domains.till.rules import TENDER_BY_KEY, Tender
from meiping.domains.till.service import session
from meiping.domains.wallet import service as wallet
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.kernel.money import WHOLE_BP, CashRounding, show_fen
from meiping.kernel.quantity import show_milli
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb

BELOW_ZERO = "stock_below_zero"
_SHORT_TOLD = 6


@verb(CHECKOUT)
def checkout(
    work: Work,
    *,
    cart: Cart,
    payments: Sequence[Payment],
    way: RefundWay = RefundWay.AS_PAID,
    stored_change_fen: int = 0,
    confirmed: frozenset[str] = frozenset(),
) -> PostedBill:
    """Settle a cart: bill, goods and money in one transaction, posted once per cart key.

    Goods that come back with it (an exchange) pay for what is taken; what is over lowers the customer's debt, then
    goes back in the ``way`` asked for, without payments. What was paid beforehand for the cart is among the payments
    as far as the total needs it; the rest goes back in cash. A second call with the same key gives the first bill back.
    Raises InputError where the payments do not come to the total, the customer's stored value or credit is short, his
    spending PIN is still to be given, or a price lies under the floor; NeedsConfirmation where stock would go below
    zero and the shop wants to be warned.
    """
    posted = posted_under(work, cart.key)
    if posted is not None:
        return posted
    if not cart.lines:
        raise InputError("还没有商品，请先扫码或搜索商品。")
    change_fen = check_change(payments, stored_change_fen, named=cart.customer_id is not None)
    customer = customer_for_sale(work, cart.customer_id) if cart.customer_id else None
    if customer is not None and customer.deleted:
        raise InputError("这位客户在回收站里，请先恢复，或换一位客户。")
    products = _products(work, cart)
    _check_terms(work, cart, products, customer)
    bill = price_bill(cart, CashRounding(option("till.rounding")))
    check_payments(max(bill.total_fen, 0), payments)
    rest_fen = use_deposit(cart, payments, bill.total_fen)
    came = came_back(work.actor, cart)
    back = settle_credit(work.actor, came, bill, customer.id if customer is not None else None, way)
    now = session(work)
    day = now.business_date
    number = next_number(work, "HH" if came else "XS", day=day)
    sale_id = work.next_id("sale")
    source = Source("sale", sale_id)
    difference_fen = take_goods_back(work, came, source, day)
    _check_stock(work, cart, products, confirmed)
    parts = {one.place: one.part for one in came}
    costs = _goods_out(work, cart, products, parts, source, day)
    customer_id = customer.id if customer is not None else None
    paid = _take_payments(work, payments, customer, sale_id, cart.key)
    money = paid + money_back(back, customer_id)
    head = BillHead(
        key=cart.key,
        number=number,
        kind="exchange" if came else "sale",
        customer_id=customer_id,
        salesperson_id=cart.salesperson_id,
        original_id=only_original(came),
        business_date=day,
        shift_id=now.shift_id,
        list_fen=bill.list_fen,
        discount_fen=bill.discount_fen,
        rounding_fen=bill.rounding_fen,
        cost_fen=sum(costs),
        note=clean(cart.note, name="备注"),
    )
    tenders = [(p.tender, p.amount_fen, p.received_fen or p.amount_fen) for p in payments]
    tenders += [(key, -fen, -fen) for key, fen in tenders_back(back.back)]
    write_bill(work, sale_id, head, _bill_lines(cart, bill, costs, parts), tenders)
    write_credits(sale_id, back)
    put_off = issue_cards(work, sale_id, customer_id=customer_id, day=day)
    put_off += bring_cards_back(work, [one.part for one in came])
    post_bill(work, sale_id, head, money + put_off, stock_difference_fen=difference_fen)
    if customer_id is not None:
        exchange_points(work, sale_id, customer_id=customer_id, came=came, settled=back)
        earn_on_bill(
            work,
            sale_id,
            customer_id=customer_id,
            taken_fen=sum(line.net_fen for line in bill.lines if line.net_fen > 0),
            payments=payments,
            money=paid,
            kept=[(tender, kept) for _, tender, _, kept in back.credits],
        )
        rise(work, customer_id)
    note_bill(work, cart, bill, payments, number, source)
    _go_with(work, head, cart, sale_id, stored_change_fen=stored_change_fen, rest_fen=rest_fen)
    work.execute("DELETE FROM cart WHERE key = ?", cart.key)
    audit.record(work, "sale.checkout", f"收银 {number}", source)
    work.changed(Topic.SALES)
    return PostedBill(
        sale_id, number, bill.total_fen, change_fen, tenders_back(back.back), stored_change_fen, rest_fen
    )


def _go_with(
    work: Work, head: BillHead, cart: Cart, sale_id: int, *, stored_change_fen: int, rest_fen: int
) -> None:
    """What goes with a bill: terms of service, and slips of change put into stored value and of a deposit's rest."""
    customer_id = head.customer_id
    begin_service(work, sale_id, cart, customer_id=customer_id, day=head.business_date)
    if customer_id is None:
        return
    if stored_change_fen:
        wallet.keep_change(
            work, key=cart.key, customer_id=customer_id, sale_id=sale_id, amount_fen=stored_change_fen
        )
    if rest_fen:
        give_rest_back(work, cart, customer_id, sale_id, rest_fen)


def _goods_out(
    work: Work,
    cart: Cart,
    products: Mapping[int, "_SoldProduct"],
    parts: Mapping[int, BillLine],
    source: Source,
    day: date,
) -> list[int]:
    """Take the goods sold out of stock; gives the cost of each line, negative for what comes back."""
    return [
        parts[place].cost_fen
        if place in parts
        else moves.issue(
            work,
            product_id=line.product_id,
            qty_milli=line.qty_milli,
            nature="销售出库",
            source=source,
            business_date=day,
        )
        if products[line.product_id].stocked
        else 0
        for place, line in enumerate(cart.lines)
    ]


@dataclass(frozen=True, slots=True)
class _SoldProduct:
    name: str
    list_price_fen: int
    lowest_price_fen: int
    stocked: bool
    active: bool
    own_price: bool
    """It has no price of its own: the line's is the one typed, or the fee."""
    incomplete: bool
    """It was made in haste at the counter: until goods of it come in, nobody has counted it."""
    below_zero: str
    """What stock below zero means for it, empty for what the shop says."""


def _products(work: Work, cart: Cart) -> dict[int, _SoldProduct]:
    ids = {line.product_id for line in cart.lines if line.taken is None}
    marks = ", ".join("?" * len(ids))
    rows = work.execute(
        "SELECT id, name, list_price_fen, lowest_price_fen, stocked, active, amount_only OR fee_line,"
        " incomplete, below_zero FROM product"
        f" WHERE id IN ({marks})",
        *ids,
    ).fetchall()
    found = {}
    for product_id, name, list_fen, lowest_fen, *flags, below_zero in rows:
        stocked, active, own_price, incomplete = map(bool, flags)
        found[product_id] = _SoldProduct(
            name, list_fen, lowest_fen, stocked, active, own_price, incomplete, below_zero
        )
    for line in cart.lines:
        if line.taken is not None:
            continue
        if line.product_id not in found or not found[line.product_id].active:
            raise InputError(f"“{line.name}”已停用，请从单里删除后再结账。")
    return found


def _check_terms(
    work: Work, cart: Cart, products: Mapping[int, _SoldProduct], customer: CustomerForSale | None
) -> None:
    _check_people(work, cart)
    level_bp = customer.discount_bp if customer else WHOLE_BP
    if cart.level_discount_bp != level_bp:
        work.actor.require(CHANGE_PRICES)
    require_terms(work, cart, {key: product.lowest_price_fen for key, product in products.items()})
    _check_rules(work, cart)
    for line in cart.lines:
        if line.taken is not None:
            continue
        product = products[line.product_id]
        list_fen = line.list_price_fen if product.own_price else product.list_price_fen
        if line.list_price_fen != list_fen and not work.actor.can(CHANGE_PRICES):
            raise InputError(f"“{line.name}”的售价现在是 {show_fen(list_fen)}，请删除这一行再扫一次。")
        if line.qty_milli <= 0 or line.price_fen < 0:
            raise InputError(f"“{line.name}”的数量或价格不对，请检查。")


def _check_people(work: Work, cart: Cart) -> None:
    """Raise InputError where a line counts for somebody there is not."""
    own = {line.salesperson_id for line in cart.lines if line.taken is None and line.salesperson_id}
    marks = ", ".join("?" * len(own))
    known = work.execute(f"SELECT id FROM operator WHERE id IN ({marks})", *own).fetchall() if own else ()
    if len(known) < len(own):
        raise InputError("有一行的业务员不存在，请重新选择。")


def _check_rules(work: Work, cart: Cart) -> None:
    """What rules give must be what they give now; who may change prices may keep what they gave before."""
    now = with_facts(cart, price_facts(cart, work.day))
    if now == cart:
        return
    if price_bill(now).lines != price_bill(cart).lines and not work.actor.can(CHANGE_PRICES):
        raise InputError("价格或优惠有变动，请返回再按一次结账。")


def _check_stock(
    work: Work, cart: Cart, products: Mapping[int, _SoldProduct], confirmed: frozenset[str]
) -> None:
    usual = option("stock.below_zero")
    wanted: dict[int, int] = {}
    for line in cart.lines:
        product = products[line.product_id] if line.taken is None else None
        if product is not None and product.stocked and (product.below_zero or usual) != STOCK_ALLOW:
            wanted[line.product_id] = wanted.get(line.product_id, 0) + line.qty_milli
    if not wanted:
        return
    held = moves.there_now(work, wanted.keys())
    short: list[str] = []
    for product_id, qty_milli in wanted.items():
        there, product = held[product_id], products[product_id]
        if there >= qty_milli:
            continue
        sentence = f"“{product.name}”库存只有 {show_milli(there)}，要卖 {show_milli(qty_milli)}。"
        if (product.below_zero or usual) == STOCK_FORBID:
            raise InputError(sentence + "请先入库。")
        if not product.incomplete or moves.ever_counted(work, product_id):
            short.append(sentence)
    if short and BELOW_ZERO not in confirmed:
        first, *others = short
        detail = "\n".join(others[:_SHORT_TOLD]) + ("\n……" if len(others) > _SHORT_TOLD else "")
        raise NeedsConfirmation(BELOW_ZERO, first + "仍要出售吗？", verb="仍要出售", detail=detail)


def _take_payments(
    work: Work,
    payments: Sequence[Payment],
    customer: CustomerForSale | None,
    sale_id: int,
    cart_key: str,
) -> list[Line]:
    if customer is not None:
        settle_spending_pin(work, customer_id=customer.id, cart_key=cart_key, payments=payments)
    lines: list[Line] = []
    sums: dict[Tender, int] = {}
    for payment in payments:
        tender = TENDER_BY_KEY.get(payment.tender)
        if tender is None:
            raise InputError("有不认识的付款方式。", field="payments")
        sums[tender] = sums.get(tender, 0) + payment.amount_fen
    for tender, amount_fen in sums.items():
        if tender.real_money:
            lines.append(Line(tender.account, amount_fen))
            continue
        if customer is None:
            raise InputError(f"散客不能用{tender.title}，请先选择客户（F2）。", field=tender.key)
        if tender is Tender.STORED_VALUE:
            lines += wallet.spend(work, customer_id=customer.id, amount_fen=amount_fen)
        elif tender is Tender.DEPOSIT:
            lines.append(Line(tender.account, amount_fen, customer.id))
        elif tender is Tender.POINTS:
            loyalty.spend(work, customer_id=customer.id, sale_id=sale_id, amount_fen=amount_fen)
            lines.append(Line(tender.account, amount_fen))
        else:
            work.actor.require(SELL_ON_CREDIT)
            lines.append(
                receivables.charge(
                    work, customer_id=customer.id, amount_fen=amount_fen, limit_fen=customer.credit_limit_fen
                )
            )
    return lines


def _bill_lines(
    cart: Cart, bill: PricedBill, costs: Sequence[int], parts: Mapping[int, BillLine]
) -> list[BillLine]:
    def one(line: CartLine, position: int) -> BillLine:
        if position in parts:
            return parts[position]
        priced = bill.lines[position]
        values: dict[str, Any] = {
            "price_fen": priced.price_fen,
            "discount_bp": priced.discount_bp,
            "bill_discount_fen": priced.bill_discount_fen,
            "rounding_fen": priced.rounding_fen,
            "net_fen": priced.net_fen,
        }
        return BillLine(
            product_id=line.product_id,
            product_name=line.name,
            unit=line.unit,
            qty_milli=line.qty_milli,
            list_price_fen=line.list_price_fen,
            cost_fen=costs[position],
            gift=line.gift,
            note=line.note,
            salesperson_id=line.salesperson_id,
            **values,
        )

    return [one(line, position) for position, line in enumerate(cart.lines)]
