"""What a page says of its list: the rows, what narrows them, and what stands around them."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from meiping.kernel.tabular import Column, Listing, Row
from meiping.ui.list_actions import Action
from meiping.ui.page_spec import RELOAD_KEY

LIST_KEYS = (
    ("Ctrl+F", "查找"),
    ("↓", "从查找框进入列表"),
    ("Ctrl+C", "复制选中的行"),
    ("Ctrl+A", "全选"),
    ("Ctrl+E", "导出 Excel"),
    ("Ctrl+P", "打印"),
    RELOAD_KEY,
)
"""What every list page can do by keyboard, for ``PageSpec.keys``."""
SELECTED_OUTPUT = Action("", lambda: None)
"""Stands among the actions for exporting and printing the selected rows."""


ALL = "全部"
"""The word of a filter that narrows nothing."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down: ``choices`` gives (value, word) pairs anew at each reload; None with ``all_word`` stands first.

    While ``when`` gives False it is not on the page: for what an option of the shop turns on.
    """

    key: str
    label: str
    choices: Callable[[], Sequence[tuple[Any, str]]]
    all_word: str = ALL
    width: int = 8
    when: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Toggle:
    """A switch; its value is a bool."""

    key: str
    label: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows are narrowed to: the text typed, and the value of each filter by its key."""

    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)
    """How the switches stand to begin with."""

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def narrowed(self) -> bool:
        """Whether anything is left out."""
        changed = (
            value != self.usual[key] if key in self.usual else value not in (None, False)
            for key, value in self.values.items()
        )
        return bool(self.text.strip()) or any(changed)


class Narrowing(Protocol):
    """Something on the page that narrows the rows beside search and filters: a side list, conditions."""

    widget: tk.Widget

    def values(self) -> Mapping[str, Any]:
        """What the rows are narrowed to by it, by key; None bounds nothing."""

    def set(self, values: Mapping[str, Any]) -> None:
        """Show other values without telling the page; keys that are not its own are left alone."""

    def reload(self) -> None:
        """Fetch again what it shows; called at the page's reload, and once to begin with."""


class Detail(Protocol):
    """What stands at the right of the list."""

    widget: tk.Widget

    def show(self, row: Row | None) -> None:
        """Show the current row, or that none is chosen. Called again with the same row after a reload."""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list page.

    ``key`` names what is remembered of it. ``listing`` gives the rows for what is asked, with the context's actor;
    ``columns`` may be a function too, asked anew at each reload.
    ``unit`` is what is counted (位客户); ``facts`` adds to the grey line. ``search`` is the hint in the search box,
    empty for none. ``detail`` makes the pane at the right. ``empty`` says what belongs here, and which action's
    word puts it there (None for none); ``none_met`` what it means that nothing meets what is asked, where that is worth
    saying. ``subtitle`` stands on exports and prints. ``side`` and ``above`` make what else
    narrows the rows, at the left of the list and above it: ``make(parent, changed)``. ``SELECTED_OUTPUT`` among the
    actions says where the row's menu has export and print of the selected rows; else they stand last.
    """

    key: str
    title: str
    columns: Sequence[Column] | Callable[[], Sequence[Column]]
    listing: Callable[[Asked], Listing]
    unit: str = "条"
    facts: Callable[[], str] | None = None
    search: str = ""
    filters: Sequence[Filter | Toggle] = ()
    actions: Sequence[Action] = ()
    detail: Callable[[tk.Misc], Detail] | None = None
    share: float = 0.64
    empty: tuple[str, str | None] = ("这里还没有内容", None)
    none_met: Callable[[Asked], str] | None = None
    subtitle: Callable[[Asked], str] | None = None
    output: bool = True
    side: Callable[[tk.Misc, Callable[[], None]], Narrowing] | None = None
    above: Callable[[tk.Misc, Callable[[], None]], Narrowing] | None = None
