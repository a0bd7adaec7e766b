"""The dialog in which a customer is entered and changed."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.custom_fields.rules import custom_key, field_id_of
from meiping.domains.customers.queries import CustomerDetail, Twin, customer_detail, likely_twins
from meiping.domains.customers.rules import (
    CREDIT,
    DICTIONARY_OF,
    FIELD_TITLES,
    GENDERS,
    INPUT_FIELDS,
    KIND,
    REQUIRED_OPTION,
    TEXT_LIMITS,
    TRANSFER,
    CustomerInput,
)
from meiping.domains.customers.service import add_customer, change_customer
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Scope
from meiping.ui.context import Context
from meiping.ui.own_fields import own_field
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.menus import MenuEntry, popup

_FIRM_MONEY = ("tax_number", "bank", "bank_account")
_PERSON_ONLY = ("gender", "birth_date", "birthday_lunar", "occupation")
_FIRM_ONLY = (
    "short_name",
    "industry_id",
    "nature_id",
    "legal_representative",
    "fax",
    "website",
    *_FIRM_MONEY,
)
_TWIN_KEYS = ("name", "phone", "phone2", "card_number", "keyword")
_TWIN_DELAY_MS = 250
_WIDTH = 18
"""Characters of an entry: three stand side by side."""

Saved = Callable[[int], None]
_EMPTY: dict[str, Any] = {"gender": "", "credit_limit_fen": 0, "payment_days": 0}
"""What an emptied field means where that is not None."""


def _named(key: str, kind: FieldKind = FieldKind.TEXT, **rest: Any) -> Field:
    return Field(key, FIELD_TITLES[key.removesuffix("_id")], kind, width=_WIDTH, **rest)


def _text(key: str, section: str, **rest: Any) -> Field:
    return _named(key, section=section, limit=TEXT_LIMITS[key], **rest)


def _chosen(key: str, section: str, present: int | None) -> Field:
    """A word of one of the shop's lists; one no longer in use only while this customer has it."""

    def choices() -> Sequence[tuple[int, str]]:
        kind = DICTIONARY_OF[key]
        return [(w.id, w.name) for w in words(kind, with_inactive=True) if w.active or w.id == present]

    return _named(key, FieldKind.CHOICE, section=section, choices=choices)


def _level_choices(present: int | None) -> Callable[[], Sequence[tuple[int, str]]]:
    def choices() -> Sequence[tuple[int, str]]:
        every = levels(with_inactive=True)
        return [(level.id, level.name) for level in every if level.active or level.id == present]

    return choices


def customer_fields(context: Context, present: CustomerInput) -> tuple[Field, ...]:
    """The questions about a customer; ``present`` is what is already known."""
    demanded = set(context.option(REQUIRED_OPTION))
    asked = [*_fields(context, present), *_own_fields(present)]
    return tuple(replace(field, required=field.required or field.key in demanded) for field in asked)


def _own_fields(present: CustomerInput) -> list[Field]:
    own = [
        own_field(spec, present.custom.get(spec.id), section="自定义", width=_WIDTH)
        for spec in fields_of(KIND)
    ]
    return [*own, _named("notes", FieldKind.LONG_TEXT, section="其他", lines=2, limit=2000)]


def _fields(context: Context, present: CustomerInput) -> tuple[Field, ...]:
    fixed_credit = not context.actor.can(CREDIT)
    basics, reach, kinds, money = "基本", "联系", "分类", "往来"
    natures = ((False, "个人"), (True, "单位"))
    return (
        Field("firm", "性质", FieldKind.SWITCH, section=basics, choices=natures),
        _named("name", section=basics, limit=60, span=2, hint="" if present.code else "名称和电话至少填一项"),
        _named(
            "code", FieldKind.CODE, section=basics, limit=20, hint="" if present.code else "留空则自动编号"
        ),
        _named("gender", FieldKind.CHOICE, section=basics, choices=tuple((word, word) for word in GENDERS)),
        _named("birth_date", FieldKind.DATE, section=basics),
        Field("birthday_lunar", "按农历", FieldKind.CHECK, section=basics),
        _text("occupation", basics),
        _named("card_number", FieldKind.CODE, section=basics, limit=40),
        _text("keyword", basics),
        _text("short_name", basics),
        _text("legal_representative", basics),
        _named("phone", FieldKind.PHONE, section=reach),
        _named("phone2", FieldKind.PHONE, section=reach),
        _text("email", reach),
        _text("postcode", reach),
        _text("province", reach),
        _text("city", reach),
        _text("address", reach, span=2),
        _text("fax", reach),
        _text("website", reach, span=2),
        _named("level_id", FieldKind.CHOICE, section=kinds, choices=_level_choices(present.level_id)),
        _chosen("type_id", kinds, present.type_id),
        _chosen("status_id", kinds, present.status_id),
        _chosen("source_id", kinds, present.source_id),
        _chosen("region_id", kinds, present.region_id),
        _chosen("industry_id", kinds, present.industry_id),
        _chosen("nature_id", kinds, present.nature_id),
        *(
            [_owner_field(context, kinds, new=not present.code)]
            if context.actor.scope() >= Scope.COMPANY
            else ()
        ),
        _named("credit_limit_fen", FieldKind.MONEY, section=money, readonly=fixed_credit),
        _named("payment_days", FieldKind.NUMBER, section=money, readonly=fixed_credit),
        _named("created_date", FieldKind.DATE, section=money),
        _named("next_contact_date", FieldKind.DATE, section=money),
        _text("tax_number", money),
        _text("bank_account", money),
        _text("bank", money, span=2),
    )


def _owner_field(context: Context, section: str, *, new: bool) -> Field:
    """Whose the customer is; to hand one over that is somebody's takes a right of its own."""
    fixed = not new and not context.actor.can(TRANSFER)
    return _named(
        "owner_id",
        FieldKind.CHOICE,
        section=section,
        choices=lambda: colleagues(context.actor),
        readonly=fixed,
    )


def _values(start: CustomerInput) -> dict[str, Any]:
    """What is known, by the form's keys; a zero stays empty."""
    shown = {key: getattr(start, key) for key in INPUT_FIELDS}
    shown = {key: value or None if key in _EMPTY else value for key, value in shown.items()}
    return shown | {custom_key(field_id): value for field_id, value in start.custom.items()}


class CustomerDialog(FormDialog):
    """Enters a new customer, or changes one; ``saved`` gets the id."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        detail: CustomerDetail | None,
        start: CustomerInput,
        saved: Saved,
    ) -> None:
        self._context, self._detail, self._saved = context, detail, saved
        self._start = start
        self._twin_job: str | None = None
        columns, width = self._room(parent)
        super().__init__(
            parent,
            f"修改客户 {detail.code}" if detail else "新增客户",
            customer_fields(context, start),
            values=_values(start),
            on_submit=self._submit_values,
            on_change=self._touched,
            columns=columns,
            width=width,
        )
        self._opener = ttk.Button(self.footer, text="打开这位", bootstyle="primary link")
        self._twins = ttk.Label(self.footer, style="Warn.TLabel", justify="left", width=1)
        self._twins.pack(side="left", fill="x", expand=True)
        wrap_to_width(self._twins)
        self.bind("<Destroy>", self._forget, add=True)
        self._show_fitting()
        self.form.editor("name").target.focus_set()

    @staticmethod
    def _room(parent: tk.Misc) -> tuple[int, int]:
        """How many fields stand side by side, and the pixels at 100 % they take."""
        sizes = ((4, 1100), (3, 980), (2, 700))
        screen = parent.winfo_screenwidth()
        return next((size for size in sizes if screen >= px(parent, size[1] + 60)), sizes[-1])

    def _show_fitting(self) -> None:
        """A person has a birthday, a firm an industry; what is already filled in stays in sight."""
        firm = bool(self.form.value("firm"))
        shown = dict.fromkeys(_PERSON_ONLY, not firm)
        shown |= {key: firm or bool(getattr(self._start, key)) for key in _FIRM_ONLY}
        self.form.show_many(shown)
        self.form.retitle("name", "单位名称" if firm else "姓名")

    def _touched(self, key: str) -> None:
        if key == "firm":
            self._show_fitting()
        if key in _TWIN_KEYS:
            self._stop_looking()
            self._twin_job = self.after(_TWIN_DELAY_MS, self._look_for_twins)

    def _stop_looking(self) -> None:
        if self._twin_job is not None:
            self.after_cancel(self._twin_job)
            self._twin_job = None

    def _forget(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self._stop_looking()

    def _look_for_twins(self) -> None:
        """Say while typing who may be the same; only saving refuses."""
        self._twin_job = None
        typed = {key: str(self.form.editor(key).raw() or "") for key in _TWIN_KEYS}
        own = self._detail.id if self._detail else None
        twins = self._context.read(likely_twins, **typed, customer_id=own) or ()
        told = "；".join(f"{twin.name}（{twin.reason}）" for twin in twins)
        self._twins.configure(text=f"可能已有这位客户：{told}" if told else "")
        if twins:
            several = len(twins) > 1
            self._opener.configure(
                text="打开其中一位 ▾" if several else "打开这位",
                command=partial(self._offer_twins, twins)
                if several
                else partial(self._open_twin, twins[0].id),
            )
            self._opener.pack(side="left", before=self._twins, padx=(0, px(self, 8)))
        else:
            self._opener.pack_forget()

    def _offer_twins(self, twins: Sequence[Twin]) -> None:
        """Let any of several be opened."""
        entries: list[MenuEntry] = [
            (f"{twin.name}（{twin.reason}）", partial(self._open_twin, twin.id)) for twin in twins
        ]
        opener = self._opener
        popup(opener, entries, opener.winfo_rootx(), opener.winfo_rooty() + opener.winfo_height())

    def _open_twin(self, customer_id: int) -> None:
        """Leave the form for the customer who is there already."""
        self.dismiss()
        if not self.winfo_exists():
            open_hub(self._context, customer_id)

    def _submit_values(self, values: dict[str, Any]) -> bool:
        custom = {field_id: value for key, value in values.items() if (field_id := field_id_of(key))}
        given: dict[str, Any] = {
            key: _EMPTY.get(key) if value is None else value
            for key, value in values.items()
            if field_id_of(key) is None
        }
        entered = replace(self._start, **given, custom=custom)
        name = entered.name or values["phone"]
        if self._detail is None:
            return self._context.run(
                add_customer,
                customer=entered,
                near=self,
                button=self.button,
                success=f"已新增客户“{name}”。",
                done=self._saved,
            )
        customer_id = self._detail.id
        return self._context.run(
            change_customer,
            customer_id=customer_id,
            customer=entered,
            near=self,
            button=self.button,
            success=lambda count: f"已保存客户“{name}”。" if count else "没有改动。",
            done=lambda _count: self._saved(customer_id),
        )


def add_customer_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, start: CustomerInput | None = None
) -> CustomerDialog:
    """Ask for a new customer; ``start`` fills in what is already known."""
    known = start or CustomerInput()
    known = replace(known, created_date=known.created_date or context.actor.today())
    return CustomerDialog(parent, context, detail=None, start=known, saved=saved)


def change_customer_dialog(
    parent: tk.Misc, context: Context, customer_id: int, saved: Saved
) -> CustomerDialog | None:
    """Ask for the changes to a customer; None if he is gone."""
    detail = context.read(customer_detail, customer_id=customer_id)
    if detail is None:
        return None
    return CustomerDialog(parent, context, detail=detail, start=detail.as_input(), saved=saved)
