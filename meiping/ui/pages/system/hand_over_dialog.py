"""离职交接: what a leaver has, to whom it goes, and out of use: one guided step."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.stewardship.handing_over import HAND_OVER, HandOver, hand_over
from meiping.domains.stewardship.queries.handing_over import Leaving, hand_over_preview
from meiping.kernel.errors import UserError
from meiping.kernel.tabular import Row
from meiping.store.database import writing
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

_POOL = 0
"""Stands for the public pool where a salesperson is chosen."""
_APART = "apart"
_STATUS = "status."


def hand_over_dialog(
    parent: tk.Misc, context: Context, row: Row, done: Callable[[], object]
) -> FormDialog | None:
    """Ask to whom a leaver's things go; who has nothing is only taken out of use."""
    found: Leaving | None = context.read(hand_over_preview, operator_id=row["id"])
    if found is None:
        return None
    others = [one for one in colleagues(context.actor) if one[0] != row["id"]]
    statuses = found.by_status if len(found.by_status) > 1 else ()

    def submit(entered: Values) -> bool:
        plan = _plan(entered, [one.id for one in statuses])
        question = f"交接“{row['name']}”名下的 {found.words()}，并停用这位操作员吗？"
        detail = "交接是一步完成的，之后他不能再登录，做过的业务都保留。"
        if not context.ask(question, yes="交接并停用", no="再看看", danger=True, detail=detail):
            return False
        told = f"“{row['name']}”的 {found.words()}已交接，账号已停用。"
        _carry_out(context, dialog, partial(_run, operator_id=row["id"], plan=plan), told, done)
        return False

    def changed(key: str) -> None:
        if key == _APART:
            for one in statuses:
                dialog.form.show(f"{_STATUS}{one.id or 0}", bool(dialog.form.value(_APART)))
        elif key == "customers_to":
            _follow(dialog, found, others)

    dialog = FormDialog(
        parent,
        f"离职交接：{row['name']}",
        _fields(found, others, statuses),
        submit="交接…",
        on_submit=submit,
        on_change=changed,
        columns=1,
        width=520,
    )
    for one in statuses:
        dialog.form.show(f"{_STATUS}{one.id or 0}", False)
    return dialog


def _fields(found: Leaving, others: Sequence[tuple[int, str]], statuses: Sequence[Any]) -> list[Field]:
    """A question for each kind of thing there is, with how many there are of it."""
    with_pool = [*others, (_POOL, "公海（没有业务员）")]
    fields = [Field("what", "", FieldKind.NOTE, hint=f"名下：{found.words()}。")]
    if found.customers:
        fields.append(
            Field(
                "customers_to",
                "客户接手人",
                FieldKind.CHOICE,
                required=True,
                choices=with_pool,
                section="客户",
                hint=f"{found.customers:,} 位客户，回收站里的也一并转交",
            )
        )
    if statuses:
        fields.append(Field(_APART, "按状态分别转给不同的人（留空的照上面）", FieldKind.CHECK))
        fields += [
            Field(
                f"{_STATUS}{one.id or 0}",
                f"{one.name}（{one.count:,} 位）",
                FieldKind.CHOICE,
                choices=with_pool,
            )
            for one in statuses
        ]
    rest = (
        (found.reminders, "reminders_to", "提醒接手人", True, "{:,} 条未完成的提醒"),
        (found.tasks, "tasks_to", "任务接手人", True, "{:,} 个未完成的任务，他负责的和布置的"),
        (found.cases, "cases_to", "服务单接手人", False, "{:,} 张未完成的服务单，留空则等待派工"),
        (found.shared, "shared_to", "授权接手人", False, "{:,} 份同事给他的授权，留空则收回"),
        (found.reports, "reports_to", "下属的新上级", False, "{:,} 位下属，留空则没有上级"),
    )
    people = list(others)
    for count, key, title, needed, words in rest:
        if count:
            hint = words.format(count)
            asked = Field(
                key, title, FieldKind.CHOICE, required=needed, choices=people, section="其他", hint=hint
            )
            fields.append(asked)
    if found.claims:
        words = f"{found.claims:,} 份等待确认的领用申请会撤回。"
        fields.append(Field("claims", "", FieldKind.NOTE, section="其他", hint=words))
    return fields


def _follow(dialog: FormDialog, found: Leaving, others: Sequence[tuple[int, str]]) -> None:
    """Who gets the customers is offered for the rest, where nobody is chosen yet."""
    to = dialog.form.value("customers_to")
    rest = (
        (found.reminders, "reminders_to"),
        (found.tasks, "tasks_to"),
        (found.cases, "cases_to"),
        (found.shared, "shared_to"),
    )
    for count, key in rest:
        if count and dialog.form.value(key) is None and to in dict(others):
            dialog.form.set_value(key, to)


def _plan(entered: Values, statuses: Sequence[int | None]) -> HandOver:
    apart: dict[int | None, int | None] = {}
    if entered.get(_APART):
        chosen = {one: entered.get(f"{_STATUS}{one or 0}") for one in statuses}
        apart = {one: to or None for one, to in chosen.items() if to is not None}
    return HandOver(
        customers_to=entered.get("customers_to") or None,
        reminders_to=entered.get("reminders_to"),
        tasks_to=entered.get("tasks_to"),
        cases_to=entered.get("cases_to"),
        shared_to=entered.get("shared_to"),
        reports_to=entered.get("reports_to"),
        by_status=apart,
    )


def _run(context: Context, **values: Any) -> Leaving:
    with writing():
        return hand_over(context.actor, confirmed=frozenset({HAND_OVER}), **values)


def _carry_out(
    context: Context,
    dialog: FormDialog,
    work: Callable[[Context], Leaving],
    told: str,
    done: Callable[[], object],
) -> None:
    """In the background: a leaver may have thousands of customers. A refusal is shown in the dialog."""

    def finished(_found: Leaving) -> None:
        dialog.close()
        context.toast(told)
        done()

    def failed(error: Exception) -> None:
        if isinstance(error, UserError):
            dialog.show_error(error)

    context.background(lambda _progress: work(context), title="离职交接", done=finished, failed=failed)
