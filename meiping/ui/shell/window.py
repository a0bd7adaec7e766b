"""The main window: strips above, the rail of modules with their pages, the status bar below.

It fills the root for as long as an operator is at work and is destroyed when he leaves.
"""

import threading
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from meiping.kernel.changes import Topic
from meiping.store.unit_of_work import subscribe
from meiping.ui.context import Progress
from meiping.ui.page_spec import Module, PageSpec
from meiping.ui.shell.appearance import Appearance
from meiping.ui.shell.background import Background
from meiping.ui.shell.banner import Banner, Notice
from meiping.ui.shell.lock_screen import IdleWatch, LockScreen
from meiping.ui.shell.module_tab import ModuleTab
from meiping.ui.shell.page_host import PageHost
from meiping.ui.shell.rail_menu import RailCommands, RailMenu
from meiping.ui.shell.reminder_bar import ReminderBar, ReminderSource
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.shell.status_bar import StatusBar
from meiping.ui.shell.styles import fit_rail
from meiping.ui.theme import px
from meiping.ui.widgets import privacy

if TYPE_CHECKING:
    from meiping.domains.maintenance.queries import LastBackup

_HIDDEN: Mapping[str, frozenset[Module]] = {
    "till": frozenset({Module.SERVICE, Module.OFFICE}),
    "follow": frozenset({Module.COUNTER, Module.GOODS}),
}
"""What each preset of the shop does without."""
_BACKUP_LOOK_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the program around the window gives it.

    ``notice`` is a strip about the whole shop; ``more`` are further words of the menu under the rail.
    """

    switch_operator: Callable[[], None]
    notice: Notice | None = None
    reminders: ReminderSource | None = None
    more: Sequence[tuple[str, Callable[[], object]]] = ()


class MainWindow(ttk.Frame):
    """Everything an operator sees after the login."""

    def __init__(
        self,
        root: ttk.App,
        context: ShellContext,
        pages: Sequence[PageSpec],
        *,
        workers: Background,
        appearance: Appearance,
        idle: IdleWatch,
        around: Surroundings,
    ) -> None:
        super().__init__(root)
        self._app, self.context, self._pages = root, context, pages
        self._workers, self._around = workers, around
        self.tabs: dict[Module, ModuleTab] = {}
        self._front: PageHost | None = None
        self._refreshing = False
        self._lock: LockScreen | None = None
        context.show_page = self.open_page
        self._build(appearance)
        self.pack(fill="both", expand=True)
        self._review()
        self._bind_keys()
        self._stop_hearing = subscribe(self._hear)
        self._idle = idle
        idle.watch(lambda: int(context.option("security.idle_minutes")), self.lock)
        context.outcomes.on_told = self.status.outcome
        self._refresh_reminders()
        self._look_at_backup()
        self._tell_facts()

    # ---------------------------------------------------------------- building

    def _build(self, appearance: Appearance) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        if self._around.notice is not None:
            Banner(self, self._around.notice).grid(row=0, column=0, sticky="ew")
        self.reminders: ReminderBar | None = None
        if self._around.reminders is not None:
            self.reminders = ReminderBar(self, 1, self.context, self._around.reminders)
        self.notebook = ttk.Notebook(self, style="Side.TNotebook")
        self.notebook.grid(row=2, column=0, sticky="nsew")
        self.notebook.bind("<<NotebookTabChanged>>", lambda _event: self._show_front(), add=True)
        self._nothing = ttk.Label(
            self, text="您的角色还不能使用任何模块，请联系管理员。", style="Muted.TLabel"
        )
        commands = RailCommands(
            search=self.search,
            lock=self.lock,
            hide_private=self.hide_private,
            switch_operator=self._around.switch_operator,
            change_password=self.change_password,
            set_pin=self.set_pin,
            help=self.help,
            about=self.about,
            more=self._around.more,
        )
        self.menu = RailMenu(self, self.context.actor.name, appearance, commands)
        self.notebook.bind("<Configure>", lambda _event: self._place_menu(), add=True)
        self.bind("<<ThemeChanged>>", lambda _event: self._app.after_idle(self._place_menu), add=True)
        privacy.hide(False)
        self.status = StatusBar(self, lambda: self.context.outcomes.kept, show_private=self.hide_private)
        self.status.grid(row=3, column=0, sticky="ew")

    def _place_menu(self) -> None:
        """Over the lower end of the rail, as wide as the tabs have made it."""
        if not self.winfo_exists():
            return
        fit_rail(self._app, len(self.tabs), self.notebook.winfo_height() - self.menu.winfo_reqheight())
        shown = [tab for tab in self.tabs.values() if tab.winfo_ismapped()]
        width = shown[0].winfo_x() if shown else px(self, 120)
        self.menu.fit(width)
        where = self.notebook if self.tabs else self
        self.menu.place(
            in_=where, relx=0, rely=1, anchor="sw", width=width, y=0 if self.tabs else -px(self, 40)
        )
        self.menu.lift()

    def _review(self) -> None:
        """Have a tab for every module the operator may use something in, with the pages he may open."""
        hidden = _HIDDEN.get(str(self.context.option("shop.preset")), frozenset())
        ordered = sorted(self._pages, key=lambda page: list(Module).index(page.module))
        allowed = [
            page for page in ordered if page.module not in hidden and self.context.actor.can(page.permission)
        ]
        wanted = {module: list(pages) for module, pages in groupby(allowed, key=lambda page: page.module)}
        for module, tab in list(self.tabs.items()):
            if [host.spec for host in tab.hosts] != wanted.get(module):
                del self.tabs[module]
                tab.destroy()
        for place, (module, pages) in enumerate(wanted.items()):
            if module not in self.tabs:
                self._add_tab(place, module, pages)
        self.tabs = {module: self.tabs[module] for module in wanted}
        if self.tabs:
            self._nothing.place_forget()
            self.notebook.grid()
        else:
            self.notebook.grid_remove()
            self._nothing.place(relx=0.5, rely=0.4, anchor="center")
        self._app.after_idle(self._place_menu)

    def _add_tab(self, place: int, module: Module, pages: Sequence[PageSpec]) -> None:
        tab = ModuleTab(self.notebook, module, pages, self.context, self._show_front)
        self.tabs[module] = tab
        where: Any = place if place < self.notebook.index("end") else "end"
        icon = ttk.Icon(module.icon, 16, "#cbd5e1")
        self.notebook.insert(where, tab, text=f"   {module.title}", image=icon, compound="left")

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "F1": self.help,
            "Control-k": self.search,
            "Control-l": self.lock,
            "Control-Shift-m": self.hide_private,
            "Control-Tab": lambda: self._step(1),
            "Control-Shift-Tab": lambda: self._step(-1),
            "Control-Next": lambda: self._turn(True),
            "Control-Prior": lambda: self._turn(False),
        }
        for number in range(1, 10):
            keys[f"Alt-{number}"] = partial(self._go_to, number - 1)
        self.context.keys.bind(self, keys)

    # ---------------------------------------------------------------- going about

    def start(self) -> None:
        """Open the page that was in front at the last time, or the first one."""
        kept = self.context.view.get("window.page")
        keys = [host.spec.key for host in self._hosts()]
        if keys:
            self.open_page(kept if kept in keys else keys[0])

    def front(self) -> PageHost | None:
        """The page in front."""
        tab = self._tab()
        return tab.current() if tab is not None else None

    def open_page(self, key: str, **arguments: Any) -> None:
        """Bring a page to the front and hand it what to open."""
        for tab in self.tabs.values():
            for host in tab.hosts:
                if host.spec.key == key:
                    self._front = host
                    self.notebook.select(tab)
                    tab.select(key)
                    self.context.view.set("window.page", key)
                    host.open(**arguments)
                    return
        self.context.toast("这一页没有打开：您没有权限，或它在设置里被收起了。", kind="warning")

    def search(self) -> None:
        """One search over everything; not while the page in front is taking money."""
        front = self.front()
        if front is not None and getattr(front.page, "keeps_keys", False):
            self.context.toast("正在收款：先完成，或按 Esc 返回再搜索。", kind="info")
            return
        from meiping.ui.shell.search_everywhere import SearchEverywhere, SearchWindow

        SearchWindow(self, SearchEverywhere(self.context, lambda: [host.spec for host in self._hosts()]))

    def help(self) -> None:
        """The help of the page in front."""
        from meiping.ui.shell.help_dialog import HelpDialog

        front = self.front()
        knows = getattr(front.page, "unusable_keys", None) if front is not None else None
        HelpDialog(self, front.spec if front is not None else None, knows() if knows is not None else ())

    def about(self) -> None:
        """What this program is."""
        from meiping.ui.shell.help_dialog import AboutDialog

        AboutDialog(self, self.context.folder)

    def change_password(self) -> None:
        """Let the operator change his own password."""
        from meiping.ui.shell.password_dialog import PasswordDialog

        PasswordDialog(self, self.context)

    def set_pin(self) -> None:
        """Let the operator set the PIN with which he allows colleagues something at the till."""
        from meiping.ui.shell.password_dialog import PinDialog

        PinDialog(self, self.context)

    def _hosts(self) -> list[PageHost]:
        return [host for tab in self.tabs.values() for host in tab.hosts]

    def _tab(self) -> ModuleTab | None:
        selected = self.notebook.select() if self.tabs else ""
        return next((tab for tab in self.tabs.values() if str(tab) == selected), None)

    def _show_front(self, focus: bool = True) -> None:
        """Called whenever another page may have come to the front."""
        host = self.front()
        self._app.after_idle(self._place_menu)
        if host is None or host is self._front:
            return
        self._front = host
        self.context.view.set("window.page", host.spec.key)
        host.show(focus=focus)

    def _go_to(self, place: int) -> None:
        if place < len(self.tabs):
            self.notebook.select(list(self.tabs.values())[place])
            self._show_front()

    def _step(self, step: int) -> None:
        tab = self._tab()
        if tab is not None:
            tabs = list(self.tabs.values())
            self._go_to((tabs.index(tab) + step) % len(tabs))

    def _turn(self, forward: bool) -> None:
        tab = self._tab()
        if tab is not None:
            tab.step(forward)

    # ---------------------------------------------------------------- staying up to date

    def _hear(self, topics: frozenset[Topic]) -> None:
        """Topics of a commit, on whatever thread it was made."""
        if threading.current_thread() is threading.main_thread():
            self._mark(topics)
        else:
            self._workers.post(lambda: self._mark(topics))

    def _mark(self, topics: frozenset[Topic]) -> None:
        if not self.winfo_exists():
            return
        for host in self._hosts():
            host.mark(topics)
        if topics & {Topic.ACCESS, Topic.SETTINGS}:
            self._app.after_idle(self._review_later)
        if Topic.REMINDERS in topics:
            self._app.after_idle(self._refresh_reminders)
        if Topic.BACKUPS in topics:
            self._app.after_idle(self._refresh_backup)
        if not self._refreshing:
            self._refreshing = True
            self._app.after_idle(self._refresh_front)

    def _refresh_front(self) -> None:
        self._refreshing = False
        if self.winfo_exists() and (host := self.front()) is not None:
            host.refresh()

    def _review_later(self) -> None:
        if self.winfo_exists():
            self._review()
            self._tell_facts()
            self._show_front()

    def _tell_facts(self) -> None:
        facts = self.context.facts()
        where = "练习 · " if self.context.practice else ""
        self._app.title(f"meiping · {where}{facts['shop']}")
        folder = str(self.context.folder.root.resolve())
        shown = folder if len(folder) <= 36 else f"…{folder[-35:]}"
        company = facts.get("company", facts["shop"])
        self.status.facts(operator=facts["operator"], company=company, folder=shown)

    def _refresh_reminders(self) -> None:
        if self.winfo_exists() and self.reminders is not None:
            self.reminders.refresh()

    def _look_at_backup(self) -> None:
        self._timer = self.after(_BACKUP_LOOK_MS, self._look_at_backup)
        self._refresh_backup()

    def _refresh_backup(self) -> None:
        """The names and heads of all backups are read: off the main thread. A copy to practise with needs none."""
        if not self.winfo_exists() or self.context.practice:
            return
        folder, now = self.context.folder.root, self.context.actor.now()

        def look(_progress: Progress) -> "LastBackup":
            from meiping.domains.maintenance.queries import last_backup

            return last_backup(folder, now)

        def show(last: "LastBackup") -> None:
            if self.winfo_exists():
                self.status.backup(last)

        self.context.background(look, title="查看备份", done=show, quiet=True)

    # ---------------------------------------------------------------- leaving

    def lock(self) -> None:
        """Cover everything until the operator's password is typed."""
        if self._lock is not None:
            return
        self._lock = LockScreen(
            self._app,
            self.context.actor,
            self._workers,
            self.context.outcomes,
            unlocked=self._unlocked,
            switch_operator=self._around.switch_operator,
        )

    def hide_private(self) -> None:
        """Costs, profits and phones leave the screen, or come back to it."""
        privacy.hide(not privacy.hidden())
        self.status.private(privacy.hidden())
        told = "已遮住成本、毛利和电话，再按一次显示。" if privacy.hidden() else "成本、毛利和电话又显示了。"
        self.context.toast(told, kind="info")
        self._mark(frozenset(Topic))

    def locked(self) -> bool:
        """Whether the lock is on."""
        return self._lock is not None

    def _unlocked(self) -> None:
        self._lock = None

    def close(self) -> None:
        """Hear nothing more and go away, with all pages and dialogs."""
        self._stop_hearing()
        self._idle.rest()
        self.context.outcomes.on_told = lambda _outcome: None
        self.after_cancel(self._timer)
        for child in self._app.winfo_children():
            if isinstance(child, tk.Toplevel | LockScreen):
                child.destroy()
        self.destroy()
