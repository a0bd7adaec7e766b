"""Ctrl+K: one box over customers, people, products, bills, quotes, service cases, documents, pages; ↑↓, Enter, Esc."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.desk.finding import Found, FoundGroup, find_everything
from meiping.kernel.search_terms import name_terms, query_words
from meiping.kernel.text import fold
from meiping.ui.page_spec import PageSpec
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.boxes import BoxedEntry
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.jobs import Jobs

KEY = "Control-k"
_DELAY_MS = 80
_LINES = 13
_WIDTH = 640
_MOST_PAGES = 6
_NOTHING_TYPED = "姓名、拼音首字母、电话、卡号、条码、单号的后几位、页面的名字都可以找"


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results. ``group`` stands before the first line of its kind; ``open`` goes there."""

    group: str
    title: str
    detail: str
    right: str
    open: Callable[[], object]


@lru_cache(maxsize=256)
def _terms(title: str) -> tuple[str, ...]:
    return tuple(name_terms(title))


def matching_pages(text: str, pages: Sequence[PageSpec]) -> list[PageSpec]:
    """Pages whose title holds every word typed, in characters, initials or whole pinyin."""
    words = query_words(text)
    if not words:
        return []
    return [
        page
        for page in pages
        if all(any(term.startswith(word) for term in _terms(page.title)) for word in words)
    ]


def _named(text: str, page: PageSpec) -> bool:
    """Whether a page's whole title, its initials or its pinyin were typed."""
    sought = "".join(query_words(text))
    whole = fold(page.title)
    long_enough = [term for term in _terms(page.title) if len(term) >= len(whole)]
    return len(sought) > 1 and sought in long_enough


class SearchEverywhere:
    """What is found for a text, and where each hit leads."""

    def __init__(self, context: ShellContext, pages: Callable[[], Sequence[PageSpec]]) -> None:
        self._context, self._pages = context, pages
        self._go: dict[str, Callable[[Found], tuple[str, dict[str, Any]]]] = {
            "customer": lambda hit: ("customer_hub", {"customer_id": hit.id}),
            "contact": lambda hit: ("customer_hub", {"customer_id": hit.customer_id, "tab": "联系人"}),
            "product": lambda hit: ("products", {"text": hit.title, "select": hit.id}),
            "bill": lambda hit: ("bills", {"text": hit.title, "select": hit.id}),
            "quote": lambda hit: (
                "customer_hub",
                {"customer_id": hit.customer_id, "tab": "报价", "select": hit.id},
            ),
            "case": lambda hit: ("cases", {"text": hit.title, "select": hit.id}),
            "task": lambda hit: ("tasks", {"select": hit.id}),
            "document": lambda hit: ("documents", {"text": hit.title, "select": hit.id}),
        }

    def hits(self, text: str) -> list[Hit]:
        """Everything found, kind after kind; a page called by its whole name comes first."""
        groups: Sequence[FoundGroup] = self._context.read(find_everything, text=text) or ()
        records = [self._hit(group, hit) for group in groups for hit in group.hits]
        pages = matching_pages(text, self._pages())[:_MOST_PAGES]
        called = [self._page(page) for page in pages if _named(text, page)]
        others = [self._page(page) for page in pages if not _named(text, page)]
        return [*called, *records, *others]

    def _hit(self, group: FoundGroup, hit: Found) -> Hit:
        def go() -> None:
            key, arguments = self._go[group.kind](hit)
            self._context.open_page(key, **arguments)

        return Hit(group.title, hit.title, hit.detail, hit.right, go)

    def _page(self, page: PageSpec) -> Hit:
        return Hit("页面", page.title, "", page.module.title, partial(self._context.open_page, page.key))


class SearchWindow(DialogWindow):
    """The box and its results, over the window."""

    def __init__(self, parent: tk.Misc, search: SearchEverywhere) -> None:
        super().__init__(parent, "搜索")
        self._search, self._jobs = search, Jobs(self)
        self.hits: list[Hit] = []
        self.cursor = self._top = 0
        self.text = ttk.StringVar(self)
        box = BoxedEntry(self.body, lambda inside: ttk.Entry(inside, textvariable=self.text), icon="search")
        self.entry = box.entry
        box.hint("搜索客户、商品、单据、资料、页面")
        box.pack(fill="x")
        self._box = box
        room = ttk.Frame(self.body, width=px(self, _WIDTH), height=_LINES * self._line_height())
        room.pack(fill="both", expand=True, pady=(px(self, 10), 0))
        room.pack_propagate(False)
        self.lines = [_Line(room, partial(self._clicked, place)) for place in range(_LINES)]
        self._said = ttk.Label(room, style="Muted.TLabel", justify="center", wraplength=px(self, _WIDTH - 60))
        help_line = ttk.Label(self.footer, style="Muted.TLabel", font="MpSmall")
        help_line.configure(text="↑ ↓ 选择    Enter 打开    Esc 关闭")
        help_line.pack(side="left")
        self._listen()
        self._show()
        self.open(self.entry)

    def _line_height(self) -> int:
        return int(ttk.nametofont("MpBody", root=self).metrics("linespace")) + 2 * px(self, 6)

    def _listen(self) -> None:
        on_write(self, self.text, self._typed)
        keys: dict[str, Callable[[], object]] = {
            "<Down>": lambda: self._walk(1),
            "<Up>": lambda: self._walk(-1),
            "<Next>": lambda: self._walk(_LINES - 1),
            "<Prior>": lambda: self._walk(1 - _LINES),
            "<Return>": self.take,
            "<KP_Enter>": self.take,
            "<Control-k>": self.close,
            "<Tab>": lambda: self._walk(1),
            "<Shift-Tab>": lambda: self._walk(-1),
        }
        for key, command in keys.items():
            self.entry.bind(key, partial(self._on_key, command))
        for part in (self, *(part for line in self.lines for part in line.parts)):
            part.bind("<Button-4>", lambda _event: self._walk(-1), add=True)
            part.bind("<Button-5>", lambda _event: self._walk(1), add=True)
            part.bind("<MouseWheel>", lambda event: self._walk(-1 if event.delta > 0 else 1), add=True)

    def _on_key(self, command: Callable[[], object], _event: object) -> str:
        command()
        return "break"

    # ---------------------------------------------------------------- finding

    def _typed(self) -> None:
        self._box.refresh_hint()
        self._jobs.once("find", self._find, delay=_DELAY_MS)

    def _find(self) -> None:
        self._jobs.cancel("find")
        self.hits = self._search.hits(self.text.get())
        self.cursor = self._top = 0
        self._show()

    def _show(self) -> None:
        self._top = max(min(self._top, self.cursor), self.cursor - _LINES + 1, 0)
        shown = self.hits[self._top : self._top + _LINES]
        for place, line in enumerate(self.lines):
            if place >= len(shown):
                line.hide()
                continue
            hit, index = shown[place], self._top + place
            begins = place == 0 or hit.group != self.hits[index - 1].group
            line.show(hit, begins=begins, chosen=index == self.cursor)
        if shown:
            self._said.place_forget()
        else:
            typed = self.text.get().strip()
            self._said.configure(text=f"没有找到“{typed}”" if typed else _NOTHING_TYPED)
            self._said.place(relx=0.5, rely=0.4, anchor="center")

    def _walk(self, step: int) -> None:
        if self._jobs.waits("find"):
            self._find()
        elif self.hits:
            self.cursor = max(0, min(self.cursor + step, len(self.hits) - 1))
            self._show()

    def _clicked(self, place: int) -> None:
        self.cursor = self._top + place
        self.take()

    def take(self) -> None:
        """Go to the marked hit; what was typed a moment ago is looked up first."""
        if self._jobs.waits("find"):
            self._find()
        if not self.hits:
            return
        hit = self.hits[self.cursor]
        self.close()
        hit.open()


class _Line:
    """One hit: its kind where it begins, title, detail in grey, a word at the right."""

    def __init__(self, parent: tk.Misc, on_click: Callable[[], object]) -> None:
        gap = px(parent, 10)
        self._frame = ttk.Frame(parent, padding=(gap, px(parent, 5)), cursor="hand2")
        self._kind = ttk.Label(self._frame, width=7, font="MpSmall")
        self._title, self._detail = ttk.Label(self._frame), ttk.Label(self._frame, font="MpSmall")
        self._right = ttk.Label(self._frame, font="MpSmall")
        self._kind.pack(side="left")
        self._right.pack(side="right", padx=(gap, 0))
        self._title.pack(side="left")
        self._detail.pack(side="left", padx=(gap, 0))
        self.parts: tuple[tk.Misc, ...] = (self._frame, self._kind, self._title, self._detail, self._right)
        for part in self.parts:
            part.bind("<ButtonRelease-1>", lambda _event: on_click())
        self._shown = False

    def show(self, hit: Hit, *, begins: bool, chosen: bool) -> None:
        """Say what is here."""
        ground, ink = ("PickOn", "PickOnMuted") if chosen else ("PickOff", "PickOffMuted")
        self._frame.configure(style=f"{ground}.TFrame")
        self._kind.configure(text=hit.group if begins else "", style=f"{ink}.TLabel")
        self._title.configure(text=privacy.said(hit.title), style=f"{ground}.TLabel")
        self._detail.configure(text=privacy.said(hit.detail), style=f"{ink}.TLabel")
        self._right.configure(text=hit.right, style=f"{ink}.TLabel")
        if not self._shown:
            self._frame.pack(fill="x")
            self._shown = True

    def hide(self) -> None:
        """Nothing here."""
        if self._shown:
            self._frame.pack_forget()
            self._shown = False
