"""Customer lists in any order and under conditions: how long the window stands still, and until the rows are there."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.domains.access.queries import actor_for, colleagues
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import CUSTOMER_COLUMNS, CustomerFilter, customer_list
from meiping.kernel.actor import Actor
from meiping.store.database import close_database, open_database, reading
from meiping.store.folder import DataFolder
from meiping.tools.bench_lists import NoMemory
from meiping.tools.timing import Figure
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.shell.background import Background
from meiping.ui.theme import make_root
from meiping.ui.widgets.virtual_list import VirtualList

_PAUSE_MS = 100
_LONGEST_S = 20.0


def order_figures(folder: DataFolder) -> list[Figure]:
    """The longest pauses of the main thread while a list is sorted by each column and narrowed by conditions."""
    open_database(folder.database)
    register_screen_font()
    try:
        if has_display():
            return _Bench(actor_for(1)).figures()
        with virtual_display():
            return _Bench(actor_for(1)).figures()
    finally:
        close_database()


class _Bench:
    """A list in a window with its workers."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._root = make_root()
        self._root.geometry("1200x800+0+0")
        self._workers = Background(self._root, _no_progress)
        self._narrowed = CustomerFilter()
        self._list = VirtualList(self._root, CUSTOMER_COLUMNS, key="bench", view=NoMemory())
        self._list.read_elsewhere(self._elsewhere)
        self._list.pack(fill="both", expand=True)
        self._rows = FreshListing(lambda: customer_list(actor, self._narrowed))
        self._timed(lambda: self._list.set_listing(self._rows))

    def _elsewhere(self, work: Callable[[], object], done: Callable[[], object]) -> None:
        def read(_progress: object) -> None:
            with reading():
                work()

        def finished(_none: object) -> None:
            done()

        self._workers.run(read, title="", done=finished, failed=_raise, quiet=True)

    def _timed(self, act: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds of the longest pause, and until the rows are on screen."""
        ready: list[float] = []
        began = time.perf_counter()
        act()
        self._list.when_ready(lambda: ready.append(time.perf_counter()))
        longest = time.perf_counter() - began
        while not ready:
            longest = max(longest, self._turn())
            if time.perf_counter() - began > _LONGEST_S:
                raise TimeoutError("the rows did not come")
        longest = max(longest, self._turn())
        return longest * 1000, (time.perf_counter() - began) * 1000

    def _turn(self) -> float:
        before = time.perf_counter()
        self._root.update()
        passed = time.perf_counter() - before
        time.sleep(0.002)  # the reader's turn; to wait in Tk would do work that is not measured
        return passed

    def figures(self) -> list[Figure]:
        """All of them; the window goes."""
        sorts = [self._timed(partial(self._list.sort_by, column.key)) for column in CUSTOMER_COLUMNS]
        self._list.layout.reset()
        asked = self._timed(self._search)
        found = self._list.count
        self._workers.close()
        self._root.destroy()
        pause, wait = max(one[0] for one in sorts), median(one[1] for one in sorts)
        return [
            Figure(
                f"按任意一列排序（{len(sorts)} 列），窗口最长停顿",
                f"{pause:.0f} 毫秒",
                f"≤ {_PAUSE_MS} 毫秒",
                pause,
                _PAUSE_MS,
            ),
            Figure("  到排好为止，中位数 / 最久", f"{wait:.0f} / {max(one[1] for one in sorts):.0f} 毫秒"),
            Figure(
                f"高级查找三项（得 {found:,} 位），窗口最长停顿",
                f"{asked[0]:.0f} 毫秒",
                f"≤ {_PAUSE_MS} 毫秒",
                asked[0],
                _PAUSE_MS,
            ),
            Figure("  到列出为止", f"{asked[1]:.0f} 毫秒"),
        ]

    def _search(self) -> None:
        owners = tuple(one for one, _name in colleagues(self._actor))
        since = self._actor.today() - timedelta(days=365)
        self._narrowed = CustomerFilter(
            conditions=(
                Condition("owner", Operator.ONE_OF, (*owners, 0)),
                Condition("created_date", Operator.BETWEEN, (since, None)),
                Condition("name", Operator.CONTAINS, ("晓",)),
            )
        )
        self._list.set_listing(self._rows)


def _raise(error: Exception) -> None:
    raise error


def _no_progress(_title: str, _cancel: Callable[[], None]) -> Any:
    raise RuntimeError("quiet work shows no progress")
