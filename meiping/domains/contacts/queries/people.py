"""Reading contacts: the list over all customers, those of one, one of them, and finding as one types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from peewee import Field, ModelSelect

from meiping.domains.contacts.models import Contact
from meiping.domains.contacts.queries.reach import of_living_customers
from meiping.domains.contacts.rules import CONTACT, CONTACT_FIELDS, ContactInput
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, visible_customers
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.search_terms import rank
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

CONTACT_COLUMNS = (
    Column("name", "姓名", width=10),
    Column("customer", "客户", width=18, stretch=True),
    Column("main", "主联系人", Kind.YES, width=9),
    Column("department", "部门", width=8),
    Column("post", "职务", width=9),
    Column("mobile", "手机", Kind.PHONE, width=15),
    Column("office_phone", "办公电话", Kind.PHONE, width=15),
    Column("wechat", "微信", width=14, hidden=True),
    Column("nickname", "称呼", width=10, hidden=True),
    Column("gender", "性别", width=6, hidden=True),
    Column("birth_date", "生日", Kind.DATE, width=12, hidden=True),
    Column("birthday_lunar", "农历生日", Kind.YES, width=9, hidden=True),
    Column("home_phone", "住宅电话", Kind.PHONE, width=15, hidden=True),
    Column("email", "邮箱", width=20, hidden=True),
    Column("qq", "QQ", Kind.CODE, width=12, hidden=True),
    Column("address", "地址", width=24, hidden=True),
    Column("notes", "备注", width=24, hidden=True),
    Column("created_at", "添加时间", Kind.MOMENT, width=17, hidden=True),
)
CONTACT_BIN_COLUMNS = (
    *CONTACT_COLUMNS[:2],
    Column("mobile", "手机", Kind.PHONE, width=15),
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)
_PLAIN = (*CONTACT_FIELDS, "created_at", "deleted_at", "deleted_by")
_SORTS: Mapping[str, Field] = {
    **{key: getattr(Contact, key) for key in _PLAIN},
    "name": Contact.name_key,
    "customer": Customer.name_key,
}


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts: found by what was typed about them or their customer; only main ones; the deleted ones."""

    text: str = ""
    main_only: bool = False
    in_bin: bool = False


@dataclass(frozen=True, slots=True)
class ContactDetail:
    """One contact, and the customer it belongs to."""

    id: int
    customer_id: int
    customer: str
    contact: ContactInput
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class ContactHit:
    """A found contact, and the customer it leads to. ``phone`` is the first of its phones."""

    id: int
    name: str
    phone: str
    customer_id: int
    customer: str


def _select() -> ModelSelect[Contact]:
    plain = [getattr(Contact, key) for key in _PLAIN]
    named = (Customer.name.alias("customer_name"), Customer.phone.alias("customer_phone"))
    select = Contact.select(Contact.id, Contact.customer.alias("customer_id"), *plain, *named)
    return select.left_outer_join(Customer, on=(Contact.customer == Customer.id))


def _listing(select: ModelSelect[Contact], *, in_bin: bool = False) -> Listing:
    default = Sort("deleted_at", descending=True) if in_bin else Sort("name")
    return SelectListing(select, identity=Contact.id, sorts=_SORTS, default=default, to_row=_to_row)


def _to_row(row: dict[str, Any]) -> Row:
    return {**row, "customer": shown_name(row["customer_name"] or "", row["customer_phone"] or "")}


def _found(text: str, kind: str) -> Any:
    found = search_index.records(text, kind=kind)
    return [] if found is None else found


@query(VIEW)
def contact_list(actor: Actor, narrowed: ContactFilter | None = None) -> Listing:
    """The contacts of all customers the actor may see, by name; the recycle bin's, the latest first."""
    wanted = narrowed or ContactFilter()
    met: list[Any] = [
        Contact.deleted_at.is_null(not wanted.in_bin),
        of_living_customers(actor, Contact.customer),
    ]
    if wanted.main_only:
        met.append(Contact.main)
    text = wanted.text.strip()
    if text and wanted.in_bin:  # the search index holds no deleted contact, and the bin is small
        met.append(Contact.name.contains(text) | Contact.mobile.contains(text))
    elif text:
        met.append(Contact.id.in_(_found(text, CONTACT)) | Contact.customer.in_(_found(text, CUSTOMER)))
    return _listing(_select().where(*met), in_bin=wanted.in_bin)


@query(VIEW)
def contacts_of(actor: Actor, *, customer_id: int) -> Listing:
    """The contacts of one customer, by name."""
    require_visible(actor, customer_id)
    return _listing(_select().where(Contact.customer == customer_id, Contact.deleted_at.is_null()))


@query(VIEW)
def contact_detail(actor: Actor, *, contact_id: int) -> ContactDetail:
    """One contact within the actor's scope, in the recycle bin or not. Raises NotFound."""
    visible_contact(actor, contact_id)
    return read_contact(contact_id)


def read_contact(contact_id: int) -> ContactDetail:
    """One contact whoever asks: the caller has checked that it may be seen."""
    row = _to_row(cast("dict[str, Any]", _select().where(Contact.id == contact_id).dicts().get()))
    entered = ContactInput(**{key: row[key] for key in CONTACT_FIELDS})
    return ContactDetail(row["id"], row["customer_id"], row["customer"], entered, row["deleted_at"])


def visible_contact(actor: Actor, contact_id: int) -> Contact:
    """The row of a contact of a customer the actor may see. Raises NotFound."""
    seen = Contact.select().where(Contact.id == contact_id, Contact.customer.in_(visible_customers(actor)))
    row: Contact | None = seen.first()
    if row is None:
        raise NotFound("没有这位联系人，或者不在您的查看范围内。")
    return row


@query(VIEW)
def find_contacts(actor: Actor, text: str, *, limit: int = 50) -> list[ContactHit]:
    """The first contacts that match what was typed: name, pinyin, phone; those whose name fits best first."""
    found = search_index.records(text, kind=CONTACT)
    if found is None:
        return []
    seen = (
        _select()
        .select_extend(Contact.name_key)
        .where(Contact.id.in_(found), Contact.deleted_at.is_null(), Customer.deleted_at.is_null())
    )
    bound = scope_bound(actor)  # on the customer joined: no walk over all customers in the scope
    if bound is not None:
        seen = seen.where(bound)
    rows = [_to_row(row) for row in cast("Iterable[dict[str, Any]]", seen.limit(limit).dicts())]
    rows.sort(key=lambda row: (rank(text, row["name"], row["name_key"]), row["name_key"], row["id"]))
    return [
        ContactHit(
            row["id"],
            row["name"],
            row["mobile"] or row["office_phone"] or row["home_phone"],
            row["customer_id"],
            row["customer"],
        )
        for row in rows
    ]


@query(VIEW)
def contact_names(actor: Actor, *, customer_id: int) -> list[str]:
    """The names of a customer's contacts, the main one first: who may have been spoken to."""
    require_visible(actor, customer_id)
    rows = (
        Contact.select(Contact.name)
        .where(Contact.customer == customer_id, Contact.deleted_at.is_null())
        .order_by(Contact.main.desc(), Contact.name_key)
    )
    return [row.name for row in rows]
