"""What a form asks, said field by field, and the editor each kind of field gets."""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.text import clean
from meiping.ui.theme import px
from meiping.ui.widgets import entries, privacy
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.date_entry import DateEntry
from meiping.ui.widgets.entries import Editor
from meiping.ui.widgets.picker import Choice, Create, Picker, Search
from meiping.ui.widgets.suggest_box import SuggestBox
from meiping.ui.widgets.ticks import Choices, SwitchBox, TickGrid


class FieldKind(StrEnum):
    """What a field asks for, and what ``values`` gives for it."""

    TEXT = "text"
    """str, cleaned; empty if nothing."""
    LONG_TEXT = "long_text"
    """str with line breaks; empty if nothing."""
    MONEY = "money"
    """int fen or None."""
    QUANTITY = "quantity"
    """int thousandths or None."""
    DECIMAL = "decimal"
    """int thousandths of any number, negative too, or None."""
    NUMBER = "number"
    """int or None."""
    DISCOUNT = "discount"
    """int basis points that stay, or None."""
    DATE = "date"
    """datetime.date or None."""
    TIME = "time"
    """datetime.time or None."""
    PHONE = "phone"
    """Stored digits; empty if none."""
    CODE = "code"
    """str in half-width form; empty if none."""
    PASSWORD = "password"
    """str as typed."""
    CHOICE = "choice"
    """The value of the word chosen, or None."""
    SEVERAL = "several"
    """The values of the words ticked, in order, as a list."""
    SUGGEST = "suggest"
    """str, cleaned; the words of the choices are offered, any other may be typed."""
    SWITCH = "switch"
    """The value of the one word of two or three that is pressed."""
    CHECK = "check"
    """bool."""
    PICK = "pick"
    """The id of the record picked, or None."""
    NOTE = "note"
    """Words to read (``hint``); no value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``choices`` (CHOICE, SEVERAL, SWITCH) are (value, word) pairs or a callable giving them. ``search``, ``create``
    and ``resolve`` belong to PICK: results for a text, a way to make a new record, the choice for an id among the values.
    ``section`` begins a section with this field; the following ones belong to it until another begins.
    ``minimum`` is in the field's own unit (fen, thousandths, number); None allows anything for money.
    One that is ``hidden`` is not on screen until the form shows it.
    ``span`` is how many columns of the form it takes; ``lines`` the height of a long text.
    """

    key: str
    title: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    section: str = ""
    choices: Choices | Callable[[], Choices] = ()
    hint: str = ""
    width: int = 0
    span: int = 1
    limit: int = 200
    default: Any = None
    minimum: int | None = 0
    decimals: int = 3
    lines: int = 4
    search: Search | None = None
    create: Create | None = None
    resolve: Callable[[Any], Choice | None] | None = None
    readonly: bool = False
    hidden: bool = False


class LongText:
    """A text box; Tab leaves it, Enter stays in it."""

    def __init__(
        self, parent: tk.Misc, *, width: int = 40, lines: int = 4, limit: int = 2000, name: str = ""
    ) -> None:
        self._frame = ttk.Frame(parent, style="Box.TFrame", padding=2)
        self._text = ttk.Text(self._frame, width=width, height=lines, wrap="char", undo=True, font="MpBody")
        self._text.configure(relief="flat", borderwidth=0, highlightthickness=0)
        self._text.configure(padx=px(parent, 5), pady=px(parent, 4))
        self._text.pack(fill="both", expand=True)
        self.widget: tk.Widget = self._frame
        self.target: tk.Widget = self._text
        self._limit, self._name = limit, name
        self._text.bind("<FocusIn>", lambda _event: self._frame.state(["focus"]), add=True)
        self._text.bind("<FocusOut>", lambda _event: self._frame.state(["!focus"]), add=True)
        for key, step in (("<Tab>", "tk_focusNext"), ("<Shift-Tab>", "tk_focusPrev")):
            self._text.bind(key, partial(self._leave, step))

    def _leave(self, step: str, _event: object) -> str:
        self._text.tk.eval(f"focus [{step} {self._text}]")
        return "break"

    def get_value(self) -> str:
        """The cleaned text. Raises InputError above the limit."""
        return clean(self._text.get("1.0", "end-1c"), name=self._name, limit=self._limit, lines=True)

    def set_value(self, value: Any) -> None:
        """Show a text; None empties."""
        state = self._text.cget("state")
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        self._text.insert("1.0", value or "")
        self._text.edit_reset()
        self._text.edit_modified(False)
        self._text.configure(state=state)

    def raw(self) -> object:
        """The text."""
        return self._text.get("1.0", "end-1c")

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """Colour the edge."""
        self._frame.configure(style=f"{tone}.Box.TFrame" if tone else "Box.TFrame")

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""

        def modified(_event: object) -> None:
            if self._text.edit_modified():
                self._text.edit_modified(False)
                callback()

        self._text.bind("<<Modified>>", modified, add=True)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        self._text.configure(state="normal" if on else "disabled")


class ChoiceBox(ttk.Combobox):
    """A drop-down of words with values behind them; never moved by the mouse wheel in passing."""

    def __init__(
        self,
        parent: tk.Misc,
        choices: Choices | Callable[[], Choices],
        *,
        width: int = 18,
        blank: bool = True,
    ) -> None:
        super().__init__(parent, state="readonly", width=width)
        self.widget: tk.Widget = self
        self.target: tk.Widget = self
        self._choices, self._blank = choices, blank
        self._values: list[Any] = []
        self._watchers: list[Callable[[], object]] = []
        self._fill()
        self.configure(postcommand=self._fill)
        self.bind("<<ComboboxSelected>>", lambda _event: self._chosen(), add=True)
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            self.bind(event, partial(self._pass_on, event))

    def _pass_on(self, sequence: str, event: "tk.Event[tk.Misc]") -> str:
        """The wheel changes no choice: what lies around it scrolls."""
        around = self.nametowidget(self.winfo_parent())
        around.event_generate(sequence, **({"delta": event.delta} if sequence == "<MouseWheel>" else {}))
        return "break"

    def _fill(self) -> None:
        value = self.get_value()
        pairs = list(self._choices() if callable(self._choices) else self._choices)
        if self._blank:
            pairs.insert(0, (None, ""))
        self._values = [value for value, _ in pairs]
        self.configure(values=[word for _, word in pairs])
        if value is not None:
            self._show(value)

    def _chosen(self) -> None:
        self.selection_clear()
        for callback in self._watchers:
            callback()

    def get_value(self) -> Any:
        """The value behind the word chosen, None if none."""
        place = self.current()
        return self._values[place] if 0 <= place < len(self._values) else None

    def _show(self, value: Any) -> None:
        if value in self._values:
            self.current(self._values.index(value))
        else:
            self.set("")

    def set_value(self, value: Any) -> None:
        """Choose the word of a value; None or an unknown one chooses nothing."""
        if callable(self._choices):
            self._fill()  # what there is to choose may have changed since it was last looked at
        self._show(value)
        for callback in self._watchers:
            callback()

    def raw(self) -> object:
        """The value."""
        return self.get_value()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """Colour the edge."""
        self.configure(style=f"{tone}.TCombobox" if tone else "TCombobox")

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        self._watchers.append(callback)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        self.configure(state="readonly" if on else "disabled")


class CheckBox(ttk.Checkbutton):
    """A tick with its words beside it."""

    def __init__(self, parent: tk.Misc, text: str) -> None:
        self.variable = ttk.BooleanVar(parent, False)
        super().__init__(parent, text=text, variable=self.variable)
        self.widget: tk.Widget = self
        self.target: tk.Widget = self

    def get_value(self) -> bool:
        """Whether it is ticked."""
        return bool(self.variable.get())

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.variable.set(bool(value))

    def raw(self) -> object:
        """Whether it is ticked."""
        return self.get_value()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def mark(self, tone: str) -> None:
        """A tick has no edge to colour."""

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change."""
        on_write(self.widget, self.variable, callback)

    def enable(self, on: bool) -> None:
        """Let it be changed, or not."""
        self.configure(state="normal" if on else "disabled")


class PickBox(Picker):
    """A picker whose value may be set by id, if the field says how to find the choice."""

    def __init__(self, parent: tk.Misc, field: Field) -> None:
        assert field.search is not None, f"field {field.key} needs search"
        super().__init__(parent, field.search, create=field.create, name=field.title, width=field.width or 24)
        self._resolve = field.resolve

    def set_value(self, choice: Any) -> None:
        """Show a Choice, or the record with this id."""
        if choice is not None and not isinstance(choice, Choice):
            assert self._resolve is not None, "an id needs resolve"
            choice = self._resolve(choice)
        super().set_value(choice)


def _words_of(field: Field) -> list[str]:
    return [word for _value, word in _pairs(field)]


def _pairs(field: Field) -> Choices:
    return field.choices() if callable(field.choices) else field.choices


_MAKERS: Mapping[FieldKind, Callable[[tk.Misc, Field], Editor]] = {
    FieldKind.TEXT: lambda box, f: entries.TextEntry(box, width=f.width or 24, limit=f.limit, name=f.title),
    FieldKind.CODE: lambda box, f: entries.CodeEntry(box, width=f.width or 20, limit=f.limit, name=f.title),
    FieldKind.PASSWORD: lambda box, f: entries.PasswordEntry(box, width=f.width or 20),
    FieldKind.LONG_TEXT: lambda box, f: LongText(
        box,
        width=f.width or 40,
        lines=f.lines,
        limit=max(f.limit, 2000) if f.limit == 200 else f.limit,
        name=f.title,
    ),
    FieldKind.MONEY: lambda box, f: entries.MoneyEntry(
        box, width=f.width or 14, name=f.title, minimum=f.minimum, justify="left"
    ),
    FieldKind.QUANTITY: lambda box, f: entries.QuantityEntry(
        box, width=f.width or 12, name=f.title, decimals=f.decimals, minimum=f.minimum or 0, justify="left"
    ),
    FieldKind.NUMBER: lambda box, f: entries.NumberEntry(
        box, width=f.width or 12, name=f.title, minimum=f.minimum or 0, justify="left"
    ),
    FieldKind.DECIMAL: lambda box, f: entries.DecimalEntry(box, width=f.width or 12, name=f.title),
    FieldKind.DISCOUNT: lambda box, f: entries.DiscountEntry(box, width=f.width or 12, justify="left"),
    FieldKind.DATE: lambda box, f: DateEntry(box, width=f.width or 12, name=f.title),
    FieldKind.TIME: lambda box, f: entries.TimeEntry(box, width=f.width or 8, name=f.title),
    FieldKind.PHONE: lambda box, f: entries.PhoneEntry(box, width=f.width or 18, name=f.title),
    FieldKind.CHOICE: lambda box, f: ChoiceBox(box, f.choices, width=f.width or 18, blank=not f.required),
    FieldKind.SUGGEST: lambda box, f: SuggestBox(
        box, lambda: _words_of(f), width=f.width or 18, limit=f.limit, name=f.title
    ),
    FieldKind.CHECK: lambda box, f: CheckBox(box, f.title),
    FieldKind.PICK: PickBox,
    FieldKind.SEVERAL: lambda box, f: TickGrid(box, _pairs(f)),
    FieldKind.SWITCH: lambda box, f: SwitchBox(box, _pairs(f)),
}


def make_editor(parent: tk.Misc, field: Field) -> Editor:
    """The editor of a field."""
    editor = _MAKERS[field.kind](parent, field)
    privacy.guard(editor.target, field.title, is_phone=field.kind is FieldKind.PHONE)
    return editor
