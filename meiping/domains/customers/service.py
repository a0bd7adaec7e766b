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
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.detail import CustomerDetail, read_detail
from meiping.domains.customers.queries.finding import has_phone
from meiping.domains.customers.queries.kin import family_ids, survivor_of
from meiping.domains.customers.queries.lists import CUSTOMER_COLUMNS
from meiping.domains.customers.queries.scope import require_visible, visible_customers
from meiping.domains.customers.queries.sharing import shares_for_search
from meiping.domains.customers.rules import (
    CREDIT,
    DELETE,
    DICTIONARY_OF,
    EDIT,
    FIELD_TITLES,
    FORCE_TWIN,
    INPUT_FIELDS,
    KIND,
    ODD_INPUT,
    REQUIRED_OPTION,
    SAME_PHONE,
    TRANSFER,
    CustomerInput,
    automatic_code,
    check_customer,
    check_required,
    name_key,
    name_or_phone,
    scope_terms,
    search_terms,
    shown_name,
)
from meiping.domains.customers.sharing import owner_settled
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.phones import show_phone
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
    wanted = _with_own_fields(work, checked.customer, {}, demand=demand)
    if wanted.credit_limit_fen or wanted.payment_days:
        work.actor.require(CREDIT)
    wanted = replace(wanted, owner_id=_owner(work, wanted.owner_id, present=None))
    check_words(wanted)
    _refuse_twins(work, wanted, confirmed, customer_id=None)
    _ask_about_odd(checked.warnings, confirmed)
    first = _next_id()
    wanted = replace(
        wanted, code=wanted.code or _free_code(first), created_date=wanted.created_date or work.day
    )
    made = Customer.create(**_columns(work, wanted))
    _index(work, made.id, wanted, company_id=made.company_id, department_id=made.department_id, new=True)
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
    wanted = _with_own_fields(work, checked.customer, before.custom, demand=True)
    if (wanted.credit_limit_fen, wanted.payment_days) != (before.credit_limit_fen, before.payment_days):
        work.actor.require(CREDIT)
    wanted = replace(
        wanted,
        code=wanted.code or before.code,
        created_date=wanted.created_date or before.created_date,
        owner_id=_owner(work, wanted.owner_id, present=before),
    )
    wanted = _with_numbers_of_the_merged(customer_id, before, wanted)
    check_words(wanted)
    _refuse_twins(work, wanted, confirmed, customer_id=customer_id)
    _ask_about_odd((odd for odd in checked.warnings if odd not in stood), confirmed)
    columns = _columns(work, wanted)
    columns["company"] = before.company_id
    if wanted.owner_id == before.owner_id:
        columns["department"] = before.department_id
        columns["owned_since_date"] = before.owned_since_date
    Customer.update(**columns).where(Customer.id == customer_id).execute()
    if wanted.owner_id != before.owner_id:
        owner_settled(work, [customer_id], wanted.owner_id)
    _index(work, customer_id, wanted, company_id=before.company_id, department_id=columns["department"])
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
            _index(work, number, wanted, company_id=row["company"], department_id=row["department"], new=True)
            ids.append(number)
            number += 1
        _insert(columns)
    custom_fields.store_many(work, values)
    if ids:
        audit.record(work, "customer.add_many", f"批量新增客户 {len(ids)} 位")
        work.changed(Topic.CUSTOMERS)
    return ids


def reindex(work: Work, customer_ids: Iterable[int]) -> None:
    """Let customers be found by what they have now: a word of one of their fields was renamed."""
    for customer_id in customer_ids:
        detail = read_detail(customer_id)
        if detail.deleted_at is None:
            _index(
                work,
                customer_id,
                detail.as_input(),
                company_id=detail.company_id,
                department_id=detail.department_id,
            )


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


def _with_own_fields(
    work: Work, wanted: CustomerInput, present: Mapping[int, Value], *, demand: bool
) -> CustomerInput:
    """The customer with all values of the shop's own fields in stored form; what is demanded must be there."""
    if demand:
        check_required(wanted, option(REQUIRED_OPTION))
    values = custom_fields.check_values(work, KIND, wanted.custom, present=present, demand=demand)
    return replace(wanted, custom=values)


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


def _owner(work: Work, wanted: int | None, *, present: CustomerDetail | None) -> int | None:
    """Who looks after the customer. Who sees own or department records only keeps new ones, and hands none over."""
    present_id = present.owner_id if present else None
    if wanted == present_id and present is not None:
        return wanted
    actor = work.actor
    if actor.operator_id and actor.scope() < Scope.COMPANY:
        if wanted not in (None, actor.operator_id):
            raise InputError("您只能把客户记在自己名下，转给同事请找主管。", field="owner_id")
        return present_id if present else actor.operator_id
    if present is not None and not actor.can(TRANSFER):
        raise InputError("把客户交给别人需要“转移与授权客户”的权限，请找主管。", field="owner_id")
    if wanted is not None and not Operator.select().where(Operator.id == wanted, Operator.active).exists():
        raise InputError("这位业务员不在了，请重新选择。", field="owner_id")
    return wanted


def check_words(wanted: CustomerInput) -> None:
    """Refuse words and levels that are gone since the form was opened."""
    for key, kind in DICTIONARY_OF.items():
        word_id = getattr(wanted, key)
        same = (DictionaryItem.id == word_id) & (DictionaryItem.kind == kind)
        if word_id is not None and not DictionaryItem.select().where(same).exists():
            raise InputError(
                f"这个{FIELD_TITLES[key.removesuffix('_id')]}已经不在了，请重新选择。", field=key
            )
    if wanted.level_id is not None and not Level.select().where(Level.id == wanted.level_id).exists():
        raise InputError("这个等级已经不在了，请重新选择。", field="level_id")


def _with_numbers_of_the_merged(
    customer_id: int, before: CustomerDetail, wanted: CustomerInput
) -> CustomerInput:
    """Code and card of one merged into this customer lead to him already: the card may become his, the code not."""
    merged = Customer.merged_into == customer_id
    if wanted.card_number and wanted.card_number != before.card_number:
        Customer.update(card_number=None).where(merged, Customer.card_number == wanted.card_number).execute()
    if wanted.code != before.code and Customer.select().where(merged, Customer.code == wanted.code).exists():
        return replace(wanted, code=before.code)
    return wanted


def _refuse_twins(
    work: Work, wanted: CustomerInput, confirmed: frozenset[str], *, customer_id: int | None
) -> None:
    """The same code or card is refused; the same phone is asked about, and refused without the right to force it.

    A phone that the customer has already is asked about no more.
    """
    others = Customer.select().where(Customer.id != (customer_id or 0))
    if wanted.code:
        twin = others.where(Customer.code == wanted.code).first()
        if twin is not None:
            raise InputError(f"编号已经用于{_called(work, twin)}。", field="code")
    if wanted.card_number:
        twin = others.where(Customer.card_number == wanted.card_number).first()
        if twin is not None:
            raise InputError(f"卡号已经属于{_called(work, twin)}。", field="card_number")
    if SAME_PHONE in confirmed and work.actor.can(FORCE_TWIN):
        return
    before = Customer.get_or_none(Customer.id == customer_id)
    for key in ("phone", "phone2"):
        digits = getattr(wanted, key)
        if not digits or (before is not None and digits in (before.phone, before.phone2)):
            continue
        twin = others.where(has_phone(digits), Customer.deleted_at.is_null()).first()
        if twin is not None:
            sentence = f"电话 {show_phone(digits)} 已经属于{_called(work, twin)}"
            if not work.actor.can(FORCE_TWIN):
                raise InputError(f"{sentence}，不能再用于另一位客户。", field=key)
            raise NeedsConfirmation(SAME_PHONE, f"{sentence}，仍要保存吗？", verb="仍要保存", field=key)


def _called(work: Work, twin: Customer) -> str:
    """How a sentence names a customer; one outside the actor's scope stays nameless."""
    if not visible_customers(work.actor).where(Customer.id == twin.id).exists():
        return "一位您查看范围以外的客户"
    if twin.merged_into_id is not None:
        into = Customer.get_by_id(twin.merged_into_id)
        return f"并入了“{shown_name(into.name, into.phone)}”（{into.code}）的客户"
    place = "回收站里的" if twin.deleted_at is not None else ""
    return f"{place}客户“{shown_name(twin.name, twin.phone)}”（{twin.code}）"


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


def _index(
    work: Work,
    customer_id: int,
    wanted: CustomerInput,
    *,
    company_id: int,
    department_id: int | None,
    new: bool = False,
) -> None:
    terms = search_terms(wanted)
    if not new:  # whoever was merged into this one is found by his own words, too
        for twin_id in family_ids(customer_id)[1:]:
            terms += search_terms(read_detail(twin_id).as_input())
    search_index.put(
        work,
        KIND,
        customer_id,
        shown_name(wanted.name, wanted.phone),
        terms,
        hidden=scope_terms(
            owner_id=wanted.owner_id,
            department_id=department_id,
            company_id=company_id,
            shares=() if new else shares_for_search([customer_id]).get(customer_id, ()),
        ),
        new=new,
    )


_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}


def _shown(detail: CustomerDetail, key: str) -> str:
    return _COLUMN[key].show(getattr(detail, key))
