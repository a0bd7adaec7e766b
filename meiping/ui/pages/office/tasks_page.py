"""任务: one's own, those one gave and those of who one leads, with what was said about each at the right."""

import tkinter as tk
from collections.abc import Sequence
from datetime import date
from typing import Any

from meiping.domains.office.queries import (
    STATES,
    TASK_COLUMNS,
    WHOSE,
    TaskFilter,
    people_with_tasks,
    task_figures,
    task_list,
)
from meiping.domains.office.rules import USE
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui import task_verbs
from meiping.ui.context import Context
from meiping.ui.days_filter import DaysFilter
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.office.task_pane import TaskHands, TaskPane
from meiping.ui.task_dialogs import add_task_dialog, change_task_dialog, comment_dialog, progress_dialog

_STATES = tuple(state for state in STATES if state[0] != "open")
_ALL_THERE_ARE = {"whose": None, "state": "all", "assignee_id": None, "period": None}


class TasksPage(ListPage):
    """The list of tasks with what can be done about them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._days = DaysFilter()
        hands = TaskHands(self.finish, self.progress, self.comment, self.open_customer)
        super().__init__(
            parent,
            context,
            ListSpec(
                key="tasks",
                title="任务",
                unit="个任务",
                facts=self._due_ones,
                columns=TASK_COLUMNS,
                listing=self._listing,
                search="任务 / 内容 / 客户",
                filters=(
                    Filter("whose", "谁的", lambda: WHOSE, width=9),
                    Filter("state", "状态", lambda: _STATES, all_word=dict(STATES)["open"], width=10),
                    Filter("assignee_id", "负责人", self._people, width=8, when=self._several_people),
                    Filter("period", "添加日期", self._days.choices, width=9),
                ),
                actions=(
                    Action("添加任务", self._add, "plus-lg", permission=USE, key="Control-n", primary=True),
                    Action("完成", self.finish, key="Control-d", needs=Needs.IDS),
                    Action("更新进度", self.progress, key="F6", needs=Needs.ONE),
                    Action("批注", self.comment, key="F7", needs=Needs.ONE),
                    Action("修改", self._change, key="F2", needs=Needs.ONE, opens=True, apart=True),
                    Action("打开客户", self.open_customer, needs=Needs.ONE),
                    Action("放弃", self._give_up, needs=Needs.IDS, apart=True),
                    Action("重新打开", self._reopen, needs=Needs.IDS),
                    Action("删除", self._delete, key="Delete", needs=Needs.IDS),
                ),
                detail=lambda pane: TaskPane(pane, context, hands),
                share=0.7,
                empty=("没有未完成的任务。把要做的事记下来，写上期限，到期会提醒。", "添加任务"),
            ),
        )

    def _people(self) -> list[tuple[int, str]]:
        return self.context.read(people_with_tasks) or []

    def _several_people(self) -> bool:
        return len(self._people()) > 1

    def _listing(self, asked: Asked) -> Listing:
        days = self._days.period(asked["period"], self.context.actor.today())
        narrow = TaskFilter(
            text=asked.text,
            whose=asked["whose"],
            state=asked["state"] or "open",
            assignee_id=asked["assignee_id"],
            first_date=days.first,
            last_date=days.last,
        )
        return task_list(self.context.actor, narrow)

    def _due_ones(self) -> str:
        today, overdue = task_figures(self.context.actor)
        told = (f"今天到期 {today:,} 个" if today else "", f"逾期 {overdue:,} 个" if overdue else "")
        return " · ".join(part for part in told if part)

    def open(
        self,
        *,
        select: int | None = None,
        add: bool = False,
        first_date: date | None = None,
        last_date: date | None = None,
        **values: Any,
    ) -> None:
        """Come here from elsewhere: to a task past all filters, to those added on these days, or to add one."""
        if add:
            self._add()
            return
        values |= self._days.ask(first_date, last_date)
        if select is not None:
            values = {**_ALL_THERE_ARE, **values}
        super().open(select=select, **values)

    # ---------------------------------------------------------------- doing
    def _add(self) -> None:
        self.list.focus_set()  # where the keys are once it is saved
        add_task_dialog(self.widget, self.context, self._saved)

    def _change(self, row: Row) -> None:
        change_task_dialog(self.widget, self.context, row["id"], self._saved)

    def progress(self, row: Row) -> None:
        """Say how far it is."""
        progress_dialog(self.widget, self.context, row["id"], self._saved)

    def comment(self, row: Row) -> None:
        """Say something about it."""
        comment_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, task_id: int) -> None:
        self.reload()
        self.list.select_id(task_id)

    def finish(self, ids: Sequence[int]) -> None:
        """They are done."""
        task_verbs.finish(self.context, ids, self.reload)

    def _give_up(self, ids: Sequence[int]) -> None:
        task_verbs.give_up(self.context, ids, self.reload)

    def _reopen(self, ids: Sequence[int]) -> None:
        task_verbs.reopen(self.context, ids, self.reload)

    def _delete(self, ids: Sequence[int]) -> None:
        task_verbs.delete(self.context, ids, self.reload)

    def open_customer(self, row: Row) -> None:
        """Its customer, if it is about one."""
        if row["customer_id"] is None:
            self.context.toast("这个任务没有关联客户。", kind="info")
        else:
            self.context.open_page("customer_hub", customer_id=row["customer_id"])


PAGE = PageParts(
    build=TasksPage,
    watches=frozenset({Topic.TASKS, Topic.CUSTOMERS, Topic.ACCESS}),
    help="要做的事：写上负责人、期限和客户，做到哪里了随时更新，大家在批注里商量，每次修改都留有记录。"
    "上级看得到下属的任务，可以布置和批注；谁是谁的上级在“系统 → 操作员”里设置。"
    "到期当天会提醒负责人，“设置 · 自动提醒”里可以关掉或提前。删除的在“客户 → 回收站”里。",
    keys=(
        ("Ctrl+N", "添加任务"),
        ("Ctrl+D", "完成选中的任务"),
        ("F6", "更新进度"),
        ("F7", "批注"),
        ("F2 / 双击", "修改"),
        ("Delete", "删除"),
        *LIST_KEYS,
    ),
)
