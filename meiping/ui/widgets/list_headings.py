"""The columns of a list on screen: as its layout has them, with their titles and the arrow of the order."""

from collections.abc import Callable
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.tabular import RIGHT_ALIGNED, Column, Kind
from meiping.ui.theme import chars, palette, px
from meiping.ui.widgets.list_columns import ColumnLayout
from meiping.ui.widgets.list_totals import TotalsRow

_PADDING = 8


class Headings:
    """Arranges a list and the totals below it; a press on a title calls ``sort_by`` with the column's key."""

    def __init__(self, tree: ttk.Treeview, totals: TotalsRow, sort_by: Callable[[str], object]) -> None:
        self._tree, self._totals, self._sort_by = tree, totals, sort_by
        self._arrow: Any = None
        """Kept: the toolkit forgets a picture that nobody holds."""

    def arrange(self, layout: ColumnLayout) -> None:
        """Put the columns as the layout has them."""
        shown = layout.visible()
        free = [column for column in shown if column.key not in layout.widths]  # a width drawn by hand stays
        stretched = [column for column in free if column.stretch]
        if not stretched:
            stretched = [column for column in free if column.kind not in RIGHT_ALIGNED][-1:] or [shown[-1]]
        for tree in (self._tree, self._totals):
            tree.configure(displaycolumns=[column.key for column in shown])
        rooms = {column.key: self._room(layout.width(column)) for column in shown}
        width = self._tree.winfo_width()
        spare = width - sum(rooms.values()) if width > 1 else 0  # Tk stretches and shrinks at a resize only
        for column in shown:
            anchor: Any = "e" if column.kind in RIGHT_ALIGNED else "w"
            room = rooms[column.key]
            least = px(self._tree, 36)
            if column in stretched:  # words give way, but stay readable; half a date says nothing
                least = round(room * 0.6) if column.kind is Kind.TEXT else room
                room += spare // len(stretched)
            for tree in (self._tree, self._totals):
                tree.column(column.key, anchor=anchor, stretch=column in stretched)
                tree.column(column.key, width=max(room, least), minwidth=least)
            arrow = self._arrow_of(layout, column)
            self._tree.heading(column.key, text=column.title, anchor=anchor, image=arrow)
            self._tree.heading(column.key, command=partial(self._sort_by, column.key))

    def _room(self, width: float) -> int:
        """Pixels for so many characters."""
        return round(chars(self._tree, width)) + 2 * px(self._tree, _PADDING)

    def width(self, name: str) -> float:
        """How many characters a column has room for now."""
        return (self._tree.column(name, "width") - 2 * px(self._tree, _PADDING)) / chars(self._tree, 1)

    def _arrow_of(self, layout: ColumnLayout, column: Column) -> str:
        sort = layout.sort
        if sort is None or sort.key != column.key:
            return ""
        name = "caret-down-fill" if sort.descending else "caret-up-fill"
        self._arrow = ttk.Icon(name, 10, palette(self._tree).heading_text)
        return str(self._arrow)
