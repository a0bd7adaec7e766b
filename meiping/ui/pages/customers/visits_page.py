"""今日回访: the customers to be contacted today, those overdue, and those of the coming days."""

import tkinter as tk
from collections.abc import Sequence
from datetime import date
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.contacts.queries import VISIT_COLUMNS, VisitFilter, records_of, visit_counts, visits
from meiping.domains.contacts.recording import plan_visits
from meiping.domains.customers.rules import EDIT
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_date, show_date, show_moment
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Listing, Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.pages.customers.record_dialogs import add_record_dialog, days_ahead
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, wrap_to_width
from meiping.ui.widgets.dialogs import ask_text
from meiping.ui.widgets.menus import MenuEntry, popup

_LAST = 5
"""How many of the last records are shown beside the list."""


class VisitPane:
    """The chosen customer at the right: what was spoken the last times, and what to do now."""

    def __init__(self, parent: tk.Misc, page: "VisitsPage") -> None:
        self._page = page
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一位客户，这里显示最近的联系")
        self.widget: tk.Widget = self._pane
        buttons = ttk.Frame(self._pane.body)
        buttons.pack(fill="x", pady=(0, px(parent, 14)))
        offered = [
            ("打开客户", page.open_customer)
        ]  # no icons: three stand beside each other in a small window
        if page.context.actor.can(EDIT):
            offered.insert(0, ("写反馈", page.write))
        for text, command in offered:
            button = ttk.Button(buttons, text=text, command=partial(self._do, command))
            button.configure(bootstyle="primary outline" if text == "写反馈" else "neutral outline")
            button.pack(side="left", padx=(0, px(parent, 8)))
        if page.context.actor.can(EDIT):
            self._later = ttk.Button(buttons, text="推迟 ▾", command=self._offer, bootstyle="neutral outline")
            self._later.pack(side="left")
        self._records = ttk.Frame(self._pane.body)
        self._records.pack(fill="x")

    def show(self, row: Row | None) -> None:
        """Fetch and show the last records of a customer."""
        self._row = row
        if row is None:
            self._pane.clear()
            return
        due = f"下次联系 {show_date(row['next_contact_date'])}（{row['state']}）"
        self._pane.show(row["name"], " · ".join(part for part in (show_phone(row["phone"]), due) if part))
        for child in self._records.winfo_children():
            child.destroy()
        listing = self._page.context.read(records_of, customer_id=row["id"])
        records = listing.window(0, _LAST, None) if listing is not None else ()
        if not records:
            ttk.Label(self._records, text="还没有联系反馈", style="Muted.TLabel").pack(anchor="w")
        for record in records:
            told = (show_moment(record["at"]), record["type"], record["contact_name"], record["operator"])
            head = ttk.Label(self._records, style="Muted.TLabel", font="MpSmall")
            head.configure(text=" · ".join(word for word in told if word))
            head.pack(anchor="w")
            words = ttk.Label(self._records, text=record["content"], justify="left")
            wrap_to_width(words)
            words.pack(fill="x", pady=(0, px(words, 10)))

    def _do(self, command: object) -> None:
        if self._row is not None and callable(command):
            command(self._row)

    def _offer(self) -> None:
        if self._row is None:
            return
        entries = self._page.later_entries(self._row)
        button = self._later
        popup(self._pane, entries, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())


class VisitsPage(ListPage):
    """The list of visits: write down what was spoken, or put them off."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        filters: list[Filter | Toggle] = [
            Toggle("overdue", "逾期", default=True),
            Toggle("ahead", "未来 7 天"),
        ]
        if context.actor.scope() > Scope.OWN:
            filters.append(Filter("owner_id", "业务员", lambda: colleagues(context.actor), width=8))
        super().__init__(
            parent,
            context,
            ListSpec(
                key="visits",
                title="今日回访",
                unit="位客户",
                facts=self._counts,
                columns=VISIT_COLUMNS,
                listing=self._listing,
                search="姓名 / 拼音 / 电话",
                filters=filters,
                actions=(
                    Action(
                        "写反馈",
                        self.write,
                        "chat-left-text",
                        EDIT,
                        key="Return",
                        needs=Needs.ONE,
                        opens=True,
                        primary=True,
                        head=True,
                    ),
                    *(
                        Action(
                            f"推迟到{word}",
                            partial(self._put_off, day),
                            permission=EDIT,
                            needs=Needs.IDS_AND_ROW,
                        )
                        for day, word in days_ahead(context.actor.today())
                    ),
                    Action(
                        "推迟到…",
                        self._put_off_asking,
                        permission=EDIT,
                        key="Control-d",
                        needs=Needs.IDS_AND_ROW,
                    ),
                    Action(
                        "不用回访了", partial(self._put_off, None), permission=EDIT, needs=Needs.IDS_AND_ROW
                    ),
                    Action("打开客户", self.open_customer, needs=Needs.ONE),
                ),
                detail=lambda pane: VisitPane(pane, self),
                share=0.74,
                empty=("今天没有要回访的客户。记反馈时填上“下次联系”，到那天就会出现在这里。", None),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        narrowed = VisitFilter(
            asked.text, asked["overdue"], asked["ahead"], owner_id=asked.values.get("owner_id")
        )
        return visits(self.context.actor, narrowed)

    def _counts(self) -> str:
        counts = self.context.read(visit_counts)
        if counts is None:
            return ""
        return f"今天 {counts.today:,} · 逾期 {counts.overdue:,} · 未来 7 天 {counts.ahead:,}"

    # ---------------------------------------------------------------- doing

    def write(self, row: Row) -> None:
        """Write down what was spoken with the customer."""
        customer = (row["id"], row["name"])
        add_record_dialog(self.widget, self.context, lambda _id: self.reload(), customer=customer)

    def open_customer(self, row: Row) -> None:
        """Everything about the customer."""
        open_hub(self.context, row["id"])

    def later_entries(self, row: Row) -> list[MenuEntry]:
        """The days to which a visit can be put off, for a menu."""
        ids = [row["id"]]
        entries: list[MenuEntry] = [
            (word, partial(self._put_off, day, ids, row))
            for day, word in days_ahead(self.context.actor.today())
        ]
        return [
            *entries,
            ("其他日期…", partial(self._put_off_asking, ids, row)),
            ("-", None),
            ("不用回访了", partial(self._put_off, None, ids, row)),
        ]

    def _put_off_asking(self, ids: Sequence[int], row: Row | None) -> None:
        text = ask_text(
            self.widget, "推迟到哪一天？例如：1121、11-21、明天、后天", yes="推迟", check=self._later_day
        )
        if text is not None:
            self._put_off(self._later_day(text), ids, row)

    def _later_day(self, text: str) -> date:
        today = self.context.actor.today()
        day = parse_date(text, today=today)
        if day <= today:
            raise InputError("请选择今天以后的日期。")
        return day

    def _put_off(self, day: date | None, ids: Sequence[int], row: Row | None) -> None:
        before: dict[int, date | None] = {}

        def undo() -> None:
            self.context.run(
                plan_visits, plans=before, success="已撤销。", done=lambda _before: self.reload()
            )

        def done(stood: dict[int, date | None]) -> None:
            before.update(stood)
            self.reload()
            whose = f"“{row['name']}”" if row else f" {len(ids):,} 位客户"
            told = f"已把{whose}推迟到 {show_date(day)}。" if day else f"{whose.strip()}不用回访了。"
            self.context.toast(told, action=("撤销", undo))

        self.context.run(plan_visits, plans=dict.fromkeys(ids, day), done=done)


PAGE = PageParts(
    build=VisitsPage,
    watches=frozenset({Topic.CUSTOMERS, Topic.CONTACTS, Topic.ACCESS}),
    help="约好今天联系的客户，逾期超过一周的是黄色。打过电话就按 Enter 写反馈，写完自动从这里消失；来不及的可以推迟。",
    keys=(
        ("Enter / 双击", "写反馈"),
        ("Ctrl+D", "推迟到某一天"),
        *LIST_KEYS,
    ),
)
