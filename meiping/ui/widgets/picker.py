"""Choosing a record by typing: results as one types, arrows and Enter, the chosen one stays shown."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError
from meiping.ui.theme import px
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.boxes import BoxedEntry
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.popups import Popup

_ROWS = 8
_DELAY_MS = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """One result: what is stored, its name, a line about it, and a word at the right (a price, a balance)."""

    id: Any
    title: str
    detail: str = ""
    right: str = ""


Search = Callable[[str], Sequence[Choice]]
Create = tuple[str, Callable[[str], Choice | None]]
"""A word (新增客户) and what makes a new record from the text typed; None if it comes later or not at all."""


class Picker(BoxedEntry):
    """An entry with its results below. ``value`` is the id chosen, ``choice`` all that is known of it.

    ``search`` is asked with the text typed (empty: the usual ones) and gives at most a few dozen results.
    """

    def __init__(
        self,
        parent: tk.Misc,
        search: Search,
        *,
        on_pick: Callable[[Choice | None], object] | None = None,
        hint: str = "",
        create: Create | None = None,
        width: int = 24,
        name: str = "",
    ) -> None:
        self.text = ttk.StringVar(parent)
        super().__init__(parent, lambda box: ttk.Entry(box, textvariable=self.text, width=width))
        self.choice: Choice | None = None
        self._name = name
        self._search, self._on_pick, self._create = search, on_pick, create
        self._results: list[Choice] = []
        self._asked: str | None = None
        self._cursor, self._top = 0, 0
        self._jobs = Jobs(self)
        self._quiet = False
        self._watchers: list[Callable[[], object]] = []
        self._popup = Popup(self)
        self._rows: list[_Row] = []
        self._button = self.add_button("chevron-down", self._toggle)
        if hint:
            self.hint(hint)
        on_write(self, self.text, self._typed)
        self._bind_keys()

    def _bind_keys(self) -> None:
        entry = self.entry
        entry.bind("<Down>", lambda _event: self._step(1))
        entry.bind("<Up>", lambda _event: self._step(-1))
        for key in ("<Return>", "<KP_Enter>", "<Tab>"):
            entry.bind(key, lambda _event: self._take())
        entry.bind("<Escape>", lambda _event: self._escape())
        entry.bind("<FocusOut>", lambda _event: self._left(), add=True)
        entry.bind("<FocusIn>", lambda _event: entry.select_range(0, "end"), add=True)

    # ---------------------------------------------------------------- value

    @property
    def value(self) -> Any:
        """The id chosen, or None."""
        return self.choice.id if self.choice is not None else None

    def get_value(self) -> Any:
        """The id chosen, None if empty. Raises InputError if something was typed that was not picked."""
        text = self.text.get().strip()
        if self.choice is not None and text == self.choice.title:
            return self.choice.id
        if text:
            raise InputError(f"请从列表中选择{self._name}，“{text}”还没有选定。")
        return None

    def set_value(self, choice: Choice | None) -> None:
        """Show a choice without telling ``on_pick``; None empties."""
        self.choice = choice
        self._quiet = True
        self.text.set(choice.title if choice is not None else "")
        self._quiet = False
        self.entry.icursor("end")
        self.close()

    def raw(self) -> object:
        """The id and the text."""
        return self.value, self.text.get()

    def doubt(self) -> str | None:
        """No doubts."""
        return None

    def watch(self, callback: Callable[[], object]) -> None:
        """Call back at every change of the text or the choice."""
        self._watchers.append(callback)

    def enable(self, on: bool) -> None:
        """Let it be edited, or not."""
        state = "normal" if on else "disabled"
        self.entry.configure(state=state)
        self._button.configure(state=state)

    def focus_set(self) -> None:
        """Put the cursor into the entry."""
        self.entry.focus_set()

    # ---------------------------------------------------------------- typing

    def _typed(self) -> None:
        self.refresh_hint()
        for callback in self._watchers:
            callback()
        if self._quiet:
            return
        self._jobs.once("ask", self._ask, delay=_DELAY_MS)

    def _ask(self) -> None:
        self._jobs.cancel("ask")
        text = self.text.get()
        if self.choice is not None and text == self.choice.title:
            text = ""
        self._results = list(self._search(text.strip()))
        self._asked = text
        self._cursor = self._top = 0
        self._show()

    def _entries(self) -> list[Choice | None]:
        """The results, and None for making a new one."""
        return [*self._results, *([None] if self._create is not None else [])]

    # ---------------------------------------------------------------- the list

    def is_open(self) -> bool:
        """Whether the results are on screen."""
        return self._popup.window is not None

    def open(self) -> None:
        """Search for what is typed and show the results."""
        self._ask()

    def close(self) -> None:
        """Take the results away."""
        self._jobs.cancel("ask")
        self._popup.close()

    def _toggle(self) -> None:
        self.entry.focus_set()
        self.close() if self.is_open() else self.open()

    def _show(self) -> None:
        if not self.is_open():
            self._popup.open(self._fill, as_wide=True)
        entries = self._entries()
        self._top = max(min(self._top, self._cursor), self._cursor - _ROWS + 1, 0)
        for place, row in enumerate(self._rows):
            index = self._top + place
            if index >= len(entries):
                row.hide()
                continue
            choice = entries[index]
            if choice is None:
                assert self._create is not None
                text = self.text.get().strip()
                choice = Choice(None, f"＋ {self._create[0]}" + (f"“{text}”" if text else ""))
            row.show(choice, chosen=index == self._cursor)
        self._nothing.pack_forget()
        if not self._results:
            self._nothing.pack(fill="x", before=self._rows[0].frame if self._rows[0].shown else None)
        self._popup.place(as_wide=True)

    def _fill(self, parent: tk.Misc) -> None:
        self._nothing = ttk.Label(
            parent, text="没有找到", style="Muted.TLabel", padding=(px(self, 10), px(self, 8))
        )
        self._rows = [_Row(parent, partial(self._clicked, place)) for place in range(_ROWS)]
        for button, step in (("<Button-4>", -1), ("<Button-5>", 1)):
            for row in self._rows:
                row.bind(button, partial(self._wheel, step))
        for row in self._rows:
            row.bind("<MouseWheel>", lambda event: self._wheel(-1 if event.delta > 0 else 1, event))

    def _wheel(self, step: int, _event: object) -> None:
        self._step(step)

    def _clicked(self, place: int) -> None:
        self._cursor = self._top + place
        self._pick()

    def _step(self, step: int) -> str:
        if not self.is_open() or self._jobs.waits("ask"):
            self._ask()
        elif self._entries():
            self._cursor = max(0, min(self._cursor + step, len(self._entries()) - 1))
            self._show()
        return "break"

    def _take(self) -> str | None:
        """Enter or Tab: the marked one. Nothing to take: the key goes on to the form."""
        if self._jobs.waits("ask") and self.text.get().strip():
            self._ask()
        if not self.is_open():
            return None
        if self._results:
            self._pick()
        elif self._create is None:
            self.close()
        else:
            self._cursor = 0
            self._pick()
            return "break"
        return None if self.choice is not None else "break"

    def _pick(self) -> None:
        entries = self._entries()
        if not entries:
            return
        choice = entries[min(self._cursor, len(entries) - 1)]
        if choice is None and self._create is not None:
            self.close()
            choice = self._create[1](self.text.get().strip())
            if choice is None:
                return
        self.set_value(choice)
        if self._on_pick is not None:
            self._on_pick(choice)

    def _escape(self) -> str | None:
        if not self.is_open():
            return None
        self.close()
        return "break"

    def _left(self) -> None:
        """The focus went away: an emptied entry means nobody, an unfinished text is kept for the person to see."""
        self.close()
        if not self.text.get().strip() and self.choice is not None:
            self.choice = None
            if self._on_pick is not None:
                self._on_pick(None)


class _Row:
    """One line of the results: title, detail in grey, a word at the right."""

    def __init__(self, parent: tk.Misc, on_click: Callable[[], object]) -> None:
        pad = px(parent, 10)
        self.frame = ttk.Frame(parent, padding=(pad, px(parent, 5)))
        self._title = ttk.Label(self.frame)
        self._detail = ttk.Label(self.frame, font="MpSmall")
        self._right = ttk.Label(self.frame)
        self._title.pack(side="left")
        self._detail.pack(side="left", padx=(px(parent, 10), 0))
        self._right.pack(side="right", padx=(px(parent, 16), 0))
        self.shown = False
        self.bind("<ButtonRelease-1>", lambda _event: on_click())

    def bind(self, sequence: str, callback: Callable[[Any], object]) -> None:
        """Bind the whole line."""
        for part in (self.frame, self._title, self._detail, self._right):
            part.bind(sequence, callback)

    def show(self, choice: Choice, *, chosen: bool) -> None:
        """Say what this line offers."""
        ground, ink = ("PickOn", "PickOnMuted") if chosen else ("PickOff", "PickOffMuted")
        self.frame.configure(style=f"{ground}.TFrame")
        self._title.configure(text=choice.title, style=f"{ground}.TLabel")
        self._detail.configure(text=choice.detail, style=f"{ink}.TLabel")
        self._right.configure(text=choice.right, style=f"{ink}.TLabel")
        if not self.shown:
            self.frame.pack(fill="x")
            self.shown = True

    def hide(self) -> None:
        """Nothing to offer here."""
        self.frame.pack_forget()
        self.shown = False
