"""财务往来 over all customers: every movement of the journal that concerns them, a window of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import fn

from meiping.domains.access.models import Company, Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import standing, visible_customers
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.ledger.models import Entry, LedgerDay, Posting
from meiping.domains.ledger.queries import KIND_WORDS
from meiping.domains.ledger.rules import VIEW_MONEY, Account
from meiping.domains.sales.models import Sale
from meiping.domains.till.rules import RECEIVING_TENDERS, TENDER_BY_KEY, Tender
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store import search_index
from meiping.store.database import fetch
from meiping.store.listing import LARGE, within_days
from meiping.store.unit_of_work import query

_SOURCES = tuple(kind for kind in KIND_WORDS if kind != "return")
DEALING_KINDS = tuple(KIND_WORDS.items())
"""What the rows can be narrowed to, as (kind, word)."""
DEALING_COLUMNS = (
    Column("posted_at", "时间", Kind.MOMENT, width=16),
    Column("customer", "客户", width=12, stretch=True, sortable=False),
    Column("kind", "类型", width=6),
    Column("number", "单号", Kind.CODE, width=18),
    Column("amount_fen", "金额", Kind.MONEY, width=11, sortable=False),
    Column("tenders", "方式", width=10, sortable=False),
    Column("money_fen", "收付款", Kind.MONEY, width=12, sortable=False),
    Column("stored_change_fen", "储值变动", Kind.MONEY, width=12, sortable=False),
    Column("debt_change_fen", "欠款变动", Kind.MONEY, width=12, sortable=False),
    Column("operator", "经手人", width=9),
    Column("company", "公司", width=12, hidden=True),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
)
_MONEY = {tender.account.value: tender for tender in RECEIVING_TENDERS}
_SOLD = (Account.SALES.value, Account.ROUNDING.value)
_STORED = (Account.STORED_PRINCIPAL.value, Account.STORED_BONUS.value)
_DEBT = Account.RECEIVABLE.value


@dataclass(frozen=True, slots=True)
class DealingFilter:
    """Which movements: a number or customer, kind, tender, business days with both ends, company, who made them."""

    text: str = ""
    kind: str | None = None
    tender: str | None = None
    first_date: date | None = None
    last_date: date | None = None
    company_id: int | None = None
    operator_id: int | None = None


@query(VIEW_MONEY)
def dealings(actor: Actor, *, narrow: DealingFilter | None = None) -> Listing:
    """What moved customers' money in the actor's scope, the newest first; bills of nobody known are among it.

    Rows carry ``source`` and ``source_id`` (the document's kind in the journal, and id) and ``customer_id``. With a
    tender, what was received and paid is told of that one alone.
    """
    narrow = narrow or DealingFilter()
    select = _in_scope(actor, _select().where(Entry.source_kind.in_(_SOURCES)), narrow)
    select = _narrowed(select, narrow)
    account = TENDER_BY_KEY[narrow.tender].account.value if narrow.tender else None
    if account is not None:
        paid = Posting.select(Posting.entry).where(Posting.account == account)
        select = select.where(Entry.id.in_(paid))
    split = account is not None and narrow.kind in ("sale", "return")
    by_day = narrow.operator_id is None and not narrow.text.strip() and not split
    whole = actor.scope() >= Scope.COMPANY and by_day
    return _Dealings(
        select,
        told_of=account,
        sums=lambda found: _totals(actor, narrow, account) if whole else _sums(_postings_of(found), account),
    )


_SORTS: Mapping[str, Any] = {
    "posted_at": Entry.id,
    "kind": Entry.source_kind,
    "number": Entry.memo,
    "operator": Operator.name,
    "company": Company.name,
    "business_date": Entry.business_date,
}
_NEWEST = Sort("posted_at", descending=True)


class _Dealings:
    """The listing: which entries and what they come to is read once, on another thread in a large shop."""

    def __init__(self, select: Any, *, told_of: str | None, sums: Callable[[Any], Mapping[str, Any]]) -> None:
        self._select, self._told_of, self._sums = select, told_of, sums
        self._ordered: tuple[Sort, Sequence[int]] | None = None
        self._summary: Mapping[str, Any] | None = None

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """Reads ids and sums of a large journal."""
        if self._ordered is not None and self._ordered[0] == _chosen(sort):
            return None
        if (Entry.select(fn.MAX(Entry.id)).scalar() or 0) <= LARGE:
            return None
        return lambda: (self.all_ids(sort), self.summary())

    def all_ids(self, sort: Sort | None) -> Sequence[int]:
        """The ids of all rows in the given order."""
        chosen = _chosen(sort)
        if self._ordered is None or self._ordered[0] != chosen:
            keys = (_SORTS[chosen.key], Entry.id)
            order = [key.desc() if chosen.descending else key.asc() for key in keys]
            sql, values = self._select.columns(Entry.id).order_by(*order).sql()
            self._ordered = (chosen, [row[0] for row in fetch(sql, *values)])
        return self._ordered[1]

    def among(self, ids: Collection[int]) -> _Dealings:
        """Only the rows with these ids."""
        return self._with(Entry.id.in_(list(ids)))

    def without(self, ids: Collection[int]) -> _Dealings:
        """All rows but those with these ids."""
        return self._with(Entry.id.not_in(list(ids)))

    def _with(self, condition: Any) -> _Dealings:
        return _Dealings(
            self._select.where(condition),
            told_of=self._told_of,
            sums=lambda found: _sums(_postings_of(found), self._told_of),
        )

    def count(self) -> int:
        """How many there are."""
        return len(self._ordered[1] if self._ordered is not None else self.all_ids(None))

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Rows ``first`` to ``first + size`` in the given order."""
        ids = self.all_ids(sort)[first : first + size]
        rows = {row["id"]: row for row in cast("Any", _select().where(Entry.id.in_(ids)).dicts())}
        told = _beside(ids, self._told_of)
        return [_to_row({**rows[one], **told[one]}) for one in ids if one in rows]

    def summary(self) -> Mapping[str, Any]:
        """What was received and paid, and how stored value and debts changed by it."""
        if self._summary is None:
            self._summary = self._sums(self._select)
        return self._summary


def _chosen(sort: Sort | None) -> Sort:
    return sort if sort is not None and sort.key in _SORTS else _NEWEST


def _select() -> Any:
    return (
        Entry.select(
            Entry.id,
            Entry.posted_at,
            Entry.business_date,
            Entry.source_kind.alias("source"),
            Entry.source_id,
            Entry.memo.alias("number"),
            fn.coalesce(Operator.name, "").alias("operator"),
            Company.name.alias("company"),
        )
        .left_outer_join(Operator, on=(Entry.operator_id == Operator.id))
        .switch(Entry)
        .left_outer_join(Company, on=(Entry.company == Company.id))
    )


def _company(actor: Actor, narrow: DealingFilter) -> int | None:
    return narrow.company_id if actor.scope() is Scope.ALL else actor.company_id


def _in_scope(actor: Actor, select: Any, narrow: DealingFilter) -> Any:
    company_id = _company(actor, narrow)
    if company_id is not None:
        select = select.where(Entry.company == company_id)
    if actor.scope() >= Scope.COMPANY:
        return select
    theirs = Posting.select(Posting.entry).where(Posting.party_id.in_(visible_customers(actor)))
    return select.where((Entry.operator_id == actor.operator_id) | Entry.id.in_(theirs))


def _narrowed(select: Any, narrow: DealingFilter) -> Any:
    if text := narrow.text.strip():
        met = Entry.memo.contains(text)
        if (found := search_index.records(text, kind=CUSTOMER)) is not None:
            named = Customer.select(Customer.id).where(
                Customer.id.in_(found) | Customer.merged_into.in_(found)
            )
            met |= Entry.id.in_(Posting.select(Posting.entry).where(Posting.party_id.in_(named)))
        select = select.where(met)
    if narrow.kind is not None:
        select = select.where(_of_kind(narrow.kind))
    if narrow.operator_id is not None:
        select = select.where(Entry.operator_id == narrow.operator_id)
    return within_days(select, Entry.business_date, narrow.first_date, narrow.last_date)


def _of_kind(kind: str) -> Any:
    if kind not in ("sale", "return"):
        return Entry.source_kind == kind
    back = Entry.source_id.in_(Sale.select(Sale.id).where(Sale.kind == "return"))
    return (Entry.source_kind == "sale") & (back if kind == "return" else ~back)


# ------------------------------------------------------------------ what a row says
def _to_row(row: dict[str, Any]) -> Row:
    return {**row, "tone": "danger" if row["amount_fen"] < 0 else None}


def _beside(ids: Sequence[int], account: str | None) -> Mapping[int, Row]:
    """What the postings of some entries say, and whose they are."""
    found: dict[int, list[Posting]] = {one: [] for one in ids}
    for posting in Posting.select().where(Posting.entry.in_(ids)).order_by(Posting.id):
        found[posting.entry_id].append(posting)
    sources = dict(cast("Any", Entry.select(Entry.id, Entry.source_kind).where(Entry.id.in_(ids)).tuples()))
    parties = {posting.party_id for one in found.values() for posting in one if posting.party_id}
    people = {row.id: row for row in Customer.select().where(Customer.id.in_(parties))}
    return {one: _told(sources[one], postings, people, account) for one, postings in found.items()}


def _told(
    source: str, postings: Sequence[Posting], people: Mapping[int, Customer], account: str | None
) -> Row:
    parties = list(dict.fromkeys(posting.party_id for posting in postings if posting.party_id))
    party = parties[-1] if parties else 0  # of a transfer the one it goes to

    def of(*accounts: str) -> int:
        return sum(p.amount_fen for p in postings if p.account in accounts and p.party_id == party)

    sold_fen, stored_fen, debt_fen = -of(*_SOLD), -of(*_STORED), of(_DEBT)
    amount_fen = {
        "recharge": -of(Account.STORED_PRINCIPAL.value),
        "refund": -of(Account.STORED_PRINCIPAL.value),
        "receipt": -debt_fen,
        "write_off": -debt_fen,
        "deposit": -of(Account.DEPOSIT.value),
        "import": stored_fen + debt_fen,
        "merge": stored_fen + debt_fen,
    }.get(source, sold_fen)
    between = source == "merge"  # in all nothing changes
    kind = "return" if source == "sale" and sold_fen < 0 else source
    money = [p for p in postings if p.account in _MONEY and account in (None, p.account)]
    standing_one = standing(people.get(party))
    return {
        "kind": KIND_WORDS.get(kind, kind),
        "customer_id": standing_one.id if standing_one is not None else None,
        "customer": " → ".join(_name(people.get(one)) for one in parties) if between else _name(standing_one),
        "amount_fen": amount_fen,
        "tenders": _tender_words(source, postings),
        "money_fen": sum(p.amount_fen for p in money) if money else None,
        "stored_change_fen": None if between else stored_fen or None,
        "debt_change_fen": None if between else debt_fen or None,
    }


def _name(row: Customer | None) -> str:
    return shown_name(row.name, row.phone) if row is not None else "散客"


def _tender_words(source: str, postings: Sequence[Posting]) -> str:
    used = [_MONEY[p.account] for p in postings if p.account in _MONEY]
    if source == "sale":
        accounts = {posting.account for posting in postings}
        used += [Tender.STORED_VALUE] if accounts & set(_STORED) else []
        used += [Tender.CREDIT] if _DEBT in accounts else []
        used += [Tender.POINTS] if Account.PROMOTION.value in accounts else []
        used += [Tender.DEPOSIT] if Account.DEPOSIT.value in accounts else []
    return " + ".join(tender.title for tender in used)


# ------------------------------------------------------------------ what they come to
Sums = Mapping[str, int]
"""Fen by account."""


def _sums(sums: Sums, account: str | None) -> Mapping[str, Any]:
    accounts = (account,) if account is not None else tuple(_MONEY)
    return {
        "money_fen": sum(sums.get(one, 0) for one in accounts),
        "stored_change_fen": -sum(sums.get(one, 0) for one in _STORED),
        "debt_change_fen": sums.get(_DEBT, 0),
    }


def _postings_of(found: Any) -> Sums:
    """The sums of the postings of some entries."""
    rows = (
        Posting.select(Posting.account, fn.SUM(Posting.amount_fen))
        .where(Posting.entry.in_(found.columns(Entry.id)), Posting.account.in_((*_MONEY, *_STORED, _DEBT)))
        .group_by(Posting.account)
    )
    return dict(cast("Any", rows.tuples()))


def _totals(actor: Actor, narrow: DealingFilter, account: str | None) -> Mapping[str, Any]:
    """The same from the sums of days, where whole companies are asked for; returns alone from their postings."""
    if account is not None:  # of rows paid in this way, the rest of what they moved is not known by day
        return {"money_fen": _sums(_of_days(actor, narrow, account), account)["money_fen"]}
    if narrow.kind == "return":
        return _sums(_of_returns(actor, narrow), None)
    sums = _of_days(actor, narrow, None)
    if narrow.kind == "sale":
        back = _of_returns(actor, narrow)
        sums = {one: fen - back.get(one, 0) for one, fen in sums.items()}
    return _sums(sums, None)


def _of_returns(actor: Actor, narrow: DealingFilter) -> Sums:
    returns = Entry.select(Entry.id).where(_of_kind("return"))
    dates = DealingFilter(first_date=narrow.first_date, last_date=narrow.last_date)
    return _postings_of(_narrowed(_in_scope(actor, returns, narrow), dates))


def _of_days(actor: Actor, narrow: DealingFilter, account: str | None) -> Sums:
    wanted = {"sale": ("sale",), "return": ("sale",), None: _SOURCES}.get(narrow.kind, (narrow.kind or "",))
    met: list[Any] = [LedgerDay.source_kind.in_(wanted)]
    company_id = _company(actor, narrow)
    if company_id is not None:
        met.append(LedgerDay.company == company_id)
    if account is not None:
        met.append(LedgerDay.account == account)
    if narrow.first_date is not None:
        met.append(LedgerDay.business_date >= narrow.first_date)
    if narrow.last_date is not None:
        met.append(LedgerDay.business_date <= narrow.last_date)
    rows = (
        LedgerDay.select(LedgerDay.account, fn.SUM(LedgerDay.amount_fen))
        .where(*met)
        .group_by(LedgerDay.account)
    )
    return dict(cast("Any", rows.tuples()))
