"""Verbs about customers."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from peewee import IntegrityError, fn

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.custom_fields.rules import Value
from meiping.domains.customers.checking import (
    allowed_owner,
    check_words,
    refuse_twins,
    with_numbers_of_the_merged,
    with_own_fields,
)
from meiping.domains.customers.indexing import index, reindex
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.detail import CustomerDetail, read_detail
from meiping.domains.customers.queries.kin import survivor_of
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS
from meiping.domains.customers.queries.scope import require_visible, visible_customers
from meiping.domains.customers.rules import (
    CREDIT,
    DELETE,
    EDIT,
    FIELD_TITLES,
    INPUT_FIELDS,
    KIND,
    ODD_INPUT,
    CustomerInput,
    automatic_code,
    check_customer,
    name_key,
    name_or_phone,
    shown_name,
)
from meiping.domains.customers.sharing import owner_settled
from meiping.kernel.changes import Topic
from meiping.kernel.errors import NeedsConfirmation, NotFound
from meiping.kernel.source import Source
from meiping.store import search_index
from meiping.store.database import db
from meiping.store.unit_of_work import Work, verb

T = TypeVar("T")
_CHUNK = 200


@verb(EDIT)
def add_customer(work: Work, *, customer: CustomerInput, confirmed: frozenset[str] = frozenset()) -> int:
    """Add a customer and give the id.

    Raises InputError with the field, also for one that the shop demands and that is empty, and NeedsConfirmation
    where another has the phone (SAME_PHONE) or a phone or address looks odd (ODD_INPUT).
    """
    return _add(work, customer, confirmed, demand=True)


def _add(work: Work, customer: CustomerInput, confirmed: frozenset[str], *, demand: bool) -> int:
    checked = check_customer(customer, today=work.day)
    wanted = with_own_fields(work, checked.customer, {}, demand=demand)
    if wanted.credit_limit_fen or wanted.payment_days:
        work.actor.require(CREDIT)
    wanted = replace(wanted, owner_id=allowed_owner(work, wanted.owner_id, present=None))
    check_words(wanted)
    refuse_twins(work, wanted, confirmed, customer_id=None)
    _ask_about_odd(checked.warnings, confirmed)
    first = _next_id()
    wanted = replace(
        wanted, code=wanted.code or _free_code(first), created_date=wanted.created_date or work.day
    )
    made = Customer.create(**_columns(work, wanted))
    index(work, made.id, wanted, company_id=made.company_id, department_id=made.department_id, new=True)
    custom_fields.store_values(work, KIND, made.id, wanted.custom)
    audit.record(work, "customer.add", f"新增客户 {wanted.code}", Source(KIND, made.id))
    work.changed(Topic.CUSTOMERS)
    return int(made.id)


@verb(EDIT)
def quick_add_customer(work: Work, *, text: str, confirmed: frozenset[str] = frozenset()) -> int:
    """Add a customer from a phone or a name typed at the till and give the id.

    What the shop demands beyond that is asked for when the customer is next changed: nobody waits at the till.
    """
    return _add(work, name_or_phone(text), confirmed, demand=False)


@verb(EDIT)
def change_customer(
    work: Work, *, customer_id: int, customer: CustomerInput, confirmed: frozenset[str] = frozenset()
) -> int:
    """Change a customer; every field that changed is written down. Gives how many did."""
    require_visible(work.actor, customer_id)
    before = read_detail(customer_id)
    if before.deleted_at is not None:
        raise NotFound("这个客户在回收站里，请先恢复。")
    checked = check_customer(customer, today=work.day)
    stood = check_customer(before.as_input(), today=work.day).warnings
    wanted = with_own_fields(work, checked.customer, before.custom, demand=True)
    if (wanted.credit_limit_fen, wanted.payment_days) != (before.credit_limit_fen, before.payment_days):
        work.actor.require(CREDIT)
    wanted = replace(
        wanted,
        code=wanted.code or before.code,
        created_date=wanted.created_date or before.created_date,
        owner_id=allowed_owner(work, wanted.owner_id, present=before),
    )
    wanted = with_numbers_of_the_merged(work, customer_id, before, wanted)
    check_words(wanted)
    refuse_twins(work, wanted, confirmed, customer_id=customer_id)
    _ask_about_odd((odd for odd in checked.warnings if odd not in stood), confirmed)
    columns = _columns(work, wanted)
    columns["company"] = before.company_id
    if wanted.owner_id == before.owner_id:
        columns["department"] = before.department_id
        columns["owned_since_date"] = before.owned_since_date
    Customer.update(**columns).where(Customer.id == customer_id).execute()
    if wanted.owner_id != before.owner_id:
        owner_settled(work, [customer_id], wanted.owner_id)
    index(work, customer_id, wanted, company_id=before.company_id, department_id=columns["department"])
    after = read_detail(customer_id)
    titles = FIELD_TITLES.items()
    changes = [(title, _shown(before, key), _shown(after, key)) for key, title in titles]
    changes += custom_fields.store_values(work, KIND, customer_id, wanted.custom)
    count = audit.record_changes(work, Source(KIND, customer_id), changes)
    if count:
        audit.record(work, "customer.change", f"修改客户 {after.code}", Source(KIND, customer_id))
        work.changed(Topic.CUSTOMERS)
    return count


@verb(DELETE)
def delete_customers(work: Work, *, customer_ids: Collection[int]) -> int:
    """Put customers into the recycle bin; gives how many went. Bills and money stay as they are."""
    gone = _matching(work, customer_ids, in_bin=False)
    for customer_id in gone:
        _deleted(customer_id, work.at, work.actor.name)
        search_index.remove(work, KIND, customer_id)
        audit.record(work, "customer.delete", "客户移入回收站", Source(KIND, customer_id))
    work.changed(Topic.CUSTOMERS)
    return len(gone)


@verb(DELETE)
def restore_customers(work: Work, *, customer_ids: Collection[int]) -> int:
    """Take customers out of the recycle bin; gives how many came back."""
    back = _matching(work, customer_ids, in_bin=True)
    for customer_id in back:
        _deleted(customer_id, None, "")
        reindex(work, [customer_id])
        audit.record(work, "customer.restore", "从回收站恢复客户", Source(KIND, customer_id))
    work.changed(Topic.CUSTOMERS)
    return len(back)


# ---------------------------------------------------------------- parts for other rooms


@dataclass(frozen=True, slots=True)
class CustomerForSale:
    """What a bill must know of its customer. ``discount_bp`` is the part of the price the level pays."""

    id: int
    name: str
    level: str
    discount_bp: int
    credit_limit_fen: int
    payment_days: int
    deleted: bool


def customer_for_sale(work: Work, customer_id: int) -> CustomerForSale:
    """The customer of a bill, outside the actor's scope too with the right to find any. Raises NotFound.

    One merged into another since the cart was begun stands for the survivor.
    """
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    row = work.execute(
        "SELECT c.name, c.phone, coalesce(l.name, ''), coalesce(l.discount_bp, 10000), c.credit_limit_fen,"
        " c.payment_days, c.deleted_at IS NOT NULL"
        " FROM customer c LEFT JOIN level l ON l.id = c.level_id WHERE c.id = ?",
        customer_id,
    ).fetchone()
    name, phone, level, discount_bp, limit_fen, days, deleted = row
    return CustomerForSale(
        customer_id, shown_name(name, phone), level, discount_bp, limit_fen, days, bool(deleted)
    )


def add_many(work: Work, rows: Iterable[CustomerInput], *, checked: bool = False) -> list[int]:
    """Add customers whose words and owners are known to exist, as entered, and give their ids.

    For imports and demonstration data: nothing is asked about twins or demanded, a card twice raises IntegrityError.
    ``checked`` says that the rows are in their stored form already.
    """
    ids: list[int] = []
    values: list[tuple[int, Mapping[int, Value]]] = []
    departments = _departments()
    own_fields = fields_of(KIND)
    number = _next_id()
    for chunk in _chunks(rows):
        columns = []
        for entered in chunk:
            wanted = entered if checked else check_customer(entered, today=work.day).customer
            if wanted.custom:
                given = wanted.custom
                wanted = replace(
                    wanted,
                    custom=custom_fields.check_values(work, KIND, given, demand=False, specs=own_fields),
                )
                values.append((number, wanted.custom))
            if not wanted.code or wanted.created_date is None:
                wanted = replace(
                    wanted,
                    code=wanted.code or automatic_code(number),
                    created_date=wanted.created_date or work.day,
                )
            row = _columns(work, wanted, departments)
            columns.append({"id": number, **row})
            index(work, number, wanted, company_id=row["company"], department_id=row["department"], new=True)
            ids.append(number)
            number += 1
        _insert(columns)
    custom_fields.store_many(work, values)
    if ids:
        audit.record(work, "customer.add_many", f"批量新增客户 {len(ids)} 位")
        work.changed(Topic.CUSTOMERS)
    return ids


def mask_phones(work: Work) -> None:
    """Hide the middle digits of every phone: for a copy of the data that others will see."""
    hidden = fn.SUBSTR(Customer.phone, 1, 3).concat("0000").concat(fn.SUBSTR(Customer.phone, -4))
    Customer.update(phone=hidden, phone2="").where(fn.LENGTH(Customer.phone) > 7).execute()
    work.changed(Topic.CUSTOMERS)


# ---------------------------------------------------------------- inside


def _ask_about_odd(warnings: Iterable[str], confirmed: frozenset[str]) -> None:
    """What looks odd without being wrong is saved after a question only."""
    odd = "".join(warnings)
    if odd and ODD_INPUT not in confirmed:
        raise NeedsConfirmation(ODD_INPUT, f"{odd}仍要保存吗？", verb="仍要保存")


def _columns(
    work: Work, wanted: CustomerInput, departments: dict[int, int | None] | None = None
) -> dict[str, Any]:
    """The row of a customer as entered, with what follows from it; with an owner it is theirs from today."""
    row = {key.removesuffix("_id"): getattr(wanted, key) for key in INPUT_FIELDS}
    department = work.actor.department_id
    if wanted.owner_id is not None:
        known = departments if departments is not None else _departments()
        department = known.get(wanted.owner_id)
    return {
        **row,
        "card_number": wanted.card_number or None,
        "name_key": name_key(wanted.name, wanted.phone),
        "company": work.actor.company_id,
        "department": department,
        "owned_since_date": work.day if wanted.owner_id is not None else None,
    }


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    """Add rows that all have the same columns; far quicker than one statement made for all of them."""
    fields = [Customer._meta.fields[key] for key in rows[0]]
    columns = ", ".join(field.column_name for field in fields)
    marks = ", ".join("?" * len(fields))
    values = [[field.db_value(row[field.name]) for field in fields] for row in rows]
    try:
        db.connection().executemany(f"INSERT INTO customer ({columns}) VALUES ({marks})", values)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(*error.args) from error


def _departments() -> dict[int, int | None]:
    return {row.id: row.department_id for row in Operator.select(Operator.id, Operator.department)}


def _chunks(rows: Iterable[T]) -> Iterable[tuple[T, ...]]:
    iterator = iter(rows)
    while chunk := tuple(islice(iterator, _CHUNK)):
        yield chunk


def _next_id() -> int:
    return int(Customer.select(fn.max(Customer.id)).scalar() or 0) + 1


def _free_code(number: int) -> str:
    """The automatic code of a customer, stepping over one typed by hand."""
    while Customer.select().where(Customer.code == automatic_code(number)).exists():
        number += 1
    return automatic_code(number)


def _matching(work: Work, customer_ids: Collection[int], *, in_bin: bool) -> list[int]:
    """Those of the customers that the actor may see and that are, or are not, in the recycle bin."""
    found: list[int] = []
    for chunk in _chunks(customer_ids):
        seen = visible_customers(work.actor).where(
            Customer.id.in_(chunk), Customer.deleted_at.is_null(not in_bin), Customer.merged_into.is_null()
        )
        found += [row.id for row in seen]
    return found


def _deleted(customer_id: int, at: int | None, by: str) -> None:
    Customer.update(deleted_at=at, deleted_by=by).where(Customer.id == customer_id).execute()


_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}


def _shown(detail: CustomerDetail, key: str) -> str:
    return _COLUMN[key].show(getattr(detail, key))
