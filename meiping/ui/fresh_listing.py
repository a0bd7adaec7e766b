"""A listing that follows what is committed, for a list that keeps its place over a reload."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meiping.kernel.tabular import Listing, Numbered, Patient, Row, Sort, Table


class FreshListing:
    """A listing made anew at each count, so that a reload sees what was committed since."""

    def __init__(self, make: Callable[[], Listing]) -> None:
        self._make = make
        self._listing: Listing | None = None
        self._next: Listing | None = None
        self._sorted: tuple[Sort | None, Table] | None = None

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """What the rows as they are now need first; the next count then tells of them."""
        self._next = self._make()
        return self._next.preparation(sort) if isinstance(self._next, Patient) else None

    def count(self) -> int:
        """How many rows there are now."""
        self._listing, self._next, self._sorted = self._next or self._make(), None, None
        return self._listing.count()

    def current(self) -> Listing:
        """The rows of the last count."""
        if self._listing is None:
            self._listing = self._make()
        return self._listing

    def all_ids(self, sort: Sort | None) -> Sequence[int]:
        """The ids of the rows of the last count, in the given order."""
        listing = self.current()
        if isinstance(listing, Numbered):
            return listing.all_ids(sort)
        rows = listing.window(0, listing.count(), sort)
        return [row.get("id", place) for place, row in enumerate(rows)]

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Rows of the last count; a table in memory is put in order once."""
        listing = self._listing or self._make()
        if isinstance(listing, Table):
            if self._sorted is None or self._sorted[0] != sort:
                self._sorted = (sort, listing.ordered(sort))
            return self._sorted[1].window(first, size, None)
        return listing.window(first, size, sort)

    def summary(self) -> Mapping[str, Any]:
        """Totals of the last count."""
        return self._listing.summary() if self._listing is not None else {}
