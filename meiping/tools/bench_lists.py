"""The customer list: first paint and a jump to its middle, all rows against fifty."""

import tkinter as tk
from statistics import median
from typing import Any

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.domains.access.queries import actor_for
from meiping.domains.customers.queries import CUSTOMER_COLUMNS, customer_list
from meiping.kernel.tabular import Listing, Table
from meiping.store.database import close_database, open_database
from meiping.store.folder import DataFolder
from meiping.tools.timing import Figure, milliseconds
from meiping.ui.theme import make_root
from meiping.ui.widgets.virtual_list import VirtualList

_TIMES = 9


class NoMemory(dict[str, Any]):
    """A view that remembers nothing between starts."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value


def list_figures(folder: DataFolder) -> list[Figure]:
    """Medians of several first paints and jumps, each list in a window of its own size."""
    open_database(folder.database)
    actor = actor_for(1)
    register_screen_font()
    if has_display():
        return _measure(actor)
    with virtual_display():
        return _measure(actor)


def _measure(actor: Any) -> list[Figure]:
    root = make_root()
    root.geometry("1200x800+0+0")
    root.update()
    whole = customer_list(actor)
    few = Table("前五十", CUSTOMER_COLUMNS, whole.window(0, 50, None))
    _paint(root, few)
    paints: dict[str, list[float]] = {"all": [], "few": []}
    jumps: list[float] = []
    for _ in range(_TIMES):
        paints["few"].append(_paint(root, few)[0])
        painted, jumped = _paint(root, customer_list(actor))
        paints["all"].append(painted)
        jumps.append(jumped)
    count = whole.count()
    root.destroy()
    close_database()
    ratio = median(paints["all"]) / median(paints["few"])
    return [
        Figure(f"列表首次显示，{count:,} 行与 50 行之比", f"{ratio:.2f} 倍", "≤ 2 倍", ratio, 2),
        Figure("  全部 / 50 行", f"{median(paints['all']):.0f} / {median(paints['few']):.0f} 毫秒"),
        Figure("  跳到中间", f"{median(jumps):.0f} 毫秒", "≤ 50 毫秒", median(jumps), 50),
    ]


def _paint(root: tk.Misc, listing: Listing) -> tuple[float, float]:
    """Milliseconds from making the list to having it on screen, and of a jump to the middle."""
    shown: list[VirtualList] = []

    def first() -> None:
        rows = VirtualList(root, CUSTOMER_COLUMNS, key="bench", view=NoMemory(), listing=listing)
        rows.pack(fill="both", expand=True)
        shown.append(rows)
        root.update()

    def jump() -> None:
        shown[0].see(shown[0].count // 2)
        root.update()

    times = milliseconds(first), milliseconds(jump)
    shown[0].destroy()
    root.update()
    return times
