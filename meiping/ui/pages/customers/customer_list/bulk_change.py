"""One field of the selected customers at once: asked for, done, and taken back from the message."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.customers.bulk import (
    BULK_FIELDS,
    OWNER,
    FieldKept,
    FieldNow,
    change_field,
    field_now,
    take_back_change,
)
from meiping.domains.customers.rules import (
    CREDIT,
    DICTIONARY_OF,
    FIELD_TITLES,
    KIND,
    TEXT_LIMITS,
    TRANSFER,
)
from meiping.domains.settings.queries import levels, words
from meiping.store.database import reading
from meiping.ui.context import Context
from meiping.ui.own_fields import own_field
from meiping.ui.pages.customers.customer_actions import in_background
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

Done = Callable[[], None]
MANY = 500
"""Above this many customers the work is done in the background."""
_FEW_WORDS = 5
_POOL = 0
_KINDS = {
    "next_contact_date": FieldKind.DATE,
    "created_date": FieldKind.DATE,
    "credit_limit_fen": FieldKind.MONEY,
    "payment_days": FieldKind.NUMBER,
}


def change_many(
    context: Context,
    ids: Sequence[int],
    field: str,
    value: Any,
    *,
    title: str,
    to: str,
    done: Done,
    dialog: FormDialog | None = None,
) -> bool:
    """Let customers have ``value`` (``to`` in words) in a field called ``title``; True once that is done.

    The message offers to take it back.
    """
    told = partial(_told, context, title, to, done)
    if len(ids) <= MANY:
        button = dialog.button if dialog is not None else None
        return context.run(
            change_field, done=told, near=dialog, button=button, customer_ids=ids, field=field, value=value
        )
    if dialog is not None:
        dialog.close()
    change = partial(change_field, customer_ids=ids, field=field, value=value)
    in_background(context, f"修改 {len(ids):,} 位客户的{title}", change, told)
    return False


def _told(context: Context, title: str, to: str, done: Done, kept: FieldKept) -> None:
    done()
    if not kept.count:
        context.toast(f"没有需要修改的客户，{title}本来就是这样。", kind="info")
        return

    def undo() -> None:
        if kept.count <= MANY:
            context.run(take_back_change, kept=kept, success="已撤销。", done=lambda _count: done())
            return
        in_background(context, "撤销批量修改", partial(take_back_change, kept=kept), lambda _count: done())

    rest = f"，{kept.left_out:,} 位不需要或不能改" if kept.left_out else ""
    what = f"改为“{to}”" if to else "清除"
    context.toast(f"已把 {kept.count:,} 位客户的{title}{what}{rest}。", action=("撤销", undo))


# ---------------------------------------------------------------- the dialog


def bulk_fields(context: Context) -> list[Field]:
    """The fields the operator may change for many customers, each with its editor."""
    can = context.actor.can
    kept = [
        key
        for key in BULK_FIELDS
        if (key != OWNER or can(TRANSFER))
        and (key not in ("credit_limit_fen", "payment_days") or can(CREDIT))
    ]
    own = [replace(own_field(spec), required=False) for spec in fields_of(KIND)]
    return [*(_field(context, key) for key in kept), *own]


def _field(context: Context, key: str) -> Field:
    title = FIELD_TITLES[key.removesuffix("_id")]
    if key == OWNER:
        people = [*colleagues(context.actor), (_POOL, "公海（没有业务员）")]
        return Field(key, title, FieldKind.CHOICE, choices=people, required=True)
    if key == "level_id":
        return Field(key, title, FieldKind.CHOICE, choices=[(one.id, one.name) for one in levels()])
    if key in DICTIONARY_OF:
        offered = [(word.id, word.name) for word in words(DICTIONARY_OF[key])]
        return Field(key, title, FieldKind.CHOICE, choices=offered)
    return Field(key, title, _KINDS.get(key, FieldKind.TEXT), limit=TEXT_LIMITS.get(key, 200))


class BulkDialog(FormDialog):
    """Asks which field, shows what the customers have in it now, and asks for the new value."""

    def __init__(self, parent: tk.Misc, context: Context, ids: Sequence[int], done: Done) -> None:
        self._context, self._ids, self._done = context, list(ids), done
        self._fields = {field.key: field for field in bulk_fields(context)}
        which = [(key, field.title) for key, field in self._fields.items()]
        asked = [replace(field, title="改为", hidden=True) for field in self._fields.values()]
        first = Field("field", "字段", FieldKind.CHOICE, required=True, choices=which, default=which[0][0])
        super().__init__(
            parent,
            f"批量修改 {len(ids):,} 位客户",
            (first, *asked),
            submit="修改",
            on_submit=self._submit_values,
            on_change=self._touched,
            columns=1,
            width=440,
        )
        self._now = ttk.Label(self.body, style="Muted.TLabel", justify="left", width=1)
        self._now.pack(fill="x", side="bottom")
        wrap_to_width(self._now)
        self._turn()
        self.form.editor("field").target.focus_set()

    def _touched(self, key: str) -> None:
        if key == "field":
            self._turn()

    def _turn(self) -> None:
        chosen = self.form.value("field")
        self.form.show_many({key: key == chosen for key in self._fields})
        self._now.configure(text="")
        if chosen is None:
            return
        actor, ids = self._context.actor, self._ids

        def read(_progress: object) -> tuple[str, list[FieldNow]]:
            with reading():
                return chosen, field_now(actor, customer_ids=ids, field=chosen)

        self._context.background(read, title="现在的内容", done=self._show_now, quiet=True)

    def _show_now(self, found: tuple[str, list[FieldNow]]) -> None:
        field, now = found
        if not self.winfo_exists() or self.form.value("field") != field:
            return
        told = [f"{one.shown or '未填写'} {one.count:,} 位" for one in now[:_FEW_WORDS]]
        if len(now) > _FEW_WORDS:
            told.append(f"另有 {len(now) - _FEW_WORDS} 种")
        rest = len(self._ids) - sum(one.count for one in now)
        if rest:
            told.append(f"不适用 {rest:,} 位")
        empty = "" if field in (OWNER, "created_date") else "留空就是清除。"
        self._now.configure(text=f"现在：{'、'.join(told)}。{empty}")

    def _submit_values(self, values: Values) -> bool:
        field = values["field"]
        value = values[field]
        to = self._word(field, value)
        if field == OWNER:
            value = value or None
        return change_many(
            self._context,
            self._ids,
            field,
            value,
            title=self._fields[field].title,
            to=to,
            done=self._done,
            dialog=self,
        )

    def _word(self, field: str, value: Any) -> str:
        """The new value as the editor shows it."""
        spec = self._fields[field]
        if spec.kind is FieldKind.CHOICE:
            pairs = spec.choices() if callable(spec.choices) else spec.choices
            return dict(pairs).get(value, "")
        self.form.set_value(field, value)  # 20261201 reads 2026-12-01, as on leaving the field
        return str(self.form.editor(field).raw() or "")
