"""The chosen task at the right of the list: what it says, and what was said and done about it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ttkbootstrap as ttk

from meiping.domains.office.queries import TaskEvent, task_course
from meiping.domains.office.rules import TaskState
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cards import DetailPane, Facts, wrap_to_width
from meiping.ui.widgets.scroller import Scroller

_MOST_EVENTS = 40
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class TaskHands:
    """What the buttons of the pane do with the row shown."""

    finish: Callable[[Sequence[int]], None]
    progress: Callable[[Row], None]
    comment: Callable[[Row], None]
    customer: Callable[[Row], None]


class TaskPane:
    """One task and its course."""

    def __init__(self, parent: tk.Misc, context: Context, hands: TaskHands) -> None:
        self._context, self._hands = context, hands
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="选择一个任务，这里显示进展和批注")
        self.widget: tk.Widget = self._pane
        body = self._pane.body
        buttons = ttk.Frame(body)
        buttons.pack(fill="x", pady=(0, px(parent, 12)))
        finish = ttk.Button(buttons, text="完成", icon="check2", command=self._finish)
        finish.configure(bootstyle="primary outline")
        progress = ttk.Button(buttons, text="进度", command=self._progress)
        comment = ttk.Button(buttons, text="批注", command=self._comment)
        self._customer = ttk.Button(buttons, text="客户", command=self._open)
        for button in (progress, comment, self._customer):
            button.configure(bootstyle="neutral outline")
        for button in (finish, progress, comment, self._customer):
            button.pack(side="left", padx=(0, px(parent, 8)))
        self._while_open = (finish, progress)
        self._scroller = Scroller(body, gutter=True)
        self._scroller.pack(fill="both", expand=True)
        inner = self._scroller.inner
        self._facts = Facts(inner, columns=2)
        self._facts.pack(fill="x")
        self._content = ttk.Label(inner, justify="left")
        wrap_to_width(self._content)
        ttk.Label(inner, text="进展和批注", font="MpBold").pack(
            anchor="w", pady=(px(parent, 8), px(parent, 2))
        )
        self._course = ttk.Frame(inner)
        self._course.pack(fill="both", expand=True)

    def show(self, row: Row | None) -> None:
        """Show a task, or that none is chosen."""
        self._row = row
        if row is None:
            self._pane.clear()
            return
        self._pane.show(row["title"], f"{row['standing']} · {row['progress']}%")
        self._facts.show(
            [
                ("负责人", row["assignee"]),
                ("布置人", row["giver"]),
                ("截止日期", self._day(row)),
                ("优先级", row["priority"]),
                ("客户", row["customer"]),
                ("电话", show_phone(row["customer_phone"])),
            ]
        )
        self._content.configure(text=privacy.said(row["content"]))
        if row["content"]:
            self._content.pack(fill="x", after=self._facts, pady=(px(self._pane, 2), px(self._pane, 6)))
        else:
            self._content.pack_forget()
        for button in self._while_open:
            button.configure(state="normal" if row["state"] == TaskState.OPEN.key else "disabled")
        self._customer.configure(state="disabled" if row["customer_id"] is None else "normal")
        self._show_course(self._context.read(task_course, task_id=row["id"], limit=_MOST_EVENTS) or [])

    @staticmethod
    def _day(row: Row) -> str:
        day = row["due_date"]
        return "" if day is None else f"{show_date(day)} 周{_WEEKDAYS[day.weekday()]}"

    def _show_course(self, events: Sequence[TaskEvent]) -> None:
        for child in self._course.winfo_children():
            child.destroy()
        for event in events:
            line = ttk.Frame(self._course, padding=(0, px(self._course, 5)))
            line.pack(fill="x")
            ttk.Frame(self._course, style="Hairline.TFrame", height=1).pack(fill="x")
            who = ttk.Label(line, text=f"{show_moment(event.at)} · {event.operator}")
            who.configure(style="Muted.TLabel", font="MpSmall")
            who.pack(anchor="w")
            said = ttk.Label(line, text=privacy.said(event.words), justify="left")
            said.configure(style="TLabel" if event.said else "Muted.TLabel")
            said.pack(anchor="w", fill="x")
            wrap_to_width(said)

    # ---------------------------------------------------------------- the buttons
    def _finish(self) -> None:
        if self._row is not None:
            self._hands.finish([self._row["id"]])

    def _progress(self) -> None:
        if self._row is not None:
            self._hands.progress(self._row)

    def _comment(self) -> None:
        if self._row is not None:
            self._hands.comment(self._row)

    def _open(self) -> None:
        if self._row is not None:
            self._hands.customer(self._row)
