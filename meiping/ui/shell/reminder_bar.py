"""The amber strip above everything: hidden while nothing is due."""

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import ttkbootstrap as ttk

from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.menus import popup
from meiping.ui.widgets.scroller import Scroller

MOST_LINES = 50
"""How many reminders the list of the strip shows."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose time has come. ``detail`` is a line in grey: for whom, since when."""

    id: int
    title: str
    detail: str = ""


class ReminderSource(Protocol):
    """Where the strip gets its reminders; all calls on the main thread."""

    @property
    def snoozes(self) -> Sequence[tuple[str, str]]:
        """How long a reminder can be put off, as (key, word)."""

    def due(self, context: ShellContext) -> Sequence[DueReminder]:
        """What is due and not done, the most urgent first."""

    def done(self, context: ShellContext, reminder_id: int) -> bool:
        """It has been dealt with; True if that was written down."""

    def snooze(self, context: ShellContext, reminder_id: int, key: str) -> bool:
        """Put it off; True if that was written down."""

    def open(self, context: ShellContext, reminder_id: int) -> None:
        """Bring up what it is about."""


class ReminderBar(ttk.Frame):
    """The strip; grids or ungrids itself in ``row`` of its parent."""

    def __init__(self, parent: tk.Misc, row: int, context: ShellContext, source: ReminderSource) -> None:
        super().__init__(parent, style="SoftWarning.TFrame", padding=(px(parent, 20), px(parent, 5)))
        self._row, self._context, self._source = row, context, source
        self.shown: Sequence[DueReminder] = ()
        ttk.Label(self, icon="bell-fill", style="InkWarning.TLabel").pack(side="left", padx=(0, px(self, 10)))
        self._count = ttk.Label(self, style="SoftWarning.TLabel", font="MpBold")
        self._count.pack(side="left")
        self._first = ttk.Label(self, style="SoftWarning.TLabel", cursor="hand2")
        self._first.pack(side="left", padx=(px(self, 12), 0))
        self._list = ttk.Button(self, text="去处理", style="SoftWarning.TButton", command=self.open_list)
        self._later = ttk.Button(
            self, text="稍后提醒 ▾", style="SoftWarning.TButton", command=self._offer_later
        )
        self._later.pack(side="right")
        self._list.pack(side="right", padx=px(self, 8))
        for part in (self._count, self._first):
            part.bind("<Button-1>", lambda _event: self.open_list())

    def text(self) -> str:
        """What the strip says; empty while it is hidden."""
        return f"{self._count.cget('text')} {self._first.cget('text')}" if self.shown else ""

    def refresh(self) -> None:
        """Ask again what is due."""
        self.shown = self._source.due(self._context)
        if not self.shown:
            self.grid_remove()
            return
        first = self.shown[0]
        self._count.configure(text=f"{len(self.shown)} 条提醒已到时间")
        self._first.configure(text=" · ".join(part for part in (first.title, first.detail) if part))
        self.grid(row=self._row, column=0, sticky="ew")

    def open_list(self) -> None:
        """All that is due, each with what can be done about it."""
        _DueList(self, self._context, self._source).wait_window()
        self.refresh()

    def _offer_later(self) -> None:
        words = [(word, partial(self._snooze_all, key)) for key, word in self._source.snoozes]
        popup(self, words, self._later.winfo_rootx(), self._later.winfo_rooty() + self._later.winfo_height())

    def _snooze_all(self, key: str) -> None:
        for reminder in self.shown:
            if not self._source.snooze(self._context, reminder.id, key):
                break
        self.refresh()


class _DueList(DialogWindow):
    """One line a reminder: what, for whom, and three things to do about it."""

    def __init__(self, parent: tk.Misc, context: ShellContext, source: ReminderSource) -> None:
        super().__init__(parent, "到时间的提醒", resizable=True)
        self._context, self._source = context, source
        self._scroller = Scroller(self.body, width=px(self, 620), height=px(self, 320))
        self._scroller.pack(fill="both", expand=True)
        self._closing = self.add_button("关闭", self.close)
        self._fill()
        self.open(self._ready)

    def _fill(self) -> None:
        for child in self._scroller.inner.winfo_children():
            child.destroy()
        self._ready = self._closing
        """Where the keys go next: to the first reminder's 完成."""
        due = self._source.due(self._context)
        for reminder in due[:MOST_LINES]:
            self._line(reminder)
        if len(due) > MOST_LINES:
            more = f"还有 {len(due) - MOST_LINES:,} 条，在“客户提醒”里可以一起处理"
            ttk.Label(self._scroller.inner, text=more, style="Muted.TLabel").pack(pady=px(self, 14))
        if not due:
            ttk.Label(self._scroller.inner, text="都处理完了", style="Muted.TLabel").pack(pady=px(self, 40))

    def _line(self, reminder: DueReminder) -> None:
        line = ttk.Frame(self._scroller.inner, padding=(0, px(self, 8), px(self, 12), px(self, 8)))
        line.pack(fill="x")
        ttk.Frame(self._scroller.inner, style="Hairline.TFrame", height=1).pack(fill="x")
        actions = ttk.Frame(line)
        actions.pack(side="right", padx=(px(self, 12), 0))
        opens = ttk.Button(actions, text="打开", bootstyle="neutral outline")
        opens.configure(command=partial(self._open, reminder.id))
        opens.pack(side="left")
        later = ttk.Button(actions, text="稍后 ▾", bootstyle="neutral outline")
        later.configure(command=partial(self._offer_later, later, reminder.id))
        later.pack(side="left", padx=px(self, 8))
        done = ttk.Button(actions, text="完成", bootstyle="primary outline")
        done.configure(command=partial(self._after, partial(self._source.done, self._context, reminder.id)))
        done.pack(side="left")
        if self._ready is self._closing:
            self._ready = done
        words = ttk.Frame(line)
        words.pack(side="left", fill="x", expand=True)
        said = ((reminder.title, "TLabel", "MpBold"), (reminder.detail, "Muted.TLabel", "MpSmall"))
        for text, style, font in said:
            if text:
                label = ttk.Label(words, text=text, style=style, font=font, justify="left")
                label.pack(anchor="w", fill="x")
                wrap_to_width(label)

    def _after(self, action: "partial[bool]") -> None:
        if action():
            self._fill()
            self._ready.focus_set()

    def _offer_later(self, button: ttk.Button, reminder_id: int) -> None:
        words = [
            (word, partial(self._after, partial(self._source.snooze, self._context, reminder_id, key)))
            for key, word in self._source.snoozes
        ]
        popup(self, words, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _open(self, reminder_id: int) -> None:
        self.close()
        self._source.open(self._context, reminder_id)
