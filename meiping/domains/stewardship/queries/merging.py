"""Two customers side by side before they are merged, and the merges there were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import fn

from meiping.domains.audit.models import Change
from meiping.domains.contacts.models import Contact, ContactRecord
from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.custom_fields.rules import show_value
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import family_ids, require_visible, visible_customers
from meiping.domains.customers.queries.detail import CustomerDetail, read_detail
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS
from meiping.domains.customers.rules import KIND, MERGE, shown_name
from meiping.domains.deals.models import Quote
from meiping.domains.documents.models import Document
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.office.models import Task
from meiping.domains.reminders.models import Reminder
from meiping.domains.sales.models import Sale
from meiping.domains.stewardship.merge_rules import CHOSEN, PHOTO, Side, filled, proposed
from meiping.domains.stewardship.models import CustomerMerge
from meiping.domains.support.models import ServiceCase
from meiping.kernel.actor import Actor
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

MERGE_COLUMNS = (
    Column("at", "合并时间", Kind.MOMENT, width=17),
    Column("twin_code", "编号", Kind.CODE, width=9),
    Column("twin", "被合并的客户", width=18, stretch=True),
    Column("survivor_code", "并入编号", Kind.CODE, width=9),
    Column("survivor", "并入的客户", width=18, stretch=True),
    Column("operator_name", "操作员", width=10),
    Column("state", "状态", width=10, sortable=False),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of both customers as shown on screen, and whose value is proposed; ``differs`` where a choice matters."""

    key: str
    title: str
    left: str
    right: str
    pick: Side

    @property
    def differs(self) -> bool:
        """Whether both have different values."""
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class SideFacts:
    """What one of the two brings: shown above its column. Money is None for who may not see it."""

    id: int
    name: str
    code: str
    photo_hash: str
    created: str
    bills: int
    contacts: int
    records: int
    documents: int
    quotes: int
    tasks: int
    cases: int
    reminders: int
    stored_fen: int | None
    debt_fen: int | None

    def lines(self) -> tuple[str, ...]:
        """``12 张业务单 · 3 位联系人 ...`` and ``储值 ¥35.00 · 欠款 ¥0.00``."""
        counted = (
            (self.bills, "张业务单"),
            (self.contacts, "位联系人"),
            (self.records, "条联系反馈"),
            (self.documents, "份资料"),
            (self.quotes, "份报价"),
            (self.tasks, "个任务"),
            (self.cases, "张服务单"),
            (self.reminders, "条提醒"),
        )
        told = " · ".join(f"{count:,} {what}" for count, what in counted if count) or "没有业务与记录"
        if self.stored_fen is None or self.debt_fen is None:
            return (told,)
        return (told, f"储值 {show_fen(self.stored_fen)} · 欠款 {show_fen(self.debt_fen)}")


@dataclass(frozen=True, slots=True)
class MergePreview:
    """All that a merge is decided by."""

    left: SideFacts
    right: SideFacts
    choices: tuple[Choice, ...]


@query(MERGE)
def merge_preview(actor: Actor, *, survivor_id: int, twin_id: int) -> MergePreview:
    """Both customers side by side with what is proposed. Raises NotFound outside the scope."""
    for one in (survivor_id, twin_id):
        require_visible(actor, one)
    left, right = read_detail(survivor_id), read_detail(twin_id)
    return MergePreview(_facts(actor, left), _facts(actor, right), _choices(left, right))


def suggested_picks(survivor_id: int, twin_id: int) -> dict[str, Side]:
    """Whose value is proposed for each field; for verbs that have checked who may see both."""
    choices = _choices(read_detail(survivor_id), read_detail(twin_id))
    return {choice.key: choice.pick for choice in choices}


_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}


def _choices(left: CustomerDetail, right: CustomerDetail) -> tuple[Choice, ...]:
    newer = _last_changes(left.id, right.id)
    found = []
    for key, title in CHOSEN.items():
        mine, theirs = getattr(left, key), getattr(right, key)
        pick = proposed(key, mine, theirs, right_is_newer=newer(title))
        if key == "phone2" and theirs == left.phone:  # that one stays already
            pick = Side.LEFT
        found.append(Choice(key, title, _shown(key, mine), _shown(key, theirs), pick))
    for spec in fields_of(KIND, with_inactive=True):
        mine, theirs = left.custom.get(spec.id), right.custom.get(spec.id)
        side = Side.RIGHT if mine is None and theirs is not None else Side.LEFT
        found.append(Choice(spec.key, spec.title, show_value(mine), show_value(theirs), side))
    return tuple(found)


def _shown(key: str, value: Any) -> str:
    if key == PHOTO:
        return "有照片" if value else ""
    return _COLUMN[key].show(value) if filled(value) else ""


def _last_changes(left_id: int, right_id: int) -> Any:
    """Tells of a field, by its title, whether the right one's was written later than the left one's."""
    rows = (
        Change.select(Change.record_id, Change.field, fn.MAX(Change.id))
        .where(Change.kind == KIND, Change.record_id.in_([left_id, right_id]))
        .group_by(Change.record_id, Change.field)
        .tuples()
    )
    last = {(row_id, title): newest for row_id, title, newest in cast("Iterable[tuple[int, str, int]]", rows)}
    return lambda title: last.get((right_id, title), 0) > last.get((left_id, title), 0)


def _facts(actor: Actor, detail: CustomerDetail) -> SideFacts:
    def count(table: Any, *met: Any) -> int:
        return int(table.select().where(table.customer == detail.id, *met).count())

    members = family_ids(detail.id)
    there = balances_in(actor.company_id, detail.id) if actor.can(VIEW_MONEY) else None
    return SideFacts(
        id=detail.id,
        name=detail.shown_name,
        code=detail.code,
        photo_hash=detail.photo_hash,
        created=f"{detail.created_date:%Y-%m-%d}",
        bills=Sale.select().where(Sale.customer.in_(members)).count(),
        contacts=count(Contact, Contact.deleted_at.is_null()),
        records=count(ContactRecord, ContactRecord.deleted_at.is_null()),
        documents=count(Document, Document.deleted_at.is_null()),
        quotes=count(Quote, Quote.deleted_at.is_null()),
        tasks=count(Task, Task.deleted_at.is_null()),
        cases=count(ServiceCase, ServiceCase.deleted_at.is_null()),
        reminders=count(Reminder, Reminder.done_at.is_null()),
        stored_fen=there.stored_fen if there else None,
        debt_fen=there.debt_fen if there else None,
    )


_Twin: Any = Customer.alias("twin_row")
_Survivor: Any = Customer.alias("survivor_row")


@query(MERGE)
def merge_list(actor: Actor, *, undone: bool = False) -> Listing:
    """The merges into customers in the actor's scope, by ``MERGE_COLUMNS``, the newest first.

    Those taken back are left out unless ``undone``. A row has ``survivor_id`` besides.
    """
    select = (
        CustomerMerge.select(
            CustomerMerge.id,
            CustomerMerge.at,
            CustomerMerge.operator_name,
            CustomerMerge.undone_at,
            CustomerMerge.survivor.alias("survivor_id"),
            CustomerMerge.twin.alias("twin_id"),
            _Twin.code.alias("twin_code"),
            _Twin.name.alias("twin_name"),
            _Twin.phone.alias("twin_phone"),
            _Survivor.code.alias("survivor_code"),
            _Survivor.name.alias("survivor_name"),
            _Survivor.phone.alias("survivor_phone"),
        )
        .join(_Twin, on=(CustomerMerge.twin == _Twin.id))
        .switch(CustomerMerge)
        .join(_Survivor, on=(CustomerMerge.survivor == _Survivor.id))
        .where(CustomerMerge.survivor.in_(visible_customers(actor)))
    )
    if not undone:
        select = select.where(CustomerMerge.undone_at.is_null())
    return SelectListing(
        select,
        identity=CustomerMerge.id,
        sorts={
            "at": CustomerMerge.id,
            "twin_code": _Twin.code,
            "twin": _Twin.name_key,
            "survivor_code": _Survivor.code,
            "survivor": _Survivor.name_key,
            "operator_name": CustomerMerge.operator_name,
        },
        default=Sort("at", descending=True),
        to_row=_merge_row,
    )


def _merge_row(row: dict[str, Any]) -> Row:
    return {
        **row,
        "twin": shown_name(row["twin_name"], row["twin_phone"]),
        "survivor": shown_name(row["survivor_name"], row["survivor_phone"]),
        "state": "已撤销" if row["undone_at"] is not None else "已合并",
    }
