"""联系人: the people at all customers one may see, with the chosen one at the right."""

import tkinter as tk
from collections.abc import Sequence
from dataclasses import replace

import ttkbootstrap as ttk

from meiping.domains.contacts.queries import (
    CONTACT_COLUMNS,
    ContactDetail,
    ContactFilter,
    contact_detail,
    contact_list,
)
from meiping.domains.contacts.rules import CONTACT_TITLES, PHONES
from meiping.domains.customers.rules import EDIT
from meiping.kernel.changes import Topic
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.contact_dialogs import (
    add_contact_dialog,
    change_contact_dialog,
    delete_chosen_contacts,
    make_main,
)
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts

_COLUMNS = tuple(
    replace(column, hidden=True) if column.key == "office_phone" else column for column in CONTACT_COLUMNS
)
"""The detail beside the list tells the rest."""
_COLUMN = {column.key: column for column in CONTACT_COLUMNS}


class ContactPane:
    """The chosen contact at the right of the list."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self._detail: ContactDetail | None = None
        self._pane = DetailPane(parent, empty="在左边选择一位联系人，这里显示资料")
        self.widget: tk.Widget = self._pane
        button = ttk.Button(self._pane.actions, text="打开客户", icon="person-lines-fill", command=self._open)
        button.configure(bootstyle="neutral outline")
        button.pack(side="right")
        self._facts = Facts(self._pane.body, columns=2)
        self._facts.pack(fill="x", pady=(px(parent, 4), 0))

    def show(self, row: Row | None) -> None:
        """Fetch and show a contact."""
        self._detail = None if row is None else self._context.read(contact_detail, contact_id=row["id"])
        if self._detail is None:
            self._pane.clear()
            return
        contact = self._detail.contact
        known = [self._detail.customer, contact.department, contact.post]
        self._pane.show(contact.name, " · ".join(word for word in known if word))
        above = ("name", "department", "post")
        titles = [(key, title) for key, title in CONTACT_TITLES.items() if key not in above]
        self._facts.show(
            [
                (title, show_phone(getattr(contact, key)))
                if key in PHONES
                else (title, _COLUMN[key].show(getattr(contact, key)))
                for key, title in titles
            ]
        )

    def _open(self) -> None:
        if self._detail is not None:
            open_hub(self._context, self._detail.customer_id)


class ContactsPage(ListPage):
    """The list of contacts with what can be done to them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="contacts",
                title="联系人",
                unit="位联系人",
                columns=_COLUMNS,
                listing=lambda asked: contact_list(context.actor, ContactFilter(asked.text, asked["main"])),
                search="姓名 / 拼音 / 电话 / 客户",
                filters=(Toggle("main", "只看主联系人"),),
                actions=(
                    Action("新增联系人", self._add, "person-plus", EDIT, key="Control-n", primary=True),
                    Action("修改", self._change, permission=EDIT, needs=Needs.ONE, opens=True),
                    Action("设为主联系人", self._make_main, permission=EDIT, needs=Needs.ONE),
                    Action("打开客户", self._hub, needs=Needs.ONE),
                    Action("删除", self._delete, permission=EDIT, key="Delete", needs=Needs.IDS_AND_ROW),
                ),
                detail=lambda pane: ContactPane(pane, context),
                share=0.72,
                empty=("还没有联系人。单位里常打交道的人可以记在这里。", "新增联系人"),
            ),
        )

    def _add(self) -> None:
        add_contact_dialog(self.widget, self.context, self._saved)

    def _change(self, row: Row) -> None:
        change_contact_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, contact_id: int) -> None:
        self.reload()
        self.list.select_id(contact_id)

    def _make_main(self, row: Row) -> None:
        make_main(self.context, row, self.reload)

    def _hub(self, row: Row) -> None:
        open_hub(self.context, row["customer_id"])

    def _delete(self, ids: Sequence[int], row: Row | None) -> None:
        delete_chosen_contacts(self.context, ids, row, self.reload)


PAGE = PageParts(
    build=ContactsPage,
    watches=frozenset({Topic.CONTACTS, Topic.CUSTOMERS, Topic.ACCESS}),
    help="所有客户的联系人。输入姓名、拼音首字母、电话或客户名称都能找到，双击修改。",
    keys=(
        ("Ctrl+N", "新增联系人"),
        ("F2 / 双击", "修改选中的联系人"),
        ("Delete", "删除"),
        *LIST_KEYS,
    ),
)
