"""动态: everything that happened with the customer, the newest first, narrowed to a kind."""

import tkinter as tk
from functools import partial
from typing import Protocol, runtime_checkable

import ttkbootstrap as ttk

from meiping.domains.customers.rules import VIEW
from meiping.domains.stewardship.timeline import TIMELINE_COLUMNS, TIMELINE_GROUPS, timeline
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Listing, Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.customer_actions import BILLS_PAGE
from meiping.ui.pages.customers.hub.pane import Changed, HubList, HubListPane, HubPane, HubTab
from meiping.ui.theme import px

_PAGES = {"sale": BILLS_PAGE}
"""Where a double click leads, with the row selected."""
_TABS = {
    "recharge": "财务往来",
    "refund": "财务往来",
    "receipt": "财务往来",
    "write_off": "财务往来",
    "contact_record": "联系反馈",
    "document": "更多资料",
    "quote": "报价",
    "service_step": "服务",
    "reminder": "提醒",
    "reminder_done": "提醒",
    "task": "任务",
    "task_ended": "任务",
    "change": "变动记录",
    "merge": "变动记录",
}
"""The sub-tab that a double click on the rest brings to the front."""
_NO_ROW = ("recharge", "refund", "receipt", "write_off", "reminder_done", "merge", "service_step")
"""Events whose row in that tab has an id of its own."""


@runtime_checkable
class _Tabs(Protocol):
    """The hub's notebook around this pane."""

    def bring(self, title: str) -> HubPane | None: ...


_EMPTY = "还没有动态。开单、充值、联系、报价、服务、提醒、资料和修改都会按时间排在这里。"


class TimelinePane(HubListPane):
    """The list, with a row of kinds above it."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        self._group: str | None = None
        self._hub = parent
        spec = HubList(
            "动态",
            TIMELINE_COLUMNS,
            self._timeline,
            _EMPTY,
            actions=(Action("打开", self._open, needs=Needs.ONE, opens=True),),
        )
        super().__init__(parent, context, changed, spec)
        self._buttons: dict[str | None, ttk.Button] = {}
        bar = ttk.Frame(self.widget)
        bar.pack(fill="x", pady=(0, px(bar, 6)), before=self.list)
        for key, word in ((None, "全部"), *TIMELINE_GROUPS):
            button = ttk.Button(bar, text=word, command=partial(self.narrow, key))
            button.pack(side="left", padx=(0, px(bar, 2)))
            self._buttons[key] = button
        self._count = ttk.Label(bar, style="Muted.TLabel", font="MpSmall")
        self._count.pack(side="right")
        self._mark()

    def narrow(self, group: str | None) -> None:
        """Show one group of kinds only, or all."""
        self._group = group
        self._mark()
        if group is None:
            self.list.set_empty(_EMPTY)
        else:
            word = dict(TIMELINE_GROUPS)[group]
            self.list.set_empty(f"没有“{word}”这一类的动态", "看全部", partial(self.narrow, None))
        if self.detail is not None:
            detail, self.detail = self.detail, None  # other rows: from the top
            self.show(detail)

    def _mark(self) -> None:
        for key, button in self._buttons.items():
            button.configure(bootstyle="primary outline" if key == self._group else "neutral ghost")

    def _timeline(self, actor: Actor, *, customer_id: int) -> Listing:
        groups = () if self._group is None else (self._group,)
        found: Listing = timeline(actor, customer_id=customer_id, groups=groups)
        return found

    def _open(self, row: Row) -> None:
        source = row["source"]
        if source in _PAGES:
            self.context.open_page(_PAGES[source], select=row["record_id"])
        elif isinstance(self._hub, _Tabs):
            pane = self._hub.bring(_TABS[source])
            if isinstance(pane, HubListPane) and source not in _NO_ROW:
                pane.list.select_id(row["record_id"])


TIMELINE_TAB = HubTab("动态", VIEW, TimelinePane)
