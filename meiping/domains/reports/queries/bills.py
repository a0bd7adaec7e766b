"""单据统计: bill by bill, with what each brought and how it was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import fn

from meiping.domains.access.models import Company, Operator
from meiping.domains.catalog.rules import COST
from meiping.domains.customers.queries import family, survivor_key
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.bill_course import BillTable, Course, course_of, kept_course, unit_of
from meiping.domains.reports.queries.customers import NOBODY, SUMS, bought_by_person
from meiping.domains.reports.queries.scope import (
    Where,
    add_person,
    bills_where,
    days_of,
    ratio_bp,
    shown_columns,
    sums_where,
    whole,
)
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.sales.line_people import (
    lines_count_apart,
    of_person,
    parts_of_person,
    people_beside,
    people_words,
)
from meiping.domains.sales.models import Sale, SaleLine
from meiping.domains.sales.queries import KIND_WORDS, Salesperson, in_scope, made_at, posted_bills, with_words
from meiping.domains.till.rules import Tender
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Row, Sort
from meiping.store.database import fetch, fetch_value, snapshot
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

_FEW_DAYS = 62
_OF_PERSON = (
    "(coalesce(s.salesperson_id, 0) = ? OR s.id IN (SELECT sale_id FROM sale_line WHERE salesperson_id = ?))"
)
_BOOKED = """
SELECT account, sum(in_fen - out_fen) FROM money_day
WHERE {where} AND source_kind IN ('sale', 'tender_change') GROUP BY account
UNION ALL
SELECT account, sum(amount_fen) FROM ledger_day
WHERE {where} AND source_kind = 'sale' AND account IN ('promotion', 'deposit') GROUP BY account
"""
"""What bills were paid with by account, put right afterwards or not; points and deposits are not among the sums of money."""
TENDER_KEYS = {tender.key: f"{tender.key}_fen" for tender in Tender}
COLUMNS = (
    Column("posted_at", "时间", Kind.MOMENT, width=16),
    Column("number", "单号", Kind.CODE, width=18),
    Column("kind", "类型", width=5),
    Column("customer", "客户", width=16, stretch=True),
    Column("salesperson", "业务员", width=11),
    Column("operator", "操作员", width=8, hidden=True),
    Column("company", "公司", width=12, hidden=True),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
    Column("net_fen", "金额", Kind.MONEY, width=13),
    Column("discount_fen", "优惠", Kind.MONEY, width=9),
    Column("cost_fen", "成本", Kind.MONEY, width=11, hidden=True),
    Column("profit_fen", "毛利", Kind.MONEY, width=11),
    Column("margin_bp", "毛利率", Kind.PERCENT, width=8, sortable=False),
    Column("paid", "付款", width=14, sortable=False),
    *(
        Column(f"{tender.key}_fen", tender.title, Kind.MONEY, width=11, sortable=False, hidden=True)
        for tender in Tender
    ),
    Column("note", "备注", width=14, sortable=False, hidden=True),
)
_NET, _DISCOUNT = Sale.total_fen, Sale.discount_fen - Sale.rounding_fen
_SORTS: Mapping[str, Any] = {
    "posted_at": Sale.id,
    "number": Sale.number,
    "kind": Sale.kind,
    "customer": survivor_key(),
    "salesperson": Salesperson.name,
    "operator": Operator.name,
    "company": Company.name,
    "business_date": Sale.business_date,
}


@query(VIEW)
def bill_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``bill_report`` for the actor."""
    return shown_columns(actor, COLUMNS)


@query(VIEW)
def bill_report(actor: Actor, asked: ReportAsked) -> BillTable:
    """The bills of the period in the actor's scope, the newest first, with totals.

    Narrowed by ``company_id``, ``person_id``, ``kind``, words in the number or of the customer, ``customer_id``
    (those merged into him with him; NOBODY: without one), ``product_id`` (bills it stands on) and the ``hour`` they
    were made in (``09``).
    Of a salesperson's bills, those with lines of his among them, the amounts are what counts for him; what was paid is
    the whole bill's.
    """
    select = _select(actor, asked)
    sees_cost = actor.can(COST)
    net, discount, cost = _amounts(asked)
    sorts = {**_SORTS, "net_fen": net, "discount_fen": discount}
    if sees_cost:
        sorts |= {"cost_fen": cost, "profit_fen": net - cost}

    def to_row(row: dict[str, Any]) -> Row:
        return _to_row(row, sees_cost=sees_cost)

    listing = SelectListing(
        select,
        identity=Sale.id,
        sorts=sorts,
        default=Sort("posted_at", descending=True),
        to_row=to_row,
        beside=_beside,
        indexed=("posted_at",),
    )
    with snapshot():
        length, totals = _sums(actor, asked, select)
    cost_fen = totals.pop("cost_fen")
    told: dict[str, Any] = dict(totals)
    if sees_cost:
        told |= _profit(totals["net_fen"], cost_fen)
    return BillTable(
        "单据统计",
        bill_columns(actor),
        (),
        told,
        asked.period.show(),
        listing=listing,
        length=length,
        course=lambda: _course(actor, asked, select),
    )


def _select(actor: Actor, asked: ReportAsked) -> Any:
    day = _day(asked.period)
    net, discount, cost = _amounts(asked)
    more = (net.alias("net_fen"), discount.alias("given_fen"), cost.alias("cost_fen"))
    select = in_scope(actor, posted_bills(*more, Company.name.alias("company")))
    select = select.join(Company, on=(Sale.company == Company.id))
    if asked.period.first is not None:
        select = select.where(day >= asked.period.first.isoformat())
    if asked.period.last is not None:
        select = select.where(day <= asked.period.last.isoformat())
    if asked.get("company_id") is not None and actor.scope() is Scope.ALL:
        select = select.where(Sale.company == asked.get("company_id"))
    if asked.get("person_id") is not None:
        select = select.where(of_person(asked.get("person_id")))
    if asked.get("kind") is not None:
        select = select.where(Sale.kind == asked.get("kind"))
    if asked.get("customer_id") == NOBODY:
        select = select.where(Sale.customer.is_null())
    elif asked.get("customer_id") is not None:
        select = select.where(Sale.customer.in_(family(asked.get("customer_id"))))
    if asked.get("product_id") is not None:
        lines = SaleLine.select(SaleLine.sale).where(SaleLine.product == asked.get("product_id"))
        select = select.where(Sale.id.in_(lines))
    if asked.get("hour") is not None:
        select = select.where(made_at("%H") == asked.get("hour"))
    if text := asked.text.strip():
        select = select.where(with_words(text))
    return select


def _amounts(asked: ReportAsked) -> tuple[Any, Any, Any]:
    """Net, discount and cost of a bill, or of what of it counts for the salesperson asked for."""
    person_id = asked.get("person_id")
    if person_id is None or not lines_count_apart():
        return _NET, _DISCOUNT, Sale.cost_fen
    return parts_of_person(person_id)


def _day(period: Period) -> Any:
    """The day to be compared: of many bills without its index, as the newest are found sooner from the end."""
    first, last = period.first, period.last
    few = first is not None and last is not None and (last - first).days <= _FEW_DAYS
    return Sale.business_date if few else Sale.business_date.concat("")


def _to_row(row: dict[str, Any], *, sees_cost: bool) -> Row:
    """A bill as it is shown; what was rounded off counts as given away, as in all reports."""
    net_fen, cost_fen = row["net_fen"], row.pop("cost_fen")
    row.pop("total_fen")
    found = {**row, "discount_fen": row.pop("given_fen"), "salesperson": people_words(row)}
    found |= {"tone": "danger" if row["kind"] == "return" else None, "kind": KIND_WORDS[row["kind"]]}
    if sees_cost:
        found |= _profit(net_fen, cost_fen)
    paid = {tender.title: row.get(TENDER_KEYS[tender.key]) for tender in Tender}
    found["paid"] = "、".join(title for title, fen in paid.items() if fen)
    return {**dict.fromkeys(TENDER_KEYS.values()), **found}


def _profit(net_fen: int, cost_fen: int) -> dict[str, int | None]:
    profit_fen = net_fen - cost_fen
    return {"cost_fen": cost_fen, "profit_fen": profit_fen, "margin_bp": ratio_bp(profit_fen, net_fen)}


def _beside(sale_ids: Sequence[int]) -> dict[int, Row]:
    """How bills were paid, and whom single lines of them count for."""
    paid, people = _tenders(sale_ids), people_beside(sale_ids)
    return {one: {**paid.get(one, {}), **people.get(one, {})} for one in sale_ids}


def _tenders(sale_ids: Sequence[int]) -> dict[int, Row]:
    marks = ", ".join("?" * len(sale_ids))
    rows = fetch(
        f"SELECT sale_id, tender, sum(amount_fen) FROM sale_paid WHERE sale_id IN ({marks}) GROUP BY 1, 2",
        *sale_ids,
    )
    found: dict[int, dict[str, int]] = {}
    for sale_id, tender, fen in rows:
        found.setdefault(sale_id, {})[TENDER_KEYS[tender]] = fen
    return dict(found)


# ------------------------------------------------------------------ number and totals
def _unnarrowed(actor: Actor, asked: ReportAsked) -> bool:
    """Whether all bills of companies or of a salesperson are asked for, of which sums are kept."""
    narrow = ("kind", "customer_id", "product_id", "hour")
    return whole(actor) and not asked.text.strip() and all(asked.get(key) is None for key in narrow)


def _course(actor: Actor, asked: ReportAsked, select: Any) -> Course:
    unit = unit_of(asked.period)
    if unit is not None and asked.get("person_id") is None and _unnarrowed(actor, asked):
        return kept_course(actor, asked.period, unit, company_id=asked.get("company_id"))
    return course_of(select, unit, _amounts(asked)[0])


def _sums(actor: Actor, asked: ReportAsked, select: Any) -> tuple[int, dict[str, int]]:
    if _unnarrowed(actor, asked):
        return _kept_sums(actor, asked)
    sums = (fn.COUNT(Sale.id), *(fn.SUM(column) for column in _amounts(asked)))
    count, net, discount, cost = select.columns(*sums).tuples().get()
    sql, values = select.columns(Sale.id).sql()
    paid = fetch(
        f"SELECT tender, sum(amount_fen) FROM sale_paid WHERE sale_id IN ({sql}) GROUP BY 1", *values
    )
    by_tender = {TENDER_KEYS[tender]: fen for tender, fen in paid}
    return count, {
        "net_fen": net or 0,
        "discount_fen": discount or 0,
        "cost_fen": cost or 0,
        **dict.fromkeys(TENDER_KEYS.values(), 0),
        **by_tender,
    }


def _add_person(where: Where, person_id: int) -> None:
    """Bills (``sale s``) that the salesperson has a share in."""
    if lines_count_apart(person_id):
        where.add(_OF_PERSON, person_id, person_id)
    else:
        add_person(where, person_id)


def _kept_sums(actor: Actor, asked: ReportAsked) -> tuple[int, dict[str, int]]:
    """Of all bills of companies: from the sums that are kept."""
    text, values = bought_by_person(actor, asked)
    (row,) = fetch(f"SELECT {', '.join(f'coalesce(sum({key}), 0)' for key in SUMS)} FROM ({text})", *values)
    sums = dict(zip(SUMS, row, strict=True))
    company_id, person_id = asked.get("company_id"), asked.get("person_id")
    where = bills_where(actor, asked.period, company_id=company_id)
    if person_id is not None:
        _add_person(where, person_id)
    count = int(fetch_value(f"SELECT count(*) FROM sale s WHERE {where.sql}", *where.values))
    if person_id is None:
        kept = sums_where(actor, "business_date", days_of(asked.period), company_id=company_id)
        booked: dict[str, int] = dict(fetch(_BOOKED.format(where=kept.sql), *kept.values, *kept.values))
        paid = {TENDER_KEYS[tender.key]: booked.get(tender.account.value, 0) for tender in Tender}
        paid["stored_value_fen"] += booked.get("stored_bonus", 0)
    else:
        rows = fetch(
            "SELECT t.tender, sum(t.amount_fen) FROM sale s JOIN sale_paid t ON t.sale_id = s.id"
            f" WHERE {where.sql} GROUP BY 1",
            *where.values,
        )
        paid = dict.fromkeys(TENDER_KEYS.values(), 0) | {TENDER_KEYS[tender]: fen for tender, fen in rows}
    return count, {key: sums[key] for key in ("net_fen", "discount_fen", "cost_fen")} | paid
