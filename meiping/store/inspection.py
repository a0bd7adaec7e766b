"""Proving that a file is sound: first its form, then what the rooms know of their rows.

Everything here looks at a file that nobody else has open (a copy, or one just unpacked), so that the till is
never held up and the search index can be checked too.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from meiping.kernel.errors import DamagedFile
from meiping.store.database import APPLICATION_ID
from meiping.store.schema import Fetch, fetch_from, schema_faults

MOST_FAULTS = 20
"""How many single faults a check names; the rest is a number."""
_SETTINGS = (
    "trusted_schema = 0",
    "cell_size_check = 1",
    "mmap_size = 0",
    "foreign_keys = 1",
    "temp_store = 2",
    "cache_size = -32000",
)
_AT_ONCE = min(3, max(2, (os.cpu_count() or 1) - 1))
"""Proofs under way at the same time: the till wants a processor too."""
_STEPS = 100_000
"""SQLite's instructions between two looks at whether to stop: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that is always true of a shop's file. ``check`` gives a Chinese line for each place where it is not.

    ``derived`` is said of sums and indexes that can be made again from the rows: where they are off, a backup is
    good all the same.
    """

    key: str
    title: str
    check: Callable[[Fetch], list[str]]
    derived: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found: nothing, or ``count`` faults of which the first are named."""

    key: str
    title: str
    count: int
    details: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return not self.count


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the rooms know of a shop's file.

    ``figures`` gives sums to be written down in a backup and found again after a restore, ``shop`` the name.
    """

    invariants: tuple[Invariant, ...]
    figures: Callable[[Fetch], dict[str, int]]
    shop: Callable[[Fetch], str]


def _pragma_faults(fetch: Fetch, statement: str) -> list[str]:
    return [str(row[0]) for row in fetch(statement) if row[0] != "ok"]


def _foreign_key_faults(fetch: Fetch) -> list[str]:
    return [
        f"{table} 第 {row} 行指向不存在的 {parent}"
        for table, row, parent, _ in fetch("PRAGMA foreign_key_check")
    ]


def _search_faults(fetch: Fetch) -> list[str]:
    try:
        fetch("INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return ["索引内容与登记不一致"]
    return []


QUICK = Invariant("file", "数据文件完整", lambda fetch: _pragma_faults(fetch, "PRAGMA quick_check(20)"))
THOROUGH = Invariant(
    "file", "数据文件完整", lambda fetch: _pragma_faults(fetch, "PRAGMA integrity_check(20)")
)
SCHEMA = Invariant("schema", "表与触发器是本程序的", schema_faults)
FORM = (
    Invariant("references", "记录之间的引用都在", _foreign_key_faults),
    Invariant("search_index", "搜索索引一致", _search_faults, derived=True),
)


def file_invariants(*, thorough: bool) -> tuple[Invariant, ...]:
    """What holds for every file of ours; ``thorough`` compares every index entry too and takes ten times as long.

    The schema comes first: nothing is asked of a file that may hold foreign triggers.
    """
    return (SCHEMA, THOROUGH if thorough else QUICK, *FORM)


@contextmanager
def own_connection(path: Path, stop: Event | None = None) -> Iterator[sqlite3.Connection]:
    """A careful connection to a file nobody else has open. ``stop`` interrupts what it is busy with."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        if stop is not None:
            connection.set_progress_handler(stop.is_set, _STEPS)
        yield connection
    finally:
        connection.close()


def is_ours(fetch: Fetch) -> bool:
    """Whether the file says in its header that it is a shop of this program."""
    return bool(fetch("PRAGMA application_id")[0][0] == APPLICATION_ID)


def results(fetch: Fetch, invariants: Sequence[Invariant]) -> Iterator[CheckResult]:
    """Check one after the other; a check that the damage itself stops counts as failed."""
    for invariant in invariants:
        try:
            faults = invariant.check(fetch)
        except sqlite3.Error as error:
            faults = [f"无法检查（{type(error).__name__}）"]
        yield CheckResult(invariant.key, invariant.title, len(faults), tuple(faults[:MOST_FAULTS]))


def require_sound(
    path: Path, knowledge: Knowledge, *, thorough: bool, name: str, stop: Event | None = None
) -> None:
    """Raise DamagedFile, ``name`` being the file's Chinese name, unless every check passes.

    The schema is proved first; the rest is then proved by several connections at once.
    """
    try:
        with own_connection(path, stop) as connection:
            fetch = fetch_from(connection)
            if not is_ours(fetch):
                raise DamagedFile(f"{name}不是本程序的数据。数据没有被改动。")
            _require(fetch, SCHEMA, name)
        wanted = [THOROUGH if thorough else QUICK, *knowledge.invariants, *FORM]
        with ThreadPoolExecutor(_AT_ONCE, "prove") as pool:
            under_way = [
                pool.submit(_require_alone, path, one, name, stop) for one in wanted if not one.derived
            ]
            for done in under_way:
                done.result()
    except sqlite3.DatabaseError as error:
        raise DamagedFile(f"{name}已损坏，打不开。数据没有被改动。") from error


def _require_alone(path: Path, invariant: Invariant, name: str, stop: Event | None) -> None:
    with own_connection(path, stop) as connection:
        _require(fetch_from(connection), invariant, name)


def _require(fetch: Fetch, invariant: Invariant, name: str) -> None:
    (result,) = results(fetch, (invariant,))
    if not result.ok:
        raise DamagedFile(
            f"{name}没有通过检查“{result.title}”，有 {result.count} 处不对"
            f"（{result.details[0]}）。数据没有被改动。"
        )
