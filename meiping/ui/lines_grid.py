"""The lines of a document being written, with figures typed where they stand."""

import tkinter as tk
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Column, Listing, Row
from meiping.ui.view_state import ViewState
from meiping.ui.widgets.entries import WRONG, ParsedEntry
from meiping.ui.widgets.virtual_list import VirtualList

EditorOf = Callable[[tk.Misc, Any], ParsedEntry]
"""Makes the entry for one figure of a line, which it is given; the value is put in afterwards."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is typed in place, by column.

    Enter walks through ``walk``, all of them unless given. What is ``required`` may not be left empty.
    """

    editors: Mapping[str, EditorOf]
    required: Collection[str] = ()
    walk: Sequence[str] = ()


class Draft(Listing, Protocol):
    """Lines not yet saved. Each has a ``product`` with ``id`` and ``name``, and its figures by their columns' keys."""

    lines: list[Any]

    def remove(self, place: int) -> None:
        """Take a line out."""


def leave_control_enter(entry: tk.Misc) -> None:
    """Keep Ctrl+Enter, which posts, from being taken for the Enter that an entry has bound."""
    entry.bind("<Control-Return>", lambda _event: None)


class LinesGrid(VirtualList):
    """A list over a draft whose ``figures`` are edited in place.

    Enter goes on to the next figure and after the last one to ``on_done``; ↑ and ↓ to the line above or below;
    Esc takes back what was typed; Delete removes the line. ``on_change`` is called after every change,
    ``on_wrong`` with the sentence for a figure that can't be understood.
    """

    def __init__(
        self,
        parent: tk.Misc,
        draft: Draft,
        columns: Sequence[Column],
        *,
        key: str,
        view: ViewState,
        figures: Figures,
        empty: str,
        on_change: Callable[[], object],
        on_done: Callable[[], object],
        on_wrong: Callable[[str], object],
    ) -> None:
        super().__init__(
            parent,
            columns,
            key=key,
            view=view,
            listing=draft,
            empty=(empty, None, None),
            on_open=lambda _row: self.edit(self.cursor),
            on_menu=self._menu,
            selectmode="browse",
        )
        self._draft = draft
        self._editors, self._required = figures.editors, figures.required
        self._walked = tuple(figures.walk or figures.editors)
        self._titles = {column.key: column.title for column in columns}
        self._on_change, self._on_done, self._on_wrong = on_change, on_done, on_wrong
        self.editor: ParsedEntry | None = None
        self._editing: tuple[int, str] = (-1, "")
        self.tree.bind("<Delete>", lambda _event: self.remove())
        self.tree.bind("<Escape>", lambda _event: self._leave())
        self.tree.bind("<ButtonRelease-1>", self._clicked, add=True)
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            self.tree.bind(event, lambda _event: self._let_go(), add=True)
        self.tree.bind("<Configure>", lambda _event: self._jobs.once("editor", self._put_editor), add=True)

    def _menu(self, _row: Row) -> list[tuple[str, Callable[[], object] | None]]:
        change: list[tuple[str, Callable[[], object] | None]] = [
            (f"改{self._titles[key]}", partial(self._edit_here, key)) for key in self._editors
        ]
        return [*change, ("删除这一行", self.remove)] if change else []

    def _edit_here(self, key: str) -> None:
        self.edit(self.cursor, key)

    def _leave(self) -> str:
        self._on_done()
        return "break"

    def show_line(self, place: int) -> None:
        """Show the lines anew with this one selected."""
        self.reload()
        if 0 <= place < self.count:
            self.select_id(self._draft.lines[place].product.id)
        self.draw_now()

    # ---------------------------------------------------------------- editing

    def edit(self, place: int, key: str = "") -> None:
        """Type a figure of a line: the first of those walked unless ``key`` names another."""
        if not self._editors or not self.finish() or not 0 <= place < len(self._draft.lines):
            return
        key = key or self._walked[0]
        self.show_line(place)
        line = self._draft.lines[place]
        editor = self._editors[key](self.tree, line)
        editor.set_value(getattr(line, key))
        self.editor, self._editing = editor, (place, key)
        self._bind_editor(editor)
        self.update_idletasks()
        self._put_editor()
        editor.focus_set()

    def _put_editor(self) -> None:
        """Lay the editor over its figure, which moves when the page changes its size."""
        if self.editor is None:
            return
        place, key = self._editing
        box = self.tree.bbox(f"r{place - self.first}", key) if place >= self.first else ""
        if box:
            x, y, width, height = box
            self.editor.place(x=x, y=y, width=width, height=height)

    def _bind_editor(self, editor: ParsedEntry) -> None:
        for key in ("<Return>", "<KP_Enter>", "<Tab>"):
            editor.bind(key, lambda _event: self._walk())
        leave_control_enter(editor)
        editor.bind("<Up>", lambda _event: self._step(-1))
        editor.bind("<Down>", lambda _event: self._step(1))
        editor.bind("<Escape>", lambda _event: self._take_back())
        editor.bind("<FocusOut>", lambda _event: self.finish(), add=True)
        editor.watch(lambda: editor.mark(""))

    def finish(self) -> bool:
        """Take over what stands in the editor, if any; False where it can't be understood: it stays open."""
        editor = self.editor
        if editor is None:
            return True
        place, key = self._editing
        line = self._draft.lines[place]
        try:
            value = editor.get_value()
            if value is None and key in self._required:
                raise InputError(f"{editor.name}还没有填写。")
        except InputError as error:
            editor.mark(WRONG)
            self._on_wrong(f"“{line.product.name}”的{error.sentence}")
            return False
        changed = value != getattr(line, key)
        setattr(line, key, value)
        self._drop_editor()
        self.show_line(place)
        if changed:
            self._on_change()
        return True

    def _drop_editor(self) -> None:
        editor, self.editor = self.editor, None
        if editor is not None:
            editor.destroy()

    def _let_go(self) -> None:
        """The rows are about to move under the editor: take it over, or give up what can't be understood."""
        if self.editor is not None and not self.finish():
            self._drop_editor()

    def _walk(self) -> str:
        place, key = self._editing
        if self.finish():
            rest = self._walked[self._walked.index(key) + 1 :] if key in self._walked else ()
            if rest:
                self.edit(place, rest[0])
            else:
                self._on_done()
        return "break"

    def _step(self, step: int) -> str:
        place, key = self._editing
        if self.finish():
            self.edit(max(0, min(place + step, len(self._draft.lines) - 1)), key)
        return "break"

    def _take_back(self) -> str:
        self._drop_editor()
        self._on_change()
        self.focus_set()
        return "break"

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        column = self.tree.identify_column(event.x)
        key = str(self.tree.column(column, "id")) if column and column != "#0" else ""
        item = self.tree.identify_row(event.y)
        if item and key in self._editors:
            self.edit(self.first + int(item[1:]), key)

    def remove(self) -> None:
        """Take the line in hand out."""
        place = self.cursor
        if not self._editors or self.current_row() is None or not 0 <= place < len(self._draft.lines):
            return
        self._drop_editor()
        self._draft.remove(place)
        self.clear_selection()
        self.show_line(min(place, len(self._draft.lines) - 1))
        self._on_change()
        if self._draft.lines:
            self.focus_set()
        else:
            self._on_done()
