"""提醒: a customer's reminders."""

import tkinter as tk

from meiping.domains.reminders.queries import REMINDER_COLUMNS, reminders_of
from meiping.domains.reminders.rules import USE
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import REMINDERS_PAGE, open_reminder
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer


class RemindersPane(HubListPane):
    """The customer's reminders; they are changed at their own page."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            "提醒",
            without_customer(REMINDER_COLUMNS),
            reminders_of,
            "还没有提醒。按 F8 给这位客户定一个。",
            actions=(
                Action("添加", self.add, "plus-lg", USE, key="Insert", primary=True),
                Action("打开提醒", self._open, permission=USE, needs=Needs.ONE, opens=True),
            ),
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new reminder for the customer shown."""
        if detail := self.usable():
            open_reminder(self.context, detail.id)

    def _open(self, row: Row) -> None:
        self.context.open_page(REMINDERS_PAGE, select=row["id"])


REMINDERS_TAB = HubTab("提醒", USE, RemindersPane)
