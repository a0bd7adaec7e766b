"""The sub-tabs of the customer hub in their order, fetched when they come to the front."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail
from meiping.ui.context import Context
from meiping.ui.pages.customers.hub.cards_tab import CARDS_TAB
from meiping.ui.pages.customers.hub.cases_tab import CASES_TAB
from meiping.ui.pages.customers.hub.contacts_tab import CONTACTS_TAB
from meiping.ui.pages.customers.hub.documents_tab import DOCUMENTS_TAB
from meiping.ui.pages.customers.hub.money_tabs import BILLS_TAB, STATEMENT_TAB
from meiping.ui.pages.customers.hub.own_tabs import CHANGES_TAB, FACTS_TAB
from meiping.ui.pages.customers.hub.pane import AddingPane, Changed, HubListPane, HubPane, HubTab
from meiping.ui.pages.customers.hub.quotes_tab import QUOTES_TAB
from meiping.ui.pages.customers.hub.records_tab import RECORDS_TAB
from meiping.ui.pages.customers.hub.reminders_tab import REMINDERS_TAB
from meiping.ui.pages.customers.hub.renewals_tab import RENEWALS_TAB
from meiping.ui.pages.customers.hub.tasks_tab import TASKS_TAB
from meiping.ui.pages.customers.hub.timeline_tab import TIMELINE_TAB
from meiping.ui.theme import px

HUB_TABS: tuple[HubTab, ...] = (
    BILLS_TAB,
    STATEMENT_TAB,
    CARDS_TAB,
    RECORDS_TAB,
    REMINDERS_TAB,
    TASKS_TAB,
    CONTACTS_TAB,
    QUOTES_TAB,
    CASES_TAB,
    RENEWALS_TAB,
    DOCUMENTS_TAB,
    FACTS_TAB,
    CHANGES_TAB,
    TIMELINE_TAB,
)
"""业务 · 财务往来 · 次卡 · 联系反馈 · 提醒 · 任务 · 联系人 · 报价 · 服务 · 续费 · 更多资料 · 资料 · 变动记录 · 动态."""


_WIDE, _CLOSE = "Inner.Flat.TNotebook", "Close.Inner.Flat.TNotebook"
_AROUND = 28
"""What a tab takes besides its words where there is room, in pixels at 100 %."""


class HubTabs(ttk.Notebook):
    """The tabs the operator may see; ``changed`` is called after something was done in one."""

    def __init__(self, parent: tk.Misc, context: Context, changed: Changed) -> None:
        super().__init__(parent, style=_WIDE)
        self._context = context
        self._tabs = [tab for tab in HUB_TABS if context.actor.can(tab.permission)]
        self._panes: list[HubPane] = []
        for tab in self._tabs:
            pane = tab.build(self, context, changed)
            self._panes.append(pane)
            self.add(pane.widget, text=tab.title)
        self._detail: CustomerDetail | None = None
        self._fresh: set[int] = set()
        self.bind("<<NotebookTabChanged>>", lambda _event: self._show_front(), add=True)
        self.bind("<Configure>", lambda event: self._fit(event.width), add=True)

    def _fit(self, room: int) -> None:
        """In a narrow window the tabs move together, so that their words stay whole."""
        font = ttk.nametofont("MpBody", root=self)
        needed = sum(font.measure(tab.title) + px(self, _AROUND) for tab in self._tabs)
        style = _WIDE if needed <= room else _CLOSE
        if str(self.cget("style")) != style:
            self.configure(style=style)

    def show(self, detail: CustomerDetail) -> None:
        """Another customer, or the same one anew: what is in front is fetched, the rest when it comes there."""
        self._detail = detail
        self._fresh.clear()
        self._show_front()

    def _front(self) -> int:
        return int(self.index("current"))

    def _show_front(self) -> None:
        place = self._front()
        if self._detail is not None and place not in self._fresh:
            self._fresh.add(place)
            self._panes[place].show(self._detail)

    def bring(self, title: str) -> HubPane | None:
        """The tab with this title to the front; None if the operator does not see it.

        Who worked in the tab that goes works on in this one.
        """
        for place, tab in enumerate(self._tabs):
            if tab.title == title:
                leaves = place != self._front() and self._has_focus()
                self.select(place)
                self._show_front()
                if leaves:
                    self._take_focus(self._panes[place])
                return self._panes[place]
        return None

    def _has_focus(self) -> bool:
        return self.tk.eval("focus").startswith(f"{self}.")

    def _take_focus(self, pane: HubPane) -> None:
        if isinstance(pane, HubListPane) and pane.list.count:
            pane.list.enter()
        else:
            self.focus_set()

    def turn(self, step: int) -> None:
        """The next tab to the front, or with -1 the one before, round about; Tab goes on into it."""
        if self._detail is None:
            return
        self.select((self._front() + step) % len(self._panes))
        self._show_front()
        self.focus_set()

    def add_in(self, title: str) -> None:
        """Ask for a new one in the tab with this title, which comes to the front."""
        pane = self.bring(title)
        if isinstance(pane, AddingPane):
            pane.add()

    def export(self) -> None:
        """The list in front into a workbook."""
        if self._detail is not None:
            self._panes[self._front()].export(self._detail)
