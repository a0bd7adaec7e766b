"""联系反馈: what was spoken with a customer."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.contacts.queries import RECORD_COLUMNS, records_of
from meiping.domains.customers.rules import EDIT, VIEW
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.documents.incoming import add_dialog, choose_files
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer
from meiping.ui.pages.customers.record_dialogs import (
    add_record_dialog,
    change_record_dialog,
    delete_chosen_records,
)

TITLE = "联系反馈"


class RecordsPane(HubListPane):
    """The customer's contact records: added, changed, deleted."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            without_customer(RECORD_COLUMNS),
            records_of,
            "还没有联系反馈。按 F4 记下第一次联系，约好的下次联系会到期提醒。",
            actions=(
                Action("添加", self.add, "plus-lg", EDIT, key="Insert", primary=True),
                Action("修改", self._change, "pencil", EDIT, needs=Needs.ONE, opens=True, head=True),
                Action("删除", self._delete, "trash", EDIT, key="Delete", needs=Needs.IDS, head=True),
                Action("附上资料…", self._attach, permission=EDIT, needs=Needs.ONE),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """Write down a contact with the customer shown."""
        if self.context.actor.can(EDIT) and (detail := self.usable()):
            customer = (detail.id, detail.shown_name)
            add_record_dialog(self.widget, self.context, self._saved, customer=customer)

    def _change(self, row: Row) -> None:
        if self.usable():
            change_record_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, record_id: int) -> None:
        self.changed()
        self.list.select_id(record_id)

    def _attach(self, row: Row) -> None:
        """Choose files that belong to a record; they stand in 更多资料 too."""
        if (detail := self.usable()) and (incoming := choose_files(self.widget)):
            add_dialog(
                self.widget,
                self.context,
                incoming,
                lambda _ids: self.changed(),
                customer=detail,
                contact_record_id=row["id"],
            )

    def _delete(self, ids: Sequence[int]) -> None:
        if self.usable():
            delete_chosen_records(self.context, ids, self.changed)


RECORDS_TAB = HubTab(TITLE, VIEW, RecordsPane)
