"""客户提醒: all reminders one may see, the next one first, with the chosen one at the right."""

import tkinter as tk
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.reminders.facts import customer_facts
from meiping.domains.reminders.queries import (
    REMINDER_COLUMNS,
    REMINDER_KINDS,
    STATES,
    ReminderFilter,
    reminder_list,
)
from meiping.domains.reminders.rules import FOLLOWS, SNOOZES, USE, day_words, snooze_until
from meiping.domains.reminders.spoken_times import parse_when
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.moments import from_ms, show_date, show_moment
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Listing, Row
from meiping.ui import reminder_verbs
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.reminder_dialog import add_reminder_dialog, change_reminder_dialog
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts, wrap_to_width
from meiping.ui.widgets.dialogs import ask_text
from meiping.ui.widgets.menus import MenuEntry, popup

_DAYS = ((0, "到今天"), (1, "到明天"), (7, "7 天内"), (30, "30 天内"))
_MANY = 20
"""Above this many a deletion is asked about first; fewer are taken back by 撤销."""


class RemindersPage(ListPage):
    """The list of reminders with what can be done about them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="reminders",
                title="客户提醒",
                unit="条提醒",
                facts=self._due_ones,
                columns=REMINDER_COLUMNS,
                listing=self._listing,
                search="主题 / 内容 / 客户",
                filters=_filters(context),
                actions=(
                    Action("添加提醒", self._add, "bell", permission=USE, key="Control-n", primary=True),
                    Action("完成", self.done, key="Control-d", needs=Needs.IDS),
                    *(
                        Action(
                            f"推迟到 {word}",
                            partial(self.snooze, key),
                            needs=Needs.IDS,
                            many=f"把选中的 {{count}} 条推迟到 {word}",
                        )
                        for key, word in SNOOZES
                    ),
                    Action("推迟到…", self.snooze_asking, needs=Needs.IDS, many="把选中的 {count} 条推迟到…"),
                    Action("修改", self._change, key="F2", needs=Needs.ONE, opens=True),
                    Action("打开客户", self.open_customer, needs=Needs.ONE),
                    Action("删除", self._delete, key="Delete", needs=Needs.IDS),
                ),
                detail=lambda pane: ReminderPane(pane, self),
                share=0.68,
                empty=(
                    "现在没有未完成的提醒。到了时间，窗口上方会亮起提醒条，桌面也会弹出通知。",
                    "添加提醒",
                ),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        days = asked["days"]
        narrow = ReminderFilter(
            text=asked.text,
            state=asked["state"] or "open",
            kind=asked["kind"],
            operator_id=asked.values.get("operator_id"),
            last_date=None if days is None else self.context.actor.today() + timedelta(days=days),
        )
        return reminder_list(self.context.actor, narrow)

    def _due_ones(self) -> str:
        count = reminder_list(self.context.actor, ReminderFilter(state="due")).count()
        return f"{count:,} 条已到时间" if count else ""

    def open(
        self,
        *,
        text: str = "",
        select: int | None = None,
        customer_id: int | None = None,
        add: bool = False,
        **values: object,
    ) -> None:
        """Come here from elsewhere: to a reminder, or to add one, for a customer if given."""
        if add or customer_id is not None:
            self._ask(customer_id)
            return
        super().open(text=text, select=select, **values)
        if select is not None and self.list.current_row() is None:
            super().open(select=select, state="all")

    # ---------------------------------------------------------------- doing

    def _add(self) -> None:
        self._ask(None)

    def _ask(self, customer_id: int | None) -> None:
        add_reminder_dialog(self.widget, self.context, self._saved, customer_id=customer_id)

    def _change(self, row: Row) -> None:
        """Change it; one that made itself leads to what it comes from."""
        if row["automatic"]:
            self.context.toast(FOLLOWS, kind="info")
            reminder_verbs.open_subject(self.context, row["id"])
            return
        change_reminder_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, reminder_id: int) -> None:
        self.reload()
        self.list.select_id(reminder_id)

    def done(self, ids: Sequence[int]) -> None:
        """Tick them off."""
        if reminder_verbs.tick_off(self.context, ids):
            self.reload()

    def snooze(self, key: str, ids: Sequence[int]) -> None:
        """Put them off by one of ``SNOOZES``."""
        self._put_off(ids, snooze_until(key, self.context.actor.now()))

    def snooze_asking(self, ids: Sequence[int]) -> None:
        """Put them off to a time that is typed."""
        text = ask_text(
            self.widget,
            "推迟到什么时候？例如：明天 9 点、2 小时后、周五下午 3 点",
            yes="推迟",
            check=lambda typed: parse_when(typed, now=self.context.actor.now()),
        )
        if text is not None:
            self._put_off(ids, parse_when(text, now=self.context.actor.now()))

    def _put_off(self, ids: Sequence[int], until: datetime) -> None:
        if reminder_verbs.put_off(self.context, ids, until):
            self.reload()

    def open_customer(self, row: Row) -> None:
        """Its customer, if it is about one."""
        if row["customer_id"] is None:
            self.context.toast("这条提醒没有关联客户。", kind="info")
        else:
            self.context.open_page("customer_hub", customer_id=row["customer_id"])

    def _delete(self, ids: Sequence[int]) -> None:
        if len(ids) > _MANY and not self.context.ask(
            f"删除选中的 {len(ids):,} 条提醒吗？", yes="删除", no="不删", danger=True
        ):
            return
        if reminder_verbs.delete(self.context, ids):
            self.reload()


def _filters(context: Context) -> tuple[Filter, ...]:
    states = [state for state in STATES if state[0] != "open"]
    found = [
        Filter("state", "状态", lambda: states, all_word=dict(STATES)["open"], width=8),
        Filter("kind", "类别", lambda: REMINDER_KINDS, width=8),
        Filter("days", "时间", lambda: _DAYS, width=8),
    ]
    if context.actor.scope() > Scope.OWN:
        found.append(Filter("operator_id", "提醒谁", lambda: colleagues(context.actor), width=8))
    return tuple(found)


class ReminderPane:
    """The chosen reminder at the right of the list."""

    def __init__(self, parent: tk.Misc, page: RemindersPage) -> None:
        self._page = page
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一条提醒，这里显示内容")
        self.widget: tk.Widget = self._pane
        gap = px(parent, 8)
        self._buttons = ttk.Frame(self._pane.body)
        self._buttons.pack(fill="x", pady=(0, px(parent, 14)))
        self._done = ttk.Button(self._buttons, text="完成", icon="check2", command=self._tick)
        self._done.configure(bootstyle="primary outline")
        self._later = ttk.Button(
            self._buttons, text="推迟 ▾", command=self._offer, bootstyle="neutral outline"
        )
        self._customer = ttk.Button(self._buttons, text="打开客户", icon="person", command=self._open)
        self._customer.configure(bootstyle="neutral outline")
        for button in (self._done, self._later, self._customer):
            button.pack(side="left", padx=(0, gap))
        self._facts = Facts(self._pane.body, columns=2)
        self._facts.pack(fill="x")
        self._content = ttk.Label(self._pane.body, justify="left")
        wrap_to_width(self._content)
        self._content.pack(fill="x", pady=(px(parent, 4), 0))

    def show(self, row: Row | None) -> None:
        """Show a reminder, or that none is chosen."""
        self._row = row
        if row is None:
            self._pane.clear()
            return
        day = from_ms(row["when_at"])
        when = f"{show_moment(row['when_at'])} 周{'一二三四五六日'[day.weekday()]}"
        self._pane.show(row["subject"], f"{when} · {row['state']}")
        repeats = row["repeat_key"] != "once"
        about = day_words(row["about_date"], self._page.context.actor.today())
        self._facts.show(
            [
                ("客户", row["customer"]),
                ("电话", show_phone(row["customer_phone"])),
                ("提醒谁", row["operator"]),
                ("所指日期", about if row["days_ahead"] else ""),
                ("重复", f"{row['repeat']} {row['time_of_day']}" if repeats else row["repeat"]),
                ("首次日期", show_date(row["first_date"]) if repeats else ""),
                ("完成时间", show_moment(row["done_at"])),
            ]
        )
        self._content.configure(text="\n".join(part for part in (row["content"], self._known(row)) if part))
        is_open = "disabled" if row["done_at"] is not None else "normal"
        for button in (self._done, self._later):
            button.configure(state=is_open)
        self._customer.configure(state="disabled" if row["customer_id"] is None else "normal")

    def _known(self, row: Row) -> str:
        """What is good to know of the customer when an automatic one comes."""
        if not row["automatic"] or row["customer_id"] is None:
            return ""
        facts = self._page.context.read(customer_facts, customer_ids=[row["customer_id"]]) or {}
        return str(facts.get(row["customer_id"], ""))

    def _tick(self) -> None:
        if self._row is not None:
            self._page.done([self._row["id"]])

    def _offer(self) -> None:
        if self._row is None:
            return
        ids = [self._row["id"]]
        entries: list[MenuEntry] = [(word, partial(self._page.snooze, key, ids)) for key, word in SNOOZES]
        entries.append(("其他时间…", partial(self._page.snooze_asking, ids)))
        button = self._later
        popup(self._pane, entries, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _open(self) -> None:
        if self._row is not None:
            self._page.open_customer(self._row)


PAGE = PageParts(
    build=RemindersPage,
    watches=frozenset({Topic.REMINDERS, Topic.CUSTOMERS, Topic.ACCESS}),
    help="到了时间会在窗口上方提醒。重复的提醒完成后自动排到下一次，每月 31 日在小月落在最后一天；"
    "关机期间错过的，下次打开时提醒一次。生日、下次联系、赊账到期会自动提醒，在“设置”里各有开关和提前天数。",
    keys=(
        ("Ctrl+N", "添加提醒"),
        ("Ctrl+D", "完成选中的提醒"),
        ("F2 / 双击", "修改"),
        ("Delete", "删除"),
        *LIST_KEYS,
    ),
)
