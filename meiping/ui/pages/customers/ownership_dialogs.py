"""Who looks after customers: handing them over, delegating them until a day, following them together."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from meiping.domains.access.queries import colleagues
from meiping.domains.customers.queries import CustomerDetail, OpenShare
from meiping.domains.customers.rules import TRANSFER, share_words
from meiping.domains.customers.sharing import end_shares, share_customers, take_back_shares
from meiping.domains.stewardship.handing_over import TransferKept, take_back, transfer
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import in_background
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

Done = Callable[[], None]
TRANSFER_KEY = "Control-t"
_POOL = 0
"""Stands for the public pool where a salesperson is chosen."""
_MANY = 500
"""Above this many customers the work is done in the background."""
_USUAL_DAYS = 7


def ownership_actions(parent: tk.Misc, context: Context, done: Done) -> tuple[Action, ...]:
    """What a list of customers offers about who looks after them."""
    hand, share = (
        partial(transfer_dialog, parent, context, done),
        partial(share_dialog, parent, context, done),
    )
    return (
        Action("转移…", hand, permission=TRANSFER, key=TRANSFER_KEY, needs=Needs.IDS_AND_ROW),
        Action("授权…", share, permission=TRANSFER, needs=Needs.IDS_AND_ROW),
        Action("共同跟进…", partial(share, lasting=True), permission=TRANSFER, needs=Needs.IDS_AND_ROW),
    )


def _of(ids: Sequence[int], row: Row | None) -> str:
    return f"“{row['name']}”" if row else f"选中的 {len(ids):,} 位客户"


def transfer_dialog(
    parent: tk.Misc, context: Context, done: Done, ids: Sequence[int], row: Row | None
) -> FormDialog:
    """Hand customers over to a salesperson or to the public pool; the message offers to take it back.

    ``row`` is that of the only customer, None for several.
    """

    def submit(entered: Values) -> bool:
        to = entered["owner_id"]
        values = {
            "customer_ids": ids,
            "owner_id": to or None,
            "with_reminders": entered["with_reminders"],
        }
        name = dict(people)[to]

        def finished(kept: TransferKept) -> None:
            _told_transfer(context, kept, name, done)

        if len(ids) <= _MANY:
            return context.run(transfer, near=dialog, button=dialog.button, done=finished, **values)
        dialog.close()
        in_background(context, f"转移 {len(ids):,} 位客户", partial(transfer, **values), finished)
        return False

    people = [*colleagues(context.actor), (_POOL, "公海（没有业务员）")]
    dialog = FormDialog(
        parent,
        "转移客户",
        (
            Field("what", "", FieldKind.NOTE, hint=f"把{_of(ids, row)}交给另一位业务员，部门随之改变。"),
            Field("owner_id", "新业务员", FieldKind.CHOICE, required=True, choices=people),
            Field("with_reminders", "关于客户的提醒一并转交", FieldKind.CHECK, default=True),
        ),
        submit="转移",
        on_submit=submit,
    )
    return dialog


def _told_transfer(context: Context, kept: TransferKept, name: str, done: Done) -> None:
    count = len(kept.customers)
    done()
    if not count:
        context.toast(f"没有需要转移的客户，他们本来就在“{name}”名下。", kind="info")
        return
    to = "退回公海" if name.startswith("公海") else f"转给“{name}”"
    reminders = f"，{len(kept.reminders):,} 条提醒一并转交" if kept.reminders else ""

    def undo() -> None:
        context.run(take_back, kept=kept, success="已撤销转移。", done=lambda _none: done())

    context.toast(f"已把 {count:,} 位客户{to}{reminders}。", action=("撤销", undo))


def to_pool(context: Context, done: Done, customer_id: int) -> None:
    """Put a customer into the public pool at once; the message offers to take it back."""
    context.run(
        transfer,
        customer_ids=[customer_id],
        owner_id=None,
        done=lambda kept: _told_transfer(context, kept, "公海", done),
    )


def share_dialog(
    parent: tk.Misc,
    context: Context,
    done: Done,
    ids: Sequence[int],
    row: Row | None,
    *,
    lasting: bool = False,
) -> FormDialog:
    """Let another salesperson look after customers too: until the end of a day or, ``lasting``, for good."""

    def submit(entered: Values) -> bool:
        return context.run(
            share_customers,
            near=dialog,
            button=dialog.button,
            customer_ids=ids,
            done=lambda kept: _told_shares(
                context, kept, f"{share_words(names[entered['operator_id']], entered.get('until'))}", done
            ),
            **entered,
        )

    people = colleagues(context.actor)
    names = dict(people)
    end = "一直有效，直到收回。" if lasting else "到期日当天仍然有效，之后自动收回。"
    what = f"业务员不变，另一位也能查看和跟进{_of(ids, row)}。{end}"
    fields = [
        Field("what", "", FieldKind.NOTE, hint=what),
        Field("operator_id", "业务员", FieldKind.CHOICE, required=True, choices=people),
    ]
    if not lasting:
        week = context.actor.today() + timedelta(days=_USUAL_DAYS)
        fields.append(Field("until", "到期日", FieldKind.DATE, required=True, default=week))
    title = "共同跟进" if lasting else "授权"
    dialog = FormDialog(parent, title, fields, submit=title, on_submit=submit)
    return dialog


def _told_shares(context: Context, kept: Any, words: str, done: Done) -> None:
    done()
    if not kept.made:
        context.toast("本来就是这样授权的，没有改变。", kind="info")
        return
    _undoable(context, kept, f"{len(kept.made):,} 位客户{words}。", done)


def end_share(context: Context, done: Done, share: OpenShare) -> None:
    """Take one share back."""
    end_share_ids(context, done, [share.id])


def end_share_ids(context: Context, done: Done, share_ids: Sequence[int]) -> None:
    """Take shares back at once; the message offers to give them again."""

    def ended(kept: Any) -> None:
        done()
        _undoable(context, kept, f"已收回 {len(kept.ended):,} 份授权。", done)

    context.run(end_shares, share_ids=share_ids, done=ended)


def _undoable(context: Context, kept: Any, told: str, done: Done) -> None:
    def undo() -> None:
        context.run(take_back_shares, kept=kept, success="已撤销。", done=lambda _none: done())

    context.toast(told, action=("撤销", undo))


def ownership_menu(
    parent: tk.Misc, context: Context, detail: CustomerDetail, shares: Sequence[OpenShare], done: Done
) -> list[tuple[str, Callable[[], object] | None]]:
    """The entries of a menu about who looks after one customer."""
    hand, share = (
        partial(dialog, parent, context, done, [detail.id], {"name": detail.shown_name})
        for dialog in (transfer_dialog, share_dialog)
    )
    owned = detail.owner_id is not None
    entries: list[tuple[str, Callable[[], object] | None]] = [
        ("转移…", hand),
        ("授权…", share if owned else None),
        ("共同跟进…", partial(share, lasting=True) if owned else None),
        ("退回公海", partial(to_pool, context, done, detail.id) if owned else None),
    ]
    if shares:
        entries.append(("-", None))
        entries += [(f"收回：{share.words}", partial(end_share, context, done, share)) for share in shares]
    return entries
