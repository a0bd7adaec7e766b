"""The public pool: customers without an owner, and who asks for them."""

from __future__ import annotations

from typing import Any

from peewee import JOIN, Case, ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer, PoolClaim
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import CLAIM, KIND, TRANSFER, shown_name
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.phones import mask_phone
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.kernel.text import fold, plain
from meiping.store import search_index
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

POOL_COLUMNS = (
    Column("code", "编号", Kind.CODE, width=9),
    Column("name", "客户", width=16, stretch=True),
    Column("phone", "电话", width=16, sortable=False),
    Column("level", "等级", width=8),
    Column("status", "状态", width=10),
    Column("source", "来源", width=12),
    Column("created_date", "建档日期", Kind.DATE, width=12),
    Column("last_contact_at", "最近联系", Kind.MOMENT, width=17),
    Column("asked_by", "申请人", width=14, sortable=False),
)
CLAIM_COLUMNS = (
    Column("name", "客户", width=16, stretch=True),
    Column("code", "编号", Kind.CODE, width=9),
    Column("operator", "申请人", width=10),
    Column("asked_at", "申请时间", Kind.MOMENT, width=17),
    Column("owned", "名下客户", Kind.NUMBER, width=10),
    Column("level", "等级", width=8),
    Column("status", "状态", width=10),
    Column("source", "来源", width=12),
)
_Status, _Origin = DictionaryItem.alias(), DictionaryItem.alias()
OPEN_CLAIM = PoolClaim.decided_at.is_null()


def in_pool(actor: Actor) -> Any:
    """The condition on customers that are in the public pool of the actor's company."""
    free = Customer.owner.is_null() & Customer.deleted_at.is_null() & Customer.merged_into.is_null()
    return free if actor.scope() is Scope.ALL else free & (Customer.company == actor.company_id)


def owned_count(operator_id: int) -> int:
    """How many customers an operator looks after as their owner."""
    return int(
        Customer.select(Customer.id)
        .where(Customer.owner == operator_id, Customer.deleted_at.is_null())
        .count()
    )


@query(CLAIM)
def pool_list(actor: Actor, *, text: str = "") -> Listing:
    """The customers of the public pool by ``POOL_COLUMNS``, whatever the actor's scope: head fields only.

    Phones of those outside it are masked, and they are found by name, code and the whole phone only.
    """
    bound = scope_bound(actor)
    seen = Case(None, [(bound, 1)], 0) if bound is not None else Case(None, [(Customer.id > 0, 1)], 0)
    mine = PoolClaim.select(fn.COUNT(PoolClaim.id)).where(
        PoolClaim.customer == Customer.id, PoolClaim.operator == actor.operator_id, OPEN_CLAIM
    )
    asking = (
        PoolClaim.select(fn.GROUP_CONCAT(Operator.name, "、"))
        .join(Operator)
        .where(PoolClaim.customer == Customer.id, OPEN_CLAIM)
    )
    select = _named(
        Customer.select(
            Customer.id,
            Customer.code,
            Customer.name,
            Customer.phone,
            Customer.created_date,
            Customer.last_contact_at,
            Level.name.alias("level"),
            _Status.name.alias("status"),
            _Origin.name.alias("source"),
            seen.alias("seen"),
            mine.alias("mine"),
            asking.alias("asked_by"),
        )
    ).where(in_pool(actor))
    if words := text.strip():
        select = select.where(_holds(words, seen if bound is not None else None))
    return SelectListing(
        select,
        identity=Customer.id,
        sorts=_SORTS,
        default=Sort("name"),
        to_row=lambda row: _to_row(row, may_decide=actor.can(TRANSFER)),
    )


def _holds(words: str, seen: Any) -> Any:
    """A customer outside the scope is not found by a part of what is hidden of him."""
    found = search_index.records(words, kind=KIND)
    within = Customer.id.in_([] if found is None else found)
    if seen is None:
        return within
    bare = plain(words).replace(" ", "")
    named = Customer.name.contains(words) | Customer.name_key.startswith(fold(words))
    exact = (Customer.code == bare.upper()) | (Customer.phone == bare)
    return named | exact | ((seen == 1) & within)


def _to_row(row: dict[str, Any], *, may_decide: bool) -> Row:
    phone = row["phone"] if row["seen"] else mask_phone(row["phone"])
    name = row["name"] or (shown_name("", row["phone"]) if row["seen"] else phone)
    asked = row["asked_by"] or ""
    if asked and not may_decide:
        asked = "我已申请" if row["mine"] else "有人申请"
    return {
        **row,
        "name": name,
        "phone": _shown(phone),
        "asked_by": asked,
        "tone": "warning" if asked else None,
    }


def _shown(phone: str) -> str:
    return phone if "*" in phone else shown_name("", phone)


@query(TRANSFER)
def pending_claims(actor: Actor) -> Listing:
    """Who asks for which customer of the pool, by ``CLAIM_COLUMNS``, the longest waiting first."""
    owned = Customer.alias()
    many: Any = owned.select(fn.COUNT(owned.id)).where(
        owned.owner == PoolClaim.operator, owned.deleted_at.is_null()
    )
    select = _named(
        PoolClaim.select(
            PoolClaim.id,
            PoolClaim.asked_at,
            PoolClaim.customer.alias("customer_id"),
            Customer.name.alias("name"),
            Customer.phone.alias("phone"),
            Customer.code.alias("code"),
            Operator.name.alias("operator"),
            Level.name.alias("level"),
            _Status.name.alias("status"),
            _Origin.name.alias("source"),
            many.alias("owned"),
        )
        .join(Operator, on=(PoolClaim.operator == Operator.id))
        .switch(PoolClaim)
        .join(Customer, on=(PoolClaim.customer == Customer.id))
    ).where(OPEN_CLAIM, in_pool(actor))
    return SelectListing(
        select,
        identity=PoolClaim.id,
        sorts={**_SORTS, "operator": Operator.name, "asked_at": PoolClaim.asked_at, "owned": many},
        default=Sort("asked_at"),
        to_row=lambda row: {**row, "name": shown_name(row["name"], row["phone"])},
    )


def _named(select: ModelSelect[Any]) -> Any:
    """With the words a customer's ids stand for."""
    joins: tuple[tuple[Any, Any], ...] = (
        (Level, Customer.level == Level.id),
        (_Status, Customer.status == _Status.id),
        (_Origin, Customer.source == _Origin.id),
    )
    for table, on in joins:
        select = select.switch(Customer).join(table, JOIN.LEFT_OUTER, on=on)
    return select


_SORTS: dict[str, Any] = {
    "code": Customer.code,
    "name": Customer.name_key,
    "level": Level.position,
    "status": _Status.position,
    "source": _Origin.position,
    "created_date": Customer.created_date,
    "last_contact_at": Customer.last_contact_at,
}
