"""The row of totals under a list, column below column."""

import tkinter as tk
from collections.abc import Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.tabular import Column
from meiping.ui.widgets import privacy
from meiping.ui.widgets.list_figures import make_room


class TotalsRow(ttk.Treeview):
    """One row that keeps the widths of the ``above`` list's columns."""

    def __init__(self, parent: tk.Misc, above: ttk.Treeview) -> None:
        names = tuple(above.cget("columns"))
        super().__init__(parent, columns=names, show="", height=1, selectmode="none", takefocus=False)
        self.configure(style="Totals.Treeview")
        self._above = above

    def show(
        self,
        columns: Sequence[Column],
        shown: Sequence[Column],
        summary: Mapping[str, Any],
        own_widths: set[str],
    ) -> None:
        """Write the totals; columns without a width of the user's own make room for theirs."""
        texts = [privacy.cell(column, summary.get(column.key)) for column in columns]
        if summary.get(shown[0].key) is None:
            texts[[column.key for column in columns].index(shown[0].key)] = "合计"
        sums = {
            column.key: text
            for column, text in zip(columns, texts, strict=True)
            if column.key not in own_widths and summary.get(column.key) is not None
        }
        make_room(self._above, sums, "MpBold")
        self.delete(*self.get_children())
        self.insert("", "end", values=texts)

    def follow(self, shown: Sequence[Column]) -> None:
        """Take the widths and the sideways place of the list above."""
        for column in shown:
            self.column(column.key, width=self._above.column(column.key, "width"), stretch=False)
        self.xview_moveto(self._above.xview()[0])
