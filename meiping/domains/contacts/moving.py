"""Contacts and contact records of a customer that is merged into another: parts of that verb, and of its way back."""

from collections.abc import Mapping, Sequence

from meiping.domains.contacts.models import Contact, ContactRecord
from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.store.unit_of_work import Work

HIDDEN = "（已隐去）"


def move_contacts(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all contacts and records to another customer; where both have a main contact, the survivor's stays it."""
    main = _main(from_id) if _main(to_id) else []
    Contact.update(main=False).where(Contact.id.in_(main)).execute()
    return {
        "main": main,
        "contact": give_rows(work, Contact, rows_of(work, Contact, from_id), to_id),
        "contact_record": give_rows(work, ContactRecord, rows_of(work, ContactRecord, from_id), to_id),
    }


def move_contacts_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along and is still there. A record keeps the name of a person who is at the other one now."""
    for table in (Contact, ContactRecord):
        give_rows_back(work, table, moved, from_id=from_id, to_id=to_id)
    if not _main(to_id):
        Contact.update(main=True).where(
            Contact.id.in_(list(moved.get("main", ()))), Contact.customer == to_id
        ).execute()
    for one, other in ((from_id, to_id), (to_id, from_id)):
        elsewhere = Contact.select(Contact.id).where(Contact.customer == other)
        ContactRecord.update(contact=None).where(
            ContactRecord.customer == one, ContactRecord.contact.in_(elsewhere)
        ).execute()


def _main(customer_id: int) -> list[int]:
    met = (Contact.customer == customer_id) & Contact.main & Contact.deleted_at.is_null()
    return [row.id for row in Contact.select(Contact.id).where(met)]


def hide_records(work: Work, customer_id: int) -> None:
    """Leave of a customer's contact records only when they were, who wrote them and of what type."""
    ContactRecord.update(contact=None, contact_name="", content=HIDDEN, next_contact_date=None).where(
        ContactRecord.customer == customer_id
    ).execute()
