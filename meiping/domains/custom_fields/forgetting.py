"""Values that go for good with their record: a part of verbs that have asked."""

import json
from collections.abc import Collection

from meiping.domains.custom_fields.models import CustomField, CustomValue
from meiping.store.unit_of_work import Work


def forget_values(work: Work, record_kind: str, record_id: int) -> None:
    """Let the values of a record's own fields go."""
    fields = CustomField.select(CustomField.id).where(CustomField.record_kind == record_kind)
    CustomValue.delete().where(CustomValue.record_id == record_id, CustomValue.field.in_(fields)).execute()


def forget_values_of(work: Work, record_kind: str, record_ids: Collection[int]) -> None:
    """Let the values of many records' own fields go."""
    work.execute(
        "DELETE FROM custom_value WHERE record_id IN (SELECT value FROM json_each(?))"
        " AND field_id IN (SELECT id FROM custom_field WHERE record_kind = ?)",
        json.dumps([*record_ids]),
        record_kind,
    )
