"""The steps of a service case: who deals with it, that it is done, what the customer said, closed, dealt with anew."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.support.queries import CaseDetail, case_detail
from meiping.domains.support.rules import (
    REASON_LIMIT,
    STATUS_BY_KEY,
    TEXT_LIMIT,
    Assigned,
    DoneInput,
    Opinion,
    RevisitInput,
    Step,
    check_reason,
    may_step,
    require_step,
)
from meiping.domains.support.service import (
    assign_case,
    close_cases,
    delete_cases,
    finish_case,
    reopen_case,
    restore_cases,
    revisit_case,
)
from meiping.kernel.errors import UserError
from meiping.kernel.tabular import Row
from meiping.ui.cases.case_dialog import given_to
from meiping.ui.context import Context
from meiping.ui.widgets.dialogs import ask_text
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

Done = Callable[[], None]
_MANY = 20
"""Above this many a deletion is asked about first; fewer are taken back by 撤销."""


def _at_step(context: Context, case_id: int, step: Step) -> CaseDetail | None:
    """The case, if this step can be taken with it; else it is told why not."""
    detail: CaseDetail | None = context.read(case_detail, case_id=case_id)
    if detail is None:
        return None
    try:
        require_step(step, detail.status, detail.number)
    except UserError as error:
        context.toast(error.sentence, kind="info")
        return None
    return detail


def _asked(
    parent: tk.Misc, title: str, detail: CaseDetail, fields: Sequence[Field], **rest: Any
) -> FormDialog:
    """A small form below what the case is about."""
    about = " · ".join(filter(None, (detail.customer, detail.subject)))
    head = Field("present", "", FieldKind.NOTE, hint=about)
    return FormDialog(parent, f"{title} {detail.number}", [head, *fields], columns=1, width=440, **rest)


def assign_dialog(parent: tk.Misc, context: Context, case_id: int, done: Done) -> FormDialog | None:
    """Ask who is to deal with a case, and until when."""
    detail = _at_step(context, case_id, Step.ASSIGN)
    if detail is None:
        return None

    def submit(entered: Values) -> bool:
        return context.run(
            assign_case,
            case_id=case_id,
            assigned=Assigned(entered["person_id"], entered.get("department_id")),
            due_date=entered["due_date"],
            note=entered["note"],
            near=dialog,
            button=dialog.button,
            success=f"已派工 {detail.number}。",
            done=lambda _none: done(),
        )

    fields = [
        *given_to(context),
        Field("due_date", "期限", FieldKind.DATE),
        Field("note", "说明", limit=REASON_LIMIT),
    ]
    values = {
        "person_id": detail.person_id,
        "department_id": detail.department_id,
        "due_date": detail.due_date,
    }
    shown = {field.key for field in fields}
    values = {key: value for key, value in values.items() if key in shown}
    title = "派工" if detail.person_id is None and detail.department_id is None else "改派"
    dialog = _asked(parent, title, detail, fields, values=values, submit="派工", on_submit=submit)
    return dialog


def take_case(context: Context, case_id: int, done: Done) -> None:
    """Have the operator deal with a case himself; its term stays."""
    detail = _at_step(context, case_id, Step.ASSIGN)
    if detail is not None:
        context.run(
            assign_case,
            case_id=case_id,
            assigned=Assigned(context.actor.operator_id),
            due_date=detail.due_date,
            success=f"{detail.number} 由您处理。",
            done=lambda _none: done(),
        )


def finish_dialog(parent: tk.Misc, context: Context, case_id: int, done: Done) -> FormDialog | None:
    """Ask who dealt with a case, how far and how."""
    detail = _at_step(context, case_id, Step.FINISH)
    if detail is None:
        return None

    def submit(entered: Values) -> bool:
        return context.run(
            finish_case,
            case_id=case_id,
            finished=DoneInput(
                entered["person_id"], entered["percent"], entered["done_date"], entered["result"]
            ),
            near=dialog,
            button=dialog.button,
            success=f"服务单 {detail.number} 已完成。",
            done=lambda _none: done(),
        )

    fields = [
        Field(
            "person_id",
            "服务人员",
            FieldKind.CHOICE,
            required=True,
            choices=lambda: colleagues(context.actor),
        ),
        Field("percent", "完成度（%）", FieldKind.NUMBER, required=True, width=6),
        Field("done_date", "完成日期", FieldKind.DATE, required=True),
        Field("result", "处理结果", FieldKind.LONG_TEXT, limit=TEXT_LIMIT, lines=4),
    ]
    values = {
        "person_id": detail.person_id or context.actor.operator_id,
        "percent": 100,
        "done_date": context.actor.today(),
    }
    dialog = _asked(parent, "完成", detail, fields, values=values, submit="完成", on_submit=submit)
    return dialog


def revisit_dialog(parent: tk.Misc, context: Context, case_id: int, done: Done) -> FormDialog | None:
    """Ask what the customer said afterwards."""
    detail = _at_step(context, case_id, Step.REVISIT)
    if detail is None:
        return None

    def submit(entered: Values) -> bool:
        return context.run(
            revisit_case,
            case_id=case_id,
            revisit=RevisitInput(entered["opinion"], entered["feedback"], entered["revisited_date"]),
            near=dialog,
            button=dialog.button,
            success=f"已记下 {detail.number} 的回访。",
            done=lambda _none: done(),
        )

    opinions = [(opinion, opinion.title) for opinion in Opinion]
    fields = [
        Field("opinion", "客户是否满意", FieldKind.CHOICE, required=True, choices=opinions),
        Field("revisited_date", "回访日期", FieldKind.DATE, required=True),
        Field("feedback", "客户反馈", FieldKind.LONG_TEXT, limit=TEXT_LIMIT, lines=4),
    ]
    values = {
        "opinion": detail.opinion,
        "feedback": detail.feedback,
        "revisited_date": context.actor.today(),
    }
    dialog = _asked(parent, "回访", detail, fields, values=values, on_submit=submit)
    return dialog


def close_chosen_cases(parent: tk.Misc, context: Context, rows: Sequence[Row], done: Done) -> None:
    """Put cases to the files; of those nobody dealt with it is asked why."""
    wanted = [row for row in rows if may_step(Step.CLOSE, STATUS_BY_KEY[row["status_key"]])]
    if not wanted:
        context.toast("选中的服务单已经关闭。", kind="info")
        return
    reason: str | None = ""
    if any(row["done_date"] is None for row in wanted):
        which = wanted[0]["number"] if len(wanted) == 1 else f"选中的 {len(wanted):,} 张服务单"
        reason = ask_text(
            parent,
            f"{which} 还没有完成，为什么关闭？",
            yes="关闭",
            check=partial(check_reason, needed=True),
        )
    if reason is not None:
        context.run(
            close_cases,
            case_ids=[row["id"] for row in wanted],
            reason=reason,
            success=lambda count: f"已关闭 {count:,} 张服务单。",
            done=lambda _count: done(),
        )


def reopen_asking(parent: tk.Misc, context: Context, case_id: int, done: Done) -> None:
    """Have a case dealt with anew, and ask why."""
    detail = _at_step(context, case_id, Step.REOPEN)
    if detail is None:
        return
    reason = ask_text(
        parent,
        f"{detail.number} 为什么要重新处理？",
        yes="重新处理",
        check=partial(check_reason, needed=True),
    )
    if reason is not None:
        context.run(
            reopen_case,
            case_id=case_id,
            reason=reason,
            success=f"{detail.number} 重新处理。",
            done=lambda _none: done(),
        )


def delete_chosen_cases(context: Context, ids: Sequence[int], done: Done) -> None:
    """Put cases into the recycle bin, with the way back in the message."""
    if len(ids) > _MANY and not context.ask(
        f"把选中的 {len(ids):,} 张服务单移入回收站吗？",
        yes="移入回收站",
        danger=True,
        detail="可以在回收站里恢复。",
    ):
        return

    def undo() -> None:
        context.run(
            restore_cases,
            case_ids=ids,
            success=lambda count: f"已恢复 {count:,} 张服务单。",
            done=lambda _count: done(),
        )

    if context.run(delete_cases, case_ids=ids, done=lambda _count: done()):
        context.toast(f"已删除 {len(ids):,} 张服务单。", action=("撤销", undo))
