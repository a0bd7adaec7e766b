"""Contacts and records that go for good: parts of verbs that have asked."""

import json
from collections.abc import Collection

from meiping.domains.audit import service as audit
from meiping.domains.contacts.models import Contact, ContactRecord
from meiping.domains.contacts.rules import CONTACT, RECORD
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store import search_index
from meiping.store.unit_of_work import Work


def forget_contact(work: Work, contact_id: int) -> None:
    """Let a contact's row go, for good."""
    search_index.remove(work, CONTACT, contact_id)
    Contact.delete().where(Contact.id == contact_id).execute()
    audit.record(work, "contact.purge", "彻底删除联系人", Source(CONTACT, contact_id))
    work.changed(Topic.CONTACTS)


def take_back_contacts(work: Work, contact_ids: Collection[int]) -> None:
    """Let contacts that should never have come go again, without a line each in the log."""
    for contact_id in contact_ids:
        search_index.remove(work, CONTACT, contact_id)
    work.execute(
        "DELETE FROM contact WHERE id IN (SELECT value FROM json_each(?))", json.dumps([*contact_ids])
    )
    work.changed(Topic.CONTACTS)


def take_back_records(work: Work, record_ids: Collection[int]) -> None:
    """Let contact records that should never have come go again, without a line each in the log."""
    work.execute(
        "DELETE FROM contact_record WHERE id IN (SELECT value FROM json_each(?))", json.dumps([*record_ids])
    )
    work.changed(Topic.CONTACTS)


def forget_record(work: Work, record_id: int) -> None:
    """Let a contact record's row go, for good."""
    ContactRecord.delete().where(ContactRecord.id == record_id).execute()
    audit.record(work, "contact_record.purge", "彻底删除联系反馈", Source(RECORD, record_id))
    work.changed(Topic.CONTACTS)
