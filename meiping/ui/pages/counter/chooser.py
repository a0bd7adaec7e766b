"""A window to choose one of a list by typing: customers, held bills, salespersons, goods for a price."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.ui.theme import chars, px
from meiping.ui.widgets.auto_bar import AutoBar
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.cut_text import CELL_EDGE, cut
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.scan_bursts import Burst

_ROWS = 10


@dataclass(frozen=True, slots=True)
class ChooserColumn:
    """A column: title, width in characters, whether its values stand at the right; one of them stretches."""

    title: str
    width: int
    right: bool = False
    stretch: bool = False


@dataclass(frozen=True, slots=True)
class ChooserRow:
    """One choice and its cells."""

    id: Any
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Create:
    """A last row that makes a new record of what was typed.

    ``cells`` are what the row says, None where the text is not worth it; ``make`` gives the id of what was made,
    None if nothing was.
    """

    cells: Callable[[str], tuple[str, ...] | None]
    make: Callable[[str], Any]


class ChooserDialog(DialogWindow):
    """Typing narrows, ↑↓ mark, Enter chooses, Esc leaves. ``answer`` is the id chosen, None if none was.

    ``search`` gives the rows for a text (empty: all, or the usual ones). ``on_delete`` gets the marked id when Delete
    is pressed in the empty field; the rows are asked for again after it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        title: str,
        columns: Sequence[ChooserColumn],
        search: Callable[[str], Sequence[ChooserRow]],
        *,
        hint: str = "",
        verb: str = "选择",
        empty: str = "没有找到",
        create: Create | None = None,
        on_delete: Callable[[Any], object] | None = None,
        text: str = "",
    ) -> None:
        super().__init__(parent, title, resizable=True)
        self.answer: Any = None
        self._columns, self._search, self._empty_words = tuple(columns), search, empty
        self._create, self._on_delete = create, on_delete
        self._rows: list[ChooserRow | None] = []
        self._job: str | None = None
        self.text = ttk.StringVar(self)
        self.entry = ttk.Entry(self.body, textvariable=self.text, font="MpBig")
        self.entry.pack(fill="x")
        if hint:
            ttk.Label(self.body, text=hint, style="Muted.TLabel", font="MpSmall").pack(
                anchor="w", pady=(px(self, 4), 0)
            )
        self._build_list()
        self.choose_button = self.add_button(f"{verb} Enter", self.choose, bootstyle="primary")
        self.add_button("取消 Esc", self.dismiss)
        self._bind_keys()
        self.text.set(text)
        on_write(self, self.text, self._typed)
        self._ask()
        self.open(self.entry)
        self.entry.icursor("end")

    def _build_list(self) -> None:
        box = ttk.Frame(self.body, bootstyle="bordered", padding=1)
        box.pack(fill="both", expand=True, pady=(px(self, 8), 0))
        keys = [str(place) for place in range(len(self._columns))]
        self.tree = ttk.Treeview(
            box, columns=keys, show="headings", selectmode="browse", takefocus=False, height=_ROWS
        )
        for key, column in zip(keys, self._columns, strict=True):
            anchor: Any = "e" if column.right else "w"
            self.tree.heading(key, text=column.title, anchor=anchor)
            room = chars(self, column.width) + 2 * px(self, CELL_EDGE)
            self.tree.column(key, width=room, minwidth=px(self, 30), anchor=anchor, stretch=column.stretch)
        AutoBar(box, self.tree)
        self.tree.pack(side="left", fill="both", expand=True)
        self._nothing = ttk.Label(self.tree, style="Muted.TLabel", justify="center")
        self.tree.bind("<Configure>", lambda _event: self._paint(), add=True)
        self.tree.bind("<ButtonPress-1>", self._row_pressed)
        self.tree.bind("<Double-Button-1>", lambda _event: self.choose())

    def _bind_keys(self) -> None:
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, self._entered)
        for key, step in (("<Up>", -1), ("<Down>", 1), ("<Prior>", -_ROWS), ("<Next>", _ROWS)):
            self.entry.bind(key, partial(self.move, step))
        self.entry.bind("<Delete>", lambda _event: self._deleted())
        self.bind("<Destroy>", lambda _event: self._cancel(), add=True)

    # ---------------------------------------------------------------- rows

    def _typed(self) -> None:
        self._cancel()
        self._job = self.after(80, self._ask)

    def _cancel(self) -> None:
        if self._job is not None:
            self.after_cancel(self._job)
            self._job = None

    def _ask(self) -> None:
        self._cancel()
        typed = self.text.get().strip()
        self._rows = [*self._search(typed)]
        if self._create is not None and self._create.cells(typed) is not None:
            self._rows.append(None)
        self.tree.delete(*self.tree.get_children())
        for place in range(len(self._rows)):
            self.tree.insert("", "end", iid=str(place))
        self._paint()
        if self._rows:
            self._mark(0)
            self._nothing.place_forget()
        else:
            self._nothing.configure(text="没有找到" if typed else self._empty_words)
            self._nothing.place(relx=0.5, rely=0.5, anchor="center")

    def _paint(self) -> None:
        font = ttk.nametofont("MpBody", root=self)
        padding = 2 * px(self, CELL_EDGE)
        rooms = [int(self.tree.column(str(place), "width")) - padding for place in range(len(self._columns))]
        for place, item in enumerate(self.tree.get_children()):
            cells = self._cells(self._rows[place])
            self.tree.item(
                item, values=[cut(cell, font, room) for cell, room in zip(cells, rooms, strict=True)]
            )

    def _cells(self, row: ChooserRow | None) -> tuple[str, ...]:
        if row is not None:
            return row.cells
        assert self._create is not None
        return self._create.cells(self.text.get().strip()) or ("",) * len(self._columns)

    def _mark(self, place: int) -> None:
        self.tree.selection_set(str(place))
        self.tree.see(str(place))

    def _place(self) -> int | None:
        marked = self.tree.selection()
        return int(marked[0]) if marked else None

    def move(self, step: int, _event: object = None) -> str:
        """Mark another row."""
        if self._job is not None:
            self._ask()
        place = self._place()
        if place is not None:
            self._mark(max(0, min(place + step, len(self._rows) - 1)))
        return "break"

    def _row_pressed(self, event: "tk.Event[tk.Misc]") -> str:
        item = self.tree.identify_row(event.y)
        if item:
            self._mark(int(item))
        self.entry.focus_set()
        return "break"

    # ---------------------------------------------------------------- choosing

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str:
        if self._job is not None:
            self._ask()
        self.choose()
        return "break"

    def choose(self) -> None:
        """Take the marked row."""
        place = self._place()
        if place is None:
            self.bell()
            return
        row = self._rows[place]
        if row is not None:
            self.answer = row.id
        else:
            assert self._create is not None
            self.answer = self._create.make(self.text.get().strip())
        if self.answer is not None:
            self.close()

    def _deleted(self) -> str | None:
        place = self._place()
        if self._on_delete is None or self.text.get() or place is None:
            return None
        row = self._rows[place]
        if row is not None:
            self._on_delete(row.id)
            self._ask()
        return "break"


class LookingDialog(ChooserDialog):
    """A scanned code is only looked up: its own Enter chooses nothing, the next one does; the next scan takes its place."""

    def _bind_keys(self) -> None:
        super()._bind_keys()
        self._burst = Burst(self)
        self.entry.bind("<KeyPress>", self._pressed, add=True)

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.char and event.char.isprintable():
            self._burst.key(str(self.entry), event.char, int(event.time))

    def _entered(self, event: "tk.Event[tk.Misc]") -> str:
        at = int(event.time)
        code = self._burst.finish(str(self.entry), at, keep=False)
        if code is None:
            return "break" if self._burst.echo(at) else super()._entered(event)
        self.text.set(code)
        self._ask()
        self.entry.select_range(0, "end")
        return "break"


def choose(
    parent: tk.Misc,
    title: str,
    columns: Sequence[ChooserColumn],
    *,
    kind: type[ChooserDialog] = ChooserDialog,
    **options: Any,
) -> Any:
    """Open a ChooserDialog and wait; the id chosen, or None."""
    dialog = kind(parent, title, columns, **options)
    dialog.wait_window()
    return dialog.answer
