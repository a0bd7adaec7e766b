"""Letting go for good what lies in the recycle bin, as far as nothing that counts depends on it."""

from collections.abc import Collection, Sequence
from typing import Any

from meiping.domains.contacts.forgetting import forget_contact, forget_record
from meiping.domains.contacts.models import Contact, ContactRecord
from meiping.domains.customers.forgetting import forget_customer
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import DELETE, shown_name
from meiping.domains.deals.forgetting import forget_quote
from meiping.domains.deals.models import Quote
from meiping.domains.documents.models import Document
from meiping.domains.documents.rules import PURGE
from meiping.domains.documents.service import forget_document
from meiping.domains.office.forgetting import forget_task
from meiping.domains.office.models import Task
from meiping.domains.reminders.forgetting import forget_reminders_of
from meiping.domains.reminders.models import Reminder
from meiping.domains.stewardship.models import CustomerMerge
from meiping.domains.support.forgetting import forget_case
from meiping.domains.support.models import ServiceCase
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.store.unit_of_work import Work, verb

_KEEPING = (
    ("业务单", "SELECT 1 FROM sale WHERE customer_id = ? LIMIT 1"),
    ("充值记录", "SELECT 1 FROM recharge WHERE customer_id = ? LIMIT 1"),
    ("退款记录", "SELECT 1 FROM refund WHERE customer_id = ? LIMIT 1"),
    ("收款记录", "SELECT 1 FROM receipt WHERE customer_id = ? LIMIT 1"),
    ("次卡", "SELECT 1 FROM count_card WHERE customer_id = ? LIMIT 1"),
    ("积分", "SELECT 1 FROM point_move WHERE customer_id = ? LIMIT 1"),
    ("账目", "SELECT 1 FROM posting WHERE party_id = ? LIMIT 1"),
)
"""What keeps a customer for ever, in words, and how it is found."""


@verb(DELETE)
def purge_contacts(
    work: Work, *, contact_ids: Collection[int], confirmed: frozenset[str] = frozenset()
) -> int:
    """Let contacts of the recycle bin go for good, and give how many; asks first.

    Raises InputError for one whom a contact record or a quote names.
    """
    rows = _seen(work, Contact, contact_ids)
    for row in rows:
        if ContactRecord.select().where(ContactRecord.contact == row.id).exists():
            raise InputError(f"联系反馈里提到“{row.name}”，不能彻底删除。可以继续留在回收站里。")
        if Quote.select().where(Quote.contact == row.id).exists():
            raise InputError(f"报价里提到“{row.name}”，不能彻底删除。可以继续留在回收站里。")
    _ask(confirmed, f"{len(rows):,} 位联系人")
    for row in rows:
        forget_contact(work, row.id)
    return len(rows)


@verb(DELETE)
def purge_records(work: Work, *, record_ids: Collection[int], confirmed: frozenset[str] = frozenset()) -> int:
    """Let contact records of the recycle bin go for good, and give how many; asks first.

    Raises InputError for one that has documents, in the recycle bin or not.
    """
    rows = _seen(work, ContactRecord, record_ids)
    for row in rows:
        if Document.select().where(Document.contact_record == row.id).exists():
            raise InputError("这条联系反馈附有资料，不能彻底删除。请先彻底删除它的资料。")
    _ask(confirmed, f"{len(rows):,} 条联系反馈")
    for row in rows:
        forget_record(work, row.id)
    return len(rows)


@verb(DELETE)
def purge_quotes(work: Work, *, quote_ids: Collection[int], confirmed: frozenset[str] = frozenset()) -> int:
    """Let quotes of the recycle bin go for good, and give how many; asks first. Bills made of them stay."""
    rows = _seen(work, Quote, quote_ids)
    _ask(confirmed, f"{len(rows):,} 份报价")
    for row in rows:
        forget_quote(work, row.id)
    return len(rows)


@verb(DELETE)
def purge_cases(work: Work, *, case_ids: Collection[int], confirmed: frozenset[str] = frozenset()) -> int:
    """Let service cases of the recycle bin go for good, and give how many; asks first."""
    rows = _seen(work, ServiceCase, case_ids)
    _ask(confirmed, f"{len(rows):,} 张服务单")
    for row in rows:
        forget_case(work, row.id)
    return len(rows)


@verb(DELETE)
def purge_customers(
    work: Work, *, customer_ids: Collection[int], confirmed: frozenset[str] = frozenset()
) -> int:
    """Let customers of the recycle bin go for good with all that is kept of them.

    Gives how many went; asks first. Raises InputError for one with bills or money, or that was merged: that one
    can never go.
    """
    seen = visible_customers(work.actor).columns(Customer.id, Customer.name, Customer.phone)
    binned = Customer.deleted_at.is_null(False) & Customer.merged_into.is_null()
    rows = list(seen.where(Customer.id.in_(list(customer_ids)), binned))
    if not rows:
        raise NotFound("选中的客户已经不在回收站里，请刷新。")
    for row in rows:
        _require_nothing_kept(work, row)
    _ask(confirmed, f"{len(rows):,} 位客户", _along_with([row.id for row in rows]))
    for row in rows:
        _forget_customer(work, row.id)
    return len(rows)


# ------------------------------------------------------------------ inside
def _seen(work: Work, table: Any, ids: Collection[int]) -> list[Any]:
    """Rows of the recycle bin that belong to customers the actor may see. Raises NotFound where there are none."""
    wanted = table.select().where(table.id.in_(list(ids)), table.deleted_at.is_null(False))
    rows = list(wanted.where(table.customer.in_(visible_customers(work.actor))))
    if not rows:
        raise NotFound("选中的内容已经不在回收站里，请刷新。")
    return rows


def _ask(confirmed: frozenset[str], what: str, along: str = "") -> None:
    if PURGE not in confirmed:
        raise NeedsConfirmation(
            PURGE, f"彻底删除 {what}吗？", verb="彻底删除", danger=True, detail=f"{along}删除后不能恢复。"
        )


def _require_nothing_kept(work: Work, row: Customer) -> None:
    name = shown_name(row.name, row.phone)
    for what, statement in _KEEPING:
        if work.execute(statement, row.id).fetchone():
            raise InputError(f"“{name}”有{what}，不能彻底删除，只能留在回收站里。")
    merged = (CustomerMerge.survivor == row.id) | (CustomerMerge.twin == row.id)
    if CustomerMerge.select().where(merged).exists():
        raise InputError(f"“{name}”与别的客户合并过，不能彻底删除，只能留在回收站里。")


def _along_with(ids: Sequence[int]) -> str:
    """What goes with them, in words."""
    counted = (
        ("位联系人", Contact.select().where(Contact.customer.in_(ids)).count()),
        ("条联系反馈", ContactRecord.select().where(ContactRecord.customer.in_(ids)).count()),
        ("条提醒", Reminder.select().where(Reminder.customer.in_(ids)).count()),
        ("份资料", Document.select().where(Document.customer.in_(ids)).count()),
        ("份报价", Quote.select().where(Quote.customer.in_(ids)).count()),
        ("个任务", Task.select().where(Task.customer.in_(ids)).count()),
        ("张服务单", ServiceCase.select().where(ServiceCase.customer.in_(ids)).count()),
    )
    told = "、".join(f"{count:,} {what}" for what, count in counted if count)
    return f"{told}会一起删除。" if told else ""


def _forget_customer(work: Work, customer_id: int) -> None:
    for document in Document.select(Document.id).where(Document.customer == customer_id):
        forget_document(work, document.id)
    for record in ContactRecord.select(ContactRecord.id).where(ContactRecord.customer == customer_id):
        forget_record(work, record.id)
    for quote in Quote.select(Quote.id).where(Quote.customer == customer_id):
        forget_quote(work, quote.id)
    for task in Task.select(Task.id).where(Task.customer == customer_id):
        forget_task(work, task.id)
    for case in ServiceCase.select(ServiceCase.id).where(ServiceCase.customer == customer_id):
        forget_case(work, case.id)
    for contact in Contact.select(Contact.id).where(Contact.customer == customer_id):
        forget_contact(work, contact.id)
    forget_reminders_of(work, customer_id)
    forget_customer(work, customer_id)
