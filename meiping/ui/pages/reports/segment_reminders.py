"""Reminders about all customers of a segment at once, and where the owner draws the lines between segments."""

import tkinter as tk
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from meiping.domains.reminders.rules import CONTENT_LIMIT, MORNING, SUBJECT_LIMIT, ReminderInput
from meiping.domains.reminders.service import delete_reminders, remind_of_many
from meiping.domains.settings.options import OPTION_BY_KEY
from meiping.domains.settings.service import save_options
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_WHOM = ((True, "各位客户的业务员（没有的提醒我）"), (False, "都提醒我"))
CUTS = ("near_days", "lost_days", "often", "much_yuan", "slip_times", "abc_a", "abc_b")


def remind_of_dialog(parent: tk.Misc, context: Context, word: str, ids: Sequence[int]) -> FormDialog:
    """Ask what to be reminded of for customers; ``word`` says which they are."""
    values = {
        "subject": f"回访{word}"[:SUBJECT_LIMIT],
        "first_date": context.actor.today() + timedelta(days=1),
        "time_of_day": MORNING,
        "owners": True,
    }
    fields = [
        Field("subject", "主题", required=True, limit=SUBJECT_LIMIT),
        Field("first_date", "日期", FieldKind.DATE, required=True),
        Field("time_of_day", "时间", FieldKind.TIME, required=True),
        Field("owners", "提醒谁", FieldKind.CHOICE, required=True, choices=_WHOM),
        Field("content", "内容", FieldKind.LONG_TEXT, limit=CONTENT_LIMIT, lines=3),
    ]

    def submit(entered: Mapping[str, Any]) -> bool:
        reminder = ReminderInput(
            entered["subject"], entered["first_date"], entered["time_of_day"], content=entered["content"]
        )
        return context.run(
            remind_of_many,
            customer_ids=ids,
            reminder=reminder,
            owners=bool(entered["owners"]),
            near=dialog,
            done=told,
        )

    def told(made: list[int]) -> None:
        def undo() -> None:
            context.run(delete_reminders, reminder_ids=made, success="已撤销。")

        context.toast(f"已添加 {len(made):,} 条提醒。", action=("撤销", undo))

    title = f"给 {len(ids):,} 位客户建提醒"
    dialog = FormDialog(
        parent, title, fields, values=values, submit="添加提醒", on_submit=submit, columns=1, width=520
    )
    return dialog


def cut_points_dialog(parent: tk.Misc, context: Context) -> FormDialog:
    """The owner's own cut points; the reports follow at once."""
    keys = [f"analysis.{cut}" for cut in CUTS]
    fields = [
        Field(key, spec.title, FieldKind.NUMBER, required=True, width=10, hint=spec.hint)
        for key in keys
        for spec in (OPTION_BY_KEY[key],)
    ]

    def submit(entered: Mapping[str, Any]) -> bool:
        return context.run(save_options, values=dict(entered), near=dialog, success="已保存分界点。")

    values = {key: context.option(key) for key in keys}
    dialog = FormDialog(
        parent, "客户分析的分界点", fields, values=values, on_submit=submit, columns=1, width=520
    )
    return dialog
