"""Everything about all customers one may see, as a sheet that an import takes back as it is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from meiping.adapters.excel import StreamedSheet
from meiping.domains.audit.rules import EXPORT
from meiping.domains.contacts.models import Contact
from meiping.domains.custom_fields.queries import fields_of, values_of_many
from meiping.domains.custom_fields.rules import list_columns, list_value
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS, CustomerFilter, conditions, with_names
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import VIEW
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.stewardship.import_fields import (
    CUSTOMER_FIELDS,
    OPENING_DEBT,
    OPENING_STORED,
    RECORD_FIELDS,
    Form,
    ImportField,
    ImportKind,
)
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

_CHUNK = 500
_CONTACT_KEYS = ("name", "post", "department", "mobile", "office_phone", "email", "wechat", "qq")
_KINDS = {Form.PHONE: Kind.PHONE, Form.CODE: Kind.CODE, Form.MONEY: Kind.MONEY}
_TITLE = {field.key: field for field in CUSTOMER_FIELDS}
_EXAMPLE = {
    "name": "王芳（示例，请删去这一行）",
    "phone": "13800138000",
    "birth_date": "1990-05-01",
    "level_id": "普通",
    "contact.name": "王芳",
    "record.name": "王芳（示例，请删去这一行）",
    "record.phone": "13800138000",
    "record.at": "2026-01-31 10:30",
    "record.type": "业务联系",
    "record.content": "电话回访，满意",
}


def _column(field: ImportField) -> Column:
    return Column(field.key, field.title, _KINDS.get(field.form, Kind.TEXT))


@query(EXPORT)
def customer_export(actor: Actor) -> StreamedSheet:
    """All customers the actor sees with all their fields, the main contact, and what they have and owe.

    Fetched as it is written. What they have and owe is left out without the right to see money.
    """
    actor.require(VIEW)
    contact = tuple(_column(_TITLE[f"contact.{key}"]) for key in _CONTACT_KEYS)
    money = (
        tuple(_column(_TITLE[key]) for key in (OPENING_STORED, OPENING_DEBT)) if actor.can(VIEW_MONEY) else ()
    )
    columns = (
        *(replace(column, hidden=False) for column in CUSTOMER_COLUMNS),
        *contact,
        *(
            replace(column, title=column.title.replace("期初储值", "储值余额").replace("期初", ""))
            for column in money
        ),
        *(replace(column, hidden=False) for column in list_columns(fields_of(CUSTOMER))),
    )
    met = conditions(actor, CustomerFilter())
    ids = [row.id for row in Customer.select(Customer.id).where(*met).order_by(Customer.id)]
    return StreamedSheet("客户", columns, _rows(actor, ids, with_money=bool(money)), len(ids))


def _rows(actor: Actor, ids: list[int], *, with_money: bool) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        own = values_of_many(CUSTOMER, chunk)
        people = _main_contacts(chunk)
        money = _money(actor, chunk) if with_money else {}
        select = with_names().where(Customer.id.in_(chunk)).order_by(Customer.id)
        for row in cast("Iterator[dict[str, Any]]", select.dicts()):
            customer_id = row["id"]
            values = {f"custom_{key}": list_value(value) for key, value in own.get(customer_id, {}).items()}
            yield {**row, **people.get(customer_id, {}), **money.get(customer_id, {}), **values}


def _main_contacts(ids: list[int]) -> dict[int, dict[str, Any]]:
    found = Contact.select().where(Contact.customer.in_(ids), Contact.main, Contact.deleted_at.is_null())
    return {row.customer_id: {f"contact.{key}": getattr(row, key) for key in _CONTACT_KEYS} for row in found}


def _money(actor: Actor, ids: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    marks = ",".join("?" * len(ids))
    for party, account, fen in fetch(
        "SELECT party_id, account, amount_fen FROM balance WHERE company_id = ? AND account IN"
        f" ('stored_principal', 'stored_bonus', 'receivable') AND party_id IN ({marks})",
        actor.company_id,
        *ids,
    ):
        row = found.setdefault(party, {})
        key, sign = (OPENING_DEBT, 1) if account == "receivable" else (OPENING_STORED, -1)
        row[key] = row.get(key, 0) + sign * fen
    return {party: {key: fen for key, fen in row.items() if fen} for party, row in found.items()}


def template(kind: ImportKind) -> Table:
    """A sheet with all headings and one example, to be filled in."""
    fields = RECORD_FIELDS if kind is ImportKind.RECORDS else CUSTOMER_FIELDS
    own = () if kind is ImportKind.RECORDS else list_columns(fields_of(CUSTOMER))
    columns = [Column(field.key, field.title, Kind.CODE, width=10) for field in fields]
    columns += [Column(column.key, column.title, Kind.CODE, width=10) for column in own]
    row = {field.key: _EXAMPLE[field.key] for field in fields if field.key in _EXAMPLE}
    return Table(f"{kind.title}导入模板", tuple(columns), [{"id": 1, **row}])
