"""The figures of a report, above its table."""

import tkinter as tk
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.reports.asking import change_bp
from meiping.kernel.tabular import Column, Kind
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cards import Kpi, Trend


class FigureRow(ttk.Frame):
    """Totals of some columns above the table, each against the period before.

    Those whose keys are among ``worse`` are bad news when they rise, those among ``neither`` are neither.
    """

    def __init__(
        self, parent: tk.Misc, columns: Sequence[Column], *, worse: Collection[str], neither: Collection[str]
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._worse, self._neither = worse, neither
        self.cards = {column.key: Kpi(self, column.title) for column in self._columns}
        for card in self.cards.values():
            card.share_size(list(self.cards.values()))
        gap = px(self, 12)
        for place, card in enumerate(self.cards.values()):
            self.columnconfigure(place, weight=1, uniform="kpi")
            card.grid(row=0, column=place, sticky="nsew", padx=(gap if place else 0, 0))

    def show(self, totals: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
        """Set the figures; ``before`` are the totals of the period before, None where there is none."""
        for column in self._columns:
            now = totals.get(column.key)
            was = before.get(column.key) if before is not None else None
            change = None if column.kind is Kind.PERCENT else change_bp(now, was)
            words = f"上期 {privacy.cell(column, was)}" if was is not None else ""
            if change is not None:
                arrow = "▲" if change > 0 else "▼" if change < 0 else ""  # never alone at the end of a line
                words += f"  {arrow}{abs(change) / 100:.1f}%"
            trend: Trend = "muted"
            if change and column.key not in self._neither:
                trend = "good" if (change > 0) is not (column.key in self._worse) else "bad"
            self.cards[column.key].show("—" if now is None else privacy.cell(column, now), words, trend)
