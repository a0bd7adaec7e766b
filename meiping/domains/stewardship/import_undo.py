"""Taking a whole import back: refused as soon as somebody has worked with what it brought."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from meiping.adapters.progress import Progress
from meiping.domains.audit import service as audit
from meiping.domains.contacts.forgetting import take_back_contacts, take_back_records
from meiping.domains.contacts.rules import CONTACT, RECORD
from meiping.domains.customers.contact_dates import put_back_contact_dates
from meiping.domains.customers.forgetting import retire_customers, take_back_customers
from meiping.domains.customers.ownership import put_back_ownership
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import EDIT, CustomerInput
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.service import change_customer
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.loyalty.service import open_points
from meiping.domains.reminders.forgetting import take_back_automatic
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.domains.settings.service import forget_levels, forget_words
from meiping.domains.stewardship.import_fields import IMPORT, KIND_BY_KEY
from meiping.domains.stewardship.import_known import read_customers
from meiping.domains.stewardship.import_rules import undo_words, unstored
from meiping.domains.stewardship.imports import (
    OPENING_SOURCE,
    confirming,
)
from meiping.domains.stewardship.models import ImportBatch
from meiping.domains.till.service import business_date
from meiping.kernel.changes import Topic
from meiping.kernel.errors import NeedsConfirmation, NotFound, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.source import Source
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import Work, verb

UNDO_IMPORT = "undo_import"
"""The token that confirms that an import is taken back."""
_TITLES = {
    "sale": "业务单",
    "recharge": "充值",
    "refund": "退款",
    "receipt": "收款",
    "write_off": "坏账核销",
    "point_move": "积分变动",
    "contact": "联系人",
    "contact_record": "联系反馈",
    "document": "资料",
    "quote": "报价",
    "task": "任务",
    "service_term": "服务期",
    "service_case": "服务单",
    "reminder": "提醒",
    "customer_share": "授权",
    "pool_claim": "领用申请",
    "customer_merge": "合并",
    "customer": "合并",
}
_MADE = "SELECT record_id FROM import_row WHERE batch_id = {batch} AND record_kind = '{kind}' AND before = ''"
_TELL_EVERY = 200


@verb(IMPORT)
def undo_import(
    work: Work,
    *,
    batch_id: int,
    progress: Progress | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> str:
    """Take back everything an import wrote and give what is told of it. Asks first (UNDO_IMPORT).

    Customers that got opening money stay behind in the recycle bin, their money taken back by counter-entries.
    Raises UserError with the reason where something of it was used or changed since; then nothing is done.
    """
    work.actor.require(EDIT)
    batch = ImportBatch.get_or_none(ImportBatch.id == batch_id)
    if batch is None:
        raise NotFound("没有这次导入。")
    if batch.undone_at is not None:
        raise UserError(f"这次导入已经在 {show_moment(batch.undone_at)} 撤销了。")
    _refuse_unseen(work, batch_id)
    _refuse_used(batch_id)
    changed = _changed_customers(batch_id)
    if UNDO_IMPORT not in confirmed:
        what = undo_words(batch.created_count, batch.updated_count)
        raise NeedsConfirmation(
            UNDO_IMPORT, f"撤销导入“{batch.file_name}”吗？{what}", verb="撤销导入", danger=True
        )
    _take_back(work, batch_id, changed, progress)
    ImportBatch.update(undone_at=work.at).where(ImportBatch.id == batch_id).execute()
    kind = KIND_BY_KEY[batch.kind].title
    audit.record(work, "import.undo", f"撤销{kind}导入", Source("import", batch_id))
    work.changed(Topic.CUSTOMERS, Topic.CONTACTS, Topic.MONEY, Topic.SETTINGS)
    parts = (
        (f"删除 {batch.created_count:,} 条", batch.created_count),
        (f"改回 {batch.updated_count:,} 条", batch.updated_count),
    )
    return f"已撤销导入：{'，'.join(text for text, there in parts if there)}。"


# ------------------------------------------------------------------- refusals
def _refuse_unseen(work: Work, batch_id: int) -> None:
    """Who takes an import back must see all it is about."""
    touched = fetch(
        "SELECT record_id FROM import_row WHERE batch_id = ? AND record_kind = 'customer'"
        " UNION SELECT r.customer_id FROM import_row i JOIN contact_record r ON r.id = i.record_id"
        " WHERE i.batch_id = ? AND i.record_kind = 'contact_record'",
        batch_id,
        batch_id,
    )
    seen = {row.id for row in visible_customers(work.actor)}
    if any(customer_id not in seen for (customer_id,) in touched):
        raise UserError("这次导入有您查看范围以外的客户，请让主管撤销。")


def _refuse_used(batch_id: int) -> None:
    """Nothing may hang on what the import made but what it made itself, and nothing of it may have been changed."""
    for kind in (CUSTOMER, CONTACT, RECORD):
        made = _MADE.format(batch=int(batch_id), kind=kind)
        for table, column in _references(kind):
            if not _is_mark(table):
                _refuse_hanging(batch_id, made, table, column)
        count, first = fetch(
            f"SELECT count(DISTINCT record_id), min(record_id) FROM change WHERE kind = ? AND record_id IN ({made})",
            kind,
        )[0]
        if count:
            raise UserError(f"有 {count} 条导入的内容之后改过（{_called(kind, first)}），不能整批撤销。")
        if kind != CUSTOMER and fetch_value(
            f"SELECT 1 FROM {kind} WHERE deleted_at IS NOT NULL AND id IN ({made}) LIMIT 1"
        ):
            raise UserError("导入的联系人或联系反馈有的已经在回收站里，请先恢复再撤销。")
    made = _MADE.format(batch=int(batch_id), kind=CUSTOMER)
    own = "SELECT record_id FROM import_row WHERE batch_id = ? AND record_kind = 'entry'"
    count, first = fetch(
        f"SELECT count(DISTINCT party_id), min(party_id) FROM posting WHERE party_id IN ({made})"
        f" AND entry_id NOT IN ({own})",
        batch_id,
    )[0]
    if count:
        raise UserError(
            f"有 {count} 位导入的客户之后有了财务往来（{_called(CUSTOMER, first)}），不能整批撤销。"
        )


def _is_mark(table: str) -> bool:
    """Whether a table only marks other records, with no record of its own: such marks go with what they mark."""
    return not fetch_value("SELECT 1 FROM pragma_table_info(?) WHERE name = 'id'", table)


def _refuse_hanging(batch_id: int, made: str, table: str, column: str) -> None:
    automatic = " AND origin IS NULL" if table == "reminder" else ""
    count, first = fetch(
        f"SELECT count(DISTINCT {column}), min({column}) FROM {table} WHERE {column} IN ({made}){automatic}"
        " AND NOT EXISTS (SELECT 1 FROM import_row i WHERE i.batch_id = ? AND i.record_kind = ? AND i.record_id ="
        f" {table}.id)",
        batch_id,
        table,
    )[0]
    if count:
        title = _TITLES.get(table, "其他记录")
        kind = "contact" if column.startswith("contact_id") else CUSTOMER
        who = f"（{_called(kind, first)}）" if "record" not in column else ""
        raise UserError(f"有 {count} 条导入的内容之后有了{title}{who}，不能整批撤销。")


def _called(kind: str, record_id: int) -> str:
    if kind == RECORD:
        return "联系反馈"
    name = fetch_value(f"SELECT coalesce(nullif(name, ''), '') FROM {kind} WHERE id = ?", record_id)
    return f"例如“{name}”" if name else "例如没有名称的一位"


def _changed_customers(batch_id: int) -> dict[int, dict[str, Any]]:
    """What the import changed, by customer; refuses where somebody changed that again."""
    rows = fetch(
        "SELECT record_id, before FROM import_row WHERE batch_id = ? AND record_kind = 'customer' AND before <> ''",
        batch_id,
    )
    kept = {customer_id: json.loads(before) for customer_id, before in rows}
    present = read_customers(kept)
    for customer_id, was in kept.items():
        now = present[customer_id]
        if "next_contact" in was:
            day = now.next_contact_date.isoformat() if now.next_contact_date else None
            same = day == was["next_contact"]["after"]
        else:
            same = all(getattr(now, key) == unstored(value) for key, value in was["after"].items())
            same = same and all(
                now.custom.get(int(key)) == unstored(value) for key, value in was["own_after"].items()
            )
        deleted = fetch_value("SELECT deleted_at FROM customer WHERE id = ?", customer_id) is not None
        if not same or deleted:
            raise UserError(f"客户“{now.name or now.phone}”导入以后又改过或删除了，不能整批撤销。")
    return kept


# ------------------------------------------------------------------ taking back
def _take_back(
    work: Work, batch_id: int, changed: Mapping[int, dict[str, Any]], progress: Progress | None
) -> None:
    take_back_records(work, _made(batch_id, RECORD))
    take_back_contacts(work, _made(batch_id, CONTACT))
    for place, (customer_id, was) in enumerate(changed.items()):
        _tell(progress, place, len(changed), "改回客户")
        _change_back(work, customer_id, was)
    _delete_customers(work, batch_id, _counter_entries(work, batch_id), progress)
    for table, forget in (("dictionary_item", forget_words), ("level", forget_levels)):
        used = _words_in_use(table)
        forget(work, [word_id for word_id in _made(batch_id, table) if word_id not in used])


def _made(batch_id: int, kind: str) -> list[int]:
    return [record_id for (record_id,) in fetch(_MADE.format(batch=int(batch_id), kind=kind))]


def _tell(progress: Progress | None, place: int, total: int, what: str) -> None:
    if progress is not None and place % _TELL_EVERY == 0:
        progress.report(place, total, what)


def _change_back(work: Work, customer_id: int, was: Mapping[str, Any]) -> None:
    if "next_contact" in was:
        put_back_contact_dates(work, [(customer_id, was["next_contact"]["before"])])
        return
    now = read_customers([customer_id])[customer_id]
    own = {**now.custom, **{int(key): unstored(value) for key, value in was["own_before"].items()}}
    wanted: CustomerInput = replace(
        now, **{key: unstored(value) for key, value in was["before"].items()}, custom=own
    )
    if wanted != now:
        confirming(partial(change_customer, work, customer_id=customer_id, customer=wanted))
    put_back_ownership(
        work, customer_id, owned_since_date=was["owned_since_date"], department_id=was["department_id"]
    )


def _counter_entries(work: Work, batch_id: int) -> set[int]:
    """Reverse the opening entries and points; gives whose they were."""
    parties: set[int] = set()
    entries = _MADE.format(batch=int(batch_id), kind="entry")
    lines: dict[int, list[Line]] = {}
    for entry_id, account, party_id, fen in fetch(
        f"SELECT entry_id, account, party_id, amount_fen FROM posting WHERE entry_id IN ({entries}) ORDER BY id"
    ):
        lines.setdefault(entry_id, []).append(Line(Account(account), -fen, party_id))
        parties.add(party_id)
    day = business_date(work)
    source = Source(OPENING_SOURCE, batch_id)
    for entry_id, reverse in lines.items():
        ledger.post(
            work, memo="撤销期初", source=source, business_date=day, lines=reverse, reverses_id=entry_id
        )
    opened = (
        "SELECT customer_id, sum(points) FROM point_move WHERE source_kind = ? AND source_id = ? GROUP BY 1"
    )
    for customer_id, points in fetch(opened, OPENING_SOURCE, batch_id):
        open_points(work, customer_id=customer_id, points=-points, source=source)
        parties.add(customer_id)
    return parties - {0}


def _delete_customers(work: Work, batch_id: int, with_money: set[int], progress: Progress | None) -> None:
    """Those whom the ledger names stay in the recycle bin, out of the way of another import."""
    made = _made(batch_id, CUSTOMER)
    for first in range(0, len(made), _TELL_EVERY):
        _tell(progress, first, len(made), "删除客户")
        chunk = made[first : first + _TELL_EVERY]
        retire_customers(work, [customer_id for customer_id in chunk if customer_id in with_money])
        going = [customer_id for customer_id in chunk if customer_id not in with_money]
        take_back_automatic(work, going)
        take_back_customers(work, going)


# -------------------------------------------------------------------- the file
def _words_in_use(table: str) -> set[int]:
    """The ids of a table of words that some record refers to."""
    model = {"dictionary_item": DictionaryItem, "level": Level}[table]
    used: set[int] = set()
    for other, column in _references(model._meta.table_name):
        used |= {row[0] for row in fetch(f"SELECT DISTINCT {column} FROM {other} WHERE {column} IS NOT NULL")}
    return used


def _references(table: str) -> list[tuple[str, str]]:
    """Every column of the file that names rows of a table: (table, column)."""
    return [
        (str(other), str(column))
        for other, column in fetch(
            'SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f'
            " WHERE m.type = 'table' AND f.\"table\" = ? ORDER BY 1, 2",
            table,
        )
    ]
