"""Forms, declared by their fields: dense, walked by Enter, every mistake told at once beside its field."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError, UserError
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.entries import DOUBTFUL, WRONG, Editor
from meiping.ui.widgets.form_fields import Field, FieldKind, make_editor
from meiping.ui.widgets.ticks import SwitchBox, TickGrid

_TWO_COLUMNS_FROM = 560
_PICKED_KINDS = (FieldKind.CHOICE, FieldKind.PICK, FieldKind.DATE)


@dataclass(slots=True)
class _Asked:
    """A field on screen."""

    field: Field
    label: ttk.Frame
    editor: Editor | None
    message: ttk.Label
    hidden: bool = False
    enabled: bool = True


class Form(ttk.Frame):
    """Fields with their labels at the left, in ``columns`` columns where there is room.

    ``on_submit`` is called by Enter in the last field and by Ctrl+Enter; ``on_change`` by every change.
    """

    def __init__(
        self,
        parent: tk.Misc,
        fields: Sequence[Field],
        *,
        columns: int = 2,
        values: Mapping[str, Any] | None = None,
        on_submit: Callable[[], object] | None = None,
        on_change: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns, self._laid = columns, 0
        self.on_submit, self.on_change = on_submit, on_change
        # What is said asks for no width of its own: a window that grows for a sentence, and the sentence that
        # then needs less, would chase each other for ever.
        self._top = ttk.Label(
            self, style="SoftDanger.TLabel", padding=(px(self, 10), px(self, 6)), justify="left", width=1
        )
        wrap_to_width(self._top)
        self._headings: dict[str, ttk.Frame] = {}
        self._asked: dict[str, _Asked] = {}
        self._words: dict[str, ttk.Label] = {}
        for field in fields:
            if field.section and field.section not in self._headings:
                self._headings[field.section] = self._heading(field.section)
            self._asked[field.key] = self._ask(field)
        self._before: dict[str, object] = {}
        self.set_values({field.key: field.default for field in fields if field.default is not None})
        if values:
            self.set_values(values)
        self._lay(columns)
        self.bind("<Configure>", self._resized, add=True)

    # ---------------------------------------------------------------- building

    def _heading(self, section: str) -> ttk.Frame:
        frame = ttk.Frame(self)
        ttk.Label(frame, text=section, style="Muted.TLabel", font="MpSmall").pack(side="left")
        line = ttk.Frame(frame, style="Hairline.TFrame", height=1)
        line.pack(side="left", fill="x", expand=True, padx=(px(self, 10), 0))
        return frame

    def _ask(self, field: Field) -> _Asked:
        label = ttk.Frame(self)
        if field.kind is not FieldKind.CHECK:
            self._words[field.key] = ttk.Label(label, text=field.title)
            self._words[field.key].pack(side="left")
        if field.required:
            ttk.Label(label, text="*", style="Bad.TLabel").pack(side="left", padx=(px(self, 2), 0))
        message = ttk.Label(self, font="MpSmall", justify="left", width=1)
        wrap_to_width(message)
        editor = None if field.kind is FieldKind.NOTE else make_editor(self, field)
        asked = _Asked(field, label, editor, message, field.hidden)
        if editor is not None:
            editor.watch(lambda: self._changed(asked))
            editor.target.bind("<FocusOut>", lambda _event: self._left(asked), add=True)
            self._bind_walk(asked, editor)
            if field.readonly:
                asked.enabled = False
                editor.enable(False)
        self._say(asked, "")
        return asked

    def _bind_walk(self, asked: _Asked, editor: Editor) -> None:
        parts = editor.parts if isinstance(editor, (TickGrid, SwitchBox)) else (editor.target,)
        for part in parts:
            part.bind("<Control-Return>", lambda _event: self._submit(), add=True)
            if asked.field.kind is FieldKind.LONG_TEXT:
                continue
            for key in ("<Return>", "<KP_Enter>"):
                part.bind(key, lambda _event: self._walk(asked, 1), add=True)
            part.bind("<Shift-Return>", lambda _event: self._walk(asked, -1), add=True)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        room = self._columns if event.width >= px(self, _TWO_COLUMNS_FROM) else 1
        if room != self._laid:
            self._lay(room)

    def _lay(self, columns: int) -> None:
        """Place everything in so many columns."""
        self._laid = columns
        self._top.grid_forget()
        for column in range(2 * self._columns):
            inside = column < 2 * columns
            self.columnconfigure(
                column, weight=column % 2 if inside else 0, uniform="editors" if inside and column % 2 else ""
            )
        row, column, section = 1, 0, ""
        for heading in self._headings.values():
            heading.grid_forget()
        for asked in self._asked.values():
            for part in (asked.label, asked.message, *([asked.editor.widget] if asked.editor else [])):
                part.grid_forget()
            if asked.hidden:
                continue
            span = self._span(asked.field, columns)
            begins = bool(asked.field.section) and asked.field.section != section
            if begins or column + span > columns:
                row, column = row + (2 if column else 0), 0
            if begins:
                section = asked.field.section
                gap = (px(self, 10) if row > 1 else 0, px(self, 8))
                heading = self._headings[section]
                heading.grid(row=row, column=0, columnspan=2 * columns, sticky="ew", pady=gap)
                row += 1
            self._place(asked, row, column, span)
            column += span
            if column >= columns:
                row, column = row + 2, 0

    def _span(self, field: Field, columns: int) -> int:
        wide = field.kind in (FieldKind.LONG_TEXT, FieldKind.NOTE, FieldKind.SEVERAL)
        return columns if wide else min(field.span, columns)

    def _place(self, asked: _Asked, row: int, column: int, span: int) -> None:
        gap, left = px(self, 3), px(self, 24) if column else 0
        tall = asked.field.kind in (FieldKind.LONG_TEXT, FieldKind.SEVERAL)
        if asked.field.kind is not FieldKind.NOTE or asked.field.title:
            asked.label.grid(
                row=row,
                column=2 * column,
                sticky="nw" if tall else "w",
                padx=(left, px(self, 12)),
                pady=(gap + (px(self, 6) if tall else 0), gap),
            )
        cell: dict[str, Any] = {"column": 2 * column + 1, "columnspan": 2 * span - 1}
        if asked.editor is not None:
            sticky = "w" if asked.field.kind is FieldKind.CHECK else "ew"
            asked.editor.widget.grid(row=row, sticky=sticky, pady=(gap, gap), **cell)
        asked.message.grid(row=row + 1, sticky="new", pady=(0, gap), **cell)
        if not asked.message.cget("text"):
            asked.message.grid_remove()

    # ---------------------------------------------------------------- values

    def values(self) -> dict[str, Any]:
        """All values, parsed. Shows every mistake, then raises InputError for the first one."""
        self._top.grid_remove()
        found: dict[str, Any] = {}
        first: InputError | None = None
        for asked in self._asked.values():
            if asked.editor is None or asked.hidden:
                continue
            try:
                found[asked.field.key] = self._value(asked, asked.editor)
                self._say(asked, "")
            except InputError as error:
                self._say(asked, error.sentence)
                if first is None:
                    first = InputError(error.sentence, field=asked.field.key)
        if first is not None:
            self._focus(self._asked[first.field or ""])
            raise first
        return found

    def _value(self, asked: _Asked, editor: Editor) -> Any:
        value = editor.get_value()
        if asked.field.required and asked.enabled and (value is None or value == ""):
            verb = "选择" if asked.field.kind in _PICKED_KINDS else "填写"
            raise InputError(f"请{verb}{asked.field.title}。")
        return value

    def value(self, key: str) -> Any:
        """One field's value, None if it can't be understood yet; for fields that depend on each other."""
        editor = self.editor(key)
        try:
            return editor.get_value()
        except InputError:
            return None

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values; the form counts as unchanged afterwards."""
        for key, value in values.items():
            asked = self._asked.get(key)
            if asked is not None and asked.editor is not None:
                asked.editor.set_value(value)
                self._say(asked, "")
        self._before = self._raw()

    def set_value(self, key: str, value: Any) -> None:
        """Fill one field in for the person; the form counts as changed."""
        self.editor(key).set_value(value)

    def _raw(self) -> dict[str, object]:
        return {key: asked.editor.raw() for key, asked in self._asked.items() if asked.editor is not None}

    def changed(self) -> bool:
        """Whether anything differs from what was set."""
        return self._raw() != self._before

    def editor(self, key: str) -> Editor:
        """The editor of a field."""
        editor = self._asked[key].editor
        assert editor is not None, f"{key} is a note"
        return editor

    def enable(self, key: str, on: bool = True) -> None:
        """Let a field be edited, or grey it."""
        self._asked[key].enabled = on
        self.editor(key).enable(on)

    def show(self, key: str, on: bool = True) -> None:
        """Show a field or take it away; hidden ones have no value, but keep what was typed."""
        self.show_many({key: on})

    def show_many(self, wanted: Mapping[str, bool]) -> None:
        """The same for several fields at once."""
        turned = [key for key, on in wanted.items() if self._asked[key].hidden == on]
        for key in turned:
            self._asked[key].hidden = not self._asked[key].hidden
        if turned:
            self._lay(self._laid)

    def retitle(self, key: str, title: str) -> None:
        """Let a field have another title."""
        self._words[key].configure(text=title)

    def rehint(self, key: str, hint: str) -> None:
        """Let something else be said under a field; a complaint about it stays."""
        asked = self._asked[key]
        asked.field = replace(asked.field, hint=hint)
        if str(asked.message.cget("style")) == "Muted.TLabel":
            self._say(asked, "")

    # ---------------------------------------------------------------- what is said about them

    def show_error(self, error: UserError) -> None:
        """Say a refusal beside its field, or at the top of the form."""
        asked = self._asked.get(error.field or "")
        if asked is not None and asked.editor is not None and not asked.hidden:
            self._say(asked, error.sentence)
            self._focus(asked)
        else:
            self._top.configure(text=error.sentence)
            self._top.grid(row=0, column=0, columnspan=2 * self._columns, sticky="ew", pady=(0, px(self, 8)))

    def clear_errors(self) -> None:
        """Take all complaints away."""
        self._top.grid_remove()
        for asked in self._asked.values():
            self._say(asked, "")

    def _say(self, asked: _Asked, wrong: str) -> None:
        """The mistake, else the doubt, else the hint, under the field."""
        doubt = "" if wrong or asked.editor is None else asked.editor.doubt() or ""
        text = wrong or doubt or asked.field.hint
        style = "Bad.TLabel" if wrong else "Warn.TLabel" if doubt else "Muted.TLabel"
        asked.message.configure(text=text, style=style)
        if asked.editor is not None:
            asked.editor.mark(WRONG if wrong else DOUBTFUL if doubt else "")
        if text and not asked.hidden and self._laid:
            asked.message.grid()
        else:
            asked.message.grid_remove()

    def _changed(self, asked: _Asked) -> None:
        """A complaint goes as soon as its field is touched."""
        if str(asked.message.cget("style")) != "Muted.TLabel":
            asked.message.configure(text=asked.field.hint, style="Muted.TLabel")
            if asked.editor is not None:
                asked.editor.mark("")
            if not asked.field.hint:
                asked.message.grid_remove()
        if self.on_change is not None:
            self.on_change(asked.field.key)

    def _left(self, asked: _Asked) -> None:
        """A doubt is told when the field is left; a mistake waits for saving."""
        if asked.editor is not None and str(asked.message.cget("style")) != "Bad.TLabel":
            self._say(asked, "")

    # ---------------------------------------------------------------- walking

    def _stops(self) -> list[_Asked]:
        return [a for a in self._asked.values() if a.editor is not None and a.enabled and not a.hidden]

    def _walk(self, asked: _Asked, step: int) -> str:
        stops = self._stops()
        place = stops.index(asked) + step
        if 0 <= place < len(stops):
            self._focus(stops[place])
        elif place >= len(stops):
            self._submit()
        return "break"

    def _submit(self) -> str:
        if self.on_submit is not None:
            self.on_submit()
        return "break"

    def _focus(self, asked: _Asked) -> None:
        if asked.editor is not None:
            asked.editor.target.focus_set()

    def focus_first(self) -> None:
        """Put the cursor into the first required field that is still empty, else into the first."""
        stops = self._stops()
        wanted = [
            a for a in stops if a.field.required and a.editor is not None and not self._filled(a.editor)
        ]
        for asked in (wanted or stops)[:1]:
            self._focus(asked)

    def _filled(self, editor: Editor) -> bool:
        return editor.raw() not in ("", None, (None, ""))
