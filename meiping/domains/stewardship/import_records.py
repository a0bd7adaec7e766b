"""History: contact records of earlier times, found to their customers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meiping.adapters.progress import Progress
from meiping.domains.access.models import Operator
from meiping.domains.contacts.recording import PastRecord, add_many_records
from meiping.domains.contacts.rules import RecordInput, check_record
from meiping.domains.customers.rules import check_code
from meiping.domains.stewardship.import_columns import Columns, Refusal
from meiping.domains.stewardship.import_fields import ImportKind, Mapped
from meiping.domains.stewardship.import_known import Known, read_known
from meiping.domains.stewardship.import_rules import Action, ImportOptions, Outcome, Plan
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError
from meiping.kernel.moments import from_ms
from meiping.kernel.phones import parse_phone
from meiping.kernel.sheet import SheetRows
from meiping.kernel.text import fold
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work

_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A row to be added; a negative type is a word still to be made."""

    past: PastRecord
    type_id: int | None


def plan_records(
    actor: Actor,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None = None,
) -> tuple[Plan, list[PlannedRecord]]:
    """Look at every row. Raises UserError for choices from which nothing can come, Cancelled from ``progress``."""
    columns = Columns(actor, ImportKind.RECORDS, sheet, mapped, options)
    known = read_known(actor, with_names=True)
    owners = dict(fetch("SELECT id, owner_id FROM customer WHERE owner_id IS NOT NULL"))
    first = Operator.select(Operator.id).where(Operator.active).order_by(Operator.id).first()
    plan = Plan(new_words={key: words.new for key, words in columns.words.items()})
    found: list[PlannedRecord] = []
    rows = sheet.rows[header + 1 :]
    for place, (number, cells) in enumerate(rows):
        if progress is not None and place % _TELL_EVERY == 0:
            progress.report(place, len(rows), "检查每一行")
        if cells == sheet.rows[header][1]:
            continue
        values, problems = columns.values(number, cells)
        name = str(values.get("record.name") or values.get("record.phone") or values.get("record.code") or "")
        action = Action.REFUSE
        if not problems:
            try:
                customer_id = _customer(known, values)
                operator_id = _operator(actor, values, owners.get(customer_id), first.id if first else 0)
                found.append(_record(actor, customer_id, operator_id, values))
                action = Action.CREATE
            except Refusal as refusal:
                problems = [(refusal.title, refusal.sentence)]
            except InputError as error:
                problems = [("", error.sentence)]
        plan.outcomes.append(Outcome(number, action, name.strip(), tuple(problems)))
    return plan, found


def _customer(known: Known, values: Mapping[str, Any]) -> int:
    """The customer a row is about: by code, else by phone, else by the whole name."""
    code, phone, name = (values.get(f"record.{key}") or "" for key in ("code", "phone", "name"))
    same: list[int] = []
    if code:
        by_code = known.by_code.get(check_code(code))
        same = [by_code] if by_code is not None and by_code not in known.in_bin else []
    elif phone:
        same = known.by_phone.get(parse_phone(phone).digits, [])
        if len(same) > 1 and name:
            same = [one for one in same if fold(known.names[one]) == fold(name)]
    elif name:
        same = known.by_name.get(fold(name), [])
    same = [one for one in same if known.sees(one)]
    if not same:
        raise Refusal("客户", "没有找到这位客户，请先导入客户，或写上客户编号。")
    if len(same) > 1:
        raise Refusal("客户", f"有 {len(same)} 位这样的客户，请写上客户编号。")
    return same[0]


def _operator(actor: Actor, values: Mapping[str, Any], owner_id: int | None, first: int) -> int:
    """Who made the contact: named in the row, else who imports, else who looks after the customer."""
    named = values.get("record.operator")
    if named is not None:
        if actor.operator_id and actor.scope() < Scope.COMPANY and named != actor.operator_id:
            raise Refusal("业务员", "您只能导入自己的联系反馈。")
        return int(named)
    return actor.operator_id or owner_id or first


def _record(actor: Actor, customer_id: int, operator_id: int, values: Mapping[str, Any]) -> PlannedRecord:
    at = from_ms(values["record.at"]) if "record.at" in values else actor.now()
    entered = RecordInput(
        content=values.get("record.content", ""),
        at=at,
        contact_name=values.get("record.contact_name", ""),
        next_contact_date=values.get("record.next_contact_date"),
    )
    checked = check_record(entered, now=actor.now())
    past = PastRecord(
        customer_id=customer_id,
        operator_id=operator_id,
        at=at,
        content=checked.content,
        contact_name=checked.contact_name,
        next_contact_date=checked.next_contact_date,
    )
    return PlannedRecord(past, values.get("record.type"))


def add_planned(work: Work, rows: Sequence[PlannedRecord]) -> tuple[list[int], list[tuple[int, str]]]:
    """Write the records; gives their ids, and the customers whose next contact date came of it with what it was."""
    first = work.next_id("contact_record")
    ids = sorted({row.past.customer_id for row in rows})
    before = _planned(ids)
    count = add_many_records(work, (replace(row.past, type_id=row.type_id) for row in rows))
    after = _planned(ids)
    moved = [
        (one, json.dumps({"next_contact": {"before": before[one], "after": after[one]}}))
        for one in ids
        if before[one] != after[one]
    ]
    return list(range(first, first + count)), moved


def _planned(ids: Sequence[int]) -> dict[int, str | None]:
    wanted = set(ids)
    rows = fetch("SELECT id, next_contact_date FROM customer")
    return {customer_id: day for customer_id, day in rows if customer_id in wanted}
