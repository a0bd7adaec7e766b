"""A customer who asks for it is made anonymous: what says who he is goes for good, bills and money stay.

The log of changes is never edited. Its rows about him stay, but what stood in them before and after is shown to nobody
any more; the log tells that it was done, by whom and when. Backups made before keep what was in them.
"""

import json

from meiping.domains.audit import service as audit
from meiping.domains.contacts.forgetting import forget_contact
from meiping.domains.contacts.models import Contact
from meiping.domains.contacts.moving import hide_records
from meiping.domains.customers.indexing import reindex
from meiping.domains.customers.merging import forget_who_he_is
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import family_ids, require_visible
from meiping.domains.customers.rules import DELETE, KIND, shown_name
from meiping.domains.customers.spending_pins import forget_spending_pins
from meiping.domains.deals.moving import hide_quotes
from meiping.domains.documents.models import Document
from meiping.domains.documents.service import forget_document
from meiping.domains.office.moving import hide_tasks
from meiping.domains.reminders.forgetting import forget_reminders_of
from meiping.domains.sales.invoices import forget_titles
from meiping.domains.service_terms.moving import hide_terms
from meiping.domains.stewardship.models import CustomerMerge
from meiping.domains.support.moving import hide_cases
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

ANONYMISE = "anonymise"
"""The token that confirms it."""


@verb(DELETE)
def anonymise_customer(
    work: Work, *, customer_id: int, confirmed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Take out for good everything that says who a customer and those merged into him are; asks first.

    Gives the hashes of the bytes that his documents and photo named: the caller has those cleared away that nobody
    names any more. Raises InputError where it was done before.
    """
    require_visible(work.actor, customer_id)
    row = Customer.get_by_id(customer_id)
    if row.merged_into_id is not None:
        raise InputError("这位客户已经并入别的客户，请在那位客户上隐去资料。")
    if row.anonymised_at is not None:
        raise InputError("这位客户的资料已经隐去。")
    if ANONYMISE not in confirmed:
        raise NeedsConfirmation(
            ANONYMISE,
            f"永久隐去“{shown_name(row.name, row.phone)}”（{row.code}）的资料吗？",
            verb="永久隐去",
            danger=True,
            detail="姓名、电话、卡号、地址、备注、联系人、照片、提醒和附件都会清除，不能恢复；业务单和账目保留。"
            "建议先做一次备份。",
        )
    members = family_ids(customer_id)
    hashes = {one.photo_hash for one in Customer.select().where(Customer.id.in_(members)) if one.photo_hash}
    hashes |= {one.hash for one in Document.select().where(Document.customer.in_(members))}
    for member in members:
        _empty(work, member)
    forget_spending_pins(work, members)
    forget_titles(work, members)
    _forget_what_was_kept_beside(work, members)
    reindex(work, [customer_id])
    audit.record_changes(work, Source(KIND, customer_id), [("资料", "有", "无")])
    audit.record(work, "customer.anonymise", "隐去客户资料", Source(KIND, customer_id))
    work.changed(
        Topic.CUSTOMERS,
        Topic.CONTACTS,
        Topic.DOCUMENTS,
        Topic.REMINDERS,
        Topic.SALES,
        Topic.DEALS,
        Topic.SUPPORT,
    )
    return tuple(sorted(hashes))


def _empty(work: Work, customer_id: int) -> None:
    forget_who_he_is(work, customer_id)
    for document in list(Document.select(Document.id).where(Document.customer == customer_id)):
        forget_document(work, document.id)
    hide_records(work, customer_id)
    hide_quotes(work, customer_id)
    hide_tasks(work, customer_id)
    hide_terms(work, customer_id)
    hide_cases(work, customer_id)
    for contact in list(Contact.select(Contact.id).where(Contact.customer == customer_id)):
        forget_contact(work, contact.id)
    forget_reminders_of(work, customer_id)


def _forget_what_was_kept_beside(work: Work, members: list[int]) -> None:
    """Merges and imports keep what stood there before, to be taken back: not of him."""
    touching = CustomerMerge.survivor.in_(members) | CustomerMerge.twin.in_(members)
    CustomerMerge.update(before="{}").where(touching).execute()
    marks = ", ".join("?" * len(members))
    rows = work.execute(
        f"SELECT batch_id, record_id, before FROM import_row WHERE record_kind = ? AND record_id IN ({marks})"
        " AND before <> ''",
        KIND,
        *members,
    ).fetchall()
    for batch_id, record_id, before in rows:
        kept = json.loads(before)
        if (
            "after" in kept
        ):  # the name he has now is not what the import wrote: it can't be taken back any more
            kept |= {"before": {}, "after": {"name": ""}, "own_before": {}, "own_after": {}}
        work.execute(
            "UPDATE import_row SET before = ? WHERE batch_id = ? AND record_kind = ? AND record_id = ?",
            json.dumps(kept),
            batch_id,
            KIND,
            record_id,
        )
