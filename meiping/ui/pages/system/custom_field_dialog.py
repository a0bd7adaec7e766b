"""The dialog in which a field of the shop's own is set up, with how it will look."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.custom_fields.queries import FieldUse
from meiping.domains.custom_fields.rules import (
    MAX_CHOICES,
    MAX_TITLE,
    CustomFieldInput,
    CustomFieldSpec,
    FieldKind,
)
from meiping.domains.custom_fields.service import add_field, change_field
from meiping.kernel.errors import InputError, UserError
from meiping.ui.context import Context
from meiping.ui.own_fields import own_field
from meiping.ui.pages.system.choice_rows import ChoiceRows
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Card, wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field
from meiping.ui.widgets.form_fields import FieldKind as Asks
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.scroller import Scroller

_LEFT, _RIGHT, _CHOICES_HEIGHT = 430, 300, 206
_PREVIEW_DELAY_MS = 150


class CustomFieldDialog(DialogWindow):
    """Adds a field, or changes one; ``saved`` gets the id."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        record_kind: str,
        use: FieldUse | None,
        saved: Callable[[int], None],
    ) -> None:
        super().__init__(parent, "新增自定义字段" if use is None else f"修改字段“{use.spec.title}”")
        self._context, self._record_kind, self._use, self._saved = context, record_kind, use, saved
        self._jobs = Jobs(self)
        left = ttk.Frame(self.body)
        left.grid(row=0, column=0, sticky="nsew")
        left.columnconfigure(0, minsize=px(self, _LEFT))
        self.form = Form(left, self._fields(), columns=1, values=self._values(), on_submit=self.submit)
        self.form.grid(row=0, column=0, sticky="ew")
        self.form.on_change = lambda _key: self._changed()
        self._build_choices(left)
        self._build_preview()
        self.button = self.add_button("保存", self.submit, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        for key in ("<Control-s>", "<Control-S>", "<Control-Return>"):
            self.bind(key, lambda _event: self.submit())
        self._before = self._entered()
        self._show_kind()
        self._show_preview()
        self.open(self.form.editor("title").target)

    def _fields(self) -> list[Field]:
        kinds = tuple((kind, kind.title) for kind in FieldKind)
        kind = Field("kind", "类型", Asks.SWITCH, choices=kinds)
        if self._use is not None and self._use.used:
            told = f"已有 {self._use.used:,} 条记录填了，类型不能再改"
            kind = Field("fixed", "类型", default=self._use.spec.kind.title, readonly=True, hint=told)
        return [
            Field("title", "名称", required=True, limit=MAX_TITLE, width=24),
            kind,
            Field("required", "必填（收银快速建档除外）", Asks.CHECK),
            Field("in_list", "显示在客户列表里", Asks.CHECK),
        ]

    def _values(self) -> dict[str, Any]:
        if self._use is None:
            return {"kind": FieldKind.TEXT, "in_list": True}
        spec = self._use.spec
        return {
            "title": spec.title,
            "kind": spec.kind,
            "required": spec.required,
            "in_list": spec.in_list,
        }

    def _build_choices(self, left: ttk.Frame) -> None:
        self._choices_box = ttk.Frame(left)
        self.update_idletasks()
        labels = self.form.editor("title").widget.winfo_x()  # the words stand under the entries above
        self._choices_box.columnconfigure(0, minsize=labels)
        ttk.Label(self._choices_box, text="选项").grid(row=0, column=0, sticky="nw", pady=px(self, 8))
        scroller = Scroller(
            self._choices_box, width=px(self, _LEFT) - labels, height=px(self, _CHOICES_HEIGHT)
        )
        scroller.grid(row=0, column=1, sticky="nsew")
        words = self._use.spec.choices if self._use else ()
        self.choices = ChoiceRows(scroller.inner, words, on_change=self._changed, most=MAX_CHOICES)
        self.choices.pack(fill="x", padx=(0, px(self, 12)))
        self._wrong = ttk.Label(self._choices_box, style="Bad.TLabel", font="MpSmall", width=1)
        wrap_to_width(self._wrong)

    def _build_preview(self) -> None:
        card = Card(self.body, "填写时的样子")
        card.grid(row=0, column=1, sticky="nsew", padx=(px(self, 20), 0))
        self._preview_room = ttk.Frame(card.body)
        self._preview_room.pack(fill="x")
        self._preview_room.columnconfigure(0, minsize=px(self, _RIGHT))
        self._preview: Form | None = None
        self._words = ttk.Label(card.body, style="Muted.TLabel", font="MpSmall", justify="left", width=1)
        self._words.pack(fill="x", pady=(px(self, 8), 0))
        wrap_to_width(self._words)

    # ---------------------------------------------------------------- what is shown

    def _changed(self) -> None:
        self._say("")
        self._show_kind()
        self._jobs.once("preview", self._show_preview, delay=_PREVIEW_DELAY_MS)

    def _kind(self) -> FieldKind:
        if self._use is not None and self._use.used:
            return self._use.spec.kind
        kind: FieldKind = self.form.value("kind")
        return kind

    def _show_kind(self) -> None:
        if self._kind() is FieldKind.CHOICE:
            self._choices_box.grid(row=1, column=0, sticky="nsew")
        else:
            self._choices_box.grid_remove()

    def _show_preview(self) -> None:
        """The field as the form will ask for it; it can be tried."""
        entered = self._entered()
        spec = CustomFieldSpec(
            0,
            self._record_kind,
            entered.title.strip() or "名称",
            entered.kind,
            tuple(dict.fromkeys(entered.choices)),
            entered.required,
        )
        if self._preview is not None:
            self._preview.destroy()
        self._preview = Form(self._preview_room, [own_field(spec)], columns=1)
        self._preview.grid(row=0, column=0, sticky="ew")
        self._words.configure(text=_HINTS[entered.kind])

    def _say(self, wrong: str) -> None:
        self._wrong.configure(text=wrong)
        if wrong:
            self._wrong.grid(row=1, column=1, sticky="ew", pady=(px(self, 4), 0))
        else:
            self._wrong.grid_remove()

    # ---------------------------------------------------------------- doing

    def _entered(self) -> CustomFieldInput:
        """What is entered, as typed."""
        return CustomFieldInput(
            str(self.form.editor("title").raw() or ""),
            self._kind(),
            self.choices.words(),
            bool(self.form.value("required")),
            bool(self.form.value("in_list")),
            self.choices.renamed(),
        )

    def submit(self) -> None:
        """Save; stays open with what is wrong."""
        try:
            self.form.values()
        except InputError:
            return
        field, use = self._entered(), self._use
        done: Callable[[Any], None] = self._done if use is None else lambda _none: self._done(use.spec.id)
        about = {"record_kind": self._record_kind} if use is None else {"field_id": use.spec.id}
        self._context.run(
            add_field if use is None else change_field,
            field=field,
            near=self,
            button=self.button,
            success=f"已保存字段“{field.title.strip()}”",
            done=done,
            **about,
        )

    def _done(self, field_id: int) -> None:
        self.close()
        self._saved(field_id)

    def show_error(self, error: UserError) -> None:
        """Say a refusal beside its field."""
        if error.field == "choices" and self._kind() is FieldKind.CHOICE:
            self._say(error.sentence)
            self.choices.focus_first()
        else:
            self.form.show_error(error)

    def dismiss(self) -> None:
        """Close; asks first if something was changed."""
        if self._entered() != self._before and not ask(
            self, "放弃已填写的内容吗？", yes="放弃", no="继续填写", danger=True
        ):
            return
        self.close()


_HINTS = {
    FieldKind.TEXT: "一行文字，可以按其中任意几个字或拼音首字母查找。",
    FieldKind.NUMBER: "最多 3 位小数，可以按范围查找。",
    FieldKind.DATE: "可以输入 260101 或 1月1日，可以按范围查找。",
    FieldKind.CHOICE: "从列表中选一个。改了选项的字，已填的会一起改；去掉的选项，已填的保留。",
    FieldKind.YES: "是、否，或者不填。",
}
