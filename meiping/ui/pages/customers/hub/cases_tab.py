"""服务: the customer's service cases."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

from meiping.domains.support.queries import CASE_COLUMNS, cases_of
from meiping.domains.support.rules import HANDLE, VIEW
from meiping.kernel.tabular import Row
from meiping.ui.cases.case_dialog import add_case_dialog, change_case_dialog
from meiping.ui.cases.paper import print_case
from meiping.ui.cases.step_dialogs import (
    assign_dialog,
    close_chosen_cases,
    delete_chosen_cases,
    finish_dialog,
    reopen_asking,
    revisit_dialog,
)
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer

TITLE = "服务"


class CasesPane(HubListPane):
    """The customer's cases: taken, changed, assigned, done, revisited, closed, deleted."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        one = partial(Action, permission=HANDLE, needs=Needs.ONE)
        spec = HubList(
            TITLE,
            without_customer(CASE_COLUMNS),
            cases_of,
            "还没有服务单。这位客户有投诉、报修或别的要求时记在这里，办完再回访。",
            unit="张",
            actions=(
                Action("添加", self.add, "plus-lg", HANDLE, key="Insert", primary=True),
                one("修改", self._change, "pencil", key="F2", opens=True, head=True),
                one("派工", partial(self._step, assign_dialog), "person-check", head=True),
                one("完成", partial(self._step, finish_dialog), "check2", head=True),
                one("回访", partial(self._step, revisit_dialog), "telephone", head=True),
                Action("打印", self._print, "printer", key="Control-p", needs=Needs.ONE, head=True),
                Action("关闭", self._close, permission=HANDLE, needs=Needs.SOME),
                one("重新处理…", self._reopen),
                Action("删除", self._delete, "trash", HANDLE, key="Delete", needs=Needs.IDS, head=True),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new case of the customer shown."""
        if self.context.actor.can(HANDLE) and (detail := self.usable()):
            self.list.focus_set()  # where the keys are once it is saved
            add_case_dialog(self.widget, self.context, self._saved, customer=(detail.id, detail.shown_name))

    def _change(self, row: Row) -> None:
        if self.usable():
            change_case_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, case_id: int) -> None:
        self.changed()
        self.list.select_id(case_id)

    def _step(self, ask: Callable[..., object], row: Row) -> None:
        if self.usable():
            ask(self.widget, self.context, row["id"], self.changed)

    def _print(self, row: Row) -> None:
        print_case(self.context, row["id"])

    def _close(self, rows: Sequence[Row]) -> None:
        if self.usable():
            close_chosen_cases(self.widget, self.context, rows, self.changed)

    def _reopen(self, row: Row) -> None:
        if self.usable():
            reopen_asking(self.widget, self.context, row["id"], self.changed)

    def _delete(self, ids: Sequence[int]) -> None:
        if self.usable():
            delete_chosen_cases(self.context, ids, self.changed)


CASES_TAB = HubTab(TITLE, VIEW, CasesPane)
