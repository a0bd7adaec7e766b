"""One condition of the advanced search on screen: field, operator, values, and what is wrong with it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.conditions import (
    Asked,
    Condition,
    Operator,
    SearchField,
    SearchKind,
    check_condition,
)
from meiping.kernel.errors import InputError
from meiping.ui.theme import px
from meiping.ui.widgets import entries
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.date_entry import DateEntry
from meiping.ui.widgets.entries import WRONG, Editor
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.ticks import TickGrid

_FIELD_WIDTH, _OPERATOR_WIDTH = 14, 11
_TICKS_ACROSS = 4
_SHORT_WORD = 3
_YES_WORDS = ((True, "是"), (False, "否"))
_MAKERS: dict[SearchKind, Callable[[tk.Misc, str], Editor]] = {
    SearchKind.TEXT: lambda box, name: entries.TextEntry(box, width=30, limit=200, name=name),
    SearchKind.PHONE: lambda box, name: entries.TextEntry(box, width=30, limit=40, name=name),
    SearchKind.MONEY: lambda box, name: entries.MoneyEntry(
        box, width=13, name=name, minimum=None, justify="left"
    ),
    SearchKind.NUMBER: lambda box, name: entries.DecimalEntry(box, width=13, name=name),
    SearchKind.QUANTITY: lambda box, name: entries.DecimalEntry(box, width=13, name=name),
    SearchKind.DATE: lambda box, name: DateEntry(box, width=11, name=name),
}
Choices = Callable[[str], Sequence[tuple[Any, str]]]


@dataclass(frozen=True, slots=True)
class RowHands:
    """What a row tells the dialog around it, and asks of it: what a field of choices offers, the day."""

    choices: Choices
    today: Callable[[], date]
    remove: Callable[["ConditionRow"], object]
    submit: Callable[[], object]


class ConditionRow(ttk.Frame):
    """Asks for one condition; without a field it asks for nothing."""

    def __init__(self, parent: tk.Misc, fields: Sequence[SearchField], hands: RowHands) -> None:
        super().__init__(parent)
        self._hands = hands
        self._fields = {field.key: field for field in fields}
        pairs = [(field.key, field.title) for field in fields]
        self.field_box = ChoiceBox(self, pairs, width=_FIELD_WIDTH, blank=False)
        self.field_box.configure(height=20)
        self.field_box.watch(self._field_changed)
        self._operator_box = ChoiceBox(self, self._operators, width=_OPERATOR_WIDTH, blank=False)
        self._operator_box.watch(self._operator_changed)
        self._room = ttk.Frame(self)
        self._editors: list[Editor] = []
        cross = ttk.Button(
            self, icon="x-lg", icon_only=True, icon_size=13, command=lambda: hands.remove(self)
        )
        cross.configure(bootstyle="neutral ghost", padding=(px(self, 6), px(self, 3)))
        self._message = ttk.Label(self, font="MpSmall", style="Bad.TLabel", justify="left", width=1)
        wrap_to_width(self._message)
        gap = (0, px(self, 8))
        self.columnconfigure(2, weight=1)
        self.field_box.grid(row=0, column=0, sticky="nw", padx=gap)
        self._operator_box.grid(row=0, column=1, sticky="nw", padx=gap)
        self._room.grid(row=0, column=2, sticky="ew")
        cross.grid(row=0, column=3, sticky="ne", padx=(px(self, 6), 0))
        self._message.grid(row=1, column=0, columnspan=4, sticky="ew")
        self._message.grid_remove()

    # ---------------------------------------------------------------- what is asked

    @property
    def field(self) -> SearchField | None:
        """The field chosen."""
        return self._fields.get(self.field_box.get_value())

    @property
    def operator(self) -> Operator | None:
        """The operator chosen."""
        chosen: Operator | None = self._operator_box.get_value()
        return chosen

    def _operators(self) -> Sequence[tuple[Operator, str]]:
        return [(one, one.title) for one in self.field.operators] if self.field else []

    def show(self, condition: Condition) -> None:
        """Ask what a condition asks; one of a field that has gone is left empty."""
        if condition.field not in self._fields:
            return
        self.field_box.set_value(condition.field)
        self._operator_box.set_value(condition.operator)
        if condition.operator is Operator.ONE_OF:
            self._editors[0].set_value(list(condition.values))
        else:
            for editor, value in zip(self._editors, condition.values, strict=False):
                editor.set_value(value)

    def _field_changed(self) -> None:
        self.clear_error()
        self._operator_box.set_value(self.field.operators[0] if self.field else None)

    def _operator_changed(self) -> None:
        self.clear_error()
        for child in self._room.winfo_children():
            child.destroy()
        field, operator = self.field, self.operator
        self._editors = [] if field is None or operator is None else self._make(field, operator)
        for editor in self._editors:
            editor.watch(self.clear_error)
            for key in ("<Return>", "<KP_Enter>"):
                editor.target.bind(key, lambda _event: self._submit(), add=True)
        if not self._editors:
            self._room.configure(height=1)

    def _submit(self) -> str:
        self._hands.submit()
        return "break"

    def _make(self, field: SearchField, operator: Operator) -> list[Editor]:
        if operator in (Operator.EMPTY, Operator.NOT_EMPTY):
            return []
        if operator is Operator.ONE_OF:
            pairs = self._hands.choices(field.key)
            long = max((len(word) for _value, word in pairs), default=0) > _SHORT_WORD
            ticks: Editor = TickGrid(self._room, pairs, columns=_TICKS_ACROSS - (1 if long else 0))
            ticks.widget.pack(anchor="w")
            return [ticks]
        if field.kind is SearchKind.YES:
            box: Editor = ChoiceBox(self._room, _YES_WORDS, width=8, blank=False)
            box.set_value(True)
            box.widget.pack(side="left")
            return [box]
        made = [_MAKERS[field.kind](self._room, field.title)]
        if operator is Operator.BETWEEN:
            made.append(_MAKERS[field.kind](self._room, field.title))
        for place, editor in enumerate(made):
            if place:
                ttk.Label(self._room, text="到", style="Muted.TLabel").pack(side="left", padx=px(self, 8))
            editor.widget.pack(side="left", fill="x", expand=operator is not Operator.BETWEEN)
        return made

    def condition(self) -> Condition | None:
        """The checked condition, None without a field. Says what is wrong and raises InputError."""
        field, operator = self.field, self.operator
        if field is None or operator is None:
            return None
        self.clear_error()
        try:
            condition = Condition(field.key, operator, self._values(field, operator))
            return check_condition(condition, field, today=self._hands.today())
        except InputError as error:
            self.show_error(error.sentence)
            raise

    def _values(self, field: SearchField, operator: Operator) -> tuple[Asked, ...]:
        if operator is Operator.ONE_OF:
            return tuple(self._editors[0].get_value())
        return tuple(self._value(editor, field) for editor in self._editors)

    def _value(self, editor: Editor, field: SearchField) -> Asked:
        """What an editor holds; a number goes on as it was typed, for the field knows what numbers it takes."""
        if field.kind is SearchKind.NUMBER:
            return str(editor.raw() or "")
        value: Asked = editor.get_value()
        return None if value == "" else value

    # ---------------------------------------------------------------- what is wrong

    def show_error(self, sentence: str) -> None:
        """Say it under the row."""
        self._message.configure(text=sentence)
        self._message.grid()
        for editor in self._editors:
            editor.mark(WRONG)

    def focus_wrong(self) -> None:
        """Go where it can be put right."""
        (self._editors[0].target if self._editors else self.field_box).focus_set()

    def clear_error(self) -> None:
        """Take the complaint away."""
        if self._message.winfo_manager():
            self._message.grid_remove()
            for editor in self._editors:
                editor.mark("")
