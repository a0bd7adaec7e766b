"""A case as lists show it: its columns, what is read for them, and the row made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from peewee import Case, Field, fn

from meiping.domains.access.models import Department, Operator
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.domains.customers.rules import shown_name
from meiping.domains.settings.models import DictionaryItem
from meiping.domains.support.models import ServiceCase
from meiping.domains.support.rules import (
    OPEN,
    OPINION_BY_KEY,
    PRIORITY_BY_KEY,
    STATUS_BY_KEY,
    CaseStatus,
    Priority,
    late_days,
)
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Listing, Sort
from meiping.store.listing import SelectListing

CASE_COLUMNS = (
    Column("number", "单号", Kind.CODE, width=19),
    Column("registered_date", "登记日期", Kind.DATE, width=11, hidden=True),
    Column("customer", "客户", width=10),
    Column("subject", "主题", width=17, stretch=True),
    Column("type", "类型", width=9),
    Column("priority", "优先级", width=7),
    Column("status", "状态", width=8),
    Column("handler", "负责", width=7),
    Column("due_date", "期限", Kind.DATE, width=11),
    Column("late_days", "逾期天数", Kind.NUMBER, width=8, sortable=False, hidden=True),
    Column("done_by", "服务人员", width=8, hidden=True),
    Column("done_date", "完成日期", Kind.DATE, width=11, hidden=True),
    Column("degree_bp", "完成度", Kind.PERCENT, width=8, hidden=True),
    Column("opinion", "回访", width=7, hidden=True),
    Column("product", "商品", width=14, hidden=True),
    Column("contact_name", "联系人", width=8, hidden=True),
    Column("contact_phone", "联系电话", Kind.PHONE, width=14, hidden=True),
    Column("operator", "登记人", width=8, hidden=True),
    Column("content", "内容", width=24, sortable=False, hidden=True),
    Column("result", "处理结果", width=24, sortable=False, hidden=True),
    Column("feedback", "客户反馈", width=20, sortable=False, hidden=True),
    Column("created_at", "录入时间", Kind.MOMENT, width=17, hidden=True),
)
CASE_BIN_COLUMNS = (
    *CASE_COLUMNS[:5],
    Column("deleted_at", "删除时间", Kind.MOMENT, width=17),
    Column("deleted_by", "删除人", width=10),
)
_PLAIN = (
    "number",
    "registered_date",
    "subject",
    "due_date",
    "done_date",
    "done_percent",
    "contact_name",
    "contact_phone",
    "content",
    "result",
    "feedback",
    "created_at",
    "deleted_at",
    "deleted_by",
    "closed_date",
    "revisited_date",
)
_KEYS = ("customer", "type", "product", "person", "department", "done_by")
_Person: Any = Operator.alias("person")
_Doer: Any = Operator.alias("doer")
_Taker: Any = Operator.alias("taker")
NEWEST = Sort("number", descending=True)


def select_cases() -> Any:
    """What is read of a case, as raw values for ``to_row``; to be narrowed.

    Outer joins, though all of them are there: so the cases are walked in their own order, and only where needed.
    """
    return (
        ServiceCase.select(
            ServiceCase.id,
            *(getattr(ServiceCase, key) for key in _PLAIN),
            *(getattr(ServiceCase, key).alias(f"{key}_id") for key in _KEYS),
            ServiceCase.status.alias("status_key"),
            ServiceCase.priority.alias("priority_key"),
            ServiceCase.opinion.alias("opinion_key"),
            Customer.name.alias("customer_name"),
            Customer.phone.alias("customer_phone"),
            DictionaryItem.name.alias("type"),
            fn.coalesce(Product.name, "").alias("product"),
            fn.coalesce(Department.name, "").alias("department"),
            fn.coalesce(_Person.name, "").alias("person"),
            fn.coalesce(_Doer.name, "").alias("done_by"),
            _Taker.name.alias("operator"),
        )
        .left_outer_join(Customer, on=(ServiceCase.customer == Customer.id))
        .switch(ServiceCase)
        .left_outer_join(DictionaryItem, on=(ServiceCase.type == DictionaryItem.id))
        .switch(ServiceCase)
        .left_outer_join(_Taker, on=(ServiceCase.operator == _Taker.id))
        .switch(ServiceCase)
        .left_outer_join(Product, on=(ServiceCase.product == Product.id))
        .switch(ServiceCase)
        .left_outer_join(Department, on=(ServiceCase.department == Department.id))
        .switch(ServiceCase)
        .left_outer_join(_Person, on=(ServiceCase.person == _Person.id))
        .switch(ServiceCase)
        .left_outer_join(_Doer, on=(ServiceCase.done_by == _Doer.id))
        .switch(ServiceCase)
    )


def to_row(row: dict[str, Any], today: date) -> dict[str, Any]:
    """The row as lists show it: words for keys, how late it is, in red while that can be mended."""
    status = STATUS_BY_KEY[row["status_key"]]
    late = late_days(row["due_date"], row["done_date"] or row["closed_date"], today)
    opinion = OPINION_BY_KEY.get(row["opinion_key"])
    tone = "danger" if late and status in OPEN else "muted" if status is CaseStatus.CLOSED else None
    return {
        **row,
        "customer": shown_name(row["customer_name"], row["customer_phone"]),
        "status": status.title,
        "priority": PRIORITY_BY_KEY[row["priority_key"]].title,
        "opinion": opinion.title if opinion is not None else "",
        "handler": row["done_by"] or row["person"] or row["department"],
        "degree_bp": None if row["done_percent"] is None else row["done_percent"] * 100,
        "late_days": late or None,
        "tone": tone,
    }


def case_listing(actor: Actor, select: Any, default: Sort = NEWEST) -> Listing:
    """The selected cases as a list, in the order ``default`` unless another is asked for."""
    today = actor.today()
    order = {status.key: place for place, status in enumerate(CaseStatus)}
    urgency = {priority.key: place for place, priority in enumerate(Priority)}
    sorts: Mapping[str, Any] = {
        **{key: getattr(ServiceCase, key) for key in _PLAIN},
        "number": ServiceCase.id,
        "customer": Customer.name_key,
        "type": DictionaryItem.position,
        "priority": Case(ServiceCase.priority, list(urgency.items())),
        "status": Case(ServiceCase.status, list(order.items())),
        "handler": fn.coalesce(_Doer.name, _Person.name, Department.name, ""),
        "done_by": _Doer.name,
        "degree_bp": ServiceCase.done_percent,
        "opinion": ServiceCase.opinion,
        "product": Product.name,
        "operator": _Taker.name,
    }
    return SelectListing(
        select,
        identity=ServiceCase.id,
        sorts=cast("Mapping[str, Field]", sorts),
        default=default,
        to_row=lambda row: to_row(row, today),
    )
