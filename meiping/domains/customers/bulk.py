"""One field of many customers at once: what they have in it now, changing it, and taking the change back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.queries import fields_of, values_of_many
from meiping.domains.custom_fields.rules import Value, field_id_of, show_value
from meiping.domains.customers.checking import check_words
from meiping.domains.customers.indexing import reindex
from meiping.domains.customers.models import Customer
from meiping.domains.customers.ownership import OwnerKept, take_back_transfer, transfer_customers
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS
from meiping.domains.customers.queries.scope import visible_customers
from meiping.domains.customers.rules import (
    CREDIT,
    DICTIONARY_OF,
    EDIT,
    FIELD_TITLES,
    FIRM_ONLY,
    KIND,
    REQUIRED_OPTION,
    VIEW,
    CustomerInput,
    check_customer,
    check_required,
)
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb

BULK_FIELDS = (
    *("status_id", "level_id", "type_id", "source_id", "region_id", "industry_id", "nature_id"),
    *(
        "owner_id",
        "next_contact_date",
        "province",
        "city",
        "credit_limit_fen",
        "payment_days",
        "created_date",
    ),
)
"""Keys of ``CustomerInput`` that many customers may share; the shop's own fields go by ``custom_7``."""
OWNER = "owner_id"
_CREDIT_FIELDS = ("credit_limit_fen", "payment_days")
_NEVER_EMPTY = ("created_date",)
_ZERO = dict.fromkeys(_CREDIT_FIELDS, 0) | dict.fromkeys(("province", "city"), "")
"""What emptying means where that is not None."""
_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class FieldKept:
    """What customers had in a field before it was changed to ``value``, to take it back; and how many were left out.

    ``before`` holds (customer, old value); owners are kept by ``owners`` with what went along with them.
    """

    field: str
    value: Any
    before: tuple[tuple[int, Any], ...] = ()
    owners: tuple[OwnerKept, ...] = ()
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many customers were changed."""
        return len(self.before) + len(self.owners)


@dataclass(frozen=True, slots=True)
class FieldNow:
    """How many of some customers have the same in a field; ``shown`` is empty for those without anything."""

    shown: str
    count: int


@query(VIEW)
def field_now(actor: Actor, *, customer_ids: Collection[int], field: str) -> list[FieldNow]:
    """What customers have in a field, the most frequent first; those outside the scope are left out."""
    counted: Counter[str] = Counter()
    own = _own_field(field)
    words = {} if own else _words(field)
    for some in _chunks(customer_ids):
        for _customer_id, value in _present(actor, some, field, own):
            counted[_shown(field, value, own, words)] += 1
    return [FieldNow(shown, count) for shown, count in counted.most_common()]


@verb(EDIT)
def change_field(work: Work, *, customer_ids: Collection[int], field: str, value: Any) -> FieldKept:
    """Let customers have the same in one field; None empties it. Gives what they had, for ``take_back_change``.

    Customers that have it already, that can't have it (a person no nature of firm), that are in the recycle bin
    or outside the scope are left out. The owner needs the right to transfer, credit the right to set it. Raises
    InputError with the field.
    """
    ids = list(dict.fromkeys(customer_ids))
    if field == OWNER:
        owners = transfer_customers(work, customer_ids=ids, owner_id=value)
        return FieldKept(field, value, owners=owners, left_out=len(ids) - len(owners))
    own = _own_field(field)
    new = _checked_own(work, own, value) if own else _checked(work, field, value)
    before: list[tuple[int, Any]] = []
    for some in _chunks(ids):
        here = _present(work.actor, some, field, own)
        before += [(customer_id, old) for customer_id, old in here if old != new]
    if before:
        _write(work, field, {new: [customer_id for customer_id, _old in before]}, before)
        audit.record(work, "customer.bulk_change", f"批量修改 {len(before)} 位客户的{_title(field)}")
        work.changed(Topic.CUSTOMERS)
    return FieldKept(field, new, tuple(before), left_out=len(ids) - len(before))


@verb(EDIT)
def take_back_change(work: Work, *, kept: FieldKept) -> int:
    """Give customers back what they had before ``change_field``; gives how many.

    Who has been given something else in that field meanwhile keeps it.
    """
    if kept.field == OWNER:
        take_back_transfer(work, kept=kept.owners)
        return len(kept.owners)
    _require_right(work, kept.field)
    own = _own_field(kept.field)
    old_of = dict(kept.before)
    now: list[tuple[int, Any]] = []
    for some in _chunks(old_of):
        here = _present(work.actor, some, kept.field, own)
        now += [(customer_id, value) for customer_id, value in here if value == kept.value]
    wanted: dict[Any, list[int]] = {}
    for customer_id, _value in now:
        wanted.setdefault(old_of[customer_id], []).append(customer_id)
    if now:
        _write(work, kept.field, wanted, now)
        summary = f"撤销批量修改 {len(now)} 位客户的{_title(kept.field)}"
        audit.record(work, "customer.bulk_change_back", summary)
        work.changed(Topic.CUSTOMERS)
    return len(now)


# ---------------------------------------------------------------- inside


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    iterator = iter(ids)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _own_field(field: str) -> int | None:
    """The id of the shop's own field; None for one of the customer's. Raises InputError for an unknown one."""
    own = field_id_of(field)
    if own is None and field not in BULK_FIELDS:
        raise InputError("这一项不能批量修改。", field=field)
    return own


def _title(field: str) -> str:
    own = field_id_of(field)
    if own is None:
        return FIELD_TITLES[field.removesuffix("_id")]
    return next((spec.title for spec in fields_of(KIND, with_inactive=True) if spec.id == own), "自定义项")


def _require_right(work: Work, field: str) -> None:
    if field in _CREDIT_FIELDS:
        work.actor.require(CREDIT)


def _checked(work: Work, field: str, value: Any) -> Any:
    """A value for one of the customer's own fields in stored form."""
    _require_right(work, field)
    empty = value is None or value == ""
    if empty and field in _NEVER_EMPTY:
        raise InputError(f"请填写{_title(field)}。", field=field)
    entered: Mapping[str, Any] = {field: _ZERO.get(field) if empty else value}
    asked = check_customer(
        CustomerInput(name="一", firm=field in FIRM_ONLY, **entered), today=work.day
    ).customer
    check_words(asked)
    check_required(asked, [key for key in option(REQUIRED_OPTION) if key == field])
    return getattr(asked, field)


def _checked_own(work: Work, own: int, value: Any) -> Value:
    """A value for a field of the shop's own in stored form."""
    found = custom_fields.check_values(work, KIND, {own: value}, demand=False)
    spec = next((one for one in fields_of(KIND) if one.id == own), None)
    if spec is None:
        raise NotFound("这个自定义字段已经停用或删除，请重新打开再试。")
    if spec.required and found.get(own) is None:
        raise InputError(f"请填写{spec.title}。", field=spec.key)
    return found.get(own)


def _present(actor: Actor, ids: Sequence[int], field: str, own: int | None) -> list[tuple[int, Any]]:
    """Those of the customers that can have the field, with what they have in it."""
    key = field.removesuffix("_id")
    column = Customer.id if own else getattr(Customer, key)
    met: list[Any] = [Customer.id.in_(ids), Customer.deleted_at.is_null()]
    if field in FIRM_ONLY:
        met.append(Customer.firm)
    rows: Any = (
        visible_customers(actor).columns(Customer.id, column).where(*met).order_by(Customer.id).tuples()
    )
    if own is None:
        return list(rows)
    seen = [row[0] for row in rows]
    values = values_of_many(KIND, seen, field_ids=[own])
    return [(customer_id, values.get(customer_id, {}).get(own)) for customer_id in seen]


def _write(
    work: Work, field: str, wanted: Mapping[Any, Sequence[int]], before: Sequence[tuple[int, Any]]
) -> None:
    """Give customers the values they are listed under, and write every change down."""
    own = field_id_of(field)
    olds, title = dict(before), _title(field)
    words = {} if own else _words(field)
    for value, ids in wanted.items():
        if own:
            _write_own(work, own, value, ids)
        else:
            for some in _chunks(ids):
                change = {field.removesuffix("_id"): value}
                Customer.update(**change).where(Customer.id.in_(some)).execute()
        shown = _shown(field, value, own, words)
        for customer_id in ids:
            old = _shown(field, olds[customer_id], own, words)
            audit.record_changes(work, Source(KIND, customer_id), [(title, old, shown)])
    if own:  # texts of the shop's own are found by the search
        reindex(work, olds)


def _write_own(work: Work, own: int, value: Value, ids: Sequence[int]) -> None:
    for some in _chunks(ids):
        present = values_of_many(KIND, some)
        for customer_id in some:
            custom_fields.store_values(work, KIND, customer_id, {**present.get(customer_id, {}), own: value})


def _words(field: str) -> dict[Any, str]:
    """The words behind the ids of a field."""
    if field == OWNER:
        return {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
    if field == "level_id":
        return {row.id: row.name for row in Level.select(Level.id, Level.name)}
    if field in DICTIONARY_OF:
        chosen = DictionaryItem.select(DictionaryItem.id, DictionaryItem.name)
        return {row.id: row.name for row in chosen.where(DictionaryItem.kind == DICTIONARY_OF[field])}
    return {}


def _shown(field: str, value: Any, own: int | None, words: Mapping[Any, str]) -> str:
    if own:
        return show_value(value)
    if value is None or (field in _CREDIT_FIELDS and not value):
        return ""
    return words.get(value, "") if field.endswith("_id") else _COLUMN[field].show(value)
