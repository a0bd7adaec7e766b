"""A listing that follows what is committed, for a list that keeps its place over a reload."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meiping.kernel.tabular import Listing, Row, Sort, Table


class FreshListing:
    """A listing made anew at each count, so that a reload sees what was committed since."""

    def __init__(self, make: Callable[[], Listing]) -> None:
        self._make = make
        self._listing: Listing | None = None
        self._sorted: tuple[Sort | None, Table] | None = None

    def count(self) -> int:
        """How many rows there are now."""
        self._listing, self._sorted = self._make(), None
        return self._listing.count()

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
