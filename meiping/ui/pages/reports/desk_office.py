"""What the desk says of tasks and of what waits for an approval."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.domains.expenses.rules import ADVANCE, EXPENSE, KINDS, Status
from meiping.domains.office.rules import due_words
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cut_text import CutLabel
from meiping.ui.widgets.pressable import pressable

if TYPE_CHECKING:  # read in a worker; the cards are seen before
    from meiping.domains.desk.overview import Waiting
    from meiping.domains.office.queries import NextTask, OwnTasks

Line = tuple[str, str, bool, Callable[[], object]]
"""Word, how it stands, whether that is alarming, what a click opens."""
_PAGES = {EXPENSE: "expenses", ADVANCE: "advances"}


def office_lines(context: Context, waiting: "Waiting") -> list[Line]:
    """One's own tasks, and what waits for one's approval, for who may see them."""
    lines: list[Line] = []
    if (own := waiting.tasks) is not None:
        lines.append(("我的任务", _tasks_words(own), own.overdue > 0, partial(_open_own, context)))
    found = waiting.approvals
    if found is not None and (any(found.values()) or context.option("expenses.approval")):
        told = "，".join(f"{KINDS[kind]} {count:,} 笔" for kind, count in found.items() if count)
        lines.append(("等我审批", told or "没有", bool(told), partial(_open_undecided, context)))
    return lines


def _tasks_words(own: "OwnTasks") -> str:
    """``今天到期 2 个，逾期 1 个``; where neither is, how many there are."""
    parts = (
        f"今天到期 {own.today:,} 个" if own.today else "",
        f"逾期 {own.overdue:,} 个" if own.overdue else "",
    )
    return "，".join(part for part in parts if part) or (f"{own.open:,} 个" if own.open else "没有")


def _open_own(context: Context) -> None:
    """Those due and overdue; all that are open where there are none."""
    from meiping.domains.office.queries import own_tasks

    own = context.read(own_tasks)
    due = own is not None and own.today + own.overdue
    state = "due" if due else None
    context.open_page("tasks", whose="mine", state=state, assignee_id=None, period=None)


def _open_undecided(context: Context) -> None:
    """The list in which something waits; of both, that of expenses first."""
    from meiping.domains.expenses.queries import undecided

    found = context.read(undecided) or {}
    kind = next((kind for kind in _PAGES if found.get(kind)), EXPENSE)
    context.open_page(_PAGES[kind], status=Status.REQUESTED.key, period=None)


class NextTasks(ttk.Frame):
    """The next few of one's own tasks; takes no room while there are none."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, padding=(0, px(parent, 6), 0, 0))
        self._context = context

    def show(self, own: "OwnTasks | None") -> None:
        """Set the lines."""
        for child in self.winfo_children():
            child.destroy()
        if own is None or not own.next:
            self.pack_forget()
            return
        self.pack(side="bottom", fill="x")
        heading = ttk.Label(self, text="接下来的任务", style="Muted.TLabel", font="MpSmall")
        heading.pack(anchor="w", pady=(0, px(self, 2)))
        for task in own.next:
            self._line(task)

    def _line(self, task: "NextTask") -> None:
        line = ttk.Frame(self, padding=(0, px(self, 2)))
        line.pack(fill="x")
        today = self._context.actor.today()
        late = task.due_date is not None and task.due_date < today
        when = ttk.Label(line, text=due_words(task.due_date, today))
        when.configure(style="Warn.TLabel" if late else "Muted.TLabel")
        when.pack(side="right", padx=(px(self, 8), 0))
        title = CutLabel(line)
        title.say(" · ".join(part for part in (task.title, task.customer) if part))
        title.pack(side="left", fill="x", expand=True)
        pressable(line, partial(self._context.open_page, "tasks", select=task.id), (when, title))
