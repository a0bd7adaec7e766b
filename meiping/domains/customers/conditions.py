"""Advanced search over customers: what can be asked, and conditions in words that can be kept.

``search_fields(actor)`` and ``search_choices(actor, field=...)`` (``customers.queries``) say what may be asked;
a ``Condition(field, operator, values)`` names a field by its key. ``CustomerFilter(conditions=(...))`` narrows
``customer_list`` to the customers that meet all of them; an unknown field, operator or value is refused there with
a sentence. ``check_condition(condition, field, today=...)`` does the same for one row of a dialog, understands what
was typed, and raises InputError with the field's key. ``describe`` says a condition in words.
``dump_conditions`` and ``load_conditions`` are the form in which searches are saved.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from meiping.domains.custom_fields.rules import CustomFieldSpec, FieldKind
from meiping.domains.customers.rules import FIELD_TITLES
from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_date, show_date
from meiping.kernel.money import parse_fen, show_fen
from meiping.kernel.quantity import ONE, parse_decimal, show_milli
from meiping.kernel.text import clean, plain
from meiping.kernel.titled import Titled

MAX_CONDITIONS = 12
Asked = str | int | bool | date | None
"""One value of a condition; None is an open end."""


class SearchKind(Enum):
    """What a field holds, and so which editor asks for its values."""

    TEXT = "text"
    """str."""
    PHONE = "phone"
    """str, any part of the digits."""
    MONEY = "money"
    """int fen."""
    NUMBER = "number"
    """int."""
    QUANTITY = "quantity"
    """int thousandths."""
    DATE = "date"
    """datetime.date."""
    CHOICE = "choice"
    """The id or word behind a choice; of several any one."""
    YES = "yes"
    """bool."""


class Operator(Titled):
    """What is asked of a field; (key, title)."""

    CONTAINS = ("contains", "包含")
    EQUALS = ("equals", "等于")
    BETWEEN = ("between", "从…到…")
    ONE_OF = ("one_of", "是其中之一")
    EMPTY = ("empty", "未填写")
    NOT_EMPTY = ("not_empty", "已填写")


OPERATOR_BY_KEY = {operator.key: operator for operator in Operator}
_FILLED = (Operator.EMPTY, Operator.NOT_EMPTY)
_RANGED = (Operator.BETWEEN, Operator.EQUALS, *_FILLED)
OPERATORS: Mapping[SearchKind, tuple[Operator, ...]] = {
    SearchKind.TEXT: (Operator.CONTAINS, Operator.EQUALS, *_FILLED),
    SearchKind.PHONE: (Operator.CONTAINS, Operator.EQUALS, *_FILLED),
    SearchKind.MONEY: _RANGED,
    SearchKind.NUMBER: _RANGED,
    SearchKind.QUANTITY: _RANGED,
    SearchKind.DATE: _RANGED,
    SearchKind.CHOICE: (Operator.ONE_OF, *_FILLED),
    SearchKind.YES: (Operator.EQUALS,),
}
"""What can be asked of each kind, the most usual first."""
CUSTOM_YES = (Operator.EQUALS, *_FILLED)
"""A yes/no field of the shop's own may be neither."""


@dataclass(frozen=True, slots=True)
class SearchField:
    """Something a customer can be searched by. ``custom`` is the field of the shop's own behind it."""

    key: str
    title: str
    kind: SearchKind
    custom: CustomFieldSpec | None = None

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What can be asked of it, the most usual first."""
        return CUSTOM_YES if self.custom and self.kind is SearchKind.YES else OPERATORS[self.kind]


@dataclass(frozen=True, slots=True)
class Condition:
    """``values``: one for CONTAINS and EQUALS, low and high for BETWEEN (one may be None), any for ONE_OF."""

    field: str
    operator: Operator
    values: tuple[Asked, ...] = ()


def _own(kind: SearchKind, *keys: str) -> list[SearchField]:
    return [SearchField(key, _titles[key], kind) for key in keys]


_titles = FIELD_TITLES | {"first_contact_at": "首次联系", "last_contact_at": "最近联系", "points": "积分"}
_OWN = [
    *_own(SearchKind.CHOICE, "owner", "level", "type", "status", "source", "industry", "nature", "region"),
    *_own(SearchKind.CHOICE, "gender", "company", "department"),
    *_own(SearchKind.YES, "firm", "birthday_lunar"),
    *_own(SearchKind.DATE, "birth_date", "created_date", "next_contact_date"),
    *_own(SearchKind.DATE, "first_contact_at", "last_contact_at"),
    *_own(SearchKind.MONEY, "credit_limit_fen"),
    *_own(SearchKind.NUMBER, "payment_days", "points"),
    *_own(SearchKind.PHONE, "phone", "phone2"),
    *_own(SearchKind.TEXT, "code", "name", "keyword", "short_name", "card_number", "occupation"),
    *_own(SearchKind.TEXT, "legal_representative", "province", "city", "address", "postcode", "fax"),
    *_own(SearchKind.TEXT, "email", "website", "bank", "bank_account", "tax_number", "notes"),
]
OWN_FIELDS: tuple[SearchField, ...] = tuple(sorted(_OWN, key=lambda field: list(_titles).index(field.key)))
"""The customer's own fields, in the order of the form."""
CHOSEN = SearchField("chosen", "选定的客户", SearchKind.CHOICE)
"""Customers picked out elsewhere, a segment of a report: the condition's first value is a word, the rest are ids."""
CUSTOM_KINDS: Mapping[FieldKind, SearchKind] = {
    FieldKind.TEXT: SearchKind.TEXT,
    FieldKind.NUMBER: SearchKind.QUANTITY,
    FieldKind.DATE: SearchKind.DATE,
    FieldKind.CHOICE: SearchKind.CHOICE,
    FieldKind.YES: SearchKind.YES,
}


def chosen(word: str, ids: Iterable[int]) -> Condition:
    """Just these customers; ``word`` says which they are."""
    return Condition(CHOSEN.key, Operator.ONE_OF, (word, *ids))


def custom_search_field(spec: CustomFieldSpec) -> SearchField:
    """How a field of the shop's own is searched."""
    return SearchField(spec.key, spec.title, CUSTOM_KINDS[spec.kind], spec)


# ---------------------------------------------------------------- checking


def check_condition(condition: Condition, field: SearchField, *, today: date) -> Condition:
    """The condition in the form in which it is asked. Raises InputError with the field's key."""
    if condition.operator not in field.operators:
        raise InputError(f"“{field.title}”不能用“{condition.operator.title}”来查。", field=field.key)
    try:
        values = _checked(condition, field, today)
    except InputError as error:
        raise InputError(error.sentence, field=field.key) from None
    return replace(condition, values=values)


def _checked(condition: Condition, field: SearchField, today: date) -> tuple[Asked, ...]:
    if condition.operator in _FILLED:
        return ()
    values = tuple(_value(value, field, today) for value in condition.values)
    if condition.operator is Operator.ONE_OF:
        if not values:
            raise InputError(f"请选择要查的{field.title}。")
        return tuple(dict.fromkeys(values))
    if condition.operator is Operator.BETWEEN:
        low, high = (*values, None, None)[:2]
        if low is None and high is None:
            raise InputError(f"请填写{field.title}的范围，至少一端。")
        ends: list[Any] = [low, high]
        if None not in ends:
            low, high = sorted(ends)
        return (low, high)
    if not values or values[0] is None or values[0] == "":
        raise InputError(f"请填写要查的{field.title}。")
    return values[:1]


def _value(value: Any, field: SearchField, today: date) -> Asked:
    """One value; what was typed is understood as the field's own editor would."""
    if value is None or (isinstance(value, str) and not plain(value)):
        return None
    kind, right = field.kind, _TYPES[field.kind]
    if type(value) in right:
        return clean(value, name=field.title) if isinstance(value, str) and kind in _WORDS else value
    if not isinstance(value, str):
        raise InputError(f"{field.title}的查找条件看不懂，请重新填写。")
    if kind is SearchKind.DATE:
        return parse_date(value, today=today, name=field.title)
    if kind is SearchKind.MONEY:
        return parse_fen(value, name=field.title)
    milli = parse_decimal(value, name=field.title)
    if kind is SearchKind.QUANTITY:
        return milli
    if kind is not SearchKind.NUMBER or milli % ONE:
        raise InputError(f"{field.title}“{value.strip()}”看不懂，请重新填写。")
    return milli // ONE


_WORDS = (SearchKind.TEXT, SearchKind.PHONE)
_TYPES: Mapping[SearchKind, tuple[type, ...]] = {
    SearchKind.TEXT: (str,),
    SearchKind.PHONE: (str,),
    SearchKind.MONEY: (int,),
    SearchKind.NUMBER: (int,),
    SearchKind.QUANTITY: (int,),
    SearchKind.DATE: (date,),
    SearchKind.CHOICE: (int, str),
    SearchKind.YES: (bool,),
}


# ---------------------------------------------------------------- keeping and saying


def dump_conditions(conditions: Sequence[Condition]) -> str:
    """Conditions as JSON."""
    kept = [
        {"field": c.field, "operator": c.operator.key, "values": [_dumped(value) for value in c.values]}
        for c in conditions
    ]
    return json.dumps(kept, ensure_ascii=False)


def _dumped(value: Asked) -> Any:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def load_conditions(text: str) -> tuple[Condition, ...]:
    """Conditions from JSON; whether their fields still exist is found out when they are used. Raises InputError."""
    try:
        return tuple(
            Condition(
                str(kept["field"]),
                OPERATOR_BY_KEY[kept["operator"]],
                tuple(_loaded(value) for value in kept["values"]),
            )
            for kept in json.loads(text)
        )
    except (ValueError, KeyError, TypeError):
        raise InputError("这个保存的查找已经读不出来了，请删除后重新保存。") from None


def _loaded(value: Any) -> Asked:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    if value is None or type(value) in (str, int, bool):
        plain_value: Asked = value
        return plain_value
    raise ValueError("not a value")


def describe(condition: Condition, field: SearchField, words: Mapping[Any, str] | None = None) -> str:
    """A checked condition in words: ``业务员：小周、小李``; ``words`` are those of a choice by their values."""
    named = words or {}
    if field == CHOSEN:
        return f"{condition.values[0]}（{len(condition.values) - 1:,} 位）"
    shown = [_shown(value, field, named) for value in condition.values]
    if condition.operator in _FILLED:
        return f"{field.title}{condition.operator.title}"
    if condition.operator is Operator.ONE_OF:
        return f"{field.title}：{'、'.join(shown)}"
    if condition.operator is Operator.BETWEEN:
        low, high = shown
        if low and high:
            return f"{field.title} {low} 至 {high}"
        return f"{field.title}不小于 {low}" if low else f"{field.title}不大于 {high}"
    return f"{field.title}{'包含' if condition.operator is Operator.CONTAINS else '是'}“{shown[0]}”"


def _shown(value: Asked, field: SearchField, words: Mapping[Any, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return show_date(value)
    if field.kind is SearchKind.MONEY:
        return show_fen(int(value))
    if field.kind is SearchKind.QUANTITY:
        return show_milli(int(value))
    return words.get(value, str(value))


def digits_of(text: str) -> str:
    """The digits of a phone, or of a part of one, as typed."""
    return re.sub(r"\D", "", plain(text))
