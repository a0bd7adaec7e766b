"""Advanced search: what may be asked of customers, and the conditions as the database understands them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from peewee import SQL, fn

from meiping.domains.access.models import Company, Department, Operator
from meiping.domains.access.queries import colleagues
from meiping.domains.custom_fields.queries import fields_of, having, value_column
from meiping.domains.customers.conditions import (
    CHOSEN,
    MAX_CONDITIONS,
    OWN_FIELDS,
    Asked,
    Condition,
    SearchField,
    SearchKind,
    check_condition,
    custom_search_field,
    describe,
    digits_of,
)
from meiping.domains.customers.conditions import Operator as Asking
from meiping.domains.customers.models import Customer
from meiping.domains.customers.rules import DICTIONARY_OF, GENDERS, KIND, NOT_FILLED, VIEW
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError
from meiping.kernel.moments import midnight
from meiping.kernel.text import plain
from meiping.store.unit_of_work import query

_AT_INSTANTS = ("first_contact_at", "last_contact_at")
_BY_ID = ("owner", "level", "company", "department", *(key.removesuffix("_id") for key in DICTIONARY_OF))
_NO_ZERO = ("credit_limit_fen", "payment_days")
"""Numbers of which zero means that nothing was filled in."""


@query(VIEW)
def search_fields(actor: Actor) -> tuple[SearchField, ...]:
    """Everything customers can be searched by: their own fields in the order of the form, then the shop's own."""
    return _fields()


def _fields() -> tuple[SearchField, ...]:
    return (*OWN_FIELDS, *(custom_search_field(spec) for spec in fields_of(KIND)))


@query(VIEW)
def search_choices(actor: Actor, *, field: str) -> list[tuple[Any, str]]:
    """What a field of kind CHOICE can be searched for, as (value, word); those without any are ``NOT_FILLED``."""
    found = next((one for one in _fields() if one.key == field), None)
    if found is None or found.kind is not SearchKind.CHOICE:
        raise InputError(_GONE.format(field), field=field)
    if found.custom is not None:
        offered: list[tuple[Any, str]] = [(word, word) for word in found.custom.choices]
    else:
        offered = _offered(actor, field)
    return [*offered, (NOT_FILLED, "未填写")]


def _offered(actor: Actor, field: str) -> list[tuple[Any, str]]:
    if field == "owner":
        own = [(actor.operator_id, actor.name)]
        return list(own if actor.scope() is Scope.OWN and actor.operator_id else colleagues(actor))
    if field == "level":
        return [(level.id, level.name) for level in levels(with_inactive=True)]
    if field == "gender":
        return [(word, word) for word in GENDERS]
    if field in ("company", "department"):
        table: Any = Company if field == "company" else Department
        return [(row.id, row.name) for row in table.select(table.id, table.name).order_by(table.id)]
    return [(word.id, word.name) for word in words(DICTIONARY_OF[f"{field}_id"], with_inactive=True)]


@query(VIEW)
def describe_conditions(actor: Actor, *, conditions: Collection[Condition]) -> list[str]:
    """Each condition in words, as for the list's line of facts. Raises InputError for one that can't be asked."""
    told = []
    for field, condition in checked_conditions(conditions, today=actor.today()):
        named: dict[Any, str] = {}
        if field.kind is SearchKind.CHOICE and field != CHOSEN:
            named = dict(search_choices(actor, field=field.key))
            missing = [value for value in condition.values if value not in named]
            if field.key == "owner" and missing:  # one who has left may still be asked for
                gone = Operator.select(Operator.id, Operator.name).where(Operator.id.in_(missing))
                named |= {row.id: row.name for row in gone}
        told.append(describe(condition, field, named))
    return told


# ---------------------------------------------------------------- to expressions

_GONE = "查找条件里的“{}”已经没有了，请去掉这个条件。"


def checked_conditions(
    conditions: Iterable[Condition], *, today: date
) -> list[tuple[SearchField, Condition]]:
    """Each condition in stored form with its field. Raises InputError for an unknown field and for bad values."""
    asked = list(conditions)
    if not asked:
        return []
    if len(asked) > MAX_CONDITIONS:
        raise InputError(f"查找条件最多 {MAX_CONDITIONS} 个，现在有 {len(asked)} 个。")
    known = {field.key: field for field in (*_fields(), CHOSEN)}
    found = []
    for condition in asked:
        field = known.get(condition.field)
        if field is None:
            raise InputError(_GONE.format(condition.field), field=condition.field)
        found.append((field, check_condition(condition, field, today=today)))
    return found


def met(conditions: Iterable[Condition], *, today: date) -> list[Any]:
    """What a customer must be to meet all conditions. Raises InputError."""
    return [_expression(field, asked) for field, asked in checked_conditions(conditions, today=today)]


def _expression(field: SearchField, asked: Condition) -> Any:
    if field.custom is not None:
        return _of_custom(field, asked)
    if field == CHOSEN:  # as one value: there may be more than a statement takes
        ids = json.dumps(asked.values[1:])
        return Customer.id.in_(SQL("(SELECT value FROM json_each(?))", [ids]))
    column = getattr(Customer, field.key)
    if asked.operator is Asking.EMPTY:
        return _empty(field, column)
    if asked.operator is Asking.NOT_EMPTY:
        return ~_empty(field, column)
    return _TESTS[asked.operator](field, column, asked.values)


def _of_custom(field: SearchField, asked: Condition) -> Any:
    assert field.custom is not None
    field_id = field.custom.id
    if asked.operator is Asking.EMPTY:
        return Customer.id.not_in(having(field_id))
    if asked.operator is Asking.NOT_EMPTY:
        return Customer.id.in_(having(field_id))
    column = value_column(field.custom.kind)
    if field.kind is SearchKind.YES:
        return Customer.id.in_(having(field_id, column == (1000 if asked.values[0] else 0)))
    if asked.operator is Asking.ONE_OF:
        chosen = [value for value in asked.values if value != NOT_FILLED]
        found = Customer.id.in_(having(field_id, column.in_(chosen)))
        return found | Customer.id.not_in(having(field_id)) if NOT_FILLED in asked.values else found
    return Customer.id.in_(having(field_id, _TESTS[asked.operator](field, column, asked.values)))


def _empty(field: SearchField, column: Any) -> Any:
    if field.key == "card_number":
        return column.is_null() | (column == "")
    if field.key in _NO_ZERO:
        return column == 0
    if field.key in _BY_ID or field.kind is SearchKind.DATE:
        return column.is_null()
    return column == ""


def _contains(field: SearchField, column: Any, values: tuple[Asked, ...]) -> Any:
    text = str(values[0])
    if field.kind is not SearchKind.PHONE:
        return column.contains(text)
    digits = digits_of(text)
    if not digits:
        raise InputError(f"{field.title}“{text}”里没有数字，请输入号码的一部分。", field=field.key)
    return column.contains(digits)


def _equals(field: SearchField, column: Any, values: tuple[Asked, ...]) -> Any:
    value = values[0]
    if field.kind is SearchKind.DATE:
        return _between(field, column, (value, value))
    if field.kind is SearchKind.PHONE:
        return fn.replace(column, "+", "") == digits_of(str(value))
    if field.kind is SearchKind.TEXT:
        return (column == value) | (fn.lower(column) == plain(str(value)).lower())
    return column == value


def _between(field: SearchField, column: Any, values: tuple[Asked, ...]) -> Any:
    low, high = values
    if field.key in _AT_INSTANTS:
        low = None if low is None else midnight(cast("date", low))
        high = None if high is None else midnight(cast("date", high) + timedelta(days=1)) - 1
    if low is None:
        return column <= high
    return column >= low if high is None else column.between(low, high)


def _one_of(field: SearchField, column: Any, values: tuple[Asked, ...]) -> Any:
    chosen = [value for value in values if value != NOT_FILLED]
    found = column.in_(chosen)
    return found | _empty(field, column) if NOT_FILLED in values else found


_TESTS: Mapping[Asking, Callable[[SearchField, Any, tuple[Asked, ...]], Any]] = {
    Asking.CONTAINS: _contains,
    Asking.EQUALS: _equals,
    Asking.BETWEEN: _between,
    Asking.ONE_OF: _one_of,
}
