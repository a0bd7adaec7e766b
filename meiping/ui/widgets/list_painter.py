"""Rows written into a list: stripes, tones, figures that get room, words that are cut."""

from collections.abc import Sequence

import ttkbootstrap as ttk

from meiping.kernel.tabular import Row
from meiping.ui.theme import palette
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cut_text import one_line
from meiping.ui.widgets.list_columns import ColumnLayout
from meiping.ui.widgets.list_figures import cut_words, longest_figures, make_room

_TONES = ("danger", "warning", "success", "muted")


class RowPainter:
    """Fills the items ``r0``, ``r1`` … of a tree."""

    def __init__(self, tree: ttk.Treeview) -> None:
        self._tree = tree

    def take_colours(self) -> None:
        """Stripes and tones as the theme now has them."""
        colours = palette(self._tree)
        self._tree.tag_configure("stripe", background=colours.stripe)
        for tone in _TONES:
            self._tree.tag_configure(tone, foreground=getattr(colours, tone))

    def paint(self, rows: Sequence[Row], layout: ColumnLayout, *, first: int, chosen: Sequence[bool]) -> bool:
        """Show these rows, the first of which is the ``first`` of all; True if columns had to be widened."""
        tree = self._tree
        items = tree.get_children()
        if len(items) > len(rows):
            tree.delete(*items[len(rows) :])
        columns = tuple(layout.columns.values())
        cells = [{one.key: one_line(privacy.cell(one, row.get(one.key))) for one in columns} for row in rows]
        grown = make_room(tree, longest_figures(layout.visible(), cells, layout.widths))
        cut_words(tree, layout.visible(), cells)
        for place, row in enumerate(rows):
            tags = [] if chosen[place] or (first + place) % 2 == 0 else ["stripe"]
            if row.get("tone") in _TONES:
                tags.append(row["tone"])
            texts = list(cells[place].values())
            if place < len(items):
                tree.item(f"r{place}", values=texts, tags=tags)
            else:
                tree.insert("", "end", iid=f"r{place}", values=texts, tags=tags)
        tree.selection_set([f"r{place}" for place in range(len(rows)) if chosen[place]])
        return grown
