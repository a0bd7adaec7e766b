"""A sheet as it was read: plain cells in rows, whatever file or clipboard they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""What a cell holds; an empty one is None or an empty text."""

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""Bounds of what is taken in: rows with something in them, columns, characters a cell."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of one sheet that hold anything, each with its number in the file, counted from 1.

    ``file_hash`` is the SHA-256 of the file's bytes in hex. ``first_column`` is the number, from 0, of the first
    cell's column. ``date1904`` says how bare day numbers are counted. ``no_result`` names, a row number, the
    columns (from 0, as in the rows) whose formula was saved without its result.
    """

    file_name: str
    file_hash: str
    sheet: str
    sheets: tuple[str, ...]
    rows: list[tuple[int, tuple[Cell, ...]]]
    first_column: int = 0
    date1904: bool = False
    no_result: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(cells) for _, cells in self.rows), default=0)


def column_letters(number: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
