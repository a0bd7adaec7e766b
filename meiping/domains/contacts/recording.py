"""Verbs about contact records, and about the next contact date that follows from them."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from meiping.domains.audit import service as audit
from meiping.domains.contacts.models import Contact, ContactRecord
from meiping.domains.contacts.queries.reach import usable_customer
from meiping.domains.contacts.queries.records import RECORD_COLUMNS, read_record, visible_record
from meiping.domains.contacts.rules import RECORD, RECORD_TITLES, RecordInput, check_record, follows
from meiping.domains.customers.contact_dates import fill_contact_dates, plan_contact
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible
from meiping.domains.customers.rules import EDIT
from meiping.domains.settings.models import DictionaryItem
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.moments import from_ms, local_day, to_ms
from meiping.kernel.source import Source
from meiping.store import recycle_bin
from meiping.store.database import db, fetch
from meiping.store.unit_of_work import Work, verb

_TYPES = "contact_type"
_CHUNK = 5_000


@verb(EDIT)
def add_record(work: Work, *, customer_id: int, record: RecordInput) -> int:
    """Write down a contact made with a customer and give the id.

    The newest record of a customer sets his next contact date, or clears one that has been dealt with.
    Raises InputError with the field.
    """
    usable_customer(work.actor, customer_id)
    wanted = _checked(work, record)
    at = to_ms(wanted.at or work.now)
    made = ContactRecord.create(
        customer=customer_id,
        contact=_person(customer_id, wanted.contact_name),
        contact_name=wanted.contact_name,
        type=wanted.type_id,
        at=at,
        content=wanted.content,
        next_contact_date=wanted.next_contact_date,
        operator=work.actor.operator_id,
        created_at=work.at,
    )
    _follow(work, customer_id, made.id)
    _written(work, "contact_record.add", "新增联系反馈", made.id)
    return int(made.id)


@verb(EDIT)
def change_record(work: Work, *, record_id: int, record: RecordInput) -> int:
    """Change a record; every field that changed is written down. Gives how many did. Raises InputError."""
    row = visible_record(work.actor, record_id)
    recycle_bin.require_outside(row, "这条联系反馈")
    before = read_record(record_id)
    wanted = _checked(work, record, type_before=before.type_id)
    same_person = wanted.contact_name == before.contact_name
    person = row.contact_id if same_person else _person(row.customer_id, wanted.contact_name)
    ContactRecord.update(
        contact=person,
        contact_name=wanted.contact_name,
        type=wanted.type_id,
        at=to_ms(wanted.at or work.now),
        content=wanted.content,
        next_contact_date=wanted.next_contact_date,
    ).where(ContactRecord.id == record_id).execute()
    after = read_record(record_id)
    if (before.at, before.next_contact_date) != (after.at, after.next_contact_date):
        _retract(work, row.customer_id, before.next_contact_date)
        _follow(work, row.customer_id, record_id)
    changes = [
        (title, _shown(key, getattr(before, key)), _shown(key, getattr(after, key)))
        for key, title in RECORD_TITLES.items()
    ]
    count = audit.record_changes(work, Source(RECORD, record_id), changes)
    if count:
        _written(work, "contact_record.change", "修改联系反馈", record_id)
    return count


@verb(EDIT)
def delete_records(work: Work, *, record_ids: Collection[int]) -> int:
    """Put records into the recycle bin; gives how many went.

    A next contact date that one of them had set goes with it: what the newest one left says, counts.
    """
    gone = 0
    for record_id in record_ids:
        row = visible_record(work.actor, record_id)
        if row.deleted_at is not None:
            continue
        newest = _newest(row.customer_id)
        _set_deleted(record_id, work.at, work.actor.name)
        if newest == record_id:
            _retract(work, row.customer_id, row.next_contact_date)
        _written(work, "contact_record.delete", "联系反馈移入回收站", record_id)
        gone += 1
    return gone


@verb(EDIT)
def restore_records(work: Work, *, record_ids: Collection[int]) -> int:
    """Take records out of the recycle bin; gives how many came back."""
    back = 0
    for record_id in record_ids:
        row = visible_record(work.actor, record_id)
        if row.deleted_at is None:
            continue
        _set_deleted(record_id, None, "")
        _follow(work, row.customer_id, record_id)
        _written(work, "contact_record.restore", "从回收站恢复联系反馈", record_id)
        back += 1
    return back


@verb(EDIT)
def plan_visits(work: Work, *, plans: Mapping[int, date | None]) -> dict[int, date | None]:
    """Set when customers shall be contacted again, None for not at all; gives what stood before, to take it back."""
    before: dict[int, date | None] = {}
    for customer_id, day in plans.items():
        require_visible(work.actor, customer_id)
        before[customer_id] = plan_contact(work, customer_id, day)
        audit.record(work, "customer.plan", "改下次联系日期", Source("customer", customer_id))
    work.changed(Topic.CUSTOMERS)
    return before


# ---------------------------------------------------------------- a part for imports


@dataclass(frozen=True, slots=True)
class PastRecord:
    """A record of earlier times: who wrote it, and about whom."""

    customer_id: int
    operator_id: int
    at: datetime
    content: str
    type_id: int | None = None
    contact_name: str = ""
    next_contact_date: date | None = None


_INSERT = (
    "INSERT INTO contact_record (customer_id, contact_name, type_id, at, content, next_contact_date, operator_id,"
    " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_PLANNED = """
SELECT wanted.value, (
    SELECT r.next_contact_date FROM contact_record r WHERE r.customer_id = wanted.value AND r.deleted_at IS NULL
    ORDER BY r.at DESC, r.id DESC LIMIT 1)
FROM json_each(?) wanted
"""


def add_many_records(work: Work, rows: Iterable[PastRecord]) -> int:
    """Add records as they are, of customers and words known to exist; gives how many.

    For imports and demonstration data: the newest of a customer without a next contact date sets it.
    """
    iterator, count = iter(rows), 0
    customers: set[int] = set()
    connection = db.connection()
    while chunk := list(islice(iterator, _CHUNK)):
        connection.executemany(_INSERT, [_values(work, row) for row in chunk])
        customers.update(row.customer_id for row in chunk if row.next_contact_date is not None)
        count += len(chunk)
    fill_contact_dates(work, fetch(_PLANNED, json.dumps(sorted(customers))))
    if count:
        audit.record(work, "contact_record.add_many", f"批量新增联系反馈 {count} 条")
        work.changed(Topic.CONTACTS, Topic.CUSTOMERS)
    return count


def _values(work: Work, row: PastRecord) -> tuple[object, ...]:
    checked = check_record(RecordInput(row.content, at=row.at, contact_name=row.contact_name), now=work.now)
    planned = row.next_contact_date.isoformat() if row.next_contact_date else None
    return (
        row.customer_id,
        checked.contact_name,
        row.type_id,
        to_ms(row.at),
        checked.content,
        planned,
        row.operator_id,
        work.at,
    )


# ---------------------------------------------------------------- inside

_COLUMN = {column.key: column for column in RECORD_COLUMNS}


def _shown(key: str, value: object) -> str:
    return _COLUMN[key].show(value)


def _checked(work: Work, record: RecordInput, *, type_before: int | None = None) -> RecordInput:
    wanted = check_record(record, now=work.now)
    if not work.actor.operator_id:
        raise InputError("联系反馈要由一位操作员记录，请先登录。")
    if wanted.type_id is not None and wanted.type_id != type_before:
        same = (DictionaryItem.id == wanted.type_id) & (DictionaryItem.kind == _TYPES)
        if not DictionaryItem.select().where(same).exists():
            raise InputError("这个联系类型已经不在了，请重新选择。", field="type_id")
    return wanted


def _person(customer_id: int, name: str) -> int | None:
    """The contact with this name, where it is clear who is meant."""
    same = Contact.select(Contact.id).where(
        Contact.customer == customer_id, Contact.name == name, Contact.deleted_at.is_null()
    )
    found = [row.id for row in same.limit(2)]
    return found[0] if len(found) == 1 else None


def _newest(customer_id: int) -> int | None:
    row = (
        ContactRecord.select(ContactRecord.id)
        .where(ContactRecord.customer == customer_id, ContactRecord.deleted_at.is_null())
        .order_by(ContactRecord.at.desc(), ContactRecord.id.desc())
        .first()
    )
    return None if row is None else int(row.id)


def _follow(work: Work, customer_id: int, record_id: int) -> None:
    """Let the customer's next contact date follow from a record, if that is the newest one."""
    if _newest(customer_id) != record_id:
        return
    row = ContactRecord.get_by_id(record_id)
    present = Customer.get_by_id(customer_id).next_contact_date
    day = local_day(from_ms(row.at))
    plan_contact(work, customer_id, follows(row.next_contact_date, record_day=day, present=present))


def _retract(work: Work, customer_id: int, planned: date | None) -> None:
    """Take back a next contact date that a record had set; the newest record left says what it is instead."""
    if planned is None or Customer.get_by_id(customer_id).next_contact_date != planned:
        return
    newest = _newest(customer_id)
    left = ContactRecord.get_by_id(newest).next_contact_date if newest is not None else None
    plan_contact(work, customer_id, left)


def _set_deleted(record_id: int, at: int | None, by: str) -> None:
    ContactRecord.update(deleted_at=at, deleted_by=by).where(ContactRecord.id == record_id).execute()


def _written(work: Work, action: str, summary: str, record_id: int) -> None:
    audit.record(work, action, summary, Source(RECORD, record_id))
    work.changed(Topic.CONTACTS, Topic.CUSTOMERS)
