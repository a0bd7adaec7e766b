"""How a broken promise is told: a line for each row that a statement finds."""

from collections.abc import Callable, Iterable
from typing import Any

from meiping.kernel.money import show_fen

Line = Callable[..., str]
"""Gives the sentence about a row, from its columns."""
Fetch = Callable[..., Iterable[tuple[Any, ...]]]
"""``fetch(sql)`` on a certain file."""


def rows(statement: str, line: Line) -> Callable[[Fetch], list[str]]:
    """A line for every row of ``statement``."""
    return lambda fetch: [line(*row) for row in fetch(statement)]


def fen_line(what: str) -> Line:
    """A line for rows of (place, found, wanted) in fen."""
    return lambda place, found, wanted: f"{place}：{what} {show_fen(found)}，应为 {show_fen(wanted)}"


def count_line(what: str) -> Line:
    """A line for rows of (place, found, wanted) as bare numbers."""
    return lambda place, found, wanted: f"{place}：{what} {found}，应为 {wanted}"


def place_line(what: str) -> Line:
    """A line for rows of (place)."""
    return lambda place: f"{place}：{what}"
