"""提醒: a customer's reminders, kept without leaving him."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial

from meiping.domains.reminders.queries import REMINDER_COLUMNS, reminders_of
from meiping.domains.reminders.rules import FOLLOWS, SNOOZES, USE, snooze_until
from meiping.kernel.tabular import Row
from meiping.ui import reminder_verbs
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.reminder_dialog import add_reminder_dialog, change_reminder_dialog

TITLE = "提醒"


class RemindersPane(HubListPane):
    """The customer's reminders: added, changed, ticked off, put off, deleted."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            without_customer(REMINDER_COLUMNS),
            reminders_of,
            "还没有提醒。按 F8 给这位客户定一个。",
            actions=(
                Action("添加", self.add, "plus-lg", USE, key="Insert", primary=True),
                Action("完成", self._done, "check2", USE, key="Control-d", needs=Needs.IDS, head=True),
                Action("修改", self._change, "pencil", USE, needs=Needs.ONE, opens=True, head=True),
                Action("删除", self._delete, "trash", USE, key="Delete", needs=Needs.IDS, head=True),
                *(
                    Action(f"推迟到 {word}", partial(self._snooze, key), permission=USE, needs=Needs.IDS)
                    for key, word in SNOOZES
                ),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new reminder for the customer shown."""
        if self.context.actor.can(USE) and (detail := self.usable()):
            add_reminder_dialog(self.widget, self.context, self._saved, customer_id=detail.id)

    def _change(self, row: Row) -> None:
        if row["automatic"]:
            self.context.toast(FOLLOWS, kind="info")
        elif self.usable():
            change_reminder_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, reminder_id: int) -> None:
        self.changed()
        self.list.select_id(reminder_id)

    def _done(self, ids: Sequence[int]) -> None:
        if reminder_verbs.tick_off(self.context, ids):
            self.changed()

    def _snooze(self, key: str, ids: Sequence[int]) -> None:
        until = snooze_until(key, self.context.actor.now())
        if reminder_verbs.put_off(self.context, ids, until):
            self.changed()

    def _delete(self, ids: Sequence[int]) -> None:
        if reminder_verbs.delete(self.context, ids):
            self.changed()


REMINDERS_TAB = HubTab(TITLE, USE, RemindersPane)
