"""Reading visits: customers whose next contact date has come, is past, or is near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import Field, ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import KIND, VIEW, shown_name
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

AHEAD_DAYS = 7
"""How far ahead the visits of the coming days reach."""
LONG_OVERDUE_DAYS = 7
"""Visits overdue for longer than this stand out by their colour."""
VISIT_COLUMNS = (
    Column("next_contact_date", "下次联系", Kind.DATE, width=11),
    Column("state", "情况", width=9, sortable=False),
    Column("name", "客户", width=12),
    Column("phone", "电话", Kind.PHONE, width=13),
    Column("last_content", "上次联系内容", width=24, stretch=True, sortable=False),
    Column("last_contact_at", "最近联系", Kind.MOMENT, width=16),
    Column("level", "等级", width=6, hidden=True),
    Column("owner", "业务员", width=8),
)
_SORTS: Mapping[str, Field] = {
    "next_contact_date": Customer.next_contact_date,
    "name": Customer.name_key,
    "phone": Customer.phone,
    "last_contact_at": Customer.last_contact_at,
    "level": Level.position,
    "owner": Operator.name,
}
_Last = ContactRecord.alias()
_LAST_CONTENT = (
    _Last.select(_Last.content)
    .where(_Last.customer == Customer.id, _Last.deleted_at.is_null())
    .order_by(_Last.at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits: today's always, with those overdue, with those of the coming days; by text and salesperson."""

    text: str = ""
    overdue: bool = True
    ahead: bool = False
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """How many visits are to be made today, were to be made before, and come in the next days."""

    today: int
    overdue: int
    ahead: int


def _within(actor: Actor, first: date | None, last: date) -> list[Any]:
    met: list[Any] = [Customer.deleted_at.is_null(), Customer.next_contact_date <= last]
    if first is not None:
        met.append(Customer.next_contact_date >= first)
    bound = scope_bound(actor)
    return met if bound is None else [*met, bound]


@query(VIEW)
def visits(actor: Actor, narrowed: VisitFilter | None = None) -> Listing:
    """The customers to be contacted, the longest waiting first. Overdue ones are red."""
    wanted = narrowed or VisitFilter()
    today = actor.today()
    met = _within(
        actor,
        None if wanted.overdue else today,
        today + timedelta(days=AHEAD_DAYS if wanted.ahead else 0),
    )
    if wanted.owner_id is not None:
        met.append(Customer.owner == wanted.owner_id)
    if wanted.text.strip():
        found = search_index.records(wanted.text, kind=KIND)
        met.append(Customer.id.in_([] if found is None else found))
    select: ModelSelect[Customer] = (
        Customer.select(
            Customer.id,
            Customer.name,
            Customer.phone,
            Customer.next_contact_date,
            Customer.last_contact_at,
            fn.coalesce(Level.name, "").alias("level"),
            fn.coalesce(Operator.name, "").alias("owner"),
            _LAST_CONTENT.alias("last_content"),
        )
        .left_outer_join(Level, on=(Customer.level == Level.id))
        .switch(Customer)
        .left_outer_join(Operator, on=(Customer.owner == Operator.id))
        .where(*met)
    )
    return SelectListing(
        select,
        identity=Customer.id,
        sorts=_SORTS,
        default=Sort("next_contact_date"),
        to_row=lambda row: _to_row(row, today),
    )


def _to_row(row: dict[str, Any], today: date) -> Row:
    days = (row["next_contact_date"] - today).days
    state = "今天" if days == 0 else f"逾期 {-days} 天" if days < 0 else f"{days} 天后"
    tone = "warning" if days < -LONG_OVERDUE_DAYS else "muted" if days > 0 else None
    return {**row, "name": shown_name(row["name"], row["phone"]), "state": state, "tone": tone}


@query(VIEW)
def visit_counts(actor: Actor) -> VisitCounts:
    """How many visits wait for the actor's eyes."""
    today, day = actor.today(), timedelta(days=1)
    counts = [
        Customer.select(Customer.id).where(*_within(actor, first, last)).count()
        for first, last in (
            (today, today),
            (None, today - day),
            (today + day, today + AHEAD_DAYS * day),
        )
    ]
    return VisitCounts(*counts)
