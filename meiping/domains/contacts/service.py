"""Verbs about contacts, the people at a customer."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from peewee import fn

from meiping.domains.audit import service as audit
from meiping.domains.contacts.models import Contact
from meiping.domains.contacts.queries.people import (
    CONTACT_COLUMNS,
    ContactDetail,
    read_contact,
    visible_contact,
)
from meiping.domains.contacts.queries.reach import usable_customer
from meiping.domains.contacts.rules import (
    CONTACT,
    CONTACT_FIELDS,
    CONTACT_TITLES,
    PHONES,
    ContactInput,
    check_contact,
    name_key,
    search_terms,
)
from meiping.domains.customers.rules import EDIT, ODD_INPUT
from meiping.kernel.changes import Topic
from meiping.kernel.errors import NeedsConfirmation
from meiping.kernel.source import Source
from meiping.store import recycle_bin, search_index
from meiping.store.unit_of_work import Work, verb

_CHUNK = 200


@verb(EDIT)
def add_contact(
    work: Work, *, customer_id: int, contact: ContactInput, confirmed: frozenset[str] = frozenset()
) -> int:
    """Add a person at a customer and give the id; the first one at a firm is the main contact.

    Raises InputError with the field, and NeedsConfirmation where a phone or address looks odd (ODD_INPUT).
    """
    customer = usable_customer(work.actor, customer_id)
    wanted = _checked(work, contact, confirmed)
    if customer.firm and not _at(customer_id).exists():
        wanted = replace(wanted, main=True)
    if wanted.main:
        _step_back(work, customer_id)
    made = Contact.create(customer=customer_id, created_at=work.at, **_columns(wanted))
    _index(work, made.id, wanted)
    _written(work, "contact.add", "新增联系人", made.id)
    return int(made.id)


@verb(EDIT)
def change_contact(
    work: Work, *, contact_id: int, contact: ContactInput, confirmed: frozenset[str] = frozenset()
) -> int:
    """Change a contact; every field that changed is written down. Gives how many did."""
    row = visible_contact(work.actor, contact_id)
    recycle_bin.require_outside(row, "这位联系人")
    before = read_contact(contact_id)
    wanted = _checked(work, contact, confirmed, before=before.contact)
    if wanted.main and not before.contact.main:
        _step_back(work, row.customer_id)
    Contact.update(**_columns(wanted)).where(Contact.id == contact_id).execute()
    _index(work, contact_id, wanted)
    count = _write_changes(work, before, read_contact(contact_id))
    if count:
        _written(work, "contact.change", "修改联系人", contact_id)
    return count


@verb(EDIT)
def set_main_contact(work: Work, *, contact_id: int) -> None:
    """Make a contact the main one of its customer; whoever was it steps back."""
    change_contact(
        work, contact_id=contact_id, contact=replace(_present(work, contact_id), main=True), confirmed=_KNOWN
    )


@verb(EDIT)
def delete_contacts(work: Work, *, contact_ids: Collection[int]) -> int:
    """Put contacts into the recycle bin; gives how many went. Nobody else becomes the main contact by that."""
    gone = 0
    for contact_id in contact_ids:
        row = visible_contact(work.actor, contact_id)
        if row.deleted_at is not None:
            continue
        _set(contact_id, deleted_at=work.at, deleted_by=work.actor.name)
        search_index.remove(work, CONTACT, contact_id)
        _written(work, "contact.delete", "联系人移入回收站", contact_id)
        gone += 1
    return gone


@verb(EDIT)
def restore_contacts(work: Work, *, contact_ids: Collection[int]) -> int:
    """Take contacts out of the recycle bin; gives how many came back.

    One who was the main contact is it again, unless there is another by now.
    """
    back = 0
    for contact_id in contact_ids:
        row = visible_contact(work.actor, contact_id)
        if row.deleted_at is None:
            continue
        main = row.main and not _at(row.customer_id).where(Contact.main).exists()
        _set(contact_id, deleted_at=None, deleted_by="", main=main)
        _index(work, contact_id, read_contact(contact_id).contact)
        _written(work, "contact.restore", "从回收站恢复联系人", contact_id)
        back += 1
    return back


# ---------------------------------------------------------------- parts for imports and for copies


def add_many(work: Work, rows: Iterable[tuple[int, ContactInput]]) -> list[int]:
    """Add contacts as (customer id, contact), as entered, and give their ids.

    For imports and demonstration data: the customers are known to exist, and of several main ones of a customer
    the first counts. Nothing is asked.
    """
    wanted = [(customer_id, check_contact(entered, today=work.day).contact) for customer_id, entered in rows]
    taken = _with_main({customer_id for customer_id, _entered in wanted})
    first = work.next_id("contact")
    columns: list[dict[str, Any]] = []
    for number, (customer_id, entered) in enumerate(wanted, first):
        main = entered.main and customer_id not in taken
        if main:
            taken.add(customer_id)
        row = _columns(replace(entered, main=main))
        columns.append({"id": number, "customer": customer_id, "created_at": work.at, **row})
        _index(work, number, entered)
    for start in range(0, len(columns), _CHUNK):
        Contact.insert_many(columns[start : start + _CHUNK]).execute()
    if columns:
        audit.record(work, "contact.add_many", f"批量新增联系人 {len(columns)} 位")
        work.changed(Topic.CONTACTS)
    return [row["id"] for row in columns]


def _with_main(customer_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    wanted = sorted(customer_ids)
    for start in range(0, len(wanted), _CHUNK):
        chunk: Sequence[int] = wanted[start : start + _CHUNK]
        rows = Contact.select(Contact.customer).where(
            Contact.customer.in_(chunk), Contact.main, Contact.deleted_at.is_null()
        )
        found |= {row.customer_id for row in rows}
    return found


def mask_contact_phones(work: Work) -> None:
    """Hide the middle digits of every contact's phones: for a copy of the data that others will see."""
    for key in PHONES:
        phone = getattr(Contact, key)
        hidden = fn.SUBSTR(phone, 1, 3).concat("0000").concat(fn.SUBSTR(phone, -4))
        Contact.update({phone: hidden}).where(fn.LENGTH(phone) > 7).execute()
    work.changed(Topic.CONTACTS)


# ---------------------------------------------------------------- inside

_KNOWN = frozenset({ODD_INPUT})
_COLUMN = {column.key: column for column in CONTACT_COLUMNS}


def _checked(
    work: Work, contact: ContactInput, confirmed: frozenset[str], *, before: ContactInput | None = None
) -> ContactInput:
    """The stored form; what looks odd without being wrong is saved after a question only."""
    checked = check_contact(contact, today=work.day)
    stood = check_contact(before, today=work.day).warnings if before is not None else ()
    odd = "".join(one for one in checked.warnings if one not in stood)
    if odd and ODD_INPUT not in confirmed:
        raise NeedsConfirmation(ODD_INPUT, f"{odd}仍要保存吗？", verb="仍要保存")
    return checked.contact


def _present(work: Work, contact_id: int) -> ContactInput:
    visible_contact(work.actor, contact_id)
    return read_contact(contact_id).contact


def _at(customer_id: int) -> Any:
    return Contact.select().where(Contact.customer == customer_id, Contact.deleted_at.is_null())


def _step_back(work: Work, customer_id: int) -> None:
    """Whoever is the main contact is it no longer."""
    for row in _at(customer_id).where(Contact.main):
        _set(row.id, main=False)
        audit.record_changes(work, Source(CONTACT, row.id), [(CONTACT_TITLES["main"], "是", "")])


def _columns(contact: ContactInput) -> dict[str, Any]:
    row = {key: getattr(contact, key) for key in CONTACT_FIELDS}
    return {**row, "name_key": name_key(contact.name)}


def _set(contact_id: int, **columns: Any) -> None:
    Contact.update(**columns).where(Contact.id == contact_id).execute()


def _index(work: Work, contact_id: int, contact: ContactInput) -> None:
    """Without hidden terms: the customer may change hands any day, so the scope is asked of the customer."""
    search_index.put(work, CONTACT, contact_id, contact.name, search_terms(contact))


def _write_changes(work: Work, before: ContactDetail, after: ContactDetail) -> int:
    changes = [(title, _shown(before, key), _shown(after, key)) for key, title in CONTACT_TITLES.items()]
    return audit.record_changes(work, Source(CONTACT, after.id), changes)


def _shown(detail: ContactDetail, key: str) -> str:
    return _COLUMN[key].show(getattr(detail.contact, key))


def _written(work: Work, action: str, summary: str, contact_id: int) -> None:
    audit.record(work, action, summary, Source(CONTACT, contact_id))
    work.changed(Topic.CONTACTS)
