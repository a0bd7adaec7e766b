"""Fields of the shop's own: their kinds, how a value is understood, checked and shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_date, show_date
from meiping.kernel.quantity import parse_decimal, show_milli
from meiping.kernel.search_terms import code_terms, name_terms
from meiping.kernel.tabular import Column, Kind
from meiping.kernel.text import clean, plain
from meiping.kernel.titled import Titled

MAX_TITLE = 12
"""Characters of a title: it stands beside an entry and over a column."""
MAX_TEXT = 200
MAX_CHOICES = 60
MAX_FIELDS = 40
RENAME_CHOICES = "rename_choices"
"""The token that confirms that values already filled in are renamed with their choice."""
YES_WORDS = ("否", "是")
"""What a yes/no field shows for False and True."""
_YES = ("是", "有", "对", "y", "yes", "true", "1", "√", "✓", "v")
_NO = ("否", "无", "不", "没有", "n", "no", "false", "0", "×", "x")
_CHUNK, _OVERLAP = 40, 20

Value = str | int | date | bool | None
"""Words, thousandths, a day, yes or no; None where nothing is filled in. Never an empty string."""


class FieldKind(Titled):
    """What a field holds; (key, title)."""

    TEXT = ("text", "文字")
    NUMBER = ("number", "数字")
    DATE = ("date", "日期")
    CHOICE = ("choice", "选项")
    YES = ("yes", "是或否")


KIND_BY_KEY = {kind.key: kind for kind in FieldKind}


@dataclass(frozen=True, slots=True)
class CustomFieldSpec:
    """One field as it stands. ``choices`` are the words offered by a choice, in order."""

    id: int
    record_kind: str
    title: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    required: bool = False
    in_list: bool = False
    active: bool = True

    @property
    def key(self) -> str:
        """Its name among form fields, columns, search fields and the fields of refusals: ``custom_7``."""
        return custom_key(self.id)


@dataclass(frozen=True, slots=True)
class CustomFieldInput:
    """What is entered about a field. ``renamed`` says which choice was called what before: {new word: old word}."""

    title: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    required: bool = False
    in_list: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)


def custom_key(field_id: int) -> str:
    """``custom_7``."""
    return f"custom_{field_id}"


def field_id_of(key: str) -> int | None:
    """The id behind such a key; None for any other key."""
    match = re.fullmatch(r"custom_([1-9][0-9]{0,17})", key)
    return int(match[1]) if match else None


def check_field(entered: CustomFieldInput) -> CustomFieldInput:
    """What was entered about a field in its stored form. Raises InputError with title, kind or choices as field."""
    title = clean(entered.title, name="字段名称", limit=MAX_TITLE)
    if not title:
        raise InputError("请填写字段名称。", field="title")
    choices: tuple[str, ...] = ()
    if entered.kind is FieldKind.CHOICE:
        choices = tuple(clean(word, name="选项", limit=30) for word in entered.choices)
        choices = tuple(word for word in choices if word)
        if not choices:
            raise InputError("请至少写一个选项。", field="choices")
        if len(choices) > MAX_CHOICES:
            raise InputError(f"选项最多 {MAX_CHOICES} 个，现在有 {len(choices)} 个。", field="choices")
        twice = next((word for word in choices if choices.count(word) > 1), None)
        if twice is not None:
            raise InputError(f"选项“{twice}”写了两次，请去掉一个。", field="choices")
    renamed = {
        clean(new, limit=30): old
        for new, old in entered.renamed.items()
        if clean(new, limit=30) in choices and clean(new, limit=30) != old
    }
    return CustomFieldInput(title, entered.kind, choices, entered.required, entered.in_list, renamed)


def parse_value(spec: CustomFieldSpec, given: Any, *, today: date, present: Value = None) -> Value:
    """A value in its stored form, from what was typed or what an editor gives. Raises InputError with the field's key.

    Width, blanks and commas are forgiven. ``present`` is what stands there now: a choice no longer offered may stay.
    """
    if given is None or (isinstance(given, str) and not plain(given)):
        return None
    try:
        return _PARSERS[spec.kind](spec, given, today, present)
    except InputError as error:
        raise InputError(error.sentence, field=spec.key) from None


def _text(spec: CustomFieldSpec, given: Any, today: date, present: Value) -> Value:
    return clean(str(given), name=spec.title, limit=MAX_TEXT) or None


def _number(spec: CustomFieldSpec, given: Any, today: date, present: Value) -> Value:
    return parse_decimal(show_milli(given) if type(given) is int else str(given), name=spec.title)


def _date(spec: CustomFieldSpec, given: Any, today: date, present: Value) -> Value:
    return given if type(given) is date else parse_date(str(given), today=today, name=spec.title)


def _choice(spec: CustomFieldSpec, given: Any, today: date, present: Value) -> Value:
    word = clean(str(given), name=spec.title)
    if word == present:
        return word
    folded = plain(word).casefold()
    found = next((choice for choice in spec.choices if plain(choice).casefold() == folded), None)
    if found is None:
        offered = "、".join(spec.choices[:8]) + ("……" if len(spec.choices) > 8 else "")
        raise InputError(f"{spec.title}里没有“{word}”，请从这些里选：{offered}。")
    return found


def _yes(spec: CustomFieldSpec, given: Any, today: date, present: Value) -> Value:
    if isinstance(given, bool):
        return given
    word = plain(str(given)).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise InputError(f"{spec.title}请填是或否。")


_PARSERS = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES: _yes,
}


def show_value(value: Value) -> str:
    """A value as the screen shows it; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_WORDS[value]
    if isinstance(value, int):
        return show_milli(value)
    return show_date(value) if isinstance(value, date) else value


def search_terms(values: Mapping[int, Value]) -> list[str]:
    """What a record is found by through its values: words, numbers and days; yes and no would find everybody."""
    terms: list[str] = []
    for value in values.values():
        if isinstance(value, str):
            for start in range(0, len(value), _CHUNK):
                terms += name_terms(value[start : start + _CHUNK + _OVERLAP])
        elif value is not None and not isinstance(value, bool):
            terms += code_terms(show_value(value).replace(",", "") if isinstance(value, int) else str(value))
    return terms


_COLUMN_KINDS = {FieldKind.NUMBER: (Kind.QUANTITY, 10), FieldKind.DATE: (Kind.DATE, 11)}


def list_columns(specs: Sequence[CustomFieldSpec]) -> tuple[Column, ...]:
    """The columns of the active fields; those not meant for lists can be switched on."""
    return tuple(_column(spec) for spec in specs if spec.active)


def _column(spec: CustomFieldSpec) -> Column:
    kind, width = _COLUMN_KINDS.get(spec.kind, (Kind.TEXT, 12))
    return Column(
        spec.key, spec.title, kind, width=max(width, 2 * len(spec.title) + 2), hidden=not spec.in_list
    )


def list_value(value: Value) -> Any:
    """A value as a row of such columns holds it."""
    return YES_WORDS[value] if isinstance(value, bool) else value
