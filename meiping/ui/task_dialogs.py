"""The forms of tasks: a new one, changing one, how far it is, a comment."""

import tkinter as tk
import uuid
from collections.abc import Callable
from typing import Any

from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.office.people import assignees
from meiping.domains.office.queries import TaskDetail, task_detail
from meiping.domains.office.rules import (
    COMMENT_LIMIT,
    CONTENT_LIMIT,
    TITLE_LIMIT,
    WHOLE,
    Priority,
    TaskInput,
    TaskState,
)
from meiping.domains.office.service import add_task, change_task, comment_task, set_progress
from meiping.ui.context import Context
from meiping.ui.customer_field import customer_field
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

Saved = Callable[[int], None]
"""Hears the id of the task."""


def add_task_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, customer_id: int | None = None
) -> FormDialog:
    """Ask for a new task, about a customer if given."""
    key, people = str(uuid.uuid4()), _people(context)

    def submit(entered: Values) -> bool:
        return context.run(
            add_task,
            key=key,
            task=_task(context, entered),
            near=dialog,
            button=dialog.button,
            success="已添加任务。",
            done=saved,
        )

    values = {
        "customer_id": customer_id,
        "priority": Priority.NORMAL,
        "assignee_id": context.actor.operator_id,
    }
    dialog = FormDialog(
        parent, "添加任务", _fields(context, people), values=values, on_submit=submit, columns=2, width=620
    )
    return dialog


def change_task_dialog(parent: tk.Misc, context: Context, task_id: int, saved: Saved) -> FormDialog | None:
    """Change a task; one that others gave is told how far it is instead. None if there is nothing to ask."""
    detail: TaskDetail | None = context.read(task_detail, task_id=task_id)
    if detail is None:
        return None
    if not detail.may_change:
        context.toast(f"这个任务由“{detail.giver}”布置，内容和期限只有他和上级可以改。", kind="info")
        return progress_dialog(parent, context, task_id, saved) if detail.state is TaskState.OPEN else None
    people = _people(context, detail)

    def submit(entered: Values) -> bool:
        return context.run(
            change_task,
            task_id=task_id,
            task=_task(context, entered, detail),
            near=dialog,
            button=dialog.button,
            success="已保存任务。",
            done=lambda _count: saved(task_id),
        )

    known = None if detail.customer_id is None else Choice(detail.customer_id, detail.customer)
    values = {
        "title": detail.title,
        "customer_id": known,
        "due_date": detail.due_date,
        "priority": detail.priority,
        "assignee_id": detail.assignee_id,
        "content": detail.content,
    }
    dialog = FormDialog(
        parent, "修改任务", _fields(context, people), values=values, on_submit=submit, columns=2, width=620
    )
    return dialog


def _people(context: Context, detail: TaskDetail | None = None) -> list[tuple[int, str]]:
    """To whom it may be given; who has it stays among them."""
    found: list[tuple[int, str]] = context.read(assignees) or []
    has = [(detail.assignee_id, detail.assignee)] if detail is not None else []
    return [*found, *(one for one in has if one[0] not in dict(found))]


def _fields(context: Context, people: list[tuple[int, str]]) -> list[Field]:
    fields = [
        Field("title", "任务", required=True, limit=TITLE_LIMIT, span=2, hint="要做什么，例如：给王总送样品"),
        Field("due_date", "截止日期", FieldKind.DATE, hint="到期当天会提醒负责人"),
        Field(
            "priority",
            "优先级",
            FieldKind.CHOICE,
            required=True,
            choices=[(priority, priority.title) for priority in Priority],
        ),
    ]
    if len(people) > 1:
        fields.append(Field("assignee_id", "负责人", FieldKind.CHOICE, required=True, choices=people))
    if context.actor.can(VIEW_CUSTOMERS):
        fields.append(customer_field(context, span=1 if len(people) > 1 else 2))
    return [
        *fields,
        Field("content", "内容", FieldKind.LONG_TEXT, limit=CONTENT_LIMIT, lines=5, span=2),
    ]


def _task(context: Context, entered: Values, detail: TaskDetail | None = None) -> TaskInput:
    has = detail.assignee_id if detail is not None else context.actor.operator_id
    about = detail.customer_id if detail is not None else None
    return TaskInput(
        title=entered["title"],
        content=entered["content"],
        customer_id=entered.get("customer_id", about),
        due_date=entered["due_date"],
        priority=entered["priority"],
        assignee_id=entered.get("assignee_id", has),
    )


def progress_dialog(parent: tk.Misc, context: Context, task_id: int, saved: Saved) -> FormDialog | None:
    """How far a task is, with a comment if wanted; None if there is nothing to say."""
    detail: TaskDetail | None = context.read(task_detail, task_id=task_id)
    if detail is None:
        return None
    if detail.state is not TaskState.OPEN:
        context.toast(f"这个任务{detail.state.title}，要继续做请先重新打开。", kind="info")
        return None

    def submit(entered: Values) -> bool:
        percent = entered["percent"]
        return context.run(
            set_progress,
            task_id=task_id,
            percent=percent,
            text=entered["text"],
            near=dialog,
            button=dialog.button,
            success="任务已完成。" if percent == WHOLE else f"进度已更新为 {percent}%。",
            done=lambda _none: saved(task_id),
        )

    fields = (
        Field("task", "", FieldKind.NOTE, hint=detail.title),
        Field("percent", "进度（%）", FieldKind.NUMBER, required=True, width=6, hint="填 100 就是完成"),
        _words("批注", required=False, hint="做到哪里了，还缺什么（可以不填）"),
    )
    values: dict[str, Any] = {"percent": detail.percent}
    dialog = FormDialog(parent, "更新进度", fields, values=values, on_submit=submit, width=460)
    return dialog


def comment_dialog(parent: tk.Misc, context: Context, task_id: int, saved: Saved) -> FormDialog | None:
    """Say something about a task; None if it is gone."""
    detail: TaskDetail | None = context.read(task_detail, task_id=task_id)
    if detail is None:
        return None

    def submit(entered: Values) -> bool:
        return context.run(
            comment_task,
            task_id=task_id,
            text=entered["text"],
            near=dialog,
            button=dialog.button,
            success="已批注。",
            done=lambda _comment_id: saved(task_id),
        )

    fields = (
        Field("task", "", FieldKind.NOTE, hint=detail.title),
        _words("批注", required=True, hint="写下以后不能改，负责人和布置人都看得到"),
    )
    dialog = FormDialog(parent, "批注", fields, submit="批注", on_submit=submit, width=460)
    return dialog


def _words(title: str, *, required: bool, hint: str) -> Field:
    return Field(
        "text", title, FieldKind.LONG_TEXT, required=required, limit=COMMENT_LIMIT, lines=4, hint=hint
    )
