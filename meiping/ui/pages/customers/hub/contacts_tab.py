"""联系人: the people at a customer."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.contacts.queries import CONTACT_COLUMNS, contacts_of
from meiping.domains.customers.rules import EDIT, VIEW
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.contact_dialogs import (
    add_contact_dialog,
    change_contact_dialog,
    delete_chosen_contacts,
    make_main,
)
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubTab, without_customer

TITLE = "联系人"


class ContactsPane(HubListPane):
    """The customer's contacts: added, changed, deleted, one of them made the main one."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        spec = HubList(
            TITLE,
            without_customer(CONTACT_COLUMNS),
            contacts_of,
            "还没有联系人。单位里常打交道的人都可以记在这里。",
            unit="位",
            actions=(
                Action("添加", self.add, "plus-lg", EDIT, key="Insert", primary=True),
                Action("修改", self._change, "pencil", EDIT, needs=Needs.ONE, opens=True, head=True),
                Action("设为主联系人", self._make_main, "star", EDIT, needs=Needs.ONE, head=True),
                Action("删除", self._delete, "trash", EDIT, key="Delete", needs=Needs.IDS_AND_ROW, head=True),
            ),
            adds="添加",
        )
        super().__init__(parent, context, changed, spec)

    def add(self) -> None:
        """A new contact of the customer shown."""
        if detail := self.usable():
            customer = (detail.id, detail.shown_name)
            add_contact_dialog(self.widget, self.context, self._saved, customer=customer)

    def _change(self, row: Row) -> None:
        if self.usable():
            change_contact_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, contact_id: int) -> None:
        self.changed()
        self.list.select_id(contact_id)

    def _make_main(self, row: Row) -> None:
        if self.usable():
            make_main(self.context, row, self.changed)

    def _delete(self, ids: Sequence[int], row: Row | None) -> None:
        if self.usable():
            delete_chosen_contacts(self.context, ids, row, self.changed)


CONTACTS_TAB = HubTab(TITLE, VIEW, ContactsPane)
