"""The open file as a whole: every row of it, and whether all that is always true still is."""

from typing import Any

from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.store.database import fetch

Contents = dict[str, list[tuple[Any, ...]]]


def contents() -> Contents:
    """Every row of every table, the counters of ids and the insides of the search index among them."""
    tables = fetch("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return {name: fetch(f'SELECT * FROM "{name}"') for (name,) in tables}


def faults() -> list[str]:
    """What is not as it always is, in words; empty for a sound shop."""
    return [f"{one.title}：{line}" for one in INVARIANTS for line in one.check(fetch)]


def changed_tables(before: Contents, after: Contents) -> set[str]:
    """The tables in which a row came, went or changed."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
