"""Verbs about the shop's own fields, and the parts by which other rooms keep values in them."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meiping.domains.audit import service as audit
from meiping.domains.custom_fields.models import CustomField, CustomValue
from meiping.domains.custom_fields.queries import fields_of, spec_of, values_of
from meiping.domains.custom_fields.rules import (
    MAX_FIELDS,
    RENAME_CHOICES,
    CustomFieldInput,
    CustomFieldSpec,
    FieldKind,
    Value,
    check_field,
    parse_value,
    show_value,
)
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

KIND = "custom_field"
"""A field's kind in the logs."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What this room must know of the room whose records get fields.

    ``titles`` are the words of the records' own fields, which no further field may have. ``renamed`` hears, within
    the transaction, which records had a word renamed: the search index holds the words.
    """

    titles: Callable[[], Collection[str]]
    renamed: Callable[[Work, Collection[int]], None]


_kinds: dict[str, RecordKind] = {}


def declare_kind(record_kind: str, about: RecordKind) -> None:
    """Make a kind of record known; done once by the composition root."""
    _kinds[record_kind] = about


@verb(MANAGE_SETTINGS)
def add_field(work: Work, *, record_kind: str, field: CustomFieldInput) -> int:
    """Add a field to a kind of record and give its id. Raises InputError with title or choices as field."""
    wanted = check_field(field)
    _refuse_same_title(record_kind, wanted.title, field_id=None)
    count = CustomField.select().where(CustomField.record_kind == record_kind).count()
    if count >= MAX_FIELDS:
        raise InputError(f"最多可以有 {MAX_FIELDS} 个自定义字段，请改用已有的。", field="title")
    made = CustomField.create(
        record_kind=record_kind, kind=wanted.kind.key, position=count, **_columns(wanted)
    )
    audit.record(work, "custom_field.add", f"新增自定义字段“{wanted.title}”", Source(KIND, made.id))
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)
    return int(made.id)


@verb(MANAGE_SETTINGS)
def change_field(
    work: Work, *, field_id: int, field: CustomFieldInput, confirmed: frozenset[str] = frozenset()
) -> None:
    """Change a field. A choice that was renamed is renamed in all records, after a question (RENAME_CHOICES).

    Raises InputError where the kind is to change and records have values already. A choice taken out stays where
    it was filled in.
    """
    row = _row(field_id)
    before, wanted = spec_of(row), check_field(field)
    _refuse_same_title(row.record_kind, wanted.title, field_id=field_id)
    used = CustomValue.select().where(CustomValue.field == field_id).count()
    if wanted.kind is not before.kind and used:
        raise InputError(
            f"已有 {used:,} 条记录填了“{before.title}”，类型不能再改。需要别的类型，请停用它再新增一个。",
            field="kind",
        )
    _rename(work, before, wanted, confirmed)
    CustomField.update(kind=wanted.kind.key, **_columns(wanted)).where(CustomField.id == field_id).execute()
    audit.record(work, "custom_field.change", f"修改自定义字段“{wanted.title}”", Source(KIND, field_id))
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)


@verb(MANAGE_SETTINGS)
def arrange_fields(work: Work, *, record_kind: str, ids: Sequence[int]) -> None:
    """Put the fields in the order in which they are asked and shown; those left out keep their places."""
    for position, field_id in enumerate(ids):
        CustomField.update(position=position).where(
            CustomField.id == field_id, CustomField.record_kind == record_kind
        ).execute()
    audit.record(work, "custom_field.arrange", "调整自定义字段的顺序")
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)


@verb(MANAGE_SETTINGS)
def activate_field(work: Work, *, field_id: int, active: bool) -> None:
    """Take a field out of use, or back into it. What was filled in stays and comes back with it."""
    row = _row(field_id)
    CustomField.update(active=active).where(CustomField.id == field_id).execute()
    word = "启用" if active else "停用"
    audit.record(work, "custom_field.activate", f"{word}自定义字段“{row.title}”", Source(KIND, field_id))
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)


@verb(MANAGE_SETTINGS)
def delete_field(work: Work, *, field_id: int) -> None:
    """Delete a field nobody has filled in. Raises InputError where somebody has."""
    row = _row(field_id)
    used = CustomValue.select().where(CustomValue.field == field_id).count()
    if used:
        raise InputError(f"已有 {used:,} 条记录填了“{row.title}”，不能删除，可以停用。")
    CustomField.delete().where(CustomField.id == field_id).execute()
    audit.record(work, "custom_field.delete", f"删除自定义字段“{row.title}”", Source(KIND, field_id))
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)


# ---------------------------------------------------------------- parts for other rooms


def check_values(
    work: Work,
    record_kind: str,
    values: Mapping[int, Any],
    *,
    present: Mapping[int, Value] | None = None,
    demand: bool = True,
    specs: Sequence[CustomFieldSpec] | None = None,
) -> dict[int, Value]:
    """All values of a record in stored form, by field: what is given, checked, over what is ``present``.

    None or an empty text empties a field; a field not given keeps what it has. With ``demand`` the required ones
    must be filled. ``specs`` are the fields in use, read once where many records are checked. Raises InputError
    with the field's key (``custom_7``).
    """
    kept = dict(present or {})
    specs = fields_of(record_kind) if specs is None else specs
    known = {spec.id for spec in specs}
    if any(key not in known and values[key] != kept.get(key) for key in values):
        raise InputError("有一个自定义字段已经停用或删除，请重新打开再试。")
    checked: dict[int, Value] = dict(kept)
    for spec in specs:
        if spec.id in values:
            checked[spec.id] = parse_value(spec, values[spec.id], today=work.day, present=kept.get(spec.id))
        if demand and spec.required and checked.get(spec.id) is None:
            raise InputError(f"请填写{spec.title}。", field=spec.key)
    return {key: value for key, value in checked.items() if value is not None}


def store_values(
    work: Work, record_kind: str, record_id: int, values: Mapping[int, Value]
) -> list[tuple[str, str, str]]:
    """Let a record have just these checked values; gives what changed as (title, old, new) for the change log."""
    before = values_of(record_kind, record_id)
    changes: list[tuple[str, str, str]] = []
    for spec in fields_of(record_kind, with_inactive=True):
        old, new = before.get(spec.id), values.get(spec.id)
        if old == new:
            continue
        changes.append((spec.title, show_value(old), show_value(new)))
        CustomValue.delete().where(CustomValue.field == spec.id, CustomValue.record_id == record_id).execute()
        if new is not None:
            CustomValue.create(**_value_row(spec.id, record_id, new))
    return changes


def store_many(work: Work, rows: Iterable[tuple[int, Mapping[int, Value]]]) -> None:
    """Values of new records, as (record id, checked values)."""
    made = [
        _value_row(field_id, record_id, value)
        for record_id, values in rows
        for field_id, value in values.items()
        if value is not None
    ]
    for start in range(0, len(made), 500):
        CustomValue.insert_many(made[start : start + 500]).execute()


# ---------------------------------------------------------------- inside


def _value_row(field_id: int, record_id: int, value: Value) -> dict[str, Any]:
    row: dict[str, Any] = {
        "field": field_id,
        "record_id": record_id,
        "text": "",
        "number_milli": None,
        "day": None,
    }
    if isinstance(value, bool):
        return row | {"number_milli": 1000 if value else 0}
    if isinstance(value, int):
        return row | {"number_milli": value}
    return row | ({"text": value} if isinstance(value, str) else {"day": value})


def _row(field_id: int) -> CustomField:
    row = CustomField.get_or_none(CustomField.id == field_id)
    if row is None:
        raise NotFound("这个自定义字段已经不在了，请刷新。")
    return row


def _columns(wanted: CustomFieldInput) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "choices": json.dumps(wanted.choices, ensure_ascii=False),
        "required": wanted.required,
        "in_list": wanted.in_list,
    }


def _refuse_same_title(record_kind: str, title: str, *, field_id: int | None) -> None:
    folded = title.casefold()
    own = _kinds[record_kind].titles() if record_kind in _kinds else ()
    if any(word.casefold() == folded for word in own):
        raise InputError(f"资料里本来就有“{title}”，请换一个名称。", field="title")
    for spec in fields_of(record_kind, with_inactive=True):
        if spec.id != field_id and spec.title.casefold() == folded:
            state = "" if spec.active else "（已停用）"
            raise InputError(f"已经有叫“{spec.title}”的自定义字段{state}。", field="title")


def _rename(work: Work, before: CustomFieldSpec, wanted: CustomFieldInput, confirmed: frozenset[str]) -> None:
    """Values follow their choices to other words, all at once: two words may change places."""
    if before.kind is not FieldKind.CHOICE or wanted.kind is not FieldKind.CHOICE:
        return
    pairs = {old: new for new, old in wanted.renamed.items() if old in before.choices}
    holding: dict[int, str] = {
        row.record_id: row.text
        for row in CustomValue.select(CustomValue.record_id, CustomValue.text).where(
            CustomValue.field == before.id, CustomValue.text.in_(list(pairs))
        )
    }
    if not holding:
        return
    if RENAME_CHOICES not in confirmed:
        words = "、".join(f"“{old}”改为“{new}”" for old, new in pairs.items() if old in holding.values())
        raise NeedsConfirmation(
            RENAME_CHOICES, f"{len(holding):,} 条记录里的{words}，一起改吗？", verb="一起改", field="choices"
        )
    for record_id, old in holding.items():
        CustomValue.update(text=pairs[old]).where(
            CustomValue.field == before.id, CustomValue.record_id == record_id
        ).execute()
    if before.record_kind in _kinds:
        _kinds[before.record_kind].renamed(work, holding.keys())
