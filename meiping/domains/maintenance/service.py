"""Making, proving, restoring and deleting backups, and checking the data.

All of it is slow and about whole files: it is called off the main thread, with a connection of that thread
(``store.database.writing``) where the shop's file is open, and never inside a transaction. The rights are
checked as for any verb; the command line and the recovery window act with all rights and no open file.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection, DatabaseError

from meiping.adapters.files import write_file
from meiping.domains.audit import service as audit
from meiping.domains.maintenance.files import check_files, named_files
from meiping.domains.maintenance.invariants import KNOWLEDGE
from meiping.domains.maintenance.rules import CHECK_DATA, MAKE_BACKUP, RESTORE_BACKUP
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import DamagedFile, NeedsConfirmation, NotFound, UserError
from meiping.kernel.moments import Clock, show_moment, system_clock, to_ms
from meiping.store import backup, restoring
from meiping.store.archive import DATABASE_ENTRY
from meiping.store.backup import (
    AUTOMATIC,
    BEFORE_MIGRATION,
    MANUAL,
    BackupInfo,
    Part,
    Progress,
    Silent,
    Stage,
    copy_database,
    draft_folder,
    make_backup,
    require_room,
)
from meiping.store.backup_shelf import new_path, note_verified, shelf, thin
from meiping.store.database import db, fetch
from meiping.store.folder import DataFolder
from meiping.store.inspection import CheckResult, file_invariants, own_connection, results
from meiping.store.restoring import RestoreResult, origin_of
from meiping.store.schema import Fetch, fetch_from, row_counts
from meiping.store.unit_of_work import Work, in_one_transaction, query

AUTOMATIC_HOURS = 4
"""An automatic backup is due when the last one is older and something has changed."""
log = logging.getLogger(__name__)


def _note(actor: Actor, action: str, summary: str) -> None:
    """Write it in the log of the open file, if one is open, and tell the screen."""
    if db.is_closed():
        return

    def body(work: Work) -> None:
        audit.record(work, action, summary)
        work.changed(Topic.BACKUPS)

    in_one_transaction(actor, body)


# -------------------------------------------------------------------- backups
@query(MAKE_BACKUP)
def back_up(
    actor: Actor, *, folder: Path, target: Path | None = None, progress: Progress | None = None
) -> BackupInfo:
    """Make a backup now, in the data folder or at ``target`` (a file, or a folder such as a stick).

    Raises DamagedFile where the data are not sound (nothing is kept), UserError for want of room, Cancelled.
    """
    data, at = DataFolder(folder), to_ms(actor.now())
    path = new_path(data, MANUAL, at) if target is None else target
    if path.is_dir():
        path = path / new_path(data, MANUAL, at).name
    info = make_backup(
        data, path, kind=MANUAL, made_at=at, knowledge=KNOWLEDGE, write=write_file, progress=progress
    )
    note_verified(data, path, at, write_file)
    _note(actor, "backup.make", "备份数据")
    return info


def wants_backup(folder: Path) -> bool:
    """Whether something has changed since the last good backup; not while a restore waits to be confirmed."""
    data = DataFolder(folder)
    origin = origin_of(data)
    if origin is not None and not origin.confirmed:
        return False
    newest = next((item.info for item in shelf(data) if item.verified_at is not None), None)
    return newest is None or dict(newest.manifest.rows) != row_counts(fetch)


def backup_is_due(actor: Actor, *, folder: Path) -> bool:
    """Whether the last good backup is hours old and something has changed: asked now and then while open."""
    newest = next((item.info for item in shelf(DataFolder(folder)) if item.verified_at is not None), None)
    if newest is not None and to_ms(actor.now()) - newest.manifest.made_at < AUTOMATIC_HOURS * 3_600_000:
        return False
    return wants_backup(folder)


def automatic_backup(actor: Actor, *, folder: Path, progress: Progress | None = None) -> BackupInfo | None:
    """The program's own backup, at exit and every few hours: needs no right; None where there is no need for one.

    The old automatic ones are thinned out only after the new one is good.
    """
    if not wants_backup(folder):
        return None
    data, at = DataFolder(folder), to_ms(actor.now())
    path = new_path(data, AUTOMATIC, at)
    info = make_backup(
        data, path, kind=AUTOMATIC, made_at=at, knowledge=KNOWLEDGE, write=write_file, progress=progress
    )
    note_verified(data, path, at, write_file)
    if info.damaged_documents:
        log.warning("the automatic backup holds %d damaged documents", info.damaged_documents)
    thin(data, actor.now(), at_most=option("backup.keep"))
    in_one_transaction(actor, lambda work: work.changed(Topic.BACKUPS))
    return info


def backup_before_migration(folder: DataFolder, clock: Clock = system_clock) -> Callable[[], None]:
    """What ``store.migrator.migrate`` calls before it changes an older file.

    The older file is proved by its form alone: what the rooms know of their rows is said for today's tables.
    """

    def save() -> None:
        at = to_ms(clock())
        path = new_path(folder, BEFORE_MIGRATION, at)
        older = replace(KNOWLEDGE, invariants=(), figures=lambda _: {}, shop=lambda _: "")
        make_backup(folder, path, kind=BEFORE_MIGRATION, made_at=at, knowledge=older, write=write_file)
        note_verified(folder, path, at, write_file)

    return save


@query(MAKE_BACKUP)
def verify_backup(actor: Actor, *, folder: Path, path: Path, progress: Progress | None = None) -> BackupInfo:
    """Read a backup through and compare every checksum. Raises DamagedFile, and remembers the outcome."""
    data = DataFolder(folder)
    try:
        info = backup.verify(path, progress=progress)
    except DamagedFile:
        note_verified(data, path, None, write_file)
        raise
    note_verified(data, path, to_ms(actor.now()), write_file)
    _note(actor, "backup.verify", "校验备份")
    return info


@query(RESTORE_BACKUP)
def delete_backups(
    actor: Actor, *, folder: Path, names: Collection[str], confirmed: frozenset[str] = frozenset()
) -> int:
    """Delete backups of the data folder by their file names and give how many; asks first."""
    data = DataFolder(folder)
    there = {item.path.name: item for item in shelf(data)}
    chosen = [there[name] for name in names if name in there]
    if not chosen:
        raise NotFound("选中的备份已经不在了，请刷新。")
    if "delete_backups" not in confirmed:
        good = {name for name, item in there.items() if item.verified_at is not None}
        last = "这会删掉最后一份完好的备份。" if good and good <= set(names) else ""
        raise NeedsConfirmation(
            "delete_backups",
            f"{last}删除 {len(chosen)} 份备份后不能找回。确定删除吗？",
            verb="删除",
            danger=True,
        )
    for item in chosen:
        item.path.unlink(missing_ok=True)
    _note(actor, "backup.delete", f"删除 {len(chosen)} 份备份")
    return len(chosen)


# ------------------------------------------------------------------ restoring
@query(RESTORE_BACKUP)
def restore(actor: Actor, *, folder: Path, path: Path, progress: Progress | None = None) -> RestoreResult:
    """Put a backup's data in use; what is here now is kept and backed up. The program opens the file anew after it.

    Nothing is changed unless the backup is whole and sound. Raises DamagedFile, UserError, Cancelled.
    """
    at = to_ms(actor.now())
    made_at = backup.read_info(path).manifest.made_at

    def write_down(connection: Connection) -> None:
        summary = f"从 {show_moment(made_at)} 的备份恢复"
        audit.record_elsewhere(connection, actor, at, "backup.restore", summary)

    data = DataFolder(folder)
    result = restoring.restore(
        data,
        path,
        restored_at=at,
        knowledge=KNOWLEDGE,
        write=write_file,
        finish=write_down,
        progress=progress,
    )
    if result.saved is not None:
        note_verified(data, result.saved.path, at, write_file)
    return result


@query(RESTORE_BACKUP)
def undo_restore(actor: Actor, *, folder: Path, progress: Progress | None = None) -> str:
    """Put back what was in use before the restore; gives the generation. The program opens the file anew after it."""
    data, at = DataFolder(folder), to_ms(actor.now())
    _note(actor, "backup.undo", "撤销恢复")
    generation, saved = restoring.undo_restore(
        data,
        at=at,
        knowledge=KNOWLEDGE,
        write=write_file,
        finish=lambda put_back: audit.record_elsewhere(put_back, actor, at, "backup.undo", "撤销恢复"),
        progress=progress,
    )
    if saved is not None:
        note_verified(data, saved.path, at, write_file)
    return generation


@query(RESTORE_BACKUP)
def confirm_restore(actor: Actor, *, folder: Path) -> None:
    """Say that the restored data are the right ones: automatic backups go on."""
    restoring.confirm_restore(DataFolder(folder), write_file)
    _note(actor, "backup.confirm", "确认恢复的数据")


@query(RESTORE_BACKUP)
def delete_old_data(actor: Actor, *, folder: Path, confirmed: frozenset[str] = frozenset()) -> int:
    """Delete the data that restores have left behind and give their bytes; asks first."""
    data = DataFolder(folder)
    old = restoring.old_generations(data)
    if not old:
        raise UserError("没有恢复之前留下的旧数据。")
    if "delete_old_data" not in confirmed:
        raise NeedsConfirmation(
            "delete_old_data",
            "删除后不能再撤销恢复，只能从备份找回。确定删除旧数据吗？",
            verb="删除旧数据",
            danger=True,
        )
    for generation, _ in old:
        restoring.delete_generation(data, generation)
    _note(actor, "backup.delete_old", "删除恢复之前的旧数据")
    return sum(size for _, size in old)


# ------------------------------------------------------------------- checking
@query(CHECK_DATA)
def check(
    actor: Actor, *, folder: Path, thorough: bool = False, progress: Progress | None = None
) -> list[CheckResult]:
    """Prove everything that is always true, on one moment's copy; reports, never repairs.

    ``thorough`` also compares every entry of every index, which takes ten times as long.
    """
    told = progress or Silent()
    data = DataFolder(folder)
    invariants = (*file_invariants(thorough=thorough), *KNOWLEDGE.invariants)
    size = data.database.stat().st_size if data.database.is_file() else 0
    require_room(data.cache, size)
    found: list[CheckResult] = []
    with draft_folder(data.cache) as drafts:
        copy = drafts / DATABASE_ENTRY
        try:
            copy_database(data.database, copy, Stage(told, "正在复制数据", 0, 20, size))
        except DamagedFile as error:
            return [CheckResult("file", "数据文件完整", 1, (error.sentence,))]
        with own_connection(copy) as connection:
            fetch_here = fetch_from(connection)
            for position, result in enumerate(results(fetch_here, invariants), start=1):
                found.append(result)
                told.report(20 + 70 * position // len(invariants), 100, result.title)
            found.append(_documents_result(data, fetch_here, Part(told, 90, 100)))
    told.report(100, 100, "检查完毕")
    if not db.is_closed():
        wrong = sum(not result.ok for result in found)
        outcome = f"检查数据：{len(found)} 项中 {wrong} 项不对" if wrong else "检查数据：全部正确"
        in_one_transaction(actor, lambda work: audit.record(work, "data.check", outcome))
    return found


def _documents_result(data: DataFolder, fetch_here: Fetch, progress: Progress) -> CheckResult:
    """The attached files; where the rows can't be read, that is the fault."""
    try:
        named = named_files(fetch_here)
    except DatabaseError as error:
        return CheckResult("documents", "资料文件完好", 1, (f"无法检查（{type(error).__name__}）",))
    return check_files(data, named, progress)
