"""Entering and changing a service case."""

import tkinter as tk
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.contacts.queries import contact_names
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.settings.queries import words
from meiping.domains.support.queries import CaseDetail, case_detail, department_choices
from meiping.domains.support.rules import (
    ASSIGN,
    HANDLE,
    PERSON_LIMIT,
    SUBJECT_LIMIT,
    TEXT_LIMIT,
    TYPES,
    Assigned,
    CaseInput,
    CaseStatus,
    Priority,
)
from meiping.domains.support.service import add_case, change_case
from meiping.ui.context import Context
from meiping.ui.customer_field import customer_field
from meiping.ui.product_field import product_field
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

Saved = Callable[[int], None]
"""Hears the id of what was saved."""
_FIELDS = (
    "subject",
    "type_id",
    "priority",
    "content",
    "contact_name",
    "contact_phone",
    "due_date",
    "registered_date",
)


def add_case_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, customer: tuple[int, str] | None = None
) -> FormDialog | None:
    """Write down a complaint or request of a customer (id, name), who is asked for as well if not given.

    None for who may not look at customers.
    """
    if customer is None and not context.actor.can(VIEW_CUSTOMERS):
        context.toast("登记服务单要能查看客户，请联系管理员。", kind="warning")
        return None
    key, kinds = str(uuid.uuid4()), words(TYPES)
    values = {
        "type_id": kinds[0].id if kinds else None,
        "priority": Priority.NORMAL,
        "registered_date": context.actor.today(),
    }

    def submit(entered: dict[str, Any]) -> bool:
        assigned = Assigned(entered.get("person_id"), entered.get("department_id"))
        return context.run(
            add_case,
            key=key,
            customer_id=customer[0] if customer is not None else entered["customer_id"],
            case=_entered(entered, None),
            assigned=assigned,
            near=dialog,
            button=dialog.button,
            success="已登记服务单。",
            done=saved,
        )

    head = _of(customer[1]) if customer is not None else customer_field(context, required=True, span=2)
    customer_id = customer[0] if customer is not None else None
    dialog = _dialog(
        parent,
        context,
        "登记服务单",
        [head, *_fields(context, None)],
        values,
        submit,
        customer_id,
    )
    if customer is not None:
        dialog.form.editor("subject").target.focus_set()
    return dialog


def change_case_dialog(parent: tk.Misc, context: Context, case_id: int, saved: Saved) -> FormDialog | None:
    """Change what was entered of a case; None if it is gone, or closed and so only to be read."""
    detail: CaseDetail | None = context.read(case_detail, case_id=case_id)
    if detail is None or not context.actor.can(HANDLE):
        return None
    if detail.status is CaseStatus.CLOSED:
        context.toast(f"服务单 {detail.number} 已关闭，要改请先重新处理。", kind="info")
        return None
    values = {key: getattr(detail, key) for key in (*_FIELDS, "product_id")}

    def submit(entered: dict[str, Any]) -> bool:
        return context.run(
            change_case,
            case_id=case_id,
            case=_entered(entered, detail),
            near=dialog,
            button=dialog.button,
            success=f"已保存服务单 {detail.number}。",
            done=lambda _count: saved(case_id),
        )

    fields = [_of(detail.customer), *_fields(context, detail)]
    dialog = _dialog(
        parent, context, f"修改服务单 {detail.number}", fields, values, submit, detail.customer_id
    )
    return dialog


def given_to(context: Context) -> list[Field]:
    """Who is to deal with it; a department too where there are any. Who may not give it to others takes it himself."""
    actor = context.actor
    people = [one for one in colleagues(actor) if actor.can(ASSIGN) or one[0] == actor.operator_id]
    fields = [Field("person_id", "交给", FieldKind.CHOICE, choices=people)]
    rooms = department_choices()
    if rooms and actor.can(ASSIGN):
        fields.append(Field("department_id", "部门", FieldKind.CHOICE, choices=rooms))
    return fields


def _fields(context: Context, detail: CaseDetail | None) -> list[Field]:
    kind = detail.type_id if detail is not None else None
    every = words(TYPES, with_inactive=True)
    types = [(word.id, word.name) for word in every if word.active or word.id == kind]
    fields = [
        Field("subject", "主题", required=True, limit=SUBJECT_LIMIT, span=2),
        Field("type_id", "服务类型", FieldKind.CHOICE, required=True, choices=types),
        Field(
            "priority",
            "优先级",
            FieldKind.SWITCH,
            choices=[(priority, priority.title) for priority in Priority],
        ),
    ]
    if context.actor.can(VIEW_PRODUCTS):
        fields.append(product_field(context, span=2))
    return [
        *fields,
        Field("contact_name", "联系人", FieldKind.SUGGEST, limit=PERSON_LIMIT),
        Field("contact_phone", "联系电话", FieldKind.PHONE),
        Field("registered_date", "登记日期", FieldKind.DATE, required=True),
        Field("due_date", "期限", FieldKind.DATE),
        *(given_to(context) if detail is None else ()),
        Field("content", "内容", FieldKind.LONG_TEXT, limit=TEXT_LIMIT, lines=5, span=2),
    ]


def _entered(values: Mapping[str, Any], before: CaseDetail | None) -> CaseInput:
    """Who may not look at products leaves the one that stands there."""
    kept = before.product_id if before is not None else None
    return CaseInput(**{key: values[key] for key in _FIELDS}, product_id=values.get("product_id", kept))


def _dialog(
    parent: tk.Misc,
    context: Context,
    title: str,
    fields: Sequence[Field],
    values: Mapping[str, Any],
    submit: Callable[[dict[str, Any]], bool],
    customer_id: int | None,
) -> FormDialog:
    def persons() -> list[tuple[str, str]]:
        wanted = customer_id or dialog.form.value("customer_id")
        names = (context.read(contact_names, customer_id=wanted) or []) if wanted else []
        return [(name, name) for name in names]

    if context.actor.can(VIEW_CUSTOMERS):
        fields = [
            replace(field, choices=persons) if field.kind is FieldKind.SUGGEST else field for field in fields
        ]
    dialog = FormDialog(parent, title, fields, values=values, on_submit=submit, columns=2, width=680)
    return dialog


def _of(customer: str) -> Field:
    return Field("present", "", FieldKind.NOTE, hint=f"客户：{customer}")
