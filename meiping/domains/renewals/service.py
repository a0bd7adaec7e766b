"""Verbs about services that come to an end: paid on by a bill, or written down as not wanted any more."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from meiping.domains.audit import service as audit
from meiping.domains.catalog.service import fee_line_product
from meiping.domains.customers.queries import survivor_of
from meiping.domains.customers.rules import EDIT
from meiping.domains.customers.service import customer_for_sale
from meiping.domains.renewals.queries import terms_with_ids
from meiping.domains.renewals.rules import KIND, TermState, check_reason, require_renewable
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import clear_counter, recall_cart, save_cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.prices import price_facts
from meiping.domains.sales.pricing import with_facts
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.service_terms.models import ServiceTerm
from meiping.domains.service_terms.rules import TermDays
from meiping.domains.service_terms.service import set_closed
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_date
from meiping.kernel.source import Source
from meiping.kernel.tabular import Row
from meiping.store.unit_of_work import Work, verb

MOST_AT_ONCE = 100


@verb(CHECKOUT)
def renew_services(work: Work, *, term_ids: Sequence[int]) -> Cart:
    """Lay the annual fees of services on the counter for their customer, and give the cart.

    They are added to a bill begun for him there; another is put aside. A bill with one of these fees that is not settled
    yet is taken up instead. Once it is paid the next terms begin where these end. Raises InputError for services of
    several customers, without a fee, or that can't be renewed any more.
    """
    rows = terms_with_ids(work.actor, term_ids)[:MOST_AT_ONCE]
    require_renewable(rows)
    customer = customer_for_sale(work, rows[0]["customer_id"])
    if customer.deleted:
        raise InputError("这位客户在回收站里，请先恢复。")
    cart = _counter_cart(work, rows, customer.id, customer.name)
    there = {line.renews_id for line in cart.lines}
    product_id = fee_line_product(work)
    added = [_fee_line(row, product_id) for row in rows if row["id"] not in there]
    cart = replace(cart, lines=(*cart.lines, *added))
    cart = with_facts(cart, price_facts(cart, work.day))
    save_cart(work, cart=cart)
    for row in rows:
        audit.record(work, "service_term.renew", "续费开单", Source(KIND, row["id"]))
    work.changed(Topic.CART)
    return cart


def _fee_line(row: Row, product_id: int) -> CartLine:
    term = ServiceTerm.get_by_id(row["id"])
    following = TermDays(term.start_date, term.end_date, term.anchor_day).following(
        term.product.service_term_months or term.months
    )
    return CartLine(
        product_id=product_id,
        code="",
        name=f"{row['product']} 年费（至 {show_date(following.end)}）",
        unit=row["unit"],
        qty_milli=row["left_milli"],
        list_price_fen=row["fee_fen"],
        price_fen=row["fee_fen"],
        quantity_decimals=3,
        amount_only=True,
        renews_id=row["id"],
    )


def _counter_cart(work: Work, rows: Sequence[Row], customer_id: int, customer_name: str) -> Cart:
    """The cart the fees go to: one that has a fee of these already, the customer's own on the counter, or a new one."""
    wanted = {row["id"] for row in rows}
    begun: list[tuple[CartRow, Cart]] = []
    for row in CartRow.select().order_by(CartRow.id):
        cart = Cart.from_json(row.body)
        if wanted & {line.renews_id for line in cart.lines}:
            begun.append((row, cart))
    if len(begun) > 1:
        raise UserError("这几项服务的年费在几张没结的单里，请先取单结账。")
    if begun:
        return _taken_up(work, *begun[0])
    there = CartRow.get_or_none(CartRow.company == work.actor.company_id, CartRow.held_at.is_null())
    if there is not None:
        standing = Cart.from_json(there.body)
        if standing.customer_id is not None and survivor_of(standing.customer_id) == customer_id:
            return standing
    clear_counter(work)
    return Cart(key=str(uuid.uuid4()), customer_id=customer_id, customer_name=customer_name)


def _taken_up(work: Work, row: CartRow, cart: Cart) -> Cart:
    if row.company_id != work.actor.company_id:
        raise UserError("这项服务的年费在别的公司的收银台上，请在那里结账。")
    if row.held_at is None:
        return cart
    clear_counter(work)
    return recall_cart(work, key=row.key)


# ---------------------------------------------------------------- not wanted any more
@verb(EDIT)
def close_services(work: Work, *, term_ids: Collection[int], reason: str) -> int:
    """Write down that services are not wanted any more, and why; gives how many changed. Only open ones count.

    They are no longer reminded of, nor among the fees to collect. Raises InputError without a reason.
    """
    why = check_reason(reason)
    return _turn(work, term_ids, closed_at=work.at, reason=why, action="close", told="服务不再续")


@verb(EDIT)
def reopen_services(work: Work, *, term_ids: Collection[int]) -> int:
    """Take that back; gives how many changed."""
    return _turn(work, term_ids, closed_at=None, reason="", action="reopen", told="服务恢复待续")


def _turn(
    work: Work, term_ids: Collection[int], *, closed_at: int | None, reason: str, action: str, told: str
) -> int:
    changed = 0
    for row in terms_with_ids(work.actor, term_ids):
        is_open = row["state_key"] not in (TermState.RENEWED.key, TermState.RETURNED.key)
        if not is_open or (row["closed_at"] is None) == (closed_at is None):
            continue
        set_closed(work, row["id"], at=closed_at, reason=reason)
        audit.record(work, f"service_term.{action}", told, Source(KIND, row["id"]))
        changed += 1
    work.changed(Topic.DEALS)
    return changed
