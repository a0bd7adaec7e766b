"""Reading contact records: the list over all customers, those of one, one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import Field, ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.contacts.queries.reach import of_living_customers
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import or_customer_found, require_visible, visible_customers
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.domains.settings.models import DictionaryItem
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing, on_days
from meiping.store.unit_of_work import query

RECORD_COLUMNS = (
    Column("at", "联系时间", Kind.MOMENT, width=16),
    Column("customer", "客户", width=12),
    Column("type", "类型", width=9),
    Column("contact_name", "联系人", width=8),
    Column("content", "内容", width=30, stretch=True, sortable=False),
    Column("next_contact_date", "下次联系", Kind.DATE, width=11),
    Column("operator", "记录人", width=8),
    Column("created_at", "录入时间", Kind.MOMENT, width=17, hidden=True),
)
RECORD_BIN_COLUMNS = (
    *(column for column in RECORD_COLUMNS[:5]),
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)
_PLAIN = ("at", "contact_name", "content", "next_contact_date", "created_at", "deleted_at", "deleted_by")
_SORTS: Mapping[str, Field] = {
    **{key: getattr(ContactRecord, key) for key in _PLAIN},
    "customer": Customer.name_key,
    "type": DictionaryItem.position,
    "operator": Operator.name,
}
_NEWEST = Sort("at", descending=True)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records: words in them or of the customer, of a type, by whom, from which days; the deleted ones."""

    text: str = ""
    type_id: int | None = None
    operator_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    in_bin: bool = False


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """One contact record with the words its ids stand for."""

    id: int
    customer_id: int
    customer: str
    contact_name: str
    type_id: int | None
    type: str
    at: int
    content: str
    next_contact_date: date | None
    operator: str
    deleted_at: int | None


def _select() -> ModelSelect[ContactRecord]:
    plain = [getattr(ContactRecord, key) for key in _PLAIN]
    return (
        ContactRecord.select(
            ContactRecord.id,
            ContactRecord.customer.alias("customer_id"),
            ContactRecord.type.alias("type_id"),
            *plain,
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            fn.coalesce(DictionaryItem.name, "").alias("type"),
            Operator.name.alias("operator"),
        )
        .left_outer_join(Customer, on=(ContactRecord.customer == Customer.id))
        .switch(ContactRecord)
        .left_outer_join(DictionaryItem, on=(ContactRecord.type == DictionaryItem.id))
        .switch(ContactRecord)
        .left_outer_join(Operator, on=(ContactRecord.operator == Operator.id))
    )


def _listing(select: ModelSelect[ContactRecord], default: Sort = _NEWEST) -> Listing:
    return SelectListing(select, identity=ContactRecord.id, sorts=_SORTS, default=default, to_row=_to_row)


def _to_row(row: dict[str, Any]) -> Row:
    return {**row, "customer": shown_name(row["customer_name"] or "", row["customer_phone"] or "")}


@query(VIEW)
def record_list(actor: Actor, narrowed: RecordFilter | None = None) -> Listing:
    """The contact records of all customers the actor may see, the latest first."""
    wanted = narrowed or RecordFilter()
    met: list[Any] = [
        ContactRecord.deleted_at.is_null(not wanted.in_bin),
        of_living_customers(actor, ContactRecord.customer),
    ]
    for key in ("type_id", "operator_id"):
        value = getattr(wanted, key)
        if value is not None:
            met.append(getattr(ContactRecord, key.removesuffix("_id")) == value)
    met += on_days(ContactRecord.at, wanted.first_date, wanted.last_date)
    text = wanted.text.strip()
    if text:
        within = ContactRecord.content.contains(text) | ContactRecord.contact_name.contains(text)
        met.append(or_customer_found(within, ContactRecord.customer, text))
    return _listing(_select().where(*met), Sort("deleted_at", descending=True) if wanted.in_bin else _NEWEST)


@query(VIEW)
def records_of(actor: Actor, *, customer_id: int) -> Listing:
    """The contact records of one customer, the latest first."""
    require_visible(actor, customer_id)
    return _listing(
        _select().where(ContactRecord.customer == customer_id, ContactRecord.deleted_at.is_null())
    )


@query(VIEW)
def record_detail(actor: Actor, *, record_id: int) -> RecordDetail:
    """One contact record within the actor's scope, in the recycle bin or not. Raises NotFound."""
    visible_record(actor, record_id)
    return read_record(record_id)


def read_record(record_id: int) -> RecordDetail:
    """One contact record whoever asks: the caller has checked that it may be seen."""
    row = _to_row(cast("dict[str, Any]", _select().where(ContactRecord.id == record_id).dicts().get()))
    return RecordDetail(**{key: row[key] for key in RecordDetail.__slots__})


def visible_record(actor: Actor, record_id: int) -> ContactRecord:
    """The row of a contact record of a customer the actor may see. Raises NotFound."""
    seen = ContactRecord.select().where(
        ContactRecord.id == record_id, ContactRecord.customer.in_(visible_customers(actor))
    )
    row: ContactRecord | None = seen.first()
    if row is None:
        raise NotFound("没有这条联系反馈，或者不在您的查看范围内。")
    return row
