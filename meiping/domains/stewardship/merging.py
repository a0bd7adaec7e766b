"""One customer merged into another, and taken apart again.

No posted row moves: bills, slips and entries stay with the twin, whose row names the survivor, and are read as the
survivor's. What may change goes along. A survivor merged later takes his own twins with him, so that ``merged_into``
always names one who stands for himself; merges into one are taken back in any order, but of two in a chain the later
one first.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from meiping.domains.audit import service as audit
from meiping.domains.contacts.moving import move_contacts, move_contacts_back
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.queries import values_of
from meiping.domains.custom_fields.rules import Value, custom_key
from meiping.domains.customers.indexing import reindex
from meiping.domains.customers.merging import (
    Changed,
    become_twin,
    give_columns_back,
    keep_apart,
    move_care,
    move_care_back,
    open_claims,
    read_row,
    reopen_care,
    stand_alone,
    take_columns,
)
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible
from meiping.domains.customers.queries.detail import CustomerDetail, read_detail
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS
from meiping.domains.customers.rules import CREDIT, FIELD_TITLES, KIND, MERGE, TRANSFER
from meiping.domains.customers.sharing import owner_settled
from meiping.domains.deals.moving import move_quotes, move_quotes_back
from meiping.domains.documents.moving import move_documents, move_documents_back
from meiping.domains.loyalty import merging as merge_points
from meiping.domains.office.moving import move_tasks, move_tasks_back
from meiping.domains.reminders.moving import move_reminders, move_reminders_back
from meiping.domains.service_terms.moving import move_terms, move_terms_back
from meiping.domains.stewardship import merge_money
from meiping.domains.stewardship.merge_rules import COLUMNS, EARLIER, Side, chosen_value
from meiping.domains.stewardship.models import CustomerMerge
from meiping.domains.stewardship.queries.merging import suggested_picks
from meiping.domains.support.moving import move_cases, move_cases_back
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound, UserError
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

_MOVING = (
    move_contacts,
    move_documents,
    move_quotes,
    move_terms,
    move_cases,
    move_tasks,
    move_reminders,
    move_care,
)
_MOVING_BACK = (
    move_contacts_back,
    move_documents_back,
    move_quotes_back,
    move_terms_back,
    move_cases_back,
    move_tasks_back,
    move_reminders_back,
    move_care_back,
)
_TOPICS = (
    Topic.CUSTOMERS,
    Topic.CONTACTS,
    Topic.DOCUMENTS,
    Topic.REMINDERS,
    Topic.SALES,
    Topic.MONEY,
    Topic.CART,
    Topic.DEALS,
    Topic.SUPPORT,
)


@verb(MERGE)
def merge_customers(
    work: Work, *, survivor_id: int, twin_id: int, picks: Mapping[str, Side] | None = None
) -> int:
    """Merge a customer into another and give the merge's id, by which it can be taken back.

    ``picks`` says for a field of ``CHOSEN``, or ``custom_7``, whose value stays; fields left out stay the survivor's,
    and without any picks what is proposed is taken. Another owner or credit needs the right to set them. Raises
    NotFound out of scope, InputError for customers that can't be merged.
    """
    survivor, twin = _living(work, survivor_id), _living(work, twin_id)
    if survivor_id == twin_id:
        raise InputError("请选择两位不同的客户。")
    picks = suggested_picks(survivor_id, twin_id) if picks is None else picks
    merge_id = work.next_id("customer_merge")
    claims = open_claims(work, survivor_id)
    fields, twin_card = _take_fields(work, survivor_id, twin_id, picks)
    own = _take_own_fields(work, survivor_id, twin_id, picks)
    ended = owner_settled(work, [survivor_id], fields["owner_id"][1]) if "owner_id" in fields else {}
    moved: dict[str, list[int]] = {}
    for move in _MOVING:
        moved |= move(work, from_id=twin_id, to_id=survivor_id)
    kept = {
        "fields": fields,
        "twin_card": twin_card,
        "own": own,
        "moved": moved,
        "behind_him": become_twin(work, twin_id, survivor_id),
        "ended_shares": ended.get(survivor_id, []),
        "claims": claims,
    }
    CustomerMerge.create(
        id=merge_id,
        survivor=survivor_id,
        twin=twin_id,
        at=work.at,
        operator_name=work.actor.name,
        before=json.dumps(kept, ensure_ascii=False),
    )
    merge_money.carry_over(
        work, merge_id, from_id=twin_id, to_id=survivor_id, memo=f"{twin.code} 并入 {survivor.code}"
    )
    merge_points.carry_over(work, merge_id, from_id=twin_id, to_id=survivor_id)
    reindex(work, [survivor_id])
    _written(work, survivor, twin, merged=True)
    return merge_id


@verb(MERGE)
def undo_merge(work: Work, *, merge_id: int) -> int:
    """Take a merge back and give the twin's id: both are what they were, but for what was changed since.

    What came later stays the survivor's. Raises UserError with the reason where the money that came over was used
    since or less of the points is left, or one of both was merged further, deleted or made anonymous.
    """
    merge = CustomerMerge.get_or_none(CustomerMerge.id == merge_id)
    if merge is None:
        raise NotFound("没有这次合并。")
    survivor, twin = _undoable(work, merge)
    kept = json.loads(merge.before)
    merge_money.carry_back(
        work, merge_id, from_id=merge.survivor_id, memo=f"撤销 {twin.code} 并入 {survivor.code}"
    )
    merge_points.carry_back(work, merge_id, from_id=merge.survivor_id)
    stand_alone(work, merge.twin_id, merge.survivor_id, kept["behind_him"])
    before = read_detail(merge.survivor_id)
    for move_back in _MOVING_BACK:
        move_back(work, kept["moved"], from_id=merge.survivor_id, to_id=merge.twin_id)
    _give_fields_back(work, merge, kept)
    _give_own_fields_back(work, merge.survivor_id, kept["own"])
    CustomerMerge.update(undone_at=work.at).where(CustomerMerge.id == merge_id).execute()
    reindex(work, [merge.survivor_id, merge.twin_id])
    _log_fields(work, before, read_detail(merge.survivor_id))
    _written(work, survivor, twin, merged=False)
    return int(merge.twin_id)


@verb(MERGE)
def mark_distinct(work: Work, *, customer_ids: Collection[int], distinct: bool = True) -> None:
    """Keep customers from being shown as likely the same again, each two of them; not ``distinct`` takes it back."""
    ids = sorted(set(customer_ids))
    for one in ids:
        require_visible(work.actor, one)
    for place, a in enumerate(ids):
        for b in ids[place + 1 :]:
            keep_apart(work, a, b, apart=distinct)
    summary = "记下两位客户不是同一位" if distinct else "不再记为不同的客户"
    audit.record(work, "customer.distinct", summary, Source(KIND, ids[0]) if ids else None)
    work.changed(Topic.CUSTOMERS)


# ---------------------------------------------------------------- refusals
def _living(work: Work, customer_id: int) -> Customer:
    require_visible(work.actor, customer_id)
    row: Customer = Customer.get_by_id(customer_id)
    if row.merged_into_id is not None:
        raise InputError(f"客户 {row.code} 已经并入别的客户，请刷新。")
    if row.deleted_at is not None:
        raise InputError(f"客户 {row.code} 在回收站里，请先恢复。")
    if row.anonymised_at is not None:
        raise InputError(f"客户 {row.code} 的资料已经隐去，不能合并。")
    return row


def _undoable(work: Work, merge: CustomerMerge) -> tuple[Customer, Customer]:
    require_visible(work.actor, merge.survivor_id)
    if merge.undone_at is not None:
        raise UserError("这次合并已经撤销了。")
    survivor, twin = Customer.get_by_id(merge.survivor_id), Customer.get_by_id(merge.twin_id)
    if survivor.merged_into_id is not None:
        into = Customer.get_by_id(survivor.merged_into_id)
        raise UserError(f"客户 {survivor.code} 后来又并入了 {into.code}，请先撤销那次合并。")
    if survivor.deleted_at is not None:
        raise UserError(f"客户 {survivor.code} 在回收站里，请先恢复。")
    if survivor.anonymised_at is not None:
        raise UserError(f"客户 {survivor.code} 的资料已经隐去，不能撤销合并。")
    return survivor, twin


# ---------------------------------------------------------------- fields
def _take_fields(
    work: Work, survivor_id: int, twin_id: int, picks: Mapping[str, Side]
) -> tuple[Changed, list[Any] | None]:
    """Give the survivor what was chosen, and the earlier of two days."""
    before = read_detail(survivor_id)
    left, right = read_row(work, survivor_id), read_row(work, twin_id)
    wanted: dict[str, Any] = {}
    for key, side in picks.items():
        for column in COLUMNS.get(key, ()):
            wanted[column] = chosen_value(key, side, left[column], right[column])
    for column in EARLIER:
        wanted[column] = min(filter(None, (left[column], right[column])), default=None)
    different = {key for key, value in wanted.items() if left[key] != value}
    if "owner_id" in different:
        work.actor.require(TRANSFER)
    if {"credit_limit_fen", "payment_days"} & different:
        work.actor.require(CREDIT)
    changed, twin_card = take_columns(work, survivor_id, twin_id, wanted)
    _log_fields(work, before, read_detail(survivor_id))
    return changed, twin_card


def _give_fields_back(work: Work, merge: CustomerMerge, kept: Mapping[str, Any]) -> None:
    """Each field goes back to what it was before the merge, unless it was changed since."""
    back = give_columns_back(work, merge.survivor_id, merge.twin_id, kept["fields"], kept["twin_card"])
    if "owner_id" in back:
        reopen_care(
            work,
            merge.survivor_id,
            at=merge.at,
            owner_id=back["owner_id"],
            shares=kept["ended_shares"],
            claims=kept["claims"],
        )


# ---------------------------------------------------------------- fields of the shop's own
def _take_own_fields(
    work: Work, survivor_id: int, twin_id: int, picks: Mapping[str, Side]
) -> dict[str, list[Any]]:
    left, right = values_of(KIND, survivor_id), values_of(KIND, twin_id)
    chosen = {key: value for key, value in right.items() if picks.get(custom_key(key)) is Side.RIGHT}
    wanted = {**left, **chosen}
    changes = custom_fields.store_values(work, KIND, survivor_id, wanted)
    audit.record_changes(work, Source(KIND, survivor_id), changes)
    return {
        str(key): [_written_value(left.get(key)), _written_value(value)]
        for key, value in wanted.items()
        if left.get(key) != value
    }


def _give_own_fields_back(work: Work, customer_id: int, own: Mapping[str, Sequence[Any]]) -> None:
    values = values_of(KIND, customer_id)
    for key, (before, after) in own.items():
        if _written_value(values.get(int(key))) == after:
            values[int(key)] = _read_value(before)
    changes = custom_fields.store_values(work, KIND, customer_id, values)
    audit.record_changes(work, Source(KIND, customer_id), changes)


def _written_value(value: Value) -> Any:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read_value(written: Any) -> Value:
    return date.fromisoformat(written["day"]) if isinstance(written, dict) else written


# ---------------------------------------------------------------- the log
_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}


def _log_fields(work: Work, before: CustomerDetail, after: CustomerDetail) -> None:
    changes = [
        (title, _COLUMN[key].show(getattr(before, key)), _COLUMN[key].show(getattr(after, key)))
        for key, title in FIELD_TITLES.items()
        if key in _COLUMN
    ]
    photos = ("有" if before.photo_hash else "无", "有" if after.photo_hash else "无")
    if before.photo_hash != after.photo_hash:
        changes.append(("照片", photos[0], "已更换" if photos == ("有", "有") else photos[1]))
    audit.record_changes(work, Source(KIND, after.id), changes)


def _written(work: Work, survivor: Customer, twin: Customer, *, merged: bool) -> None:
    done = "" if merged else "撤销："
    told = [("合并", "", f"{done}{twin.code} 并入本客户")]  # by codes: either may be made anonymous one day
    audit.record_changes(work, Source(KIND, survivor.id), told)
    audit.record_changes(work, Source(KIND, twin.id), [("合并", "", f"{done}并入 {survivor.code}")])
    action, what = ("customer.merge", "合并客户") if merged else ("customer.unmerge", "撤销合并客户")
    audit.record(work, action, f"{what}：{twin.code} 并入 {survivor.code}", Source(KIND, survivor.id))
    work.changed(*_TOPICS)
