"""Entering and changing a contact record, and what is done with records from more than one page."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from meiping.domains.contacts.queries import RecordDetail, contact_names, record_detail
from meiping.domains.contacts.recording import add_record, change_record, delete_records, restore_records
from meiping.domains.contacts.rules import CONTENT_LIMIT, PERSON_LIMIT, RecordInput
from meiping.domains.settings.queries import words
from meiping.kernel.moments import from_ms, show_date
from meiping.ui.context import Context
from meiping.ui.customer_field import customer_field
from meiping.ui.pages.customers.recycling import recycle
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

Saved = Callable[[int], None]
"""Hears the id of what was saved."""
_AHEAD = ((1, "明天"), (3, "3 天后"), (7, "一周后"), (14, "两周后"), (30, "一个月后"), (90, "三个月后"))
_WEEKDAYS = "一二三四五六日"


def days_ahead(today: date) -> list[tuple[date, str]]:
    """The usual days for a next contact, each with the word for it and the day it means."""
    days = [(today + timedelta(days=offset), word) for offset, word in _AHEAD]
    return [(day, f"{word}（{day:%m-%d} 周{_WEEKDAYS[day.weekday()]}）") for day, word in days]


def _fields(context: Context, head: Field, persons: Callable[[], list[str]], kind: int | None) -> list[Field]:
    def types() -> list[tuple[int, str]]:
        every = words("contact_type", with_inactive=True)
        return [(word.id, word.name) for word in every if word.active or word.id == kind]

    return [
        head,
        Field("on_date", "联系日期", FieldKind.DATE, required=True),
        Field("time_of_day", "时间", FieldKind.TIME, required=True),
        Field("type_id", "联系类型", FieldKind.CHOICE, choices=types),
        Field(
            "contact_name",
            "联系人",
            FieldKind.SUGGEST,
            choices=lambda: [(name, name) for name in persons()],
            limit=PERSON_LIMIT,
        ),
        Field("content", "内容", FieldKind.LONG_TEXT, required=True, limit=CONTENT_LIMIT, lines=6),
        Field("next_contact_date", "下次联系", FieldKind.DATE),
        Field("quick", "快选", FieldKind.CHOICE, choices=days_ahead(context.actor.today())),
    ]


def _entered(values: Mapping[str, Any]) -> RecordInput:
    at = datetime.combine(values["on_date"], values["time_of_day"]).astimezone()
    return RecordInput(
        values["content"],
        type_id=values["type_id"],
        at=at,
        contact_name=values["contact_name"],
        next_contact_date=values["next_contact_date"],
    )


def _dialog(
    parent: tk.Misc,
    context: Context,
    title: str,
    head: Field,
    values: Mapping[str, Any],
    submit: Callable[[dict[str, Any]], bool],
    customer_id: int | None,
) -> FormDialog:
    def persons() -> list[str]:
        wanted = customer_id or dialog.form.value("customer_id")
        return (context.read(contact_names, customer_id=wanted) or []) if wanted else []

    def changed(key: str) -> None:
        if key == "quick" and (day := dialog.form.value("quick")) is not None:
            dialog.form.set_value("next_contact_date", day)

    dialog = FormDialog(
        parent,
        title,
        _fields(context, head, persons, values.get("type_id")),
        values=values,
        on_submit=submit,
        on_change=changed,
        columns=2,
        width=640,
    )
    return dialog


def add_record_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, customer: tuple[int, str] | None = None
) -> FormDialog:
    """Ask what was spoken with a customer (id, name), who is asked for as well if not given."""
    now = context.actor.now().astimezone()
    kinds = words("contact_type")
    values = {
        "on_date": now.date(),
        "time_of_day": now.time().replace(second=0, microsecond=0),
        "type_id": kinds[0].id if kinds else None,
    }

    def submit(entered: dict[str, Any]) -> bool:
        planned = entered["next_contact_date"]
        return context.run(
            add_record,
            customer_id=customer[0] if customer is not None else entered["customer_id"],
            record=_entered(entered),
            near=dialog,
            button=dialog.button,
            success="已记下联系反馈" + (f"，下次联系 {show_date(planned)}。" if planned else "。"),
            done=saved,
        )

    head = _of(customer[1]) if customer is not None else customer_field(context, required=True, span=2)
    customer_id = customer[0] if customer is not None else None
    dialog = _dialog(parent, context, "新增联系反馈", head, values, submit, customer_id)
    if customer is not None:
        dialog.form.editor("content").target.focus_set()
    return dialog


def change_record_dialog(
    parent: tk.Misc, context: Context, record_id: int, saved: Saved
) -> FormDialog | None:
    """Change a contact record; None if it is gone."""
    detail: RecordDetail | None = context.read(record_detail, record_id=record_id)
    if detail is None:
        return None
    at = from_ms(detail.at)
    values = {
        "on_date": at.date(),
        "time_of_day": at.time().replace(second=0, microsecond=0),
        "type_id": detail.type_id,
        "contact_name": detail.contact_name,
        "content": detail.content,
        "next_contact_date": detail.next_contact_date,
    }

    def submit(entered: dict[str, Any]) -> bool:
        return context.run(
            change_record,
            record_id=record_id,
            record=_entered(entered),
            near=dialog,
            button=dialog.button,
            success="已保存联系反馈。",
            done=lambda _count: saved(record_id),
        )

    head = _of(detail.customer)
    dialog = _dialog(parent, context, "修改联系反馈", head, values, submit, detail.customer_id)
    return dialog


def _of(customer: str) -> Field:
    return Field("present", "", FieldKind.NOTE, hint=f"客户：{customer}")


def delete_chosen_records(context: Context, ids: Sequence[int], done: Callable[[], None]) -> None:
    """Put contact records into the recycle bin, with the way back in the message."""

    recycle(
        context,
        delete_records,
        restore_records,
        {"record_ids": ids},
        told=f"已删除 {len(ids):,} 条联系反馈。",
        back=lambda count: f"已恢复 {count:,} 条联系反馈。",
        done=done,
    )
