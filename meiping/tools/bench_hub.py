"""The customer hub and the lists around it at full size, against the same questions put to plain sqlite3."""

import sqlite3
import tkinter as tk
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from functools import partial
from statistics import median
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.domains.access.queries import actor_for
from meiping.domains.contacts.queries import record_list, records_of
from meiping.domains.customers.queries import CUSTOMER_COLUMNS, customer_list
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Listing, Sort
from meiping.store.database import close_database, fetch, open_database
from meiping.store.folder import DataFolder
from meiping.tools.timing import Figure, milliseconds
from meiping.ui.pages.customers.customer_hub_page import CustomerHubPage
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.theme import make_root
from meiping.ui.widgets.keys import KeyDispatcher
from meiping.ui.widgets.progress import ProgressDialog

_TIMES = 7
_ROWS = 50
_PAUSE_MS = 100
"""No step on the main thread takes longer."""
_BUSIEST = "SELECT customer_id, count(*) AS n FROM contact_record GROUP BY 1 ORDER BY n DESC LIMIT 1"
_SELLER = "SELECT owner_id, count(*) AS n FROM customer WHERE owner_id IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 1"
_PLAIN_RECORDS = """
SELECT r.id, r.at, r.content, r.contact_name, r.next_contact_date, t.name, o.name, c.name FROM contact_record r
JOIN customer c ON c.id = r.customer_id LEFT JOIN dictionary_item t ON t.id = r.type_id
JOIN operator o ON o.id = r.operator_id WHERE r.customer_id = ? AND r.deleted_at IS NULL ORDER BY r.at DESC LIMIT 50
"""
_PLAIN_SORT = """
SELECT c.* FROM customer c LEFT JOIN dictionary_item t ON t.id = c.type_id WHERE c.deleted_at IS NULL
ORDER BY t.position DESC, c.id DESC LIMIT 50
"""
_PLAIN_SCOPE = (
    "SELECT count(*) FROM customer WHERE deleted_at IS NULL AND owner_id = ?",
    "SELECT * FROM customer WHERE deleted_at IS NULL AND owner_id = ? ORDER BY name_key, id LIMIT 50",
)


def hub_figures(folder: DataFolder) -> list[Figure]:
    """Medians of several openings, each with another customer shown in between."""
    open_database(folder.database)
    register_screen_font()
    try:
        with nullcontext() if has_display() else virtual_display():
            figures = _hub(folder)
        with closing(sqlite3.connect(folder.database)) as plain:
            return [*figures, *_lists(plain)]
    finally:
        close_database()


# ------------------------------------------------------------------- the window
def _hub(folder: DataFolder) -> list[Figure]:
    busiest, records = fetch(_BUSIEST)[0]
    other = fetch("SELECT min(id) FROM customer WHERE id <> ? AND deleted_at IS NULL", busiest)[0][0]
    root = make_root()
    root.geometry("1440x900+0+0")
    background = Background(root, lambda title, cancel: ProgressDialog(root, title, cancel))
    context = bench_context(root, folder, background)
    page = CustomerHubPage(root, context)
    page.widget.pack(fill="both", expand=True)
    root.update()
    opened = _times(lambda: _show(root, page, busiest), before=lambda: _show(root, page, other))
    _show(root, page, busiest)
    tabs = page.view.tabs
    titles = [str(tabs.tab(place, "text")) for place in range(tabs.index("end"))]
    switched = {}
    for place, title in enumerate(titles):
        away = titles[place - 1]
        taken = _times(
            partial(_switch, root, page, title),
            before=partial(_leave, root, page, busiest, away),
        )
        switched[title] = median(taken)
    background.close()
    slowest = max(titles, key=lambda title: switched[title])
    root.destroy()
    return [
        _within_a_pause(f"打开联系最多的客户（{records:,} 条反馈）", median(opened)),
        _within_a_pause(f"切换子页，最慢的一个（{slowest}）", switched[slowest]),
    ]


def bench_context(root: ttk.App, folder: DataFolder, background: Background) -> ShellContext:
    """The context of a page that is measured: the owner's, with nothing around it."""
    actor = actor_for(1)
    return ShellContext(
        root,
        actor=actor,
        folder=folder,
        view=ViewFile(folder.view_file),
        keys=KeyDispatcher(root),
        background=background,
        outcomes=Outcomes(root, lambda _text, _kind, _action: None, actor.now),
        restart=lambda _message: None,
        logged_out=lambda _message: None,
    )


def _show(root: tk.Misc, page: CustomerHubPage, customer_id: int) -> None:
    page.view.show(customer_id)
    root.update()


def _leave(root: tk.Misc, page: CustomerHubPage, customer_id: int, title: str) -> None:
    """Another tab in front, and all of them to be fetched anew."""
    page.view.tabs.bring(title)
    _show(root, page, customer_id)


def _switch(root: tk.Misc, page: CustomerHubPage, title: str) -> None:
    page.view.tabs.bring(title)
    root.update()


# -------------------------------------------------------------------- the lists
def _lists(plain: sqlite3.Connection) -> list[Figure]:
    owner = actor_for(1)
    busiest, _count = fetch(_BUSIEST)[0]
    seller_id, own = fetch(_SELLER)[0]
    seller = actor_for(seller_id)
    talks = median(_times(lambda: records_of(owner, customer_id=busiest).window(0, _ROWS, None)))
    plain_talks = median(_times(lambda: plain.execute(_PLAIN_RECORDS, (busiest,)).fetchall()))
    worst, sorting = _worst_sort(owner)
    plain_sorting = median(_times(lambda: plain.execute(_PLAIN_SORT).fetchall()))
    scoped = median(_times(lambda: _first_rows(customer_list(seller))))
    plain_scoped = median(
        _times(lambda: [plain.execute(sql, (seller_id,)).fetchall() for sql in _PLAIN_SCOPE])
    )
    everything = median(_times(lambda: _first_rows(record_list(owner))))
    return [
        _against(f"他最近的 {_ROWS} 条反馈", talks, plain_talks),
        _against(f"客户列表按任意列排序，最慢的一列（{worst}）", sorting, plain_sorting, 3),
        _against(f"一位业务员的 {own:,} 位客户，数一遍并取第一屏", scoped, plain_scoped, 3),
        _within_a_pause("  全部联系反馈，数一遍并取第一屏", everything),
    ]


def _against(what: str, took: float, plain: float, most: float | None = None) -> Figure:
    """A time, within one pause of the window, and how often it is that of plain sqlite3.

    ``most`` bounds that ratio; without it the read is so small that it is Python's own work on the rows.
    """
    shown = f"{took:.1f} / {plain:.1f} 毫秒，{took / plain:.1f} 倍"
    if most is None:
        return Figure(f"{what} / 直接用 sqlite3", shown, f"≤ {_PAUSE_MS} 毫秒", took, _PAUSE_MS)
    return Figure(f"{what} / 直接用 sqlite3", shown, f"≤ {most:g} 倍", took / plain, most)


def _within_a_pause(what: str, took: float) -> Figure:
    return Figure(what, f"{took:.0f} 毫秒", f"≤ {_PAUSE_MS} 毫秒", took, _PAUSE_MS)


def _first_rows(listing: Listing) -> None:
    listing.count()
    listing.window(0, _ROWS, None)


def _sorted_rows(actor: Actor, sort: Sort) -> None:
    customer_list(actor).window(0, _ROWS, sort)


def _worst_sort(actor: Actor) -> tuple[str, float]:
    times: dict[str, float] = {}
    for column in CUSTOMER_COLUMNS:
        if column.sortable:
            sort = Sort(column.key, descending=True)
            times[column.title] = median(_times(partial(_sorted_rows, actor, sort), times=3))
    worst = max(times, key=lambda title: times[title])
    return worst, times[worst]


def _times(
    work: Callable[[], Any], *, before: Callable[[], Any] | None = None, times: int = _TIMES
) -> Sequence[float]:
    taken = []
    for _ in range(times):
        if before is not None:
            before()
        taken.append(milliseconds(work))
    return taken
