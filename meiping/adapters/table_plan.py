"""How the columns of a table fit the pages of a paper; lengths are in millimetres."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from meiping.adapters.lettering import printable
from meiping.kernel.tabular import Column, Kind

A4 = (210.0, 297.0)
MARGIN = 12.0
GAP = 1.9
"""Between a cell's edge and its text beside it."""
BASE_PT = 9.0
_SIZES = (9.0, 8.0, 7.0)
"""Of the letters in points. Smaller ones are not read with ease: what does not fit then goes on in a further part."""
_WIDEST_TEXT = 70.0
_NARROWEST_TEXT = 24.0


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that share a page, by number, and their widths in millimetres."""

    numbers: list[int]
    widths: list[float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the columns fit the page: its direction, the size of the letters, and the columns of each part.

    There is one part unless the columns are too many for one page; then each part repeats the first column.
    """

    landscape: bool
    size: float
    groups: list[Group]


class Planner:
    """Plans one table; ``measure`` gives the width of a text at the base size."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Sequence[Sequence[str]],
        totals: Sequence[str],
        measure: Callable[[str], float],
    ) -> None:
        self._columns, self._cells, self._totals, self._measure = columns, cells, totals, measure

    def plan(self, landscape: bool | None) -> Plan:
        """The first of the ways to put the columns on the page in which nothing is squeezed."""
        wanted = [self._wanted(number, column) for number, column in enumerate(self._columns)]
        everything = list(range(len(wanted)))
        ways = [(turned, size) for size in _SIZES for turned in (False, True) if landscape in (None, turned)]
        ways = [way for way in ways if way[0] or landscape is False or way[1] == BASE_PT]
        for turned, size in ways:
            widths = self._fit(everything, wanted, self._room(turned), size / BASE_PT)
            if widths:
                return Plan(turned, size, [Group(everything, widths)])
        turned, room = landscape is not False, self._room(landscape is not False)
        groups = self._split(wanted, room)
        fitted = [self._fit(numbers, wanted, room, 1) for numbers in groups]
        return Plan(turned, BASE_PT, [Group(*pair) for pair in zip(groups, fitted, strict=True)])

    def _split(self, wanted: list[float], room: float) -> list[list[int]]:
        """Columns side by side until the page is full, each part beginning with the first column."""
        wanted[:] = [min(width, room / 2) for width in wanted]
        groups = [[0]]
        for number in range(1, len(wanted)):
            if sum(wanted[member] for member in groups[-1]) + wanted[number] > room:
                groups.append([0])
            groups[-1].append(number)
        return groups

    @staticmethod
    def _room(landscape: bool) -> float:
        return A4[1 if landscape else 0] - 2 * MARGIN

    def _wanted(self, number: int, column: Column) -> float:
        """Width of a column at the base size: of its widest cell; a long heading may take two lines."""
        texts = [cells[number] for cells in self._cells]
        widest = max((self._measure(line) for text in texts for line in text.split("\n")), default=0.0)
        if self._totals:
            widest = max(widest, self._measure(self._totals[number]) * 1.03)
        heading = self._measure(printable(column.title)) * 1.03
        widest = max(widest, heading if heading < 18 else heading * 0.6)
        return min(widest, _WIDEST_TEXT) + 2 * GAP if column.kind is Kind.TEXT else widest + 2 * GAP

    def _fit(self, numbers: Sequence[int], wanted: Sequence[float], room: float, scale: float) -> list[float]:
        """The widths that fill the page, or none if even wrapping texts does not make the columns fit."""
        columns = [self._columns[number] for number in numbers]
        widths = [(wanted[number] - 2 * GAP) * scale + 2 * GAP for number in numbers]
        spare = room - sum(widths)
        if spare >= 0:
            growing = [width if column.stretch else 0 for width, column in zip(widths, columns, strict=True)]
            weights = growing if any(growing) else widths
            whole = sum(weights) or 1
            return [width + spare * weight / whole for width, weight in zip(widths, weights, strict=True)]
        texts = [place for place, column in enumerate(columns) if column.kind is Kind.TEXT]
        left = room - sum(width for place, width in enumerate(widths) if place not in texts)
        if not texts or left < sum(min(widths[place], _NARROWEST_TEXT * scale) for place in texts):
            return []
        for position, place in enumerate(sorted(texts, key=lambda place: widths[place])):
            widths[place] = min(widths[place], left / (len(texts) - position))
            left -= widths[place]
        return widths
