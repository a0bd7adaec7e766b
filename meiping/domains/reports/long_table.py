"""Tables of many rows, made into what is shown only where somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, overload

from meiping.kernel.tabular import Column, Row, Sort, Table

CHUNK = 2_000
"""So many rows are made at a time where all are wanted."""
Fact = tuple[Any, ...]
"""What is known of a row, as the file gave it; its id stands first."""
Make = Callable[[Sequence[Fact]], Sequence[Row]]
Value = Callable[[Fact], Any]


class LazyRows(Sequence[Row]):
    """Rows made from facts when they are looked at; ``make`` may read what else is shown of them, many at once."""

    def __init__(self, facts: Sequence[Fact], make: Make) -> None:
        self.facts, self.make = facts, make

    def __len__(self) -> int:
        return len(self.facts)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return self.make(self.facts[place])
        return self.make((self.facts[place],))[0]

    def __iter__(self) -> Iterator[Row]:
        for first in range(0, len(self.facts), CHUNK):
            yield from self.make(self.facts[first : first + CHUNK])


@dataclass(frozen=True, slots=True)
class LongTable(Table):
    """A table of ``LazyRows``. ``values`` tells by column what a fact says alone; for others rows are made."""

    values: Mapping[str, Value] = field(default_factory=dict)
    sorted: dict[Sort, LongTable] = field(default_factory=dict)

    def ids(self) -> list[Any]:
        """The ids of all rows."""
        return [fact[0] for fact in _lazy(self).facts]

    def all_ids(self, sort: Sort | None) -> Sequence[Any]:
        """The ids of all rows in the given order."""
        return self.ordered(sort).ids()

    def column(self, key: str) -> list[Any]:
        """The values of one column in all rows."""
        rows = _lazy(self)
        if (value := self.values.get(key)) is not None:
            return [value(fact) for fact in rows.facts]
        return [row[key] for row in rows]

    def with_id(self, key: str) -> Row | None:
        """The row whose id, as text, is this."""
        rows = _lazy(self)
        place = next((place for place, fact in enumerate(rows.facts) if str(fact[0]) == key), None)
        return None if place is None else rows[place]

    def ordered(self, sort: Sort | None) -> LongTable:
        """The same table in another order, the unknown last; put in order once."""
        if sort is None:
            return self
        if sort not in self.sorted:
            self.sorted[sort] = self._in_order(sort)
        return self.sorted[sort]

    def _in_order(self, sort: Sort) -> LongTable:
        rows = _lazy(self)
        keyed = list(zip(self.column(sort.key), rows.facts, strict=True))
        known = [one for one in keyed if one[0] is not None]
        unknown = [fact for value, fact in keyed if value is None]
        known.sort(key=itemgetter(0), reverse=sort.descending)
        facts = [*(fact for _, fact in known), *unknown]
        return replace(self, rows=LazyRows(facts, rows.make), sorted={})

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """Putting it in another order, for a worker."""
        return None if sort is None or sort in self.sorted else partial(self.ordered, sort)

    def among(self, ids: Collection[Any]) -> LongTable:
        """Only the rows with these ids."""
        wanted = set(ids)
        return self._narrowed(lambda fact: fact[0] in wanted)

    def without(self, ids: Collection[Any]) -> LongTable:
        """All rows but those with these ids."""
        left_out = set(ids)
        return self._narrowed(lambda fact: fact[0] not in left_out)

    def _narrowed(self, keeps: Callable[[Fact], bool]) -> LongTable:
        rows = _lazy(self)
        facts = [fact for fact in rows.facts if keeps(fact)]
        return replace(self, rows=LazyRows(facts, rows.make), totals={}, sorted={})

    def extended(
        self,
        columns: tuple[Column, ...],
        totals: Mapping[str, Any],
        beside: Callable[[Row], Row],
        values: Mapping[str, Value],
    ) -> LongTable:
        """The same rows with more told in each."""
        rows = _lazy(self)

        def make(facts: Sequence[Fact]) -> list[Row]:
            return [beside(row) for row in rows.make(facts)]

        return replace(
            self,
            columns=columns,
            totals=totals,
            rows=LazyRows(rows.facts, make),
            values={**self.values, **values},
            sorted={},
        )


def _lazy(table: LongTable) -> LazyRows:
    assert isinstance(table.rows, LazyRows)
    return table.rows


def row_with_id(table: Table, key: str) -> Row | None:
    """The row whose id, as text, is ``key``."""
    if isinstance(table, LongTable):
        return table.with_id(key)
    return next((row for row in table.rows if str(row["id"]) == key), None)


def largest(table: Table, key: str, count: int) -> list[Row]:
    """The first rows by a column, the largest first; without those of nothing."""
    if isinstance(table, LongTable):
        return [row for row in table.ordered(Sort(key, descending=True)).rows[:count] if row[key]]
    worth = sorted((row for row in table.rows if row[key]), key=itemgetter(key), reverse=True)
    return list(islice(worth, count))
