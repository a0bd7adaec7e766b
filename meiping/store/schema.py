"""What the tables of each version are, by the migrations themselves, and bringing a file that is not open up to date."""

import functools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from meiping.store.database import APPLICATION_ID, ShopDatabase, write_lock
from meiping.store.migrator import MIGRATIONS, refuse_newer

Fetch = Callable[..., list[tuple[Any, ...]]]
"""``fetch(sql, *values)`` on a certain file: all rows of a parametrised statement."""

SchemaObject = tuple[str, str, str]
"""Type, name and statement of a table, index, trigger or view."""


def fetch_from(connection: sqlite3.Connection) -> Fetch:
    """The way to read from a connection of one's own."""
    return lambda sql, *values: list(connection.execute(sql, values).fetchall())


def _is_shadow(name: str) -> bool:
    return name.startswith("search_fts_")


def objects_in(fetch: Fetch) -> frozenset[SchemaObject]:
    """Every object of a file. The insides of the search index count by name: SQLite's versions write them differently."""
    rows = fetch(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return frozenset(
        (kind, name, "" if _is_shadow(name) else " ".join(sql.split())) for kind, name, sql in rows
    )


@functools.cache
def objects_at(version: int) -> frozenset[SchemaObject]:
    """Every object a file of this version has."""
    names = {int(path.name[:4]): path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    database = SqliteDatabase(":memory:")
    try:
        Runner(database, directory=str(MIGRATIONS)).up(names[version])
        return objects_in(fetch_from(database.connection()))
    finally:
        database.close()


def schema_faults(fetch: Fetch) -> list[str]:
    """What is missing, foreign or different among the tables and triggers of a file."""
    version = int(fetch("PRAGMA user_version")[0][0])
    if version < 1:
        return ["没有数据版本号"]
    refuse_newer(version)
    found, wanted = objects_in(fetch), objects_at(version)
    foreign = {name for _, name, _ in found - wanted}
    missing = {name for _, name, _ in wanted - found}
    return [
        *(f"{name} 与程序的定义不同" for name in sorted(foreign & missing)),
        *(f"多出了 {name}" for name in sorted(foreign - missing)),
        *(f"缺少 {name}" for name in sorted(missing - foreign)),
    ]


def row_counts(fetch: Fetch) -> dict[str, int]:
    """How many rows each table has; the insides of the search index are left out."""
    tables = fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
        " AND substr(name, 1, 10) <> 'search_fts' ORDER BY name"
    )
    return {name: int(fetch(f'SELECT count(*) FROM "{name}"')[0][0]) for (name,) in tables}


def migrate_file(path: Path) -> list[str]:
    """Bring a file that nobody has open up to date and give the names of the steps.

    Raises DamagedFile for a newer file.
    """
    database = ShopDatabase(str(path), autoconnect=False)
    with write_lock:
        database.connect()
        try:
            refuse_newer(int(database.execute_sql("PRAGMA user_version").fetchone()[0]))
            database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            return list(Runner(database, directory=str(MIGRATIONS)).up())
        finally:
            database.close()
