"""Reading quotes: the list of one customer, the recycle bin, one of them, and what prices were told or paid before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import Field, ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.catalog.models import Product
from meiping.domains.contacts.queries.reach import of_living_customers
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import (
    family_ids,
    or_customer_found,
    require_visible,
    survivor_of,
    visible_customers,
)
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.domains.deals.models import Quote, QuoteLine
from meiping.domains.deals.queries.rule_prices import amounts_by_rule, listed_line
from meiping.domains.deals.rules import PREFIX, QuoteState, goods_title, state_of
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.sales.queries import last_price_fen
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.domains.settings.numbers import number_typed
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.quantity import ONE
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.kernel.text import plain
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

QUOTE_COLUMNS = (
    Column("number", "单号", Kind.CODE, width=17),
    Column("quoted_date", "报价日期", Kind.DATE, width=11),
    Column("customer", "客户", width=12),
    Column("about", "主题", width=14, stretch=True),
    Column("line_count", "种类", Kind.NUMBER, width=5),
    Column("total_fen", "金额", Kind.MONEY, width=11),
    Column("valid_until_date", "有效至", Kind.DATE, width=11),
    Column("state", "状态", width=7, sortable=False),
    Column("bill", "业务单", Kind.CODE, width=18, hidden=True),
    Column("contact_name", "联系人", width=8, hidden=True),
    Column("operator", "报价人", width=7),
    Column("notes", "备注", width=20, sortable=False, hidden=True),
    Column("created_at", "录入时间", Kind.MOMENT, width=17, hidden=True),
)
QUOTE_BIN_COLUMNS = (
    *QUOTE_COLUMNS[:6],
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)
LINE_COLUMNS = (
    Column("position", "#", Kind.NUMBER, width=4),
    Column("product_name", "商品", width=26, stretch=True),
    Column("unit", "单位", width=6),
    Column("qty_milli", "数量", Kind.QUANTITY, width=9),
    Column("price_fen", "单价", Kind.MONEY, width=12),
    Column("amount_fen", "金额", Kind.MONEY, width=13),
    Column("note", "备注", width=16),
)
_PLAIN = (
    "number",
    "quoted_date",
    "subject",
    "line_count",
    "total_fen",
    "valid_until_date",
    "contact_name",
    "notes",
    "created_at",
    "given_up_at",
    "deleted_at",
    "deleted_by",
)
_TONES = {QuoteState.EXPIRED: "muted", QuoteState.GIVEN_UP: "muted"}
_NEWEST = Sort("number", descending=True)
Bill: Any = Sale.alias("bill")
"""The bill a quote became, in selects that ``with_bill`` has joined."""


def with_bill(select: ModelSelect[Any]) -> Any:
    """Join the bill that a quote became: posted under the key of its cart, for this customer, with goods of it.

    A cart that was emptied and used for something else keeps its key: that bill is none of the quote's.
    """
    buyer: Any = Customer.alias("buyer")
    merged = buyer.select(buyer.id).where(buyer.id == Bill.customer, buyer.merged_into == Quote.customer)
    his = (Bill.customer == Quote.customer) | fn.EXISTS(merged)
    sold: Any = SaleLine.alias("sold")
    told: Any = QuoteLine.alias("told")
    shared = (
        sold.select(sold.id)
        .join(told, on=(told.product == sold.product))
        .where(sold.sale == Bill.id, told.quote == Quote.id)
    )
    return select.left_outer_join(Bill, on=((Bill.key == Quote.cart_key) & his & fn.EXISTS(shared)))


def _select() -> Any:
    plain_columns = [getattr(Quote, key) for key in _PLAIN]
    first: Any = QuoteLine.alias("first_line")
    select = (
        Quote.select(
            Quote.id,
            Quote.customer.alias("customer_id"),
            *plain_columns,
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            Operator.name.alias("operator"),
            fn.coalesce(Bill.number, "").alias("bill"),
            Bill.id.alias("bill_id"),
            first.select(first.product_name)
            .where(first.quote == Quote.id, first.position == 1)
            .alias("first"),
        )
        .join(Customer, on=(Quote.customer == Customer.id))
        .switch(Quote)
        .join(Operator, on=(Quote.operator == Operator.id))
        .switch(Quote)
    )
    return with_bill(select)


def _to_row(row: dict[str, Any], today: date) -> dict[str, Any]:
    state = state_of(
        billed=bool(row["bill"]),
        given_up=row["given_up_at"] is not None,
        valid_until=row["valid_until_date"],
        today=today,
    )
    name = shown_name(row["customer_name"], row["customer_phone"])
    return {
        **row,
        "customer": name,
        "about": row["subject"] or goods_title(row["first"], row["line_count"]),
        "state": state.title,
        "state_key": state.key,
        "tone": _TONES.get(state),
    }


def _listing(actor: Actor, select: Any, default: Sort = _NEWEST) -> Listing:
    today = actor.today()
    sorts: Mapping[str, Field] = {
        **{key: getattr(Quote, key) for key in _PLAIN},
        "number": Quote.id,
        "customer": Customer.name_key,
        "about": Quote.subject,
        "operator": Operator.name,
        "bill": Bill.id,
    }
    return SelectListing(
        select,
        identity=Quote.id,
        sorts=sorts,
        default=default,
        to_row=lambda row: _to_row(row, today),
    )


# ------------------------------------------------------------------- lists
@query(VIEW)
def quotes_of(actor: Actor, *, customer_id: int) -> Listing:
    """The quotes of one customer by ``QUOTE_COLUMNS``, the newest first. A row has ``state_key`` and ``bill_id`` besides.

    One without a subject is called after its goods.
    """
    require_visible(actor, customer_id)
    return _listing(actor, _select().where(Quote.customer == customer_id, Quote.deleted_at.is_null()))


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """Which quotes: words in number, subject or of the customer; the deleted ones."""

    text: str = ""
    in_bin: bool = False


@query(VIEW)
def quote_list(actor: Actor, narrowed: QuoteFilter | None = None) -> Listing:
    """The quotes of all customers the actor may see, the newest first; of the recycle bin the last deleted."""
    wanted = narrowed or QuoteFilter()
    met: list[Any] = [
        Quote.deleted_at.is_null(not wanted.in_bin),
        of_living_customers(actor, Quote.customer),
    ]
    text = wanted.text.strip()
    if text:
        within = Quote.number.contains(plain(text)) | Quote.subject.contains(text)
        met.append(or_customer_found(within, Quote.customer, text))
    newest = Sort("deleted_at", descending=True) if wanted.in_bin else _NEWEST
    return _listing(actor, _select().where(*met), newest)


# ------------------------------------------------------------------- one of them
@dataclass(frozen=True, slots=True)
class QuoteLineDetail:
    """One line as it was told."""

    product_id: int
    product_name: str
    unit: str
    qty_milli: int
    price_fen: int
    amount_fen: int
    note: str


@dataclass(frozen=True, slots=True)
class QuoteDetail:
    """One quote with its lines, and the number of the bill it became, if any."""

    id: int
    number: str
    customer_id: int
    customer: str
    contact_name: str
    operator: str
    quoted_date: date
    valid_until_date: date | None
    subject: str
    notes: str
    total_fen: int
    state: QuoteState
    bill: str
    deleted_at: int | None
    lines: tuple[QuoteLineDetail, ...]


@query(VIEW)
def quote_detail(actor: Actor, *, quote_id: int) -> QuoteDetail:
    """One quote within the actor's scope, in the recycle bin or not. Raises NotFound."""
    visible_quote(actor, quote_id)
    return read_quote(quote_id, today=actor.today())


def read_quote(quote_id: int, *, today: date) -> QuoteDetail:
    """One quote whoever asks: the caller has checked that it may be seen."""
    found = cast("dict[str, Any]", _select().where(Quote.id == quote_id).dicts().get())
    row = _to_row(found, today)
    lines = QuoteLine.select().where(QuoteLine.quote == quote_id).order_by(QuoteLine.position)
    plain_values = {
        key: row[key] for key in QuoteDetail.__slots__ if key in row and key not in ("state", "lines")
    }
    state = next(state for state in QuoteState if state.key == row["state_key"])
    told = tuple(
        QuoteLineDetail(
            line.product_id,
            line.product_name,
            line.unit,
            line.qty_milli,
            line.price_fen,
            line.amount_fen,
            line.note,
        )
        for line in lines
    )
    return QuoteDetail(**plain_values, state=state, lines=told)


def visible_quote(actor: Actor, quote_id: int) -> Quote:
    """The row of a quote of a customer the actor may see. Raises NotFound."""
    seen = Quote.select().where(Quote.id == quote_id, Quote.customer.in_(visible_customers(actor)))
    row: Quote | None = seen.first()
    if row is None:
        raise NotFound("没有这份报价，或者不在您的查看范围内。")
    return row


# ------------------------------------------------------------------- prices
@dataclass(frozen=True, slots=True)
class PriceHint:
    """What a price may follow, in fen a unit: the list price, his own by level and rules, what he paid last."""

    list_fen: int
    level_fen: int
    last_fen: int | None


@query(VIEW)
def price_hints(actor: Actor, *, customer_id: int, product_ids: Collection[int]) -> dict[int, PriceHint]:
    """The present prices of products for a customer; what he paid last only with the right to see bills."""
    require_visible(actor, customer_id)
    products = list(Product.select().where(Product.id.in_(list(product_ids))))
    lines = [listed_line(product, ONE) for product in products]
    prices = amounts_by_rule(lines, customer_id=customer_id, day=actor.today())
    sees_bills = actor.can(VIEW_SALES)
    return {
        product.id: PriceHint(
            product.list_price_fen,
            level_fen,
            last_price_fen(actor, customer_id=customer_id, product_id=product.id) if sees_bills else None,
        )
        for product, level_fen in zip(products, prices, strict=True)
    }


@query(CHECKOUT)
def last_quoted_fen(actor: Actor, *, customer_id: int, product_id: int) -> int | None:
    """The unit price in fen told last to this customer for this product in a quote that holds today, if any.

    Raises NotFound outside the scope.
    """
    require_visible(actor, customer_id, any_customer=True)
    family = family_ids(survivor_of(customer_id))
    select = (
        Quote.select(QuoteLine.price_fen)
        .join(QuoteLine, on=(QuoteLine.quote == Quote.id))
        .switch(Quote)
        .where(
            Quote.customer.in_(family),
            QuoteLine.product == product_id,
            Quote.deleted_at.is_null(),
            Quote.given_up_at.is_null(),
            Quote.valid_until_date.is_null() | (Quote.valid_until_date >= actor.today()),
        )
        .order_by(Quote.id.desc())
        .limit(1)
    )
    found = with_bill(select).where(Bill.id.is_null()).tuples().first()
    return None if found is None else int(found[0])


# ------------------------------------------------------------------- finding
@dataclass(frozen=True, slots=True)
class QuoteHit:
    """A found quote."""

    id: int
    number: str
    customer_id: int
    customer: str
    subject: str
    total_fen: int
    quoted_date: date


@query(VIEW)
def find_quotes(actor: Actor, text: str, *, limit: int = 20) -> list[QuoteHit]:
    """The latest quotes in the actor's scope with what was typed in their subject, or in their number.

    Of a number three characters are enough, its end as well as its beginning, with or without dashes.
    """
    typed = text.strip()
    if not typed:
        return []
    met: Any = Quote.subject.contains(typed)
    if (numbered := number_typed(Quote.number, typed, prefix=PREFIX)) is not None:
        met |= numbered
    select = (
        _select()
        .where(met, Quote.deleted_at.is_null(), of_living_customers(actor, Quote.customer))
        .order_by(Quote.id.desc())
        .limit(limit)
    )
    return [
        QuoteHit(
            row["id"],
            row["number"],
            row["customer_id"],
            shown_name(row["customer_name"], row["customer_phone"]),
            row["subject"],
            row["total_fen"],
            row["quoted_date"],
        )
        for row in cast("list[Row]", list(select.dicts()))
    ]
