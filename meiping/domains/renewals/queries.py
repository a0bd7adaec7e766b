"""Service terms with what has become of each, for the list of fees to collect, the desk and the reminders.

Whether a term was renewed or its goods came back is read from the bills, never written down a second time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from peewee import Case, ModelSelect, fn

from meiping.domains.access.models import Company, Operator
from meiping.domains.catalog.models import Product
from meiping.domains.contacts.queries.reach import of_living_customers
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import or_customer_found, require_visible
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.domains.renewals.rules import TermState, state_of
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.service_terms.models import ServiceTerm
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.money import line_amount
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

TERM_COLUMNS = (
    Column("customer", "客户", width=14),
    Column("phone", "电话", Kind.PHONE, width=13),
    Column("product", "商品", width=14, stretch=True),
    Column("left_milli", "数量", Kind.QUANTITY, width=6),
    Column("start_date", "开始", Kind.DATE, width=11, hidden=True),
    Column("end_date", "到期日", Kind.DATE, width=11),
    Column("days_left", "剩余天数", Kind.NUMBER, width=9),
    Column("fee_fen", "年费", Kind.MONEY, width=10, hidden=True),
    Column("amount_fen", "应收年费", Kind.MONEY, width=11),
    Column("state", "状态", width=9, sortable=False),
    Column("owner", "业务员", width=8),
    Column("bill", "业务单", Kind.CODE, width=18),
    Column("company", "公司", width=9, hidden=True),
    Column("closed_reason", "不再续的原因", width=16, hidden=True),
)
_DAYS_AHEAD = "reminders.service_expiry_days"
_TONES = {
    TermState.OVERDUE: "danger",
    TermState.DUE: "warning",
    TermState.RENEWED: "muted",
    TermState.CLOSED: "muted",
    TermState.RETURNED: "muted",
}
_SOONEST = Sort("end_date")
_Own: Any = SaleLine.alias("own_line")
_Root: Any = SaleLine.alias("root_line")
_OWN_LEFT = _Own.qty_milli - _Own.returned_milli
_LEFT = fn.MIN(_OWN_LEFT, _Root.qty_milli - _Root.returned_milli).coerce(False)
_FEE = Case(None, [(Product.annual_fee_fen > 0, Product.annual_fee_fen)], ServiceTerm.fee_fen)


def _renewed() -> Any:
    """The condition that a term stands behind this one whose fee was not given back."""
    later: Any = ServiceTerm.alias("later")
    line: Any = SaleLine.alias("later_line")
    followed = (
        later.select(later.id)
        .join(line, on=(line.id == later.sale_line_id))
        .where(later.renews == ServiceTerm.id, line.qty_milli > line.returned_milli)
    )
    return fn.EXISTS(followed)


def open_terms() -> Any:
    """The condition on terms, in a select that ``with_lines`` has joined, that their next fee is to be collected."""
    return ServiceTerm.closed_at.is_null() & (_LEFT > 0) & ~_renewed()


def with_lines(select: ModelSelect[Any]) -> Any:
    """Join the lines of the bills that a term and its service came by."""
    return (
        select.join(_Own, on=(_Own.id == ServiceTerm.sale_line_id))
        .switch(ServiceTerm)
        .join(_Root, on=(_Root.id == ServiceTerm.root_line_id))
        .switch(ServiceTerm)
    )


def _select() -> Any:
    select = ServiceTerm.select(
        ServiceTerm.id,
        ServiceTerm.customer.alias("customer_id"),
        ServiceTerm.product.alias("product_id"),
        ServiceTerm.start_date,
        ServiceTerm.end_date,
        ServiceTerm.closed_at,
        ServiceTerm.closed_reason,
        Customer.name.alias("customer_name"),
        Customer.phone.alias("phone"),
        Operator.name.alias("owner"),
        Company.name.alias("company"),
        _Root.product_name.alias("product"),
        _Root.unit.alias("unit"),
        _LEFT.alias("left_milli"),
        _FEE.alias("fee_fen"),
        _renewed().alias("renewed"),
        Sale.number.alias("bill"),
        Sale.id.alias("bill_id"),
    )
    return (
        with_lines(select)
        .join(Sale, on=(Sale.id == _Own.sale))
        .switch(ServiceTerm)
        .join(Product, on=(ServiceTerm.product == Product.id))
        .switch(ServiceTerm)
        .join(Company, on=(ServiceTerm.company == Company.id))
        .switch(ServiceTerm)
        .join(Customer, on=(ServiceTerm.customer == Customer.id))
        .join(Operator, "LEFT JOIN", on=(Customer.owner == Operator.id))
        .switch(ServiceTerm)
    )


def _to_row(row: dict[str, Any], today: date, days_ahead: int) -> dict[str, Any]:
    state = state_of(
        returned=row["left_milli"] <= 0,
        renewed=bool(row["renewed"]),
        closed=row["closed_at"] is not None,
        end=row["end_date"],
        today=today,
        days_ahead=days_ahead,
    )
    due = state.is_open
    return {
        **row,
        "customer": shown_name(row["customer_name"], row["phone"]),
        "owner": row["owner"] or "",
        "days_left": (row["end_date"] - today).days if due else None,
        "amount_fen": line_amount(row["fee_fen"], row["left_milli"]) if due else None,
        "state": state.title,
        "state_key": state.key,
        "tone": _TONES.get(state),
    }


def _totals(select: ModelSelect[Any]) -> dict[str, Any]:
    rounded = fn.SUM((_FEE * _LEFT * 2 + 1000) / 2000)
    found = cast("Any", select.where(open_terms()).columns(rounded).tuples().first())
    return {"amount_fen": int(found[0] or 0)}


def _listing(actor: Actor, select: Any, default: Sort = _SOONEST) -> Listing:
    today, days_ahead = actor.today(), int(option(_DAYS_AHEAD))
    return SelectListing(
        select,
        identity=ServiceTerm.id,
        sorts={
            "customer": Customer.name_key,
            "phone": Customer.phone,
            "product": _Root.product_name,
            "left_milli": _LEFT,
            "start_date": ServiceTerm.start_date,
            "end_date": ServiceTerm.end_date,
            "days_left": ServiceTerm.end_date,
            "fee_fen": _FEE,
            "amount_fen": _FEE * _LEFT,
            "owner": Operator.name,
            "bill": Sale.id,
            "company": Company.name,
            "closed_reason": ServiceTerm.closed_reason,
        },
        default=default,
        to_row=lambda row: _to_row(row, today, days_ahead),
        totals=_totals,
    )


@dataclass(frozen=True, slots=True)
class TermFilter:
    """Which terms: words of customer or product, what has become of them (a key of ``TermState``, ``waiting`` for what
    is overdue or due, ``all``; None what is open), whose customers.
    """

    text: str = ""
    state: str | None = None
    owner_id: int | None = None


WAITING, ALL = "waiting", "all"


def _in_state(state: str | None, today: date) -> list[Any]:
    soon = today + timedelta(days=int(option(_DAYS_AHEAD)))
    end = ServiceTerm.end_date
    conditions: dict[str | None, list[Any]] = {
        None: [open_terms()],
        ALL: [],
        WAITING: [open_terms(), end <= soon],
        TermState.OVERDUE.key: [open_terms(), end < today],
        TermState.DUE.key: [open_terms(), end.between(today, soon)],
        TermState.RUNNING.key: [open_terms(), end > soon],
        TermState.RENEWED.key: [_LEFT > 0, _renewed()],
        TermState.CLOSED.key: [_LEFT > 0, ServiceTerm.closed_at.is_null(False), ~_renewed()],
        TermState.RETURNED.key: [_LEFT <= 0],
    }
    return conditions[state]


@query(VIEW)
def term_list(actor: Actor, narrowed: TermFilter | None = None) -> Listing:
    """The terms of the customers the actor may see, by ``TERM_COLUMNS``: what has run out longest ago first.

    A row has ``customer_id``, ``state_key`` and ``bill_id`` besides.
    """
    wanted = narrowed or TermFilter()
    met = [of_living_customers(actor, ServiceTerm.customer), *_in_state(wanted.state, actor.today())]
    if wanted.owner_id is not None:
        met.append(Customer.owner == wanted.owner_id)
    if text := wanted.text.strip():
        within = _Root.product_name.contains(text) | (Sale.number == text.upper())
        met.append(or_customer_found(within, ServiceTerm.customer, text))
    return _listing(actor, _select().where(*met))


@query(VIEW)
def terms_of(actor: Actor, *, customer_id: int) -> Listing:
    """The terms of one customer by ``TERM_COLUMNS``, the one that ends last first."""
    require_visible(actor, customer_id)
    select = _select().where(ServiceTerm.customer == customer_id)
    return _listing(actor, select, Sort("end_date", descending=True))


def terms_with_ids(actor: Actor, term_ids: Collection[int]) -> list[Row]:
    """Rows as of ``term_list`` of customers the actor may see, in order of the ids. Raises NotFound for any other."""
    today, days_ahead = actor.today(), int(option(_DAYS_AHEAD))
    select = _select().where(
        ServiceTerm.id.in_(list(term_ids)), of_living_customers(actor, ServiceTerm.customer)
    )
    found = {row["id"]: _to_row(row, today, days_ahead) for row in cast("Any", select.dicts())}
    if not term_ids or any(one not in found for one in term_ids):
        raise NotFound("有一项服务已经不在了，或者不在您的查看范围内，请刷新。")
    return [found[one] for one in dict.fromkeys(term_ids)]


# ------------------------------------------------------------------ what waits
@dataclass(frozen=True, slots=True)
class ExpiringServices:
    """How many services have run out, how many do so soon, and the fen to collect for both."""

    overdue: int
    soon: int
    fen: int


@query(VIEW)
def expiring_services(actor: Actor) -> ExpiringServices:
    """The open terms of customers the actor may see that have ended or will within the days of the reminder."""
    today = actor.today()
    select = with_lines(
        ServiceTerm.select(
            fn.SUM(ServiceTerm.end_date < today.isoformat()),
            fn.COUNT(ServiceTerm.id),
            fn.SUM((_FEE * _LEFT * 2 + 1000) / 2000),
        )
    ).join(Product, on=(ServiceTerm.product == Product.id))
    met = [of_living_customers(actor, ServiceTerm.customer), *_in_state(WAITING, today)]
    overdue, count, fen = cast("Any", select.where(*met).tuples().first())
    return ExpiringServices(int(overdue or 0), int(count or 0) - int(overdue or 0), int(fen or 0))
