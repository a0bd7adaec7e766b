"""Adding and changing a reminder."""

import tkinter as tk
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.reminders.queries import ReminderDetail, reminder_detail
from meiping.domains.reminders.rules import (
    CONTENT_LIMIT,
    MORNING,
    SUBJECT_LIMIT,
    WEEKDAYS,
    ReminderInput,
    Repeat,
    weekday_bit,
)
from meiping.domains.reminders.service import add_reminder, change_reminder
from meiping.domains.reminders.spoken_times import parse_when
from meiping.kernel.actor import Scope
from meiping.ui.context import Context
from meiping.ui.customer_field import customer_field
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

Saved = Callable[[int], None]
"""Hears the id of what was saved."""
_QUICK = ("1小时后", "今晚8点", "明天9点", "后天9点", "下周一9点", "1个月后")


def add_reminder_dialog(
    parent: tk.Misc,
    context: Context,
    saved: Saved,
    *,
    customer_id: int | None = None,
    subject: str = "",
) -> FormDialog:
    """Ask for a new reminder, for a customer and about a subject if given."""
    values = {
        "subject": subject[:SUBJECT_LIMIT],
        "customer_id": customer_id,
        "first_date": context.actor.today() + timedelta(days=1),
        "time_of_day": MORNING,
        "repeat": Repeat.ONCE,
        "days_ahead": 0,
        "operator_id": context.actor.operator_id,
    }

    def submit(entered: Mapping[str, Any]) -> bool:
        return context.run(
            add_reminder,
            reminder=_reminder(context, entered),
            near=dialog,
            success="已添加提醒。",
            done=saved,
        )

    dialog = _dialog(parent, context, "添加提醒", values, submit)
    return dialog


def change_reminder_dialog(
    parent: tk.Misc, context: Context, reminder_id: int, saved: Saved
) -> FormDialog | None:
    """Change a reminder; None if it is gone."""
    detail: ReminderDetail | None = context.read(reminder_detail, reminder_id=reminder_id)
    if detail is None:
        return None
    known = Choice(detail.customer_id, detail.customer) if detail.customer_id is not None else None
    values = {
        "subject": detail.subject,
        "customer_id": known,
        "first_date": detail.schedule.first_date,
        "time_of_day": detail.schedule.time_of_day,
        "repeat": detail.schedule.repeat,
        "weekdays": [day for day in range(7) if detail.schedule.weekdays & weekday_bit(day)],
        "days_ahead": detail.schedule.days_ahead,
        "operator_id": detail.operator_id,
        "content": detail.content,
    }

    def submit(entered: Mapping[str, Any]) -> bool:
        return context.run(
            change_reminder,
            reminder_id=reminder_id,
            reminder=_reminder(context, entered),
            near=dialog,
            success="已保存提醒。",
            done=lambda _nothing: saved(reminder_id),
        )

    dialog = _dialog(parent, context, "修改提醒", values, submit)
    return dialog


def _reminder(context: Context, entered: Mapping[str, Any]) -> ReminderInput:
    return ReminderInput(
        subject=entered["subject"],
        first_date=entered["first_date"],
        time_of_day=entered["time_of_day"],
        repeat=entered["repeat"],
        customer_id=entered.get("customer_id"),
        content=entered["content"],
        operator_id=entered.get("operator_id", context.actor.operator_id),
        weekdays=sum(weekday_bit(day) for day in entered.get("weekdays", ())),
        days_ahead=entered["days_ahead"] or 0,
    )


def _dialog(
    parent: tk.Misc,
    context: Context,
    title: str,
    values: Mapping[str, Any],
    submit: Callable[[Mapping[str, Any]], bool],
) -> FormDialog:
    def changed(key: str) -> None:
        spoken = dialog.form.value("quick") if key == "quick" else None
        if spoken:
            moment = parse_when(spoken, now=context.actor.now())
            dialog.form.set_value("first_date", moment.date())
            dialog.form.set_value("time_of_day", moment.time().replace(second=0, microsecond=0))
        if key == "repeat":
            _offer_weekdays(dialog.form)

    dialog = FormDialog(
        parent,
        title,
        _fields(context),
        values=values,
        on_submit=submit,
        on_change=changed,
        columns=2,
        width=620,
    )
    _offer_weekdays(dialog.form)
    return dialog


def _offer_weekdays(form: Form) -> None:
    """A weekly one asks on which days: that of its first date to begin with."""
    weekly = form.value("repeat") is Repeat.WEEKLY
    first = form.value("first_date")
    if weekly and first is not None and not form.value("weekdays"):
        form.set_value("weekdays", [first.weekday()])
    form.show("weekdays", weekly)


def _fields(context: Context) -> list[Field]:
    fields = [
        Field("subject", "主题", required=True, limit=SUBJECT_LIMIT, span=2, hint="例如：回访、送货、收款"),
    ]
    if context.actor.can(VIEW_CUSTOMERS):
        fields.append(customer_field(context, span=2))
    fields += [
        Field("quick", "快选", FieldKind.CHOICE, choices=_quick_times(context), span=2),
        Field("first_date", "日期", FieldKind.DATE, required=True),
        Field("time_of_day", "时间", FieldKind.TIME, required=True),
        Field(
            "repeat",
            "重复",
            FieldKind.CHOICE,
            required=True,
            choices=[(repeat, repeat.title) for repeat in Repeat],
        ),
        Field("days_ahead", "提前（天）", FieldKind.NUMBER, width=6, hint="0 表示当天提醒"),
        Field("weekdays", "每周的", FieldKind.SEVERAL, choices=[*enumerate(f"周{day}" for day in WEEKDAYS)]),
    ]
    if context.actor.scope() > Scope.OWN:
        fields.append(
            Field(
                "operator_id",
                "提醒谁",
                FieldKind.CHOICE,
                required=True,
                choices=lambda: colleagues(context.actor),
            )
        )
    return [
        *fields,
        Field("content", "内容", FieldKind.LONG_TEXT, limit=CONTENT_LIMIT, lines=4, span=2),
    ]


def _quick_times(context: Context) -> list[tuple[str, str]]:
    """What is still to come today and later, each with the moment it means."""
    now = context.actor.now().astimezone()
    moments = [(spoken, parse_when(spoken, now=now)) for spoken in _QUICK if not _passed(spoken, now.hour)]
    return [
        (spoken, f"{spoken}（{moment:%m-%d} 周{'一二三四五六日'[moment.weekday()]} {moment:%H:%M}）")
        for spoken, moment in moments
    ]


def _passed(spoken: str, hour: int) -> bool:
    return spoken == "今晚8点" and hour >= 20
