"""The place of one page in the window: builds it when first shown, reloads it when it has gone stale."""

import tkinter as tk
from collections.abc import Collection
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.changes import Topic
from meiping.ui.page_spec import RELOAD_KEY, Page, PageSpec
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.theme import px
from meiping.ui.widgets.keys import normal_key


class PageHost(ttk.Frame):
    """Holds the page of ``spec``; ``page`` is None until it has been shown."""

    def __init__(self, parent: tk.Misc, spec: PageSpec, context: ShellContext) -> None:
        super().__init__(parent)
        self.spec, self._context = spec, context
        self.page: Page | None = None
        self._trouble: ttk.Frame | None = None
        self._stale = False

    def show(self, *, focus: bool = True) -> None:
        """The page is in front now: build it, or bring it up to date, and give it the focus."""
        if self.page is None:
            self._build()
        else:
            self.refresh()
        if self.page is not None and focus:
            self.page.focus()

    def open(self, **arguments: Any) -> None:
        """Show the page and hand it what to open."""
        self.show()
        opens = getattr(self.page, "open", None)
        if arguments and opens is not None:
            opens(**arguments)

    def mark(self, topics: Collection[Topic]) -> None:
        """Note that something has changed that the page may show."""
        if self.page is not None and not self.spec.watches.isdisjoint(topics):
            self._stale = True

    def refresh(self) -> None:
        """Fetch again if something has changed."""
        if self._stale:
            self.reload()

    def reload(self) -> None:
        """Fetch again what is shown."""
        self._stale = False
        if self.page is None:
            self._build()
            return
        try:
            self.page.reload()
        except Exception as error:  # noqa: BLE001  one page that fails must not take the window with it
            self._context.outcomes.unexpected(error, f"reload of page {self.spec.key}")

    def _build(self) -> None:
        if self._trouble is not None:
            self._trouble.destroy()
            self._trouble = None
        room = ttk.Frame(self)
        room.pack(fill="both", expand=True)
        try:
            page = self.spec.build(room, self._context)
            if not page.widget.winfo_manager():
                page.widget.pack(fill="both", expand=True)
            reload, word = RELOAD_KEY
            if reload not in {normal_key(key) for key, what in self.spec.keys if what != word}:
                self._context.keys.bind(room, {reload: self.reload})
        except Exception as error:  # noqa: BLE001  as in reload
            room.destroy()
            self._say_trouble()
            self._context.outcomes.unexpected(error, f"building of page {self.spec.key}")
        else:
            self.page = page

    def _say_trouble(self) -> None:
        self._trouble = ttk.Frame(self)
        self._trouble.place(relx=0.5, rely=0.4, anchor="center")
        ttk.Label(self._trouble, text=f"“{self.spec.title}”没有打开", font="MpBold").pack()
        ttk.Label(self._trouble, text="其他页面可以照常使用。", style="Muted.TLabel").pack(pady=px(self, 6))
        again = ttk.Button(self._trouble, text="再试一次", command=self.show, bootstyle="neutral outline")
        again.pack(pady=px(self, 6))
