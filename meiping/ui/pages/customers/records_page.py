"""联系反馈: what was spoken with all customers one may see, the latest first."""

import tkinter as tk
from collections.abc import Sequence
from datetime import timedelta

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.contacts.queries import RECORD_COLUMNS, RecordFilter, record_list
from meiping.domains.customers.rules import EDIT
from meiping.domains.settings.queries import words
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.tabular import Listing, Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.pages.customers.record_dialogs import (
    add_record_dialog,
    change_record_dialog,
    delete_chosen_records,
)
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts, wrap_to_width

_PERIODS = ((0, "今天"), (6, "7 天内"), (29, "30 天内"), (89, "90 天内"), (364, "一年内"))
"""How many days back a period reaches, with its word."""


class RecordPane:
    """The chosen record at the right of the list, its content whole."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一条反馈，这里显示全文")
        self.widget: tk.Widget = self._pane
        button = ttk.Button(self._pane.actions, text="打开客户", icon="person-lines-fill", command=self._open)
        button.configure(bootstyle="neutral outline")
        button.pack(side="right")
        self._content = ttk.Label(self._pane.body, justify="left")
        wrap_to_width(self._content)
        self._content.pack(fill="x", pady=(0, px(parent, 16)))
        self._facts = Facts(self._pane.body, columns=2)
        self._facts.pack(fill="x")

    def show(self, row: Row | None) -> None:
        """Show a record."""
        self._row = row
        if row is None:
            self._pane.clear()
            return
        self._pane.show(row["customer"], f"{show_moment(row['at'])} · {row['type']}".rstrip(" ·"))
        self._content.configure(text=row["content"])
        facts = [
            ("联系人", row["contact_name"]),
            ("记录人", row["operator"]),
            ("下次联系", show_date(row["next_contact_date"])),
            ("录入时间", show_moment(row["created_at"])),
        ]
        self._facts.show(facts)

    def _open(self) -> None:
        if self._row is not None:
            open_hub(self._context, self._row["customer_id"])


class RecordsPage(ListPage):
    """The list of contact records with what can be done to them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="contact_records",
                title="联系反馈",
                unit="条反馈",
                columns=RECORD_COLUMNS,
                listing=self._listing,
                search="内容 / 联系人 / 客户",
                filters=_filters(context),
                actions=(
                    Action("新增反馈", self._add, "chat-left-text", EDIT, key="Control-n", primary=True),
                    Action("修改", self._change, permission=EDIT, needs=Needs.ONE, opens=True),
                    Action("打开客户", self._hub, needs=Needs.ONE),
                    Action("删除", self._delete, permission=EDIT, key="Delete", needs=Needs.IDS),
                ),
                detail=lambda pane: RecordPane(pane, context),
                share=0.74,
                empty=("还没有联系反馈。每次电话、拜访之后记一条，下次联系就不会忘。", "新增反馈"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        back, today = asked["period"], self.context.actor.today()
        narrowed = RecordFilter(
            text=asked.text,
            type_id=asked["type_id"],
            operator_id=asked.values.get("operator_id"),
            first_date=None if back is None else today - timedelta(days=back),
        )
        return record_list(self.context.actor, narrowed)

    def _add(self) -> None:
        add_record_dialog(self.widget, self.context, self._saved)

    def _change(self, row: Row) -> None:
        change_record_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, record_id: int) -> None:
        self.reload()
        self.list.select_id(record_id)

    def _hub(self, row: Row) -> None:
        open_hub(self.context, row["customer_id"])

    def _delete(self, ids: Sequence[int]) -> None:
        delete_chosen_records(self.context, ids, self.reload)


def _types() -> list[tuple[int, str]]:
    return [(word.id, word.name) for word in words("contact_type", with_inactive=True)]


def _filters(context: Context) -> tuple[Filter, ...]:
    found = [
        Filter("period", "时间", lambda: _PERIODS, width=8),
        Filter("type_id", "类型", _types, width=10),
    ]
    if context.actor.scope() > Scope.OWN:
        found.append(Filter("operator_id", "记录人", lambda: colleagues(context.actor), width=8))
    return tuple(found)


PAGE = PageParts(
    build=RecordsPage,
    watches=frozenset({Topic.CONTACTS, Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS}),
    help="所有客户的联系反馈，最近的在前。可以按时间、类型、记录人筛选；约好下次联系的客户到期会出现在“今日回访”。",
    keys=(
        ("Ctrl+N", "新增联系反馈"),
        ("F2 / 双击", "修改选中的反馈"),
        ("Delete", "删除"),
        *LIST_KEYS,
    ),
)
