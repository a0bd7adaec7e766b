"""The list of customers and the recycle bin, a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Expression, Field, ModelSelect

from meiping.domains.access.models import Company, Department, Operator
from meiping.domains.custom_fields.queries import fields_of, sort_expression, values_of_many
from meiping.domains.custom_fields.rules import CustomFieldSpec, custom_key, list_columns, list_value
from meiping.domains.customers.conditions import Condition
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import advanced
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import KIND, NOT_FILLED, VIEW, shown_name
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Row, Sort
from meiping.store import search_index
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

CUSTOMER_COLUMNS = (
    Column("code", "编号", Kind.CODE, width=8),
    Column("name", "客户", width=20, stretch=True),
    Column("phone", "电话", Kind.PHONE, width=14),
    Column("level", "等级", width=6),
    Column("status", "状态", width=9),
    Column("source", "来源", width=11),
    Column("owner", "业务员", width=7),
    Column("created_date", "建档日期", Kind.DATE, width=11, hidden=True),
    Column("card_number", "卡号", Kind.CODE, width=12, hidden=True),
    Column("type", "类型", width=10, hidden=True),
    Column("firm", "单位", Kind.YES, width=6, hidden=True),
    Column("keyword", "关键字", width=12, hidden=True),
    Column("short_name", "简称", width=12, hidden=True),
    Column("phone2", "备用电话", Kind.PHONE, width=15, hidden=True),
    Column("gender", "性别", width=6, hidden=True),
    Column("birth_date", "生日", Kind.DATE, width=11, hidden=True),
    Column("birthday_lunar", "农历生日", Kind.YES, width=9, hidden=True),
    Column("occupation", "职业", width=10, hidden=True),
    Column("industry", "行业", width=10, hidden=True),
    Column("nature", "单位性质", width=10, hidden=True),
    Column("legal_representative", "法人代表", width=10, hidden=True),
    Column("region", "区域", width=8, hidden=True),
    Column("province", "省份", width=8, hidden=True),
    Column("city", "城市", width=8, hidden=True),
    Column("address", "地址", width=24, hidden=True),
    Column("postcode", "邮编", Kind.CODE, width=8, hidden=True),
    Column("fax", "传真", Kind.CODE, width=14, hidden=True),
    Column("email", "邮箱", width=20, hidden=True),
    Column("website", "网址", width=20, hidden=True),
    Column("bank", "开户行", width=16, hidden=True),
    Column("bank_account", "银行账号", Kind.CODE, width=20, hidden=True),
    Column("tax_number", "税号", Kind.CODE, width=20, hidden=True),
    Column("credit_limit_fen", "信用额度", Kind.MONEY, width=13, hidden=True),
    Column("payment_days", "账期（天）", Kind.NUMBER, width=10, hidden=True),
    Column("points", "积分", Kind.NUMBER, width=9, hidden=True),
    Column("first_contact_at", "首次联系", Kind.MOMENT, width=17, hidden=True),
    Column("last_contact_at", "最近联系", Kind.MOMENT, width=17, hidden=True),
    Column("next_contact_date", "下次联系", Kind.DATE, width=11, hidden=True),
    Column("company", "公司", width=14, hidden=True),
    Column("department", "部门", width=12, hidden=True),
    Column("notes", "备注", width=24, hidden=True),
)
BIN_COLUMNS = (
    *CUSTOMER_COLUMNS[:4],
    Column("owner", "业务员", width=10),
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)

_Type, _Status, _Origin, _Industry, _Nature, _Region = (DictionaryItem.alias() for _ in range(6))
_NAMES: Mapping[str, Any] = {
    "level": Level.name,
    "type": _Type.name,
    "status": _Status.name,
    "source": _Origin.name,
    "industry": _Industry.name,
    "nature": _Nature.name,
    "region": _Region.name,
    "owner": Operator.name,
    "company": Company.name,
    "department": Department.name,
}
_POSITIONS: Mapping[str, Any] = {
    "level": Level.position,
    "type": _Type.position,
    "status": _Status.position,
    "source": _Origin.position,
    "industry": _Industry.position,
    "nature": _Nature.position,
    "region": _Region.position,
    "name": Customer.name_key,
}
_JOINS: tuple[tuple[Any, Any], ...] = (
    (Level, Customer.level == Level.id),
    (_Type, Customer.type == _Type.id),
    (_Status, Customer.status == _Status.id),
    (_Origin, Customer.source == _Origin.id),
    (_Industry, Customer.industry == _Industry.id),
    (_Nature, Customer.nature == _Nature.id),
    (_Region, Customer.region == _Region.id),
    (Operator, Customer.owner == Operator.id),
    (Company, Customer.company == Company.id),
    (Department, Customer.department == Department.id),
)
_PLAIN = tuple(
    dict.fromkeys(column.key for column in (*CUSTOMER_COLUMNS, *BIN_COLUMNS) if column.key not in _NAMES)
)
_INDEXED = ("name", "code", "created_date")
"""The orders of the whole list that an index holds."""
_SORTS: Mapping[str, Field | Expression] = {
    **{key: getattr(Customer, key) for key in _PLAIN},
    **_NAMES,
    **_POSITIONS,
}


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What the list of customers is narrowed to; None and empty mean no bound, both days are counted in.

    An id of ``NOT_FILLED`` asks for those without. ``overdue`` asks for those whose next contact date has passed.
    All ``conditions`` of the advanced search must be met.
    """

    text: str = ""
    level_id: int | None = None
    source_id: int | None = None
    status_id: int | None = None
    type_id: int | None = None
    owner_id: int | None = None
    in_bin: bool = False
    created_from: date | None = None
    created_until: date | None = None
    overdue: bool = False
    conditions: tuple[Condition, ...] = ()


def with_names() -> ModelSelect[Customer]:
    """All plain fields of customers with the words their ids stand for."""
    words = [field.alias(key) for key, field in _NAMES.items()]
    plain = [getattr(Customer, key) for key in _PLAIN]
    select = Customer.select(Customer.id, *plain, *words)
    for table, on in _JOINS:
        select = select.switch(Customer).left_outer_join(table, on=on)
    return select


@query(VIEW)
def customer_list(actor: Actor, narrowed: CustomerFilter | None = None) -> SelectListing:
    """The customers in the actor's scope, by name; the recycle bin's, the latest first, if so narrowed."""
    wanted = narrowed or CustomerFilter()
    which = conditions(actor, wanted)
    specs = fields_of(KIND)
    return SelectListing(
        with_names().where(*which),
        bare=Customer.select().where(*which),
        identity=Customer.id,
        sorts={**_SORTS, **{spec.key: sort_expression(spec, Customer.id) for spec in specs}},
        default=Sort("deleted_at", descending=True) if wanted.in_bin else Sort("name"),
        to_row=_to_row,
        beside=_own_fields(specs) if specs else None,
        indexed=() if wanted.in_bin else _INDEXED,
        narrowed=wanted != CustomerFilter(text=wanted.text) or scope_bound(actor) is not None,
    )


@query(VIEW)
def customer_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of the list, those of the shop's own fields last: in sight are the ones meant for lists."""
    return (*CUSTOMER_COLUMNS, *list_columns(fields_of(KIND)))


def _own_fields(specs: Sequence[CustomFieldSpec]) -> Callable[[Sequence[int]], Mapping[int, Row]]:
    shown = [spec.id for spec in specs]

    def read(ids: Sequence[int]) -> Mapping[int, Row]:
        found = values_of_many(KIND, ids, field_ids=shown)
        return {
            customer_id: {custom_key(field_id): list_value(value) for field_id, value in values.items()}
            for customer_id, values in found.items()
        }

    return read


def conditions(actor: Actor, wanted: CustomerFilter) -> list[Any]:
    """What a customer must be to stand in the list. Raises InputError for a condition that can't be asked."""
    met: list[Any] = [Customer.deleted_at.is_null(not wanted.in_bin)]
    if wanted.in_bin:  # one merged into another is gone for good, unless un-merged
        met.append(Customer.merged_into.is_null())
    bound = scope_bound(actor)
    if bound is not None:
        met.append(bound)
    for key in ("level_id", "source_id", "status_id", "type_id", "owner_id"):
        value = getattr(wanted, key)
        if value is not None:
            field = getattr(Customer, key.removesuffix("_id"))
            met.append(field.is_null() if value == NOT_FILLED else field == value)
    if wanted.created_from is not None:
        met.append(Customer.created_date >= wanted.created_from)
    if wanted.created_until is not None:
        met.append(Customer.created_date <= wanted.created_until)
    if wanted.overdue:
        met.append(Customer.next_contact_date < actor.today())
    if wanted.text.strip():
        met.append(_holds(wanted.text.strip(), in_bin=wanted.in_bin))
    return [*met, *advanced.met(wanted.conditions, today=actor.today())]


def _holds(text: str, *, in_bin: bool) -> Any:
    if in_bin:  # the search index holds no deleted customer, and the bin is small
        return Customer.name.contains(text) | Customer.phone.contains(text) | Customer.code.contains(text)
    found = search_index.records(text, kind=KIND)
    return Customer.id.in_([] if found is None else found)


def _to_row(row: dict[str, Any]) -> Row:
    return {**row, "name": shown_name(row["name"], row["phone"])}
