"""A tab of the rail: its one page, its pages as a second row of tabs, or as a list at the left."""

import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from meiping.ui.page_spec import Module, PageSpec
from meiping.ui.shell.page_host import PageHost
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.theme import chars, px

LISTED = (Module.REPORTS, Module.SYSTEM)
"""Modules with a list of their pages at the left."""


class ModuleTab(ttk.Frame):
    """The pages of one module; ``on_show`` is called when another of them comes to the front.

    It hears whether that page should get the focus: not while arrow keys walk the list of pages.
    """

    def __init__(
        self,
        parent: tk.Misc,
        module: Module,
        pages: Sequence[PageSpec],
        context: ShellContext,
        on_show: Callable[[bool], None],
    ) -> None:
        super().__init__(parent)
        self.module, self._on_show = module, on_show
        self._notebook: ttk.Notebook | None = None
        self._list: ttk.Treeview | None = None
        self._walking = False
        if len(pages) == 1:
            self.hosts = [PageHost(self, pages[0], context)]
            self.hosts[0].pack(fill="both", expand=True)
        elif module in LISTED:
            self.hosts = self._listed(pages, context)
        else:
            self.hosts = self._tabbed(pages, context)
        self._current = self.hosts[0]

    def current(self) -> PageHost:
        """The page in front."""
        return self._current

    def select(self, key: str) -> None:
        """Bring a page to the front; tells ``on_show`` if it was not there already."""
        host = next(host for host in self.hosts if host.spec.key == key)
        if self._notebook is not None:
            self._notebook.select(host)
        elif self._list is not None:
            self._list.selection_set(key)
            self._list.focus(key)
            self._list.see(key)
        self._bring(host)

    def step(self, forward: bool) -> None:
        """The next page of this module, or the one before."""
        place = self.hosts.index(self._current) + (1 if forward else -1)
        self.select(self.hosts[place % len(self.hosts)].spec.key)

    def _bring(self, host: PageHost, *, focus: bool = True) -> None:
        if host is self._current:
            return
        if self._list is not None:
            self._current.pack_forget()
            host.pack(side="left", fill="both", expand=True)
        self._current = host
        self._on_show(focus)

    def _tabbed(self, pages: Sequence[PageSpec], context: ShellContext) -> list[PageHost]:
        notebook = ttk.Notebook(self, style="Flat.TNotebook")
        notebook.pack(fill="both", expand=True)
        hosts = [PageHost(notebook, page, context) for page in pages]
        for host in hosts:
            notebook.add(host, text=host.spec.title)
        self._notebook = notebook
        notebook.bind("<<NotebookTabChanged>>", self._tab_changed, add=True)
        return hosts

    def _tab_changed(self, _event: object) -> None:
        if self._notebook is not None:
            self._bring(self.hosts[self._notebook.index("current")])

    def _listed(self, pages: Sequence[PageSpec], context: ShellContext) -> list[PageHost]:
        side = ttk.Frame(self, style="Chrome.TFrame")
        side.pack(side="left", fill="y")
        longest = max(len(page.title) for page in pages)
        tree = ttk.Treeview(side, show="tree", style="Pages.Treeview", selectmode="browse", height=len(pages))
        tree.column("#0", width=max(px(self, 132), chars(self, longest * 2) + px(self, 44)), stretch=False)
        tree.pack(fill="y", expand=True, pady=(px(self, 12), 0))
        for page in pages:
            tree.insert("", "end", iid=page.key, text=page.title)
        tree.selection_set(pages[0].key)
        tree.focus(pages[0].key)
        tree.bind("<<TreeviewSelect>>", self._picked, add=True)
        tree.bind("<KeyPress>", lambda _event: self._walk(True), add=True)
        tree.bind("<ButtonPress>", lambda _event: self._walk(False), add=True)
        tree.bind("<Return>", lambda _event: self._on_show(True), add=True)
        self._list = tree
        ttk.Frame(self, style="Hairline.TFrame", width=1).pack(side="left", fill="y")
        hosts = [PageHost(self, page, context) for page in pages]
        hosts[0].pack(side="left", fill="both", expand=True)
        return hosts

    def _walk(self, walking: bool) -> None:
        self._walking = walking

    def _picked(self, _event: object) -> None:
        if self._list is not None and self._list.selection():
            key = self._list.selection()[0]
            self._bring(next(host for host in self.hosts if host.spec.key == key), focus=not self._walking)
