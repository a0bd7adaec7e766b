"""The program of a test: two empty pages, a clock that can be set, a demonstration shop that is made in no time."""

import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import ttkbootstrap as ttk

from meiping.app import doors, lock_folder
from meiping.kernel.permissions import OPEN
from meiping.store.folder import DataFolder
from meiping.ui.context import Context, Progress
from meiping.ui.page_spec import Module, PageParts, PageSpec
from meiping.ui.shell.program import Program
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.widgets.keys import KeyDispatcher
from tests.shop import ADMINISTRATOR, CHEAP, SettableClock, found_test_shop, opening_time


class Plain:
    def __init__(self, parent: tk.Widget, context: Context) -> None:
        self.widget: tk.Widget = ttk.Frame(parent)

    def reload(self) -> None: ...

    def focus(self) -> None:
        self.widget.focus_set()


PLAIN = PageParts(Plain, frozenset())
PAGES = (
    PageSpec("one", "一", Module.DESK, OPEN, lambda: PLAIN),
    PageSpec("two", "二", Module.CUSTOMERS, OPEN, lambda: PLAIN),
)


def demonstrate(folder: DataFolder, password: str, progress: Progress) -> str:
    """A demonstration shop without its two years of bills."""
    progress.report(1, 2, "商品")
    found_test_shop(folder.root)
    return ADMINISTRATOR


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(opening_time())


@pytest.fixture
def start(
    root: ttk.App, pump: Callable[..., None], keys: KeyDispatcher, clock: SettableClock
) -> Iterator[Callable[..., Program]]:
    """Starts the program on a folder: ``start(folder)``, with an operator at work if one is named.

    What is still running at the end is closed.
    """
    running: list[Program] = []

    def begin(folder: DataFolder, operator_id: int | None = None) -> Program:
        view = ViewFile(folder.view_file)
        view.attach(root)
        program = Program(
            root,
            folder,
            lock_folder(folder),
            view,
            keys,
            replace(doors(clock, cost=CHEAP), demonstrate=demonstrate),
            pages=lambda: PAGES,
            clock=clock,
            ended=lambda: running.remove(program),
        )
        running.append(program)
        root.deiconify()
        program.begin(operator_id=operator_id)
        pump()
        return program

    yield begin
    for program in tuple(running):
        program.end()
