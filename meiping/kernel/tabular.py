"""Tables as everybody here understands them: the list on screen, the export, the print, the report."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.phones import show_phone
from meiping.kernel.quantity import show_milli


class Kind(StrEnum):
    """What a column's values are; decides alignment, form on screen and form in a workbook."""

    TEXT = "text"
    CODE = "code"
    """Digits that are no number: codes, bar codes, card numbers."""
    MONEY = "money"
    """Integer fen."""
    QUANTITY = "quantity"
    """Integer thousandths."""
    NUMBER = "number"
    """A count."""
    PERCENT = "percent"
    """Basis points."""
    DATE = "date"
    """``datetime.date``."""
    MOMENT = "moment"
    """UTC milliseconds."""
    PHONE = "phone"
    YES = "yes"
    """bool."""


RIGHT_ALIGNED = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.NUMBER, Kind.PERCENT})
_SHOW: dict[Kind, Callable[[Any], str]] = {
    Kind.MONEY: show_fen,
    Kind.QUANTITY: show_milli,
    Kind.NUMBER: lambda value: f"{value:,}",
    Kind.PERCENT: lambda value: f"{value / 100:.1f}%",
    Kind.DATE: show_date,
    Kind.MOMENT: show_moment,
    Kind.PHONE: show_phone,
    Kind.YES: lambda value: "是" if value else "",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, described once for list, export and print.

    ``width`` is in characters of the body font (a Chinese character counts two). ``sortable`` says that the
    listing knows how to order by ``key``; ``hidden`` columns can be switched on by the user.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 12
    stretch: bool = False
    sortable: bool = True
    hidden: bool = False

    def show(self, value: Any) -> str:
        """The value as the screen shows it; unknown is empty."""
        if value is None:
            return ""
        return _SHOW.get(self.kind, str)(value)


Row = Mapping[str, Any]
"""Plain values by column key, and ``id``; ``tone`` ('danger', 'warning', 'muted') colours the row if given."""


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a column's key."""

    key: str
    descending: bool = False


class Listing(Protocol):
    """Rows fetched a window at a time, so that a list holds only what one can see."""

    def count(self) -> int:
        """How many rows there are in all."""

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Rows ``first`` to ``first + size``, in the given order or the listing's own."""

    def summary(self) -> Mapping[str, Any]:
        """Totals by column key over all rows; empty where there is nothing to add up."""


@runtime_checkable
class Patient(Protocol):
    """A listing that may need longer than a redraw has for an order no index holds."""

    def preparation(self, sort: Sort | None) -> Callable[[], object] | None:
        """What must be done first, on any thread that may read, for rows in this order to come at once; None: nothing."""


@runtime_checkable
class Numbered(Protocol):
    """A listing that can tell which rows it has without reading them."""

    def all_ids(self, sort: Sort | None) -> Sequence[int]:
        """The ids of all its rows in the given order."""


@runtime_checkable
class Narrowable(Protocol):
    """A listing of which some rows can be taken."""

    def among(self, ids: Collection[int]) -> Listing:
        """Only the rows with these ids."""

    def without(self, ids: Collection[int]) -> Listing:
        """All rows but those with these ids."""


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table in memory: reports, and lists short enough."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    totals: Mapping[str, Any] = field(default_factory=dict)
    subtitle: str = ""

    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """A slice, sorted by plain values with the unknown last."""
        return self.ordered(sort).rows[first : first + size]

    def summary(self) -> Mapping[str, Any]:
        """The totals row."""
        return self.totals

    def ordered(self, sort: Sort | None) -> "Table":
        """The same table in another order."""
        if sort is None:
            return self
        known = [row for row in self.rows if row[sort.key] is not None]
        unknown = [row for row in self.rows if row[sort.key] is None]
        known.sort(key=lambda row: row[sort.key], reverse=sort.descending)
        return replace(self, rows=[*known, *unknown])
