"""Reading documents within the operator's scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import Expression, ModelSelect

from meiping.domains.access.models import Operator
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, visible_customers
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.domains.documents.models import Document
from meiping.domains.documents.rules import KIND, ending
from meiping.domains.settings.models import DictionaryItem
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing, on_days
from meiping.store.unit_of_work import query

DOCUMENT_COLUMNS = (
    Column("name", "资料", width=24, stretch=True),
    Column("customer", "客户", width=16),
    Column("category", "类别", width=8),
    Column("size_kb", "大小（KB）", Kind.NUMBER, width=11),
    Column("created_at", "添加时间", Kind.MOMENT, width=16),
    Column("operator", "添加人", width=8, hidden=True),
    Column("notes", "备注", width=18, sortable=False, hidden=True),
    Column("record_at", "附于联系反馈", Kind.MOMENT, width=16, hidden=True),
    Column("ending", "格式", width=7, sortable=False, hidden=True),
)
DOCUMENT_BIN_COLUMNS = (
    *DOCUMENT_COLUMNS[:4],
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents: words in their names, notes or of the customer; None means no bound, days are counted in."""

    text: str = ""
    customer_id: int | None = None
    contact_record_id: int | None = None
    category_id: int | None = None
    operator_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    in_bin: bool = False


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """One document; ``hash`` is the SHA-256 of its bytes in hex."""

    id: int
    customer_id: int | None
    customer: str
    contact_record_id: int | None
    name: str
    hash: str
    size_bytes: int
    category_id: int | None
    category: str
    notes: str
    operator: str
    created_at: int
    deleted_at: int | None
    deleted_by: str


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A found document, and whose it is."""

    id: int
    name: str
    customer_id: int | None
    customer: str


_SORTS: Mapping[str, Any] = {
    "name": Document.name,
    "customer": Customer.name_key,
    "category": DictionaryItem.position,
    "size_kb": Document.size_bytes,
    "operator": Operator.name,
    "created_at": Document.created_at,
    "record_at": ContactRecord.at,
    "deleted_at": Document.deleted_at,
    "deleted_by": Document.deleted_by,
}


def _with_names() -> ModelSelect[Document]:
    return (
        Document.select(
            Document,
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            DictionaryItem.name.alias("category_name"),
            Operator.name.alias("operator_name"),
            ContactRecord.at.alias("record_at"),
        )
        .left_outer_join(Customer, on=(Document.customer == Customer.id))
        .switch(Document)
        .left_outer_join(DictionaryItem, on=(Document.category == DictionaryItem.id))
        .switch(Document)
        .left_outer_join(Operator, on=(Document.operator == Operator.id))
        .switch(Document)
        .left_outer_join(ContactRecord, on=(Document.contact_record == ContactRecord.id))
    )


def _to_row(row: dict[str, Any]) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "customer_id": row["customer"],
        "customer": shown_name(row["customer_name"] or "", row["customer_phone"] or ""),
        "category": row["category_name"] or "",
        "category_id": row["category"],
        "size_kb": max(row["size_bytes"] // 1000, 1),
        "size_bytes": row["size_bytes"],
        "hash": row["hash"],
        "notes": row["notes"],
        "operator": row["operator_name"],
        "created_at": row["created_at"],
        "ending": ending(row["name"]).upper(),
        "contact_record_id": row["contact_record"],
        "record_at": row["record_at"],
        "deleted_at": row["deleted_at"],
        "deleted_by": row["deleted_by"],
    }


def scope_of_documents(actor: Actor) -> Expression | None:
    """The condition on documents the actor may see: those of customers in the scope; None where that is all."""
    return None if actor.scope() is Scope.ALL else Document.customer.in_(visible_customers(actor))


def visible_documents(actor: Actor, ids: Iterable[int], *, in_bin: bool) -> list[Document]:
    """Those of the documents that the actor may see and that are, or are not, in the recycle bin."""
    select = Document.select().where(Document.id.in_(list(ids)), Document.deleted_at.is_null(not in_bin))
    bound = scope_of_documents(actor)
    return list(select if bound is None else select.where(bound))


def require_document(actor: Actor, document_id: int) -> Document:
    """A document within the scope that is not in the recycle bin. Raises NotFound."""
    found = visible_documents(actor, [document_id], in_bin=False)
    if not found:
        raise NotFound("没有这份资料，或者不在您的查看范围内。")
    return found[0]


@query(VIEW)
def document_list(actor: Actor, narrowed: DocumentFilter | None = None) -> Listing:
    """The documents of the customers in the actor's scope, the latest first; the recycle bin's if so narrowed."""
    wanted = narrowed or DocumentFilter()
    return SelectListing(
        _with_names().where(*_conditions(actor, wanted)),
        identity=Document.id,
        sorts=_SORTS,
        default=Sort("deleted_at" if wanted.in_bin else "created_at", descending=True),
        to_row=_to_row,
    )


@query(VIEW)
def documents_of(actor: Actor, *, customer_id: int) -> Listing:
    """The documents of one customer, the latest first."""
    require_visible(actor, customer_id)
    return SelectListing(
        _with_names().where(Document.customer == customer_id, Document.deleted_at.is_null()),
        identity=Document.id,
        sorts=_SORTS,
        default=Sort("created_at", descending=True),
        to_row=_to_row,
    )


@query(VIEW)
def document_detail(actor: Actor, *, document_id: int) -> DocumentDetail:
    """One document within the actor's scope. Raises NotFound."""
    row = require_document(actor, document_id)
    shown = _to_row(cast("dict[str, Any]", _with_names().where(Document.id == row.id).dicts().get()))
    keys = DocumentDetail.__dataclass_fields__
    return DocumentDetail(**{key: shown[key] for key in keys})


@query(VIEW)
def find_documents(actor: Actor, text: str, *, limit: int = 20) -> list[DocumentHit]:
    """The latest documents whose name or notes hold every word typed."""
    found = search_index.records(text, kind=KIND)
    if found is None:
        return []
    met = [Document.id.in_(found), Document.deleted_at.is_null(), Customer.deleted_at.is_null()]
    bound = scope_of_documents(actor)
    rows = _with_names().where(*met, *([] if bound is None else [bound]))
    latest = cast("Iterable[dict[str, Any]]", rows.order_by(Document.id.desc()).limit(limit).dicts())
    shown = map(_to_row, latest)
    return [DocumentHit(row["id"], row["name"], row["customer_id"], row["customer"]) for row in shown]


def _conditions(actor: Actor, wanted: DocumentFilter) -> list[Any]:
    met: list[Any] = [Document.deleted_at.is_null(not wanted.in_bin), Customer.deleted_at.is_null()]
    bound = scope_of_documents(actor)
    if bound is not None:
        met.append(bound)
    for key in ("customer", "contact_record", "category", "operator"):
        value = getattr(wanted, f"{key}_id")
        if value is not None:
            met.append(getattr(Document, key) == value)
    met += on_days(Document.created_at, wanted.first_date, wanted.last_date)
    if text := wanted.text.strip():
        met.append(_holds(text))
    return met


def _holds(text: str) -> Any:
    """In its own words, by pinyin as far as they are indexed, or in those the customer is found by."""
    held: Any = Document.name.contains(text) | Document.notes.contains(text)
    for field, kind in ((Document.id, KIND), (Document.customer, CUSTOMER)):
        found = search_index.records(text, kind=kind)
        if found is not None:
            held = held | field.in_(found)
    return held
