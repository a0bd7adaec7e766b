"""Entering and changing a contact, and what is done with contacts from more than one page."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from meiping.domains.contacts.queries import ContactDetail, contact_detail
from meiping.domains.contacts.rules import CONTACT_FIELDS, CONTACT_TITLES, PERSON_LIMIT, ContactInput
from meiping.domains.contacts.service import (
    add_contact,
    change_contact,
    delete_contacts,
    restore_contacts,
    set_main_contact,
)
from meiping.domains.customers.rules import GENDERS
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.customer_field import customer_field
from meiping.ui.pages.customers.recycling import recycle
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

Saved = Callable[[int], None]
"""Hears the id of what was saved."""
_BASICS, _REACH, _OTHER = "基本", "联系方式", "其他"


def _named(key: str, kind: FieldKind = FieldKind.TEXT, **rest: Any) -> Field:
    return Field(key, CONTACT_TITLES[key], kind, **rest)


def _fields(head: Field) -> tuple[Field, ...]:
    genders = tuple((word, word) for word in GENDERS)
    return (
        head,
        _named("name", required=True, limit=PERSON_LIMIT, section=_BASICS),
        _named("nickname", limit=40, section=_BASICS),
        _named("department", limit=40, section=_BASICS),
        _named("post", limit=40, section=_BASICS),
        _named("gender", FieldKind.CHOICE, choices=genders, section=_BASICS),
        _named("main", FieldKind.CHECK, section=_BASICS),
        _named("birth_date", FieldKind.DATE, section=_BASICS),
        Field("birthday_lunar", "按农历", FieldKind.CHECK, section=_BASICS),
        _named("mobile", FieldKind.PHONE, section=_REACH),
        _named("office_phone", FieldKind.PHONE, section=_REACH),
        _named("home_phone", FieldKind.PHONE, section=_REACH),
        _named("wechat", limit=40, section=_REACH),
        _named("qq", limit=20, section=_REACH),
        _named("email", limit=100, section=_REACH),
        _named("address", limit=200, section=_REACH, span=2),
        _named("notes", FieldKind.LONG_TEXT, lines=3, section=_OTHER),
    )


def _entered(values: Mapping[str, Any]) -> ContactInput:
    wanted = {key: values[key] for key in CONTACT_FIELDS}
    return ContactInput(**{**wanted, "gender": wanted["gender"] or ""})


def add_contact_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, customer: tuple[int, str] | None = None
) -> FormDialog:
    """Ask for a new contact of a customer (id, name), who is asked for as well if not given."""

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            add_contact,
            customer_id=customer[0] if customer is not None else values["customer_id"],
            contact=_entered(values),
            near=dialog,
            button=dialog.button,
            success=f"已新增联系人“{values['name']}”。",
            done=saved,
        )

    head = _of(customer[1]) if customer is not None else customer_field(context, required=True, span=2)
    dialog = FormDialog(parent, "新增联系人", _fields(head), on_submit=submit, columns=2, width=680)
    return dialog


def change_contact_dialog(
    parent: tk.Misc, context: Context, contact_id: int, saved: Saved
) -> FormDialog | None:
    """Change a contact; None if it is gone."""
    detail: ContactDetail | None = context.read(contact_detail, contact_id=contact_id)
    if detail is None:
        return None

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            change_contact,
            contact_id=contact_id,
            contact=_entered(values),
            near=dialog,
            button=dialog.button,
            success=f"已保存联系人“{values['name']}”。",
            done=lambda _count: saved(contact_id),
        )

    fields = _fields(_of(detail.customer))
    values = asdict(detail.contact)
    dialog = FormDialog(parent, "修改联系人", fields, values=values, on_submit=submit, columns=2, width=680)
    return dialog


def _of(customer: str) -> Field:
    return Field("present", "", FieldKind.NOTE, hint=f"客户：{customer}")


def make_main(context: Context, row: Row, done: Callable[[], None]) -> None:
    """Make a contact the main one of its customer."""
    context.run(
        set_main_contact,
        contact_id=row["id"],
        success=f"“{row['name']}”现在是主联系人。",
        done=lambda _nothing: done(),
    )


def delete_chosen_contacts(
    context: Context, ids: Sequence[int], row: Row | None, done: Callable[[], None]
) -> None:
    """Put contacts into the recycle bin, with the way back in the message; ``row`` is that of the only one."""
    recycle(
        context,
        delete_contacts,
        restore_contacts,
        {"contact_ids": ids},
        told=f"已删除联系人“{row['name']}”。" if row else f"已删除 {len(ids):,} 位联系人。",
        back=lambda count: f"已恢复 {count:,} 位联系人。",
        done=done,
    )
