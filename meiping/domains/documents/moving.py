"""Documents of a customer that is merged into another: parts of that verb, and of its way back."""

from collections.abc import Mapping, Sequence

from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.documents.models import Document
from meiping.store.unit_of_work import Work


def move_documents(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all documents to another customer."""
    return {"document": give_rows(work, Document, rows_of(work, Document, from_id), to_id)}


def move_documents_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along; what is attached to a contact record goes where the record has gone."""
    give_rows_back(work, Document, moved, from_id=from_id, to_id=to_id)
    for one, other in ((from_id, to_id), (to_id, from_id)):
        records = ContactRecord.select(ContactRecord.id).where(ContactRecord.customer == one)
        Document.update(customer=one).where(
            Document.customer == other, Document.contact_record.in_(records)
        ).execute()
