"""What a page is, said once: the shell draws the menu, the tab and the rest from it."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from meiping.kernel.changes import Topic
from meiping.kernel.permissions import Permission
from meiping.ui.context import Context


class Module(Enum):
    """The tabs of the main window, in order: word on screen and icon."""

    DESK = ("工作台", "house")
    COUNTER = ("收银", "cart3")
    CUSTOMERS = ("客户", "people")
    GOODS = ("商品", "box-seam")
    MONEY = ("财务", "wallet2")
    SERVICE = ("服务", "headset")
    OFFICE = ("办公", "briefcase")
    REPORTS = ("报表", "bar-chart-line")
    SYSTEM = ("系统", "gear")

    @property
    def title(self) -> str:
        """The word on the tab."""
        return self.value[0]

    @property
    def icon(self) -> str:
        """The name of the Bootstrap icon on the tab."""
        return self.value[1]


class Page(Protocol):
    """A built page. ``widget`` fills the tab; the shell calls the rest."""

    widget: tk.Widget

    def reload(self) -> None:
        """Fetch again what is shown, keeping the selection: a watched topic changed, or F5."""

    def focus(self) -> None:
        """Put the focus where the hands expect it: the search box, the scan field."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of the notebook.

    ``key`` names it in code, in window state and in the pictures of the tour; ``order`` sorts it within its
    module; who lacks ``permission`` does not see it; a change of a topic in ``watches`` makes it stale.
    ``keys`` lists its shortcuts as (key, what it does) for the help page.
    """

    key: str
    title: str
    module: Module
    order: int
    permission: Permission
    watches: frozenset[Topic]
    build: Callable[[tk.Widget, Context], Page]
    help: str = ""
    keys: tuple[tuple[str, str], ...] = field(default=())
