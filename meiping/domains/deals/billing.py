"""From a quote to the counter: a cart with the prices told."""

import uuid
from dataclasses import replace

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Product
from meiping.domains.customers.queries import survivor_of
from meiping.domains.customers.service import CustomerForSale, customer_for_sale
from meiping.domains.deals.models import Quote
from meiping.domains.deals.queries import QuoteDetail, QuoteLineDetail, read_quote, visible_quote
from meiping.domains.deals.queries.rule_prices import amounts_by_rule, as_ruled, listed_line
from meiping.domains.deals.rules import KIND, QuoteState
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import clear_counter, recall_cart, save_cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.rules import CHANGE_PRICES, CHECKOUT
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, UserError
from meiping.kernel.moments import show_date
from meiping.kernel.money import WHOLE_BP, show_fen
from meiping.kernel.source import Source
from meiping.store import recycle_bin
from meiping.store.unit_of_work import Work, verb

EXPIRED_QUOTE = "expired_quote"
"""The token that confirms a bill from a quote whose last day has passed."""


@verb(CHECKOUT)
def turn_into_bill(work: Work, *, quote_id: int, confirmed: frozenset[str] = frozenset()) -> Cart:
    """Lay a quote's goods on the counter at the prices told, for its customer, and give the cart.

    What stands there is put aside. A bill of this quote that is not settled yet is taken up as it is. Once the bill
    is posted the quote counts as turned into it. Raises UserError where it was, or was given up; InputError for
    goods or prices the counter does not take; PermissionDenied for other prices without the right to change them;
    asks where the quote has expired.
    """
    row = visible_quote(work.actor, quote_id)
    recycle_bin.require_outside(row, "这份报价")
    quote = read_quote(quote_id, today=work.day)
    begun = unfinished_bill(work, row)
    if begun is not None and quote.state is not QuoteState.BILLED:
        return _taken_up(work, begun)
    _require_open(quote, confirmed)
    customer = customer_for_sale(work, quote.customer_id)
    if customer.deleted:
        raise InputError("这位客户在回收站里，请先恢复。")
    cart = _cart(work, row, quote, customer)
    clear_counter(work)
    save_cart(work, cart=cart)
    Quote.update(cart_key=cart.key).where(Quote.id == quote_id).execute()
    audit.record(work, "quote.turn", f"报价 {quote.number} 开单", Source(KIND, quote_id))
    work.changed(Topic.DEALS, Topic.CART)
    return cart


def unfinished_bill(work: Work, quote: Quote) -> CartRow | None:
    """The cart a quote was turned into, if it still waits at the counter or on hold.

    One that was emptied and used for other goods or another customer is none of the quote's.
    """
    if quote.cart_key is None:
        return None
    row: CartRow | None = CartRow.get_or_none(CartRow.key == quote.cart_key)
    if row is None:
        return None
    cart = Cart.from_json(row.body)
    if cart.customer_id is None or survivor_of(cart.customer_id) != survivor_of(quote.customer_id):
        return None
    told = work.execute("SELECT product_id FROM quote_line WHERE quote_id = ?", quote.id).fetchall()
    return row if {line.product_id for line in cart.lines} & {one for (one,) in told} else None


def _require_open(quote: QuoteDetail, confirmed: frozenset[str]) -> None:
    if quote.state is QuoteState.BILLED:
        raise UserError(f"这份报价已经开单（{quote.bill}）。")
    if quote.state is QuoteState.GIVEN_UP:
        raise UserError("这份报价已经放弃，请先重新启用。")
    if quote.state is QuoteState.EXPIRED and EXPIRED_QUOTE not in confirmed:
        sentence = f"这份报价只到 {show_date(quote.valid_until_date)} 有效。仍按报价开单吗？"
        raise NeedsConfirmation(EXPIRED_QUOTE, sentence, verb="仍要开单")


# ---------------------------------------------------------------- the cart
def _cart(work: Work, row: Quote, quote: QuoteDetail, customer: CustomerForSale) -> Cart:
    products = {
        product.id: product
        for product in Product.select().where(Product.id.in_([line.product_id for line in quote.lines]))
    }
    listed = [_listed(line, products[line.product_id]) for line in quote.lines]
    by_rule = amounts_by_rule(listed, customer_id=customer.id, day=work.day)
    lines = tuple(
        line if amount_fen == told.amount_fen else _as_told(line, told)
        for told, line, amount_fen in zip(quote.lines, listed, by_rule, strict=True)
    )
    if any(line.changed_by_hand for line in lines):
        work.actor.require(CHANGE_PRICES)
    cart = Cart(
        key=str(uuid.uuid4()),
        lines=lines,
        customer_id=customer.id,
        customer_name=customer.name,
        salesperson_id=row.operator_id if row.operator_id != work.actor.operator_id else None,
        note=f"报价 {quote.number}",
    )
    return as_ruled(cart, work.day)


def _listed(told: QuoteLineDetail, product: Product) -> CartLine:
    """The goods as a scan would bring them; those at which the shop's own rules come to the price told stay so."""
    if not product.active:
        raise InputError(f"“{product.name}”已停用，请先从报价里去掉。")
    return listed_line(product, told.qty_milli, told.note)


def _as_told(line: CartLine, told: QuoteLineDetail) -> CartLine:
    """The goods at the price told."""
    line = replace(line, price_fen=told.price_fen, discount_bp=WHOLE_BP)
    if line.changed_by_hand and told.price_fen < line.lowest_price_fen:
        lowest = show_fen(line.lowest_price_fen)
        raise InputError(f"“{line.name}”现在最低只能卖 {lowest}，请先改报价。")
    return line


# ---------------------------------------------------------------- the counter
def _taken_up(work: Work, begun: CartRow) -> Cart:
    if begun.company_id != work.actor.company_id:
        raise UserError("这份报价开的单还在别的公司的收银台上，请在那里结账。")
    if begun.held_at is None:
        return Cart.from_json(begun.body)
    clear_counter(work)
    return recall_cart(work, key=begun.key)
