"""What backups there are, how old the last one is, and what restoring one would change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from meiping.domains.maintenance.rules import (
    FRESH_DAYS,
    KIND_TITLES,
    MAKE_BACKUP,
    RESTORE_BACKUP,
    TABLE_TITLES,
    show_age,
)
from meiping.kernel.actor import Actor
from meiping.kernel.moments import from_ms, show_moment
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.backup import BackupInfo, read_info
from meiping.store.backup_shelf import ShelfItem, shelf
from meiping.store.database import db, fetch
from meiping.store.folder import DataFolder
from meiping.store.migrator import latest_version
from meiping.store.restoring import Origin, can_undo, old_generations, origin_of, refuse_newer_backup
from meiping.store.schema import row_counts
from meiping.store.unit_of_work import query

BACKUP_COLUMNS = (
    Column("made_at", "备份时间", Kind.MOMENT, width=17),
    Column("age", "多久以前", width=12, sortable=False),
    Column("kind", "种类", width=10),
    Column("size_kb", "大小（KB）", Kind.NUMBER, width=12),
    Column("state", "状态", width=11),
    Column("verified_at", "校验时间", Kind.MOMENT, width=17),
    Column("shop", "店名", width=18, hidden=True),
    Column("version", "程序版本", width=10, hidden=True),
    Column("name", "文件", width=34, stretch=True),
)


@query(MAKE_BACKUP)
def backups(actor: Actor, *, folder: Path) -> Table:
    """The backups in the data folder, the newest first."""
    items = shelf(DataFolder(folder))
    return Table("备份", BACKUP_COLUMNS, [_row(item, actor.now()) for item in items])


def _row(item: ShelfItem, now: datetime) -> dict[str, object]:
    manifest = item.info.manifest if item.info else None
    verified = item.verified_at is not None
    state = "不能使用" if manifest is None else "完好" if verified else "未校验"
    if item.info is not None and item.info.damaged_documents:
        state = "资料有损坏"
    return {
        "id": item.path.name,
        "made_at": manifest.made_at if manifest else None,
        "age": show_age((now - from_ms(manifest.made_at)).total_seconds()) if manifest else "",
        "kind": KIND_TITLES.get(manifest.kind, manifest.kind) if manifest else "",
        "size_kb": max(item.size // 1000, 1),
        "state": state,
        "verified_at": item.verified_at,
        "shop": manifest.shop if manifest else "",
        "version": manifest.program_version if manifest else "",
        "name": item.path.name,
        "problem": item.problem,
        "tone": "danger" if manifest is None else None if verified else "muted",
    }


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that was verified; ``stale`` where there is none, or none of the last seven days."""

    made_at: int | None
    words: str
    stale: bool


def last_backup(folder: Path, now: datetime) -> LastBackup:
    """How old the last good backup is, in words: for the status bar."""
    newest = next((item for item in shelf(DataFolder(folder)) if item.verified_at is not None), None)
    if newest is None or newest.info is None:
        return LastBackup(None, "还没有备份", stale=True)
    age = now - from_ms(newest.info.manifest.made_at)
    return LastBackup(
        newest.info.manifest.made_at, show_age(age.total_seconds()), stale=age > timedelta(days=FRESH_DAYS)
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of a preview, in words: what there is here now and in the backup. None where nothing is open."""

    title: str
    here: str | None
    there: str


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What restoring would put in the place of what is here. ``older`` data are brought up to date."""

    info: BackupInfo
    older: bool
    lines: tuple[Comparison, ...]


@query(RESTORE_BACKUP)
def preview_restore(actor: Actor, *, path: Path) -> RestorePreview:
    """Compare a backup with the data in use. Raises DamagedFile if it can't be restored by this program."""
    info = read_info(path)
    refuse_newer_backup(info)
    manifest = info.manifest
    open_now = not db.is_closed()
    here = row_counts(fetch) if open_now else {}
    lines = [
        Comparison(title, f"{here.get(table, 0):,}" if open_now else None, f"{manifest.rows.get(table, 0):,}")
        for table, title in TABLE_TITLES.items()
    ]
    newest = fetch("SELECT coalesce(max(at), 0) FROM operation")[0][0] if open_now else 0
    last = Comparison(
        "最后一次操作",
        show_moment(newest or None) if open_now else None,
        show_moment(manifest.figures.get("newest_at") or None),
    )
    return RestorePreview(info, manifest.schema_version < latest_version(), (*lines, last))


@dataclass(frozen=True, slots=True)
class RestoredState:
    """Whether the data in use come from a backup, can go back, and still wait to be confirmed."""

    origin: Origin | None
    can_undo: bool
    old_bytes: int

    @property
    def waits(self) -> bool:
        """Automatic backups pause until someone has looked."""
        return self.origin is not None and not self.origin.confirmed


@query(RESTORE_BACKUP)
def restored_state(actor: Actor, *, folder: Path) -> RestoredState:
    """Where the data in use come from, and what older data still lie beside them."""
    data = DataFolder(folder)
    return RestoredState(origin_of(data), can_undo(data), sum(size for _, size in old_generations(data)))
