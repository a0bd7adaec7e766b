"""How a field of the shop's own is asked for, in every form that has some."""

from typing import Any

from meiping.domains.custom_fields.rules import MAX_TEXT, YES_WORDS, CustomFieldSpec, Value
from meiping.domains.custom_fields.rules import FieldKind as CustomKind
from meiping.ui.widgets.form_fields import Field, FieldKind

_OWN_KINDS = {
    CustomKind.TEXT: FieldKind.TEXT,
    CustomKind.NUMBER: FieldKind.DECIMAL,
    CustomKind.DATE: FieldKind.DATE,
    CustomKind.CHOICE: FieldKind.CHOICE,
    CustomKind.YES: FieldKind.CHOICE,
}


def own_field(spec: CustomFieldSpec, present: Value = None, *, section: str = "", width: int = 18) -> Field:
    """The question for a field of the shop's own; a word no longer offered only while it stands there."""
    choices: tuple[tuple[Any, str], ...] = ()
    if spec.kind is CustomKind.CHOICE:
        gone = (present,) if isinstance(present, str) and present not in spec.choices else ()
        choices = tuple((word, word) for word in (*spec.choices, *gone))
    elif spec.kind is CustomKind.YES:
        choices = ((True, YES_WORDS[True]), (False, YES_WORDS[False]))
    return Field(
        spec.key,
        spec.title,
        _OWN_KINDS[spec.kind],
        required=spec.required,
        section=section,
        choices=choices,
        width=width,
        limit=MAX_TEXT,
    )
