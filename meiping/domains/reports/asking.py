"""What is asked of a report, and its answer beside that of the period before. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from meiping.domains.reports.long_table import LongTable
from meiping.domains.reports.rules import Period, Quick
from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.tabular import Column, Kind, Listing, Patient, Row, Sort, Table

ANYTIME = Period()


@dataclass(frozen=True, slots=True)
class ListedTable(Table):
    """A table too long for memory: rows come from ``listing`` in windows; their number and totals are known."""

    listing: Listing = field(default_factory=lambda: Table("", (), ()))
    length: int = 0
    order: Sort | None = None

    def count(self) -> int:
        return self.length

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        return self.listing.window(first, size, sort or self.order)

    def ordered(self, sort: Sort | None) -> ListedTable:
        return self if sort is None else replace(self, order=sort)

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """What an order no index holds needs first."""
        return self.listing.preparation(sort) if isinstance(self.listing, Patient) else None


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """The days, the words typed, and the choices by key; None stands for all.

    ``quick`` is the usual period chosen, None for own dates.
    """

    period: Period = ANYTIME
    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    quick: Quick | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def get(self, key: str) -> Any:
        """A choice; None where it is not made, or not offered."""
        return self.values.get(key)

    def dump(self) -> str:
        """As text that ``load_asked`` understands: one of the usual periods moves on with the day."""
        days = [None if day is None else day.isoformat() for day in (self.period.first, self.period.last)]
        period: Any = self.quick.key if self.quick is not None else days
        return json.dumps(
            {"period": period, "values": dict(self.values), "text": self.text}, ensure_ascii=False
        )


def load_asked(text: str, *, today: date) -> ReportAsked:
    """What was asked once, today. Raises InputError for text that is not such."""
    try:
        kept = json.loads(text)
        quick = next((one for one in Quick if one.key == kept["period"]), None)
        days = () if quick else [None if day is None else date.fromisoformat(day) for day in kept["period"]]
        period = quick.period(today) if quick else Period(*days)
        return ReportAsked(period, dict(kept["values"]), str(kept["text"]), quick)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("这个保存的条件读不出来了，请重新保存。") from error


def period_before(period: Period) -> Period | None:
    """The days a period is held against: as many before it, whole months and years against whole ones.

    The first eleven days of a month against the same days of the month before. None for an open period.
    """
    first, last = period.first, period.last
    if first is None or last is None:
        return None
    if first.day == 1:
        if first.month == 1 and first.year == last.year and last.month > 1:
            return Period(first - relativedelta(years=1), last - relativedelta(years=1))
        after = last + timedelta(days=1)
        if after.day == 1:
            months = (after.year - first.year) * 12 + after.month - first.month
            return Period(first - relativedelta(months=months), first - timedelta(days=1))
        if (first.year, first.month) == (last.year, last.month):
            return Period(first - relativedelta(months=1), last - relativedelta(months=1))
    length = last - first + timedelta(days=1)
    return Period(first - length, last - length)


def change_bp(now: int | None, before: int | None) -> int | None:
    """How much more it is than before, in basis points of what it was; unknown without something to compare."""
    if now is None or not before or before < 0:
        return None
    return rounded_ratio((now - before) * WHOLE_BP, before)


def before_key(key: str) -> str:
    """The key of the column with what was before."""
    return f"{key}_before"


def change_key(key: str) -> str:
    """The key of the column with the change."""
    return f"{key}_change"


def compared_columns(columns: tuple[Column, ...], key: str) -> tuple[Column, ...]:
    """The columns with what the measured one was in the period before, and its change, right after it."""
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if column.key == key:
            title = f"上期{column.title}"
            width = max(column.width, 2 * len(title) + 2)
            found.append(replace(column, key=before_key(key), title=title, width=width, stretch=False))
            found.append(Column(change_key(key), "增减", Kind.PERCENT, width=9))
    return tuple(found)


def compared(table: Table, before: Table | None, key: str) -> Table:
    """The table with the period before beside the measured column; rows belong together by their id.

    Without a period before the columns stay empty.
    """
    earlier = _column(before, key) if before is not None else {}

    def beside(row: Mapping[str, Any], was: int | None) -> Row:
        return {**row, before_key(key): was, change_key(key): change_bp(row.get(key), was)}

    none = 0 if before is not None else None
    totals = table.totals
    if totals:
        was = before.totals.get(key, 0) if before is not None else None
        totals = beside(totals, was)
    columns = compared_columns(table.columns, key)

    def told(row: Row) -> Row:
        return beside(row, earlier.get(row["id"], none))

    if isinstance(table, LongTable):
        return table.extended(
            columns, totals, told, {before_key(key): lambda fact: earlier.get(fact[0], none)}
        )
    return replace(table, columns=columns, rows=[told(row) for row in table.rows], totals=totals)


def _column(table: Table, key: str) -> dict[Any, Any]:
    """The values of a column by the rows' ids."""
    if isinstance(table, LongTable):
        return dict(zip(table.ids(), table.column(key), strict=True))
    return {row["id"]: row[key] for row in table.rows}
