"""Using the program all day leaves nothing behind in the window."""

import gc
from collections.abc import Callable, Iterator

import pytest
import ttkbootstrap as ttk

from meiping.app import doors, lock_folder
from meiping.domains.access.queries import actor_for
from meiping.store.folder import DataFolder
from meiping.ui.page_list import PAGES
from meiping.ui.shell.program import Program
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.shell.window import MainWindow
from meiping.ui.widgets.keys import KeyDispatcher
from tests.shop import SettableClock, opening_time

Pump = Callable[..., None]


@pytest.fixture
def program(root: ttk.App, closed_shop: DataFolder, keys: KeyDispatcher, pump: Pump) -> Iterator[Program]:
    view = ViewFile(closed_shop.view_file)
    view.attach(root)
    clock = SettableClock(opening_time())
    running = Program(
        root,
        closed_shop,
        lock_folder(closed_shop),
        view,
        keys,
        doors(clock),
        pages=lambda: PAGES,
        clock=clock,
        ended=lambda: None,
    )
    root.deiconify()
    running.begin()
    pump()
    yield running
    running.end()


def left_behind(root: ttk.App) -> dict[str, int]:
    """What Tcl holds for us: commands, variables, images, windows."""
    gc.collect()
    kinds = {
        "commands": "info commands",
        "variables": "info globals PY_VAR*",
        "images": "image names",
        "windows": "winfo children .",
    }
    return {kind: len(root.tk.splitlist(root.tk.eval(asked))) for kind, asked in kinds.items()}


def test_switching_operators_all_day_leaves_nothing_behind(program: Program, root: ttk.App, pump: Pump):
    def one_turn() -> None:
        program.enter(actor_for(1))
        window = program.shown
        assert isinstance(window, MainWindow)
        for page in PAGES:
            window.open_page(page.key)
            pump()
        program._leave_operator()
        pump(lambda: not program.workers._tasks)

    one_turn()
    before = left_behind(root)
    one_turn()
    after = left_behind(root)
    assert {kind: after[kind] - before[kind] for kind in before if after[kind] > before[kind] + 1} == {}
