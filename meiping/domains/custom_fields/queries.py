"""Reading fields and values: parts of other rooms' reads, which know who may see a record."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import SQL, Case, Expression, fn

from meiping.domains.custom_fields.models import CustomField, CustomValue
from meiping.domains.custom_fields.rules import KIND_BY_KEY, CustomFieldSpec, FieldKind, Value
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import query

_AT_ONCE = 500


def fields_of(record_kind: str, *, with_inactive: bool = False) -> list[CustomFieldSpec]:
    """The fields of a kind of record in the shop's own order. Everyone may read them: they hold no person."""
    select = CustomField.select().where(CustomField.record_kind == record_kind)
    if not with_inactive:
        select = select.where(CustomField.active)
    return [spec_of(row) for row in select.order_by(CustomField.position, CustomField.id)]


def spec_of(row: CustomField) -> CustomFieldSpec:
    """A stored field in words of the rules."""
    return CustomFieldSpec(
        row.id,
        row.record_kind,
        row.title,
        KIND_BY_KEY[row.kind],
        tuple(json.loads(row.choices)),
        bool(row.required),
        bool(row.in_list),
        bool(row.active),
    )


def values_of(record_kind: str, record_id: int) -> dict[int, Value]:
    """What one record has, by the field's id, in the fields' order; fields out of use too."""
    return values_of_many(record_kind, [record_id]).get(record_id, {})


def values_of_many(
    record_kind: str, record_ids: Collection[int], *, field_ids: Collection[int] | None = None
) -> dict[int, dict[int, Value]]:
    """What many records have, by record and field; those without any are left out. One read for 500 records."""
    found: dict[int, dict[int, Value]] = {}
    wanted = list(record_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        select = (
            CustomValue.select(
                CustomValue.record_id,
                CustomField.id,
                CustomField.kind,
                CustomValue.text,
                CustomValue.number_milli,
                CustomValue.day,
            )
            .join(CustomField)
            .where(
                CustomValue.record_id.in_(wanted[start : start + _AT_ONCE]),
                CustomField.record_kind == record_kind,
            )
            .order_by(CustomField.position, CustomField.id)
        )
        if field_ids is not None:
            select = select.where(CustomField.id.in_(list(field_ids)))
        for record_id, field_id, kind, text, milli, day in cast("Iterable[Any]", select.tuples()):
            found.setdefault(record_id, {})[field_id] = _value(kind, text, milli, day)
    return found


def _value(kind: str, text: str, milli: int | None, day: date | None) -> Value:
    if kind == FieldKind.YES.key:
        return None if milli is None else bool(milli)
    if kind == FieldKind.NUMBER.key:
        return milli
    return day if kind == FieldKind.DATE.key else text or None


# ---------------------------------------------------------------- in the lists of other rooms


def sort_expression(spec: CustomFieldSpec, record_id: Any) -> Expression:
    """What a list is ordered by for a field: choices in their own order, the rest by its value."""
    value = _COLUMN[spec.kind]
    if spec.kind is FieldKind.CHOICE:
        value = Case(
            CustomValue.text,
            [(word, place) for place, word in enumerate(spec.choices)],
            len(spec.choices),
        )
    chosen = CustomValue.select(value).where(CustomValue.field == spec.id, CustomValue.record_id == record_id)
    return cast("Expression", fn.coalesce(chosen, SQL("NULL")))


_COLUMN: Mapping[FieldKind, Any] = {
    FieldKind.TEXT: CustomValue.text,
    FieldKind.CHOICE: CustomValue.text,
    FieldKind.NUMBER: CustomValue.number_milli,
    FieldKind.YES: CustomValue.number_milli,
    FieldKind.DATE: CustomValue.day,
}


def value_column(kind: FieldKind) -> Any:
    """The column of ``CustomValue`` in which a kind lies."""
    return _COLUMN[kind]


def having(field_id: int, *met: Any) -> Any:
    """The ids of the records that have a value in the field for which all of ``met`` hold: for ``id.in_(...)``."""
    return CustomValue.select(CustomValue.record_id).where(CustomValue.field == field_id, *met)


# ---------------------------------------------------------------- for the page


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field and how many records have something in it."""

    spec: CustomFieldSpec
    used: int


@query(MANAGE_SETTINGS)
def field_uses(actor: Actor, record_kind: str) -> list[FieldUse]:
    """Every field of a kind of record, in order, with how much it is used."""
    counted = dict(
        cast(
            "Iterable[tuple[int, int]]",
            CustomValue.select(CustomValue.field, fn.count(CustomValue.record_id))
            .group_by(CustomValue.field)
            .tuples(),
        )
    )
    return [FieldUse(spec, counted.get(spec.id, 0)) for spec in fields_of(record_kind, with_inactive=True)]
