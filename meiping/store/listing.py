"""Lists over a peewee select, fetched a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from peewee import ColumnBase, ModelSelect, Ordering

from meiping.kernel.tabular import Row, Sort


class SelectListing:
    """A kernel ``Listing`` over ``select``.

    ``sorts`` maps a column key to what it is ordered by (look-ups only: an unknown key falls back to the
    default order). Windows first find the ids, on an index where there is one, then the rows of those ids.
    ``beside`` gives further values of a window's rows by their ids, in one read.
    """

    def __init__(
        self,
        select: ModelSelect[Any],
        *,
        identity: ColumnBase,
        sorts: Mapping[str, ColumnBase],
        default: Sort,
        to_row: Callable[[dict[str, Any]], Row] | None = None,
        totals: Callable[[ModelSelect[Any]], Mapping[str, Any]] | None = None,
        beside: Callable[[Sequence[int]], Mapping[int, Row]] | None = None,
    ) -> None:
        self._select = select
        self._identity = identity
        self._sorts = sorts
        self._default = default
        self._to_row = to_row
        self._totals = totals
        self._beside = beside
        self._count: int | None = None

    def count(self) -> int:
        """How many rows there are; counted once a listing."""
        if self._count is None:
            # the limit keeps SQLite from merging the count with the joins, which it then leaves out
            self._count = int(self._select.columns(self._identity).limit(-1).count())
        return self._count

    def _ordering(self, sort: Sort | None) -> list[Ordering]:
        chosen = sort if sort is not None and sort.key in self._sorts else self._default
        by = self._sorts[chosen.key]
        return [by.desc(), self._identity.desc()] if chosen.descending else [by.asc(), self._identity.asc()]

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Rows ``first`` to ``first + size`` in the given order."""
        wanted = (
            self._select.columns(self._identity).order_by(*self._ordering(sort)).limit(size).offset(first)
        )
        ids: list[int] = [row[0] for row in cast("Iterable[tuple[int]]", wanted.tuples())]
        shown = self._select.where(self._identity.in_(ids)).dicts() if ids else []
        found = {row["id"]: row for row in cast("Iterable[dict[str, Any]]", shown)}
        if self._beside is not None and ids:
            for one, values in self._beside(ids).items():
                found[one].update(values)
        rows = [found[one] for one in ids if one in found]
        return [self._to_row(row) for row in rows] if self._to_row else rows

    def summary(self) -> Mapping[str, Any]:
        """Totals by column key."""
        return self._totals(self._select) if self._totals else {}
