"""Putting a backup in use: unpacked beside the present data, proved, then switched to by one small file.

The present file is never opened for writing, so that this works where it can't be opened at all.
"""

import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import rmtree

from meiping.kernel.errors import DamagedFile, UserError
from meiping.store import archive
from meiping.store.archive import DATABASE_ENTRY, Manifest
from meiping.store.backup import (
    BEFORE_RESTORE,
    BackupInfo,
    Part,
    Progress,
    Silent,
    Stage,
    WriteFile,
    draft_folder,
    make_backup,
    read_info,
    require_room,
    telling_disk_errors,
)
from meiping.store.backup_shelf import new_path
from meiping.store.blobs import is_whole
from meiping.store.database import write_lock
from meiping.store.folder import DataFolder, sync_to_disk
from meiping.store.inspection import Knowledge, own_connection, require_sound
from meiping.store.migrator import latest_version
from meiping.store.schema import fetch_from, migrate_file, row_counts

ORIGIN = "origin.json"
Finish = Callable[[sqlite3.Connection], None]
"""Writes into the restored file before it is put in use: that it was restored."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a restored generation comes from; instants in UTC milliseconds. ``previous`` was in use before it."""

    previous: str
    backup: str
    made_at: int
    restored_at: int
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """A finished restore. ``saved`` is the backup of what was in use before, if that was sound."""

    generation: str
    info: BackupInfo
    saved: BackupInfo | None
    migrated: tuple[str, ...]


def refuse_newer_backup(info: BackupInfo) -> None:
    """Raise DamagedFile for a backup whose data only a newer program understands."""
    if info.manifest.schema_version > latest_version():
        raise DamagedFile(
            f"备份“{info.path.name}”由更新版本的程序（{info.manifest.program_version}）制作，"
            "请先升级程序再恢复。数据没有被改动。"
        )


def restore(
    folder: DataFolder,
    path: Path,
    *,
    restored_at: int,
    knowledge: Knowledge,
    write: WriteFile,
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> RestoreResult:
    """Put the data of a backup in use as a new generation; what is in use now stays as it is, and is backed up.

    Nothing is changed unless the backup is whole and sound: DamagedFile says what is wrong with it. The caller
    closes the shop's file and opens it anew afterwards. Raises UserError for want of room, Cancelled.
    """
    told = progress or Silent()
    info = read_info(path)
    refuse_newer_backup(info)
    total = sum(entry.size for entry in info.manifest.entries)
    require_room(folder.root, 2 * total)
    with draft_folder(folder.root / "shops") as drafts:
        with telling_disk_errors("备份"):
            manifest = archive.unpack(path, drafts, Stage(told, "正在解开备份", 0, 40, total))
        told.report(40, 100, "正在检查备份里的数据")
        database = drafts / DATABASE_ENTRY
        migrated = _prove(database, manifest, knowledge)
        if finish is not None:
            with telling_disk_errors("备份"), own_connection(database) as connection:
                finish(connection)
        saved = _save_present(folder, restored_at, knowledge, write, Part(told, 60, 95))
        told.report(95, 100, "正在换上备份里的数据")
        origin = Origin(_present(folder) or "", path.name, manifest.made_at, restored_at)
        with telling_disk_errors("备份"):
            _install_documents(folder, drafts, manifest)
            generation = _install(folder, database, origin)
        _switch(folder, generation, write)
    log.info("restored a backup as generation %s", generation)
    return RestoreResult(generation, info, saved, tuple(migrated))


def _prove(database: Path, manifest: Manifest, knowledge: Knowledge) -> list[str]:
    """Raise DamagedFile unless the file is what the manifest says; bring an older one up to date."""
    name = "备份里的数据"
    older = manifest.schema_version < latest_version()
    require_sound(
        database, replace(knowledge, invariants=()) if older else knowledge, thorough=True, name=name
    )
    with own_connection(database) as connection:
        fetch = fetch_from(connection)
        same = (
            fetch("PRAGMA user_version")[0][0] == manifest.schema_version
            and row_counts(fetch) == manifest.rows
            and (older or knowledge.figures(fetch) == manifest.figures)
        )
    if not same:
        raise DamagedFile("备份里的数据与清单不符，不能使用。数据没有被改动。")
    if not older:
        return []
    with telling_disk_errors("备份"):
        steps = migrate_file(database)
    require_sound(database, knowledge, thorough=False, name=name)
    return steps


def _present(folder: DataFolder) -> str | None:
    try:
        return folder.generation() if folder.has_shop() else None
    except DamagedFile:
        return None


def _save_present(
    folder: DataFolder, at: int, knowledge: Knowledge, write: WriteFile, progress: Progress
) -> BackupInfo | None:
    """Back up what is in use; data too damaged for that stay in their generation all the same."""
    if _present(folder) is None:
        return None
    try:
        return make_backup(
            folder,
            new_path(folder, BEFORE_RESTORE, at),
            kind=BEFORE_RESTORE,
            made_at=at,
            knowledge=knowledge,
            write=write,
            progress=progress,
        )
    except DamagedFile:
        log.warning("the data in use are not sound and were not backed up; they stay in their generation")
        return None


def _install_documents(folder: DataFolder, drafts: Path, manifest: Manifest) -> None:
    """Add the documents that are missing or damaged here; their names are made from their content.

    One that was damaged already when it was backed up takes the place of nothing but a missing file.
    """
    for entry in manifest.entries:
        target = folder.documents / entry.name
        if entry.name == DATABASE_ENTRY or is_whole(target):
            continue
        if entry.is_whole or not target.exists():
            sync_to_disk(drafts / entry.name)
            (drafts / entry.name).replace(target)
    sync_to_disk(folder.documents)


def _install(folder: DataFolder, database: Path, origin: Origin) -> str:
    sync_to_disk(database)
    generation = folder.new_generation()
    target = folder.database_in(generation)
    database.replace(target)
    note = target.with_name(ORIGIN)
    note.write_text(json.dumps(asdict(origin), ensure_ascii=False), "utf-8")
    sync_to_disk(note)
    sync_to_disk(target.parent)
    sync_to_disk(target.parent.parent)
    return generation


def _switch(folder: DataFolder, generation: str, write: WriteFile) -> None:
    with write_lock:
        folder.switch_to(generation, lambda path, content: write(path, lambda stream: stream.write(content)))


# ----------------------------------------------------------------- afterwards
def origin_of(folder: DataFolder) -> Origin | None:
    """Where the generation in use comes from; None if it was not restored from a backup."""
    note = folder.database.with_name(ORIGIN)
    if not note.is_file():
        return None
    try:
        return Origin(**json.loads(note.read_text("utf-8")))
    except (ValueError, TypeError):
        log.warning("the note beside generation %s can't be read", note.parent.name)
        return None


def can_undo(folder: DataFolder) -> bool:
    """Whether what was in use before the restore is still there."""
    origin = origin_of(folder)
    return origin is not None and bool(origin.previous) and folder.database_in(origin.previous).is_file()


def undo_restore(
    folder: DataFolder,
    *,
    at: int,
    knowledge: Knowledge,
    write: WriteFile,
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> tuple[str, BackupInfo | None]:
    """Put back in use what was in use before the restore, and back up what is in use now.

    Gives the generation and that backup, if the data were sound. ``finish`` may add to the data put back.
    """
    origin = origin_of(folder)
    if origin is None or not can_undo(folder):
        raise UserError("没有可以撤销的恢复：恢复之前的数据已经不在了。")
    saved = _save_present(folder, at, knowledge, write, progress or Silent())
    if finish is not None:
        database = folder.database_in(origin.previous)
        with telling_disk_errors("恢复之前的数据"), own_connection(database) as connection:
            finish(connection)
    _switch(folder, origin.previous, write)
    log.info("undid a restore, generation %s is in use again", origin.previous)
    return origin.previous, saved


def confirm_restore(folder: DataFolder, write: WriteFile) -> None:
    """Note that the restored data are what the user wants: automatic backups go on."""
    origin = origin_of(folder)
    if origin is not None:
        content = json.dumps(asdict(replace(origin, confirmed=True)), ensure_ascii=False).encode()
        write(folder.database.with_name(ORIGIN), lambda stream: stream.write(content))


def old_generations(folder: DataFolder) -> list[tuple[str, int]]:
    """The generations not in use, oldest first, with their sizes in bytes."""
    return [
        (name, sum(path.stat().st_size for path in (folder.root / "shops" / name).iterdir()))
        for name in folder.generations()
        if name != folder.generation()
    ]


def delete_generation(folder: DataFolder, generation: str) -> None:
    """Delete data not in use any more; there is no way back but a backup."""
    if generation not in dict(old_generations(folder)):
        raise UserError("这份旧数据已经不在，或者正在使用。")
    rmtree(folder.root / "shops" / generation)
