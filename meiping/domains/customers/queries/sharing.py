"""Who shares in looking after customers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer, CustomerShare
from meiping.domains.customers.queries.scope import require_visible, scope_bound
from meiping.domains.customers.rules import KIND, TRANSFER, VIEW, share_words, shown_name
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

SHARE_COLUMNS = (
    Column("customer", "客户", width=16, stretch=True),
    Column("code", "编号", Kind.CODE, width=9),
    Column("owner", "业务员", width=10),
    Column("kind", "方式", width=10, sortable=False),
    Column("operator", "交给谁", width=10),
    Column("until_date", "到期", Kind.DATE, width=12),
    Column("granted_by", "谁授权", width=10),
    Column("granted_at", "授权时间", Kind.MOMENT, width=17),
)
_Helper = Operator.alias()


@dataclass(frozen=True, slots=True)
class OpenShare:
    """Somebody who looks after a customer beside the owner; without ``until`` he does so for good."""

    id: int
    operator_id: int
    operator: str
    until: date | None

    @property
    def words(self) -> str:
        """``授权给小周，至 2026-04-01`` or ``与小周共同跟进``."""
        return share_words(self.operator, self.until)


def open_shares(customer_id: int) -> list[OpenShare]:
    """Everybody a customer is shared with, those whose last day has passed too; the caller may see the customer."""
    rows = (
        CustomerShare.select(CustomerShare.id, Operator.id, Operator.name, CustomerShare.until_date)
        .join(Operator)
        .where(CustomerShare.customer == customer_id, CustomerShare.ended_at.is_null())
        .order_by(CustomerShare.id)
        .tuples()
    )
    return [OpenShare(*row) for row in cast("Iterable[tuple[Any, ...]]", rows)]


def shares_for_search(customer_ids: Collection[int]) -> dict[int, list[tuple[int, date | None]]]:
    """Whom customers are shared with, as ``scope_terms`` takes it, by their ids."""
    rows = CustomerShare.select(
        CustomerShare.customer, CustomerShare.operator, CustomerShare.until_date
    ).where(CustomerShare.customer.in_(list(customer_ids)), CustomerShare.ended_at.is_null())
    found: dict[int, list[tuple[int, date | None]]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append((row.operator_id, row.until_date))
    return found


@query(VIEW)
def shares_of(actor: Actor, *, customer_id: int) -> list[OpenShare]:
    """Who shares in looking after one customer today, in the order in which they came."""
    require_visible(actor, customer_id)
    today = actor.today()
    return [share for share in open_shares(customer_id) if share.until is None or share.until >= today]


@query(TRANSFER)
def share_list(actor: Actor, *, text: str = "") -> Listing:
    """The shares in force of customers in the actor's scope, by ``SHARE_COLUMNS``, the newest first."""
    select = (
        CustomerShare.select(
            CustomerShare.id,
            CustomerShare.customer.alias("customer_id"),
            CustomerShare.until_date,
            CustomerShare.granted_by,
            CustomerShare.granted_at,
            Customer.name.alias("name"),
            Customer.phone.alias("phone"),
            Customer.code.alias("code"),
            Operator.name.alias("owner"),
            _Helper.name.alias("operator"),
        )
        .join(Customer, on=(CustomerShare.customer == Customer.id))
        .left_outer_join(Operator, on=(Customer.owner == Operator.id))
        .switch(CustomerShare)
        .join(_Helper, on=(CustomerShare.operator == _Helper.id))
        .where(
            CustomerShare.ended_at.is_null(),
            CustomerShare.until_date.is_null() | (CustomerShare.until_date >= actor.today()),
            Customer.deleted_at.is_null(),
        )
    )
    if (bound := scope_bound(actor)) is not None:
        select = select.where(bound)
    if words := text.strip():
        found = search_index.records(words, kind=KIND)
        people = _Helper.name.contains(words) | Operator.name.contains(words)
        select = select.where(people if found is None else people | Customer.id.in_(found))
    return SelectListing(
        select,
        identity=CustomerShare.id,
        sorts={
            "customer": Customer.name_key,
            "code": Customer.code,
            "owner": Operator.name,
            "operator": _Helper.name,
            "until_date": CustomerShare.until_date,
            "granted_by": CustomerShare.granted_by,
            "granted_at": CustomerShare.granted_at,
        },
        default=Sort("granted_at", descending=True),
        to_row=_to_row,
    )


def _to_row(row: dict[str, Any]) -> Row:
    kind = "共同跟进" if row["until_date"] is None else "授权"
    return {**row, "customer": shown_name(row["name"], row["phone"]), "kind": kind}
