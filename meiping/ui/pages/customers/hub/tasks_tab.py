"""任务: what is to be done for a customer."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.office.queries import TASK_COLUMNS, tasks_of
from meiping.domains.office.rules import USE
from meiping.kernel.tabular import Row
from meiping.ui import task_verbs
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.task_dialogs import add_task_dialog, change_task_dialog, comment_dialog, progress_dialog

TITLE = "任务"


class TasksPane(HubListPane):
    """The customer's tasks: added, told how far they are, talked about, done."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            without_customer(TASK_COLUMNS),
            tasks_of,
            "还没有任务。要为这位客户做的事记在这里，写上期限，到期会提醒。",
            unit="个",
            actions=(
                Action("添加", self.add, "plus-lg", key="Insert", primary=True),
                Action("完成", self._finish, "check2", key="Control-d", needs=Needs.IDS, head=True),
                Action("进度", self._progress, "graph-up", needs=Needs.ONE, head=True),
                Action("批注", self._comment, "chat-left-text", needs=Needs.ONE, head=True),
                Action("修改", self._change, "pencil", needs=Needs.ONE, opens=True, head=True),
                Action("删除", self._delete, "trash", key="Delete", needs=Needs.IDS, head=True),
                Action("看进展和批注", self._show, needs=Needs.ONE),
                Action("放弃", self._give_up, needs=Needs.IDS, apart=True),
                Action("重新打开", self._reopen, needs=Needs.IDS),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new task about the customer shown."""
        if detail := self.usable():
            add_task_dialog(self.widget, self.context, self._saved, customer_id=detail.id)

    def _saved(self, task_id: int) -> None:
        self.changed()
        self.list.select_id(task_id)

    def _change(self, row: Row) -> None:
        change_task_dialog(self.widget, self.context, row["id"], self._saved)

    def _progress(self, row: Row) -> None:
        progress_dialog(self.widget, self.context, row["id"], self._saved)

    def _comment(self, row: Row) -> None:
        comment_dialog(self.widget, self.context, row["id"], self._saved)

    def _show(self, row: Row) -> None:
        self.context.open_page("tasks", select=row["id"])

    def _finish(self, ids: Sequence[int]) -> None:
        task_verbs.finish(self.context, ids, self.changed)

    def _give_up(self, ids: Sequence[int]) -> None:
        task_verbs.give_up(self.context, ids, self.changed)

    def _reopen(self, ids: Sequence[int]) -> None:
        task_verbs.reopen(self.context, ids, self.changed)

    def _delete(self, ids: Sequence[int]) -> None:
        task_verbs.delete(self.context, ids, self.changed)


TASKS_TAB = HubTab(TITLE, USE, TasksPane)
