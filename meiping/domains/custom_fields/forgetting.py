"""Values that go for good with their record: a part of verbs that have asked."""

from meiping.domains.custom_fields.models import CustomField, CustomValue
from meiping.store.unit_of_work import Work


def forget_values(work: Work, record_kind: str, record_id: int) -> None:
    """Let the values of a record's own fields go."""
    fields = CustomField.select(CustomField.id).where(CustomField.record_kind == record_kind)
    CustomValue.delete().where(CustomValue.record_id == record_id, CustomValue.field.in_(fields)).execute()
