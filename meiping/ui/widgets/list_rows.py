"""The rows of a listing in the order a list shows them, in view or not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from meiping.kernel.tabular import Listing, Narrowable, Numbered, Row, Sort, Table
from meiping.ui.widgets.list_selection import Selection

CHUNK = 1000
"""As many rows as are read at once where many are wanted."""


class OrderedRows:
    """Reads them a window at a time; a table in memory is put in order once, not at every window."""

    def __init__(self) -> None:
        self._listing: Listing | None = None
        self._sort: Sort | None = None

    def put(self, listing: Listing, sort: Sort | None) -> None:
        """Have these rows in this order."""
        self._listing = listing.ordered(sort) if isinstance(listing, Table) else listing
        self._sort = sort

    def window(self, first: int, size: int) -> Sequence[Row]:
        """Rows ``first`` to ``first + size``."""
        if self._listing is None or size <= 0:
            return []
        sort = None if isinstance(self._listing, Table) else self._sort
        return self._listing.window(first, size, sort)

    def all(self, count: int) -> list[Row]:
        """The first ``count`` rows, which are all there are."""
        return [row for first in range(0, count, CHUNK) for row in self.window(first, CHUNK)]

    def chosen(self, selection: Selection, count: int) -> list[Row]:
        """The selected ones out of ``count``; fetches them where everything was chosen."""
        if not selection.everything:
            return list(selection.picked().values())
        return [row for place, row in enumerate(self.all(count)) if row.get("id", place) in selection]

    def chosen_ids(self, selection: Selection, count: int) -> list[int]:
        """Their ids, without the rows where the listing can tell them alone."""
        listing: object = self._listing
        if selection.everything and isinstance(listing, Numbered):
            return [one for one in listing.all_ids(self._sort) if one in selection]
        return [row["id"] for row in self.chosen(selection, count)]

    def narrowed(self, listing: Listing, selection: Selection) -> Listing | None:
        """``listing``, which holds the same rows, with the selected ones only; None if it can't be narrowed."""
        if isinstance(listing, Narrowable):
            picked: list[Any] = selection.left_out() if selection.everything else list(selection.picked())
            return listing.without(picked) if selection.everything else listing.among(picked)
        if isinstance(listing, Table):
            ordered = listing.ordered(self._sort)
            rows = [row for place, row in enumerate(ordered.rows) if row.get("id", place) in selection]
            return replace(ordered, rows=rows, totals={})
        return None
