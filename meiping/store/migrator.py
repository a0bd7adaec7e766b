"""Bringing a shop's file up to date: numbered, recorded, each step one transaction."""

from collections.abc import Callable
from pathlib import Path

from meiping.kernel.errors import DamagedFile
from meiping.store.database import APPLICATION_ID, db, fetch_value, write_lock

MIGRATIONS = Path(__file__).with_name("migrations")
"""The folder of the numbered steps."""


def latest_version() -> int:
    """The schema version this program writes."""
    return max(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.py"))


def file_version() -> int:
    """The schema version of the open file; 0 for an empty one."""
    return int(fetch_value("PRAGMA user_version"))


def refuse_newer(version: int) -> None:
    """Raise DamagedFile for a file of a newer program: it is not touched."""
    if version > latest_version():
        raise DamagedFile(
            f"数据由更新版本的程序保存（数据版本 {version}，本程序支持到 {latest_version()}）。请先升级程序，数据没有被改动。"
        )


def migrate(before: Callable[[], None] | None = None) -> list[str]:
    """Apply what is missing to the open file and give the names of the steps.

    ``before`` is called first where a file with data is about to change: the place for a verified backup.
    Raises DamagedFile for a newer file; a step that fails leaves the file as it was.
    """
    version = file_version()
    refuse_newer(version)
    if version == latest_version():
        return []
    if version and before is not None:
        before()
    from playhouse.migrations import Runner  # once a version, not at every start

    with write_lock:
        db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        return list(Runner(db, directory=str(MIGRATIONS)).up())
