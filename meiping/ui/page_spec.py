"""What a page is, said once: the shell draws the menu, the tab and the rest from it."""

import importlib
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from meiping.kernel.changes import Topic
from meiping.kernel.permissions import Permission
from meiping.ui.context import Context

HelpKeys = tuple[tuple[str, str], ...]
RELOAD_KEY = ("F5", "刷新")
"""The shell binds it to every page, unless F5 means something else there."""


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
class PageParts:
    """What a page's module knows of its page; the module ends with one, named ``PAGE``.

    A change of a topic in ``watches`` makes the page stale. ``keys`` lists its shortcuts as (key, what it does)
    for the help, or gives them where they can be changed.
    """

    build: Callable[[tk.Widget, Context], Page]
    watches: frozenset[Topic]
    help: str = ""
    keys: HelpKeys | Callable[[], HelpKeys] = ()


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of the notebook, as the menu knows it.

    ``key`` names it in code, in window state and in the pictures of the tour; who lacks ``permission`` does not
    see it; ``parts`` gives the rest, when the page is first shown.
    """

    key: str
    title: str
    module: Module
    permission: Permission
    parts: Callable[[], PageParts]

    @property
    def build(self) -> Callable[[tk.Widget, Context], Page]:
        """Makes the page in a parent."""
        return self.parts().build

    @property
    def watches(self) -> frozenset[Topic]:
        """The topics whose change makes it stale."""
        return self.parts().watches

    @property
    def help(self) -> str:
        """What the page is for, in a few sentences."""
        return self.parts().help

    @property
    def keys(self) -> HelpKeys:
        """Its shortcuts."""
        keys = self.parts().keys
        return keys() if callable(keys) else keys


def parts_of(module: str) -> Callable[[], PageParts]:
    """The parts of the page in ``meiping.ui.pages.<module>``, imported when first asked for."""

    def load() -> PageParts:
        parts: PageParts = importlib.import_module(f"meiping.ui.pages.{module}").PAGE
        return parts

    return load
