"""Short words for making and restoring backups in tests."""

import dataclasses
import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from meiping.adapters.files import write_file
from meiping.store import archive, backup, restoring
from meiping.store.backup import MANUAL, BackupInfo
from meiping.store.backup_shelf import new_path
from meiping.store.database import APPLICATION_ID
from meiping.store.folder import DataFolder
from meiping.store.inspection import Invariant, Knowledge
from meiping.store.migrator import MIGRATIONS

AT = 1_795_000_000_000
LITTLE = Knowledge(
    (Invariant("people", "有操作员", lambda fetch: [] if fetch("SELECT 1 FROM operator") else ["没有人"]),),
    lambda fetch: {"operators": fetch("SELECT count(*) FROM operator")[0][0]},
    lambda fetch: "小店",
)
NOTHING = Knowledge((), lambda fetch: {}, lambda fetch: "")


def make(folder: DataFolder, *, kind: str = MANUAL, at: int = AT, **more: Any) -> BackupInfo:
    target = more.pop("target", None) or new_path(folder, kind, at)
    return backup.make_backup(
        folder, target, kind=kind, made_at=at, knowledge=LITTLE, write=write_file, **more
    )


def restore(folder: DataFolder, path: Path, **more: Any) -> restoring.RestoreResult:
    more = {"knowledge": LITTLE, "restored_at": AT + 60_000, **more}
    return restoring.restore(folder, path, write=write_file, **more)


def operators(folder: DataFolder) -> list[str]:
    with sqlite3.connect(folder.database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM operator ORDER BY id")]


def rename(folder: DataFolder, name: str) -> None:
    connection = sqlite3.connect(folder.database)
    connection.execute("UPDATE operator SET name = ? WHERE id = 1", (name,))
    connection.commit()
    connection.close()


def everything_in(folder: DataFolder) -> dict[str, str]:
    """Each file of the data folder with its checksum, so that a test can say: nothing has changed."""
    return {
        str(path.relative_to(folder.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.root.rglob("*"))
        if path.is_file()
    }


def attach(folder: DataFolder, content: bytes) -> str:
    name = f"{hashlib.sha256(content).hexdigest()}.pdf"
    (folder.documents / name).write_bytes(content)
    return name


def old_shop_file(path: Path, version: int) -> None:
    """A file as an older program left it."""
    names = {int(step.name[:4]): step.stem for step in MIGRATIONS.glob("[0-9]*.py")}
    database = SqliteDatabase(str(path))
    Runner(database, directory=str(MIGRATIONS)).up(names[version])
    database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    database.close()


def pack(path: Path, database: Path, **changes: Any) -> Path:
    """An archive of a database with a manifest that fits, but for ``changes``."""
    connection = sqlite3.connect(database)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "search_fts"))
    ]
    manifest = archive.Manifest(
        format=1,
        schema_version=connection.execute("PRAGMA user_version").fetchone()[0],
        program_version="0.0.1",
        kind=MANUAL,
        shop="小店",
        made_at=AT,
        rows={name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables},
        figures={"operators": 1},
        entries=(),
    )
    connection.close()
    with path.open("wb") as stream:
        archive.pack(
            stream,
            [("meiping.db", database)],
            lambda: dataclasses.replace(manifest, **changes),
            lambda done: None,
        )
    return path
