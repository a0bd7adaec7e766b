"""The one connection to the shop's SQLite file: settings read back at every connect, one write lock.

WAL with synchronous=FULL: a bill the clerk saw accepted survives a power cut, and reports read while the
till writes. Every write and every checkpoint happens under ``write_lock`` (SQLite before 3.51.3 may damage
a WAL file when two connections write or checkpoint at once).
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseError, SqliteDatabase

from meiping.kernel.errors import DamagedFile
from meiping.store.right_of_way import right_of_way

APPLICATION_ID = 0x4D50_4E47
"""``MPNG`` in the file's header: this is a shop of meiping."""

SETTINGS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "mmap_size": 0,
    "trusted_schema": 0,
    "recursive_triggers": 1,
    "cell_size_check": 1,
    "temp_store": 2,
    "cache_size": -16_000,
}
"""The settings of every connection, read back when it opens."""

write_lock = threading.RLock()
_thread = threading.local()
log = logging.getLogger(__name__)


class ShopDatabase(SqliteDatabase):
    """SQLite with the program's settings on every connection."""

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        super()._add_conn_hooks(conn)  # type: ignore[misc]  # missing in peewee's stubs
        settings = dict(SETTINGS)
        if getattr(_thread, "reading", False):
            settings |= {"query_only": 1, "wal_autocheckpoint": 0}
            right_of_way.given_by(conn)
        for name, wanted in settings.items():
            conn.execute(f"PRAGMA {name} = {wanted}")
            found = conn.execute(f"PRAGMA {name}").fetchone()
            if found is None or found[0] != wanted:
                raise DamagedFile(f"数据库设置 {name} 不能生效，请检查数据文件夹所在的磁盘。")


DISK_ERRORS = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
)
"""What SQLite says where the disk, not the data, is at fault."""


def disk_failed(error: BaseException) -> bool:
    """Whether an error, of sqlite3 or peewee's wrapping of it, means a full or failing disk."""
    inner = error.args[0] if error.args and isinstance(error.args[0], sqlite3.Error) else error
    return (getattr(inner, "sqlite_errorcode", 0) or 0) & 0xFF in DISK_ERRORS


db = ShopDatabase(None, autoconnect=False, lock_type="IMMEDIATE")


def open_database(path: Path) -> None:
    """Connect this thread for reading and writing. Raises DamagedFile if it is no database of ours."""
    close_database()
    db.init(str(path))
    try:
        with write_lock:
            db.connect()
            application_id = db.execute_sql("PRAGMA application_id").fetchone()[0]
            if application_id not in (0, APPLICATION_ID):
                raise DamagedFile(f"“{path.name}”不是本程序的数据文件。")
    except DatabaseError as error:
        close_database()
        raise DamagedFile("数据文件已损坏，打不开。请从备份恢复。") from error
    except DamagedFile:
        close_database()
        raise
    log.info("opened the shop's file, SQLite %s", sqlite3.sqlite_version)


def close_database() -> None:
    """Close this thread's connection; the last one leaves a single file without side files."""
    if not db.is_closed():
        with write_lock:
            db.close()


@contextmanager
def reading() -> Iterator[None]:
    """A connection of this thread that can't write, for workers. Joins the thread's connection if it has one."""
    if not db.is_closed():
        yield
        return
    _thread.reading = True
    try:
        db.connect()
        yield
    finally:
        if not db.is_closed():
            with write_lock:
                db.close()
        _thread.reading = False


@contextmanager
def writing() -> Iterator[None]:
    """A connection of this thread that may write, for workers. Joins the thread's connection if it has one."""
    if not db.is_closed():
        yield
        return
    db.connect()
    try:
        yield
    finally:
        close_database()


@contextmanager
def may_write() -> Iterator[None]:
    """Let this thread's connection write for a moment even if it is for reading; holds the write lock."""
    with write_lock:
        only_reads = getattr(_thread, "reading", False)
        if only_reads:
            db.execute_sql("PRAGMA query_only = 0")
        try:
            yield
        finally:
            if only_reads:
                db.execute_sql("PRAGMA query_only = 1")


@contextmanager
def snapshot() -> Iterator[None]:
    """Several reads of one state, whatever is written meanwhile. One within another joins it."""
    if db.connection().in_transaction:
        yield
        return
    db.execute_sql("BEGIN DEFERRED")
    try:
        yield
    finally:
        db.execute_sql("COMMIT")


def learn_sizes() -> None:
    """Let SQLite look how full tables and indexes are, by samples: a tenth of a second for a large shop.

    Without it, it takes an index over almost every row for one over few, and sorts many times slower.
    """
    try:
        with write_lock:
            db.execute_sql("PRAGMA analysis_limit = 400")
            db.execute_sql("ANALYZE")
    except DatabaseError:  # on a full disk nothing is lost by it but speed
        log.warning("could not learn how full the tables are", exc_info=True)


def checkpoint() -> None:
    """Fold the write-ahead log into the file."""
    with write_lock:
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def fetch(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a parametrised statement."""
    return list(db.execute_sql(sql, values).fetchall())


def fetch_value(sql: str, *values: Any) -> Any:
    """First column of the first row, or None."""
    row = db.execute_sql(sql, values).fetchone()
    return row[0] if row else None
