"""Lists over a peewee select, fetched a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from peewee import ColumnBase, Field, ModelSelect, Ordering, fn

from meiping.kernel.moments import midnight
from meiping.kernel.tabular import Row, Sort
from meiping.store.database import db

LARGE = 10_000
"""A table with more rows is put in order on another thread, unless an index holds the order."""


class SelectListing:
    """A kernel ``Listing`` over ``select``.

    ``sorts`` maps a column key to what it is ordered by (look-ups only: an unknown key falls back to the
    default order). Windows first find the ids, on an index where there is one, then the rows of those ids.
    ``beside`` gives further values of a window's rows by their ids, in one read. ``indexed`` names the orders that an
    index holds as long as nothing narrows the select (``narrowed``); of a large table any other needs a preparation.
    ``bare`` selects the same rows without the joins that only say more of them, for counting and totals.
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
        indexed: Collection[str] | None = None,
        narrowed: bool = False,
        bare: ModelSelect[Any] | None = None,
    ) -> None:
        self._select = select
        self._bare = select if bare is None else bare
        self._identity = identity
        self._sorts = sorts
        self._default = default
        self._to_row = to_row
        self._totals = totals
        self._beside = beside
        self._indexed, self._narrowed = indexed, narrowed
        self._count: int | None = None
        self._prepared: tuple[Sort, list[int]] | None = None

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """Reads all ids in this order once where the order has no index and the table is large."""
        chosen = self._chosen(sort)
        by_index = self._indexed is None or (chosen.key in self._indexed and not self._narrowed)
        if by_index or (self._prepared is not None and self._prepared[0] == chosen):
            return None
        model: Any = self._select.model
        if (model.select(fn.MAX(model._meta.primary_key)).scalar() or 0) <= LARGE:
            return None
        return lambda: self._prepare(chosen)

    def _prepare(self, chosen: Sort) -> None:
        ids = self._read_ids(chosen)
        self._prepared, self._count = (chosen, ids), len(ids)

    def all_ids(self, sort: Sort | None) -> Sequence[int]:
        """The ids of all rows in the given order."""
        chosen = self._chosen(sort)
        if self._prepared is not None and self._prepared[0] == chosen:
            return self._prepared[1]
        return self._read_ids(chosen)

    def _read_ids(self, chosen: Sort) -> list[int]:
        sql, values = self._ids(chosen).sql()
        return [
            row[0] for row in db.execute_sql(sql, values)
        ]  # peewee's own rows would take three times as long

    def among(self, ids: Collection[int]) -> SelectListing:
        """Only the rows with these ids."""
        return self._with(self._identity.in_(list(ids)))

    def without(self, ids: Collection[int]) -> SelectListing:
        """All rows but those with these ids."""
        return self._with(self._identity.not_in(list(ids))) if ids else self

    def _with(self, condition: Any) -> SelectListing:
        return SelectListing(
            self._select.where(condition),
            identity=self._identity,
            sorts=self._sorts,
            default=self._default,
            to_row=self._to_row,
            totals=self._totals,
            beside=self._beside,
            indexed=self._indexed,
            narrowed=True,
        )

    def count(self) -> int:
        """How many rows there are; counted once a listing."""
        if self._count is None:
            # the limit keeps SQLite from merging the count with the joins, which it then leaves out
            self._count = int(self._bare.columns(self._identity).limit(-1).count())
        return self._count

    def _chosen(self, sort: Sort | None) -> Sort:
        return sort if sort is not None and sort.key in self._sorts else self._default

    def _ordering(self, chosen: Sort) -> list[Ordering]:
        by = self._sorts[chosen.key]
        return [by.desc(), self._identity.desc()] if chosen.descending else [by.asc(), self._identity.asc()]

    def _ids(self, chosen: Sort) -> ModelSelect[Any]:
        """All ids in order; without the further joins where the order needs none of them: SQLite walks through a join
        to a table of one row, such as the companies, for every row it skips."""
        by = self._sorts[chosen.key]
        own = isinstance(by, Field) and by.model is self._select.model
        select = self._bare if own else self._select
        return select.columns(self._identity).order_by(*self._ordering(chosen))

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Rows ``first`` to ``first + size`` in the given order."""
        ids = self._ids_between(first, size, self._chosen(sort))
        shown = self._select.where(self._identity.in_(ids)).dicts() if ids else []
        found = {row["id"]: row for row in cast("Iterable[dict[str, Any]]", shown)}
        if self._beside is not None and found:
            for one, values in self._beside(list(found)).items():
                found[one].update(values)
        rows = [found[one] for one in ids if one in found]
        return [self._to_row(row) for row in rows] if self._to_row else rows

    def _ids_between(self, first: int, size: int, chosen: Sort) -> list[int]:
        if self._prepared is not None and self._prepared[0] == chosen:
            return self._prepared[1][first : first + size]
        wanted = self._ids(chosen)
        return [row[0] for row in cast("Iterable[tuple[int]]", wanted.limit(size).offset(first).tuples())]

    def summary(self) -> Mapping[str, Any]:
        """Totals by column key."""
        return self._totals(self._bare) if self._totals else {}


def on_days(instant: ColumnBase, first: date | None, last: date | None) -> list[Any]:
    """The conditions that an ``instant`` lies on days of the shop's clock, both included; None leaves that end open."""
    met = [] if first is None else [instant >= midnight(first)]
    return met if last is None else [*met, instant < midnight(last + timedelta(days=1))]


def within_days(select: ModelSelect[Any], day: ColumnBase, first: date | None, last: date | None) -> Any:
    """``select`` narrowed to rows whose ``day`` lies between two days, both included; None leaves that end open."""
    if first is not None:
        select = select.where(day >= first.isoformat())
    if last is not None:
        select = select.where(day <= last.isoformat())
    return select
