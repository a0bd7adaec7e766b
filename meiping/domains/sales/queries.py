"""Reading carts and bills."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from peewee import fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import (
    Survivor,
    family,
    require_visible,
    standing,
    survivor_key,
    survivor_name,
    visible_customers,
)
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.sales.deposits import deposit_back_of
from meiping.domains.sales.goods_words import goods_of
from meiping.domains.sales.invoice_state import (
    TOO_MUCH,
    in_state,
    invoicing_on,
    numbered,
    states_of,
    told_invoices,
)
from meiping.domains.sales.line_people import of_person, people_beside, people_words
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.sales.tenders_standing import tenders_standing
from meiping.domains.wallet.queries import kept_of_change
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Listing, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing, within_days
from meiping.store.unit_of_work import query

KIND_WORDS = {"sale": "销售", "return": "退货", "exchange": "换货"}
BOUGHT = ("sale", "exchange")
"""The kinds of bills on which something was bought."""
BILL_COLUMNS = (
    Column("posted_at", "时间", Kind.MOMENT, width=16),
    Column("number", "单号", Kind.CODE, width=18),
    Column("kind", "类型", width=5),
    Column("customer", "客户", width=13, stretch=True),
    Column("total_fen", "金额", Kind.MONEY, width=11),
    Column("discount_fen", "优惠", Kind.MONEY, width=8),
    Column("goods", "商品", width=16, stretch=True, hidden=True, sortable=False),
    Column("line_count", "种类", Kind.NUMBER, width=6, hidden=True),
    Column("operator", "操作员", width=10, hidden=True),
    Column("salesperson", "业务员", width=12, hidden=True),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
    Column("note", "备注", width=16, hidden=True, sortable=False),
)
_GIVE_WAY = ("kind", "discount_fen")
LINE_COLUMNS = (
    Column("position", "#", Kind.NUMBER, width=4),
    Column("product_name", "商品", width=22, stretch=True),
    Column("qty_milli", "数量", Kind.QUANTITY, width=8),
    Column("unit", "单位", width=6),
    Column("price_fen", "单价", Kind.MONEY, width=11),
    Column("net_fen", "实付", Kind.MONEY, width=11),
    Column("returned_milli", "已退", Kind.QUANTITY, width=8),
)


def bill_columns(*, narrow: bool = False) -> tuple[Column, ...]:
    """The columns of a list of bills, with how their invoices stand in a shop that makes any out.

    In a ``narrow`` list others give way to that: they are not shown until somebody wants them.
    """
    if not invoicing_on():
        return BILL_COLUMNS
    hidden = _GIVE_WAY if narrow else ()
    columns = [replace(one, hidden=one.hidden or one.key in hidden) for one in BILL_COLUMNS]
    place = [one.key for one in columns].index("total_fen") + 1
    return (*columns[:place], Column("invoice", "开票", width=7, sortable=False), *columns[place:])


# ----------------------------------------------------------------- the bills
NOBODY_WORD = "不指定"
"""Said of a line for which nobody gets the credit."""
Salesperson: Any = Operator.alias()
"""The salesperson of ``posted_bills``."""


def posted_bills(*more: Any) -> Any:
    """A select of bills with customer, operator and salesperson; ``more`` adds columns a higher room knows about."""
    return (
        Sale.select(
            Sale.id,
            Sale.posted_at,
            Sale.number,
            Sale.kind,
            Sale.total_fen,
            Sale.discount_fen,
            Sale.line_count,
            Sale.business_date,
            Sale.note,
            fn.coalesce(survivor_name(), "散客").alias("customer"),
            Operator.name.alias("operator"),
            fn.coalesce(Salesperson.name, "").alias("salesperson"),
            *more,
        )
        .join(Operator, on=(Sale.operator == Operator.id))
        .switch(Sale)
        .left_outer_join(Customer, on=(Sale.customer == Customer.id))
        .left_outer_join(Survivor, on=(Customer.merged_into == Survivor.id))
        .left_outer_join(Salesperson, on=(Sale.salesperson == Salesperson.id))
    )


def _to_row(row: dict[str, Any]) -> dict[str, Any]:
    tone = "danger" if row["kind"] == "return" else None
    if row.get("invoice_state") == TOO_MUCH:
        tone = "warning"
    discount_fen = row["discount_fen"] or None
    told = {"kind": KIND_WORDS[row["kind"]], "discount_fen": discount_fen, "salesperson": people_words(row)}
    if others := row.get("line_people"):
        told["goods"] = f"（含{'、'.join(others)}售）{row['goods']}"  # in front, where nothing cuts it off
    return {**row, **told, "tone": tone}


def _beside(sale_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What a list of bills tells about each besides its own row: its goods, and its invoice in a shop that makes any."""
    states = states_of(sale_ids) if invoicing_on() else {}
    people = people_beside(sale_ids)
    return {
        one: {"goods": words, **states.get(one, {}), **people.get(one, {})}
        for one, words in goods_of(sale_ids).items()
    }


def _listing(select: Any, bare: Any = None) -> Listing:
    return SelectListing(
        select,
        bare=bare,
        identity=Sale.id,
        sorts={
            "posted_at": Sale.id,
            "number": Sale.number,
            "kind": Sale.kind,
            "customer": survivor_key(),
            "total_fen": Sale.total_fen,
            "discount_fen": Sale.discount_fen,
            "line_count": Sale.line_count,
            "operator": Operator.name,
            "salesperson": Salesperson.name,
            "business_date": Sale.business_date,
        },
        default=Sort("posted_at", descending=True),
        to_row=_to_row,
        beside=_beside,
        totals=lambda bills: {"total_fen": bills.columns(fn.SUM(Sale.total_fen)).scalar() or 0},
    )


@dataclass(frozen=True, slots=True)
class BillFilter:
    """Which bills: text in the number or of the customer, kind or kinds, and business days, both ends included.

    ``hour`` is a weekday (Monday 0) and the hour on the shop's clock in which they were made; ``invoice`` how they
    stand with their invoices (``invoice_state.STATE_WORDS``). With ``product_id`` only those of which this product
    has not all come back.
    """

    text: str = ""
    kind: str | Collection[str] | None = None
    first_date: date | None = None
    last_date: date | None = None
    hour: tuple[int, int] | None = None
    product_id: int | None = None
    invoice: str | None = None


def made_at(part: str) -> Any:
    """When a bill was made on the shop's clock, as ``strftime`` writes it: ``%w`` for the weekday, ``%H`` for the hour."""
    return fn.strftime(part, Sale.posted_at / 1000, "unixepoch", "localtime").coerce(False)


def with_words(text: str) -> Any:
    """The condition on ``posted_bills``: the words stand in the bill's or its invoice's number, or call the customer."""
    called = survivor_name().contains(text)
    if (found := search_index.records(text, kind=CUSTOMER)) is not None:
        called |= Sale.customer.in_(found) | Customer.merged_into.in_(found)
    return Sale.number.contains(text) | called | numbered(text)


def in_scope(actor: Actor, select: Any) -> Any:
    """A select of bills narrowed to those the actor may see."""
    scope = actor.scope()
    if scope is Scope.ALL:
        return select
    select = select.where(Sale.company == actor.company_id)
    if scope is Scope.COMPANY:
        return select
    mine = (Sale.operator == actor.operator_id) | of_person(actor.operator_id)
    return select.where(mine | Sale.customer.in_(visible_customers(actor)))


def visible_sales(actor: Actor) -> Any:
    """The ids of the bills in the actor's scope: for ``Sale.id.in_(...)`` in higher rooms."""
    return in_scope(actor, Sale.select(Sale.id))


@query(VIEW_SALES)
def bills(actor: Actor, *, narrow: BillFilter | None = None) -> Listing:
    """The bills in the actor's scope, the newest first."""
    narrow = narrow or BillFilter()
    whole = _narrowed(in_scope(actor, posted_bills()), narrow)
    if text := narrow.text.strip():
        return _listing(whole.where(with_words(text)))
    return _listing(whole, _narrowed(in_scope(actor, Sale.select(Sale.id)), narrow))


def _narrowed(select: Any, narrow: BillFilter) -> Any:
    """Bills narrowed by all but words."""
    if narrow.kind:
        kinds = [narrow.kind] if isinstance(narrow.kind, str) else list(narrow.kind)
        select = select.where(Sale.kind.in_(kinds))
    if narrow.product_id is not None:
        still = SaleLine.select(SaleLine.sale).where(
            SaleLine.product == narrow.product_id, SaleLine.qty_milli > SaleLine.returned_milli
        )
        select = select.where(Sale.id.in_(still))
    select = within_days(select, Sale.business_date, narrow.first_date, narrow.last_date)
    if narrow.hour is not None:
        weekday, hour = narrow.hour
        select = select.where(made_at("%w") == str((weekday + 1) % 7), made_at("%H") == f"{hour:02d}")
    if narrow.invoice:
        select = select.where(in_state(narrow.invoice))
    return select


@query(VIEW_SALES)
def bills_of(actor: Actor, *, customer_id: int) -> Listing:
    """The bills of one customer, the newest first."""
    require_visible(actor, customer_id, any_customer=True)
    return _listing(posted_bills().where(Sale.customer.in_(family(customer_id))))


@dataclass(frozen=True, slots=True)
class BillLineDetail:
    """A line of a posted bill; ``left_milli`` can still be returned.

    ``returned_from`` is the number of the bill it comes back from in an exchange, ``salesperson`` whom it counts for where
    that is not the bill's: NOBODY_WORD for nobody. ``shares_fen`` are its shares of the bill's discounts and rounding.
    """

    id: int
    position: int
    product_id: int
    product_name: str
    unit: str
    qty_milli: int
    list_price_fen: int
    price_fen: int
    discount_bp: int
    net_fen: int
    returned_milli: int
    gift: bool
    returned_from: str = ""
    salesperson: str = ""
    shares_fen: int = 0

    @property
    def own_fen(self) -> int:
        """What the line came to by its own price and discount."""
        return self.net_fen - self.shares_fen

    @property
    def left_milli(self) -> int:
        """What has not come back yet."""
        return max(self.qty_milli - self.returned_milli, 0)


@dataclass(frozen=True, slots=True)
class BillDetail:
    """A posted bill with its lines and tenders (word, amount fen, received fen), as they stand by now.

    ``tender_changes`` tell which tender was put right, ``invoices`` what was invoiced, each in one line. ``tax_bp`` is
    the rate of tax its amounts contain, 0 for none.
    """

    id: int
    number: str
    kind: str
    customer_id: int | None
    customer: str
    operator: str
    salesperson: str
    company_id: int
    posted_at: int
    list_fen: int
    discount_fen: int
    rounding_fen: int
    total_fen: int
    note: str
    original_id: int | None
    original_number: str
    lines: tuple[BillLineDetail, ...]
    tenders: tuple[tuple[str, int, int], ...]
    tender_changes: tuple[str, ...] = ()
    tax_bp: int = 0
    invoices: tuple[str, ...] = ()
    stored_change_fen: int = 0
    """What of the change went into stored value."""
    deposit_back_fen: int = 0
    """What had been paid beforehand and went back in cash."""

    @property
    def came_back_fen(self) -> int:
        """What the goods that came back were worth."""
        return -sum(line.net_fen for line in self.lines if line.qty_milli < 0)

    @property
    def change_fen(self) -> int:
        """The cash given back."""
        return sum(received - amount for _, amount, received in self.tenders) - self.stored_change_fen


@query(VIEW_SALES)
def bill_detail(actor: Actor, *, sale_id: int) -> BillDetail:
    """One bill. Raises NotFound outside the actor's scope."""
    row = in_scope(actor, Sale.select().where(Sale.id == sale_id)).first()
    if row is None:
        raise NotFound("没有找到这张单，或者不在您的查看范围内。")
    whose = standing(row.customer)
    lines = SaleLine.select().where(SaleLine.sale == sale_id).order_by(SaleLine.position)
    paid, changes = tenders_standing(sale_id)
    return BillDetail(
        id=row.id,
        number=row.number,
        kind=row.kind,
        customer_id=whose.id if whose is not None else None,
        customer=shown_name(whose.name, whose.phone) if whose is not None else "散客",
        operator=row.operator.name,
        salesperson=row.salesperson.name if row.salesperson_id else "",
        company_id=row.company_id,
        posted_at=row.posted_at,
        list_fen=row.list_fen,
        discount_fen=row.discount_fen,
        rounding_fen=row.rounding_fen,
        total_fen=row.total_fen,
        note=row.note,
        original_id=row.original_id,
        original_number=row.original.number if row.original_id else "",
        lines=tuple(
            BillLineDetail(
                id=line.id,
                position=line.position,
                product_id=line.product_id,
                product_name=line.product_name,
                unit=line.unit,
                qty_milli=line.qty_milli,
                list_price_fen=line.list_price_fen,
                price_fen=line.price_fen,
                discount_bp=line.discount_bp,
                net_fen=line.net_fen,
                returned_milli=line.returned_milli,
                gift=bool(line.gift),
                returned_from=_returned_from(line) if row.kind == "exchange" else "",
                salesperson=_own_salesperson(line),
                shares_fen=line.rounding_fen - line.bill_discount_fen,
            )
            for line in lines
        ),
        tenders=paid,
        tender_changes=changes,
        tax_bp=row.tax_bp,
        invoices=told_invoices(row),
        stored_change_fen=kept_of_change(sale_id),
        deposit_back_fen=deposit_back_of(sale_id),
    )


def sold_by(person: str) -> str:
    """What is said beside a line that counts for another than the bill does."""
    return "不计业务员" if person == NOBODY_WORD else f"{person}售"


def _own_salesperson(line: SaleLine) -> str:
    if line.salesperson_id is None:
        return ""
    return Operator.get_by_id(line.salesperson_id).name if line.salesperson_id else NOBODY_WORD


def _returned_from(line: SaleLine) -> str:
    return str(line.returns_line.sale.number) if line.returns_line_id is not None else ""


@query(VIEW_SALES)
def bill_by_number(actor: Actor, *, number: str) -> BillDetail:
    """One bill by its number, as printed or typed without dashes. Raises NotFound."""
    bare = number.strip().upper()
    row = Sale.get_or_none(Sale.number == bare)
    if row is None:
        raise NotFound(f"没有单号为“{number.strip()}”的单。")
    return bill_detail(actor, sale_id=row.id)


@query(VIEW_SALES)
def last_bill_id(actor: Actor) -> int | None:
    """The newest bill the actor posted in this company: the one printed again."""
    row = (
        Sale.select(Sale.id)
        .where(Sale.operator == actor.operator_id, Sale.company == actor.company_id)
        .order_by(Sale.id.desc())
        .first()
    )
    return row.id if row else None


@query(VIEW_SALES)
def last_price_fen(actor: Actor, *, customer_id: int, product_id: int) -> int | None:
    """The unit price fen this customer paid last for this product. Raises NotFound outside the scope."""
    require_visible(actor, customer_id, any_customer=True)
    row = (
        SaleLine.select(SaleLine.net_fen, SaleLine.qty_milli)
        .join(Sale)
        .where(Sale.customer.in_(family(customer_id)), SaleLine.product == product_id, SaleLine.qty_milli > 0)
        .order_by(SaleLine.id.desc())
        .first()
    )
    return rounded_ratio(row.net_fen * 1000, row.qty_milli) if row else None
