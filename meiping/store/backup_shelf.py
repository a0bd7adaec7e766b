"""The folder of backups: their names, which of them were read back whole, and which may go."""

import functools
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from meiping.kernel.errors import UserError
from meiping.kernel.moments import from_ms
from meiping.store.backup import AUTOMATIC, BackupInfo, WriteFile, read_info
from meiping.store.folder import DataFolder

NAME = re.compile(r"meiping-\d{8}-\d{6}(-\d+)?-(?P<kind>manual|auto|before-restore|before-update)\.zip")
KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 12, 10, 9
_RECORD = "verified.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A file in the folder of backups. ``info`` is None where it can't be read, ``problem`` then says why.

    ``verified_at`` is when it was last read through and found whole, in UTC milliseconds.
    """

    path: Path
    size: int
    info: BackupInfo | None
    verified_at: int | None
    problem: str = ""


def new_path(folder: DataFolder, kind: str, at: int) -> Path:
    """A free name for a backup of this kind: ``meiping-20261121-091200-auto.zip``, local time."""
    stamp = f"{from_ms(at):%Y%m%d-%H%M%S}"
    path = folder.backups / f"meiping-{stamp}-{kind}.zip"
    number = 2
    while path.exists():
        path = folder.backups / f"meiping-{stamp}-{number}-{kind}.zip"
        number += 1
    return path


def shelf(folder: DataFolder) -> list[ShelfItem]:
    """Every zip in the folder of backups, the newest first; what can't be read comes last."""
    record = _read_record(folder)
    items = [_item(path, record) for path in folder.backups.glob("*.zip")]
    return sorted(
        items, key=lambda item: (item.info.manifest.made_at if item.info else 0, item.path.name), reverse=True
    )


def _item(path: Path, record: dict[str, list[int]]) -> ShelfItem:
    stat = path.stat()
    noted = record.get(path.name)
    whole = noted is not None and noted[:2] == [stat.st_size, stat.st_mtime_ns]
    try:
        info = _known(path, stat.st_size, stat.st_mtime_ns)
    except UserError as error:
        return ShelfItem(path, stat.st_size, None, None, error.sentence)
    return ShelfItem(path, stat.st_size, info, noted[2] if noted is not None and whole else None)


@functools.lru_cache(maxsize=200)
def _known(path: Path, _size: int, _changed_ns: int) -> BackupInfo:
    """What a file says of itself; read once as long as it is the same, for the status bar asks often."""
    return read_info(path)


def _read_record(folder: DataFolder) -> dict[str, list[int]]:
    try:
        found = json.loads((folder.backups / _RECORD).read_text("utf-8"))
        return {str(name): [int(value) for value in noted] for name, noted in found.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        log.warning("the record of verified backups can't be read; they count as not verified")
        return {}


def note_verified(folder: DataFolder, path: Path, at: int | None, write: WriteFile) -> None:
    """Write down when a backup in the folder was found whole, or with None that it no longer counts as such."""
    if path.parent.resolve() != folder.backups.resolve():
        return
    record = {name: noted for name, noted in _read_record(folder).items() if (folder.backups / name).exists()}
    record.pop(path.name, None)
    if at is not None:
        stat = path.stat()
        record[path.name] = [stat.st_size, stat.st_mtime_ns, at]
    content = json.dumps(record, indent=1).encode()
    write(folder.backups / _RECORD, lambda stream: stream.write(content), private=True)


def surplus(moments: Iterable[datetime], today: date) -> set[datetime]:
    """Which of the automatic backups' moments (local) need not be kept.

    Kept are all of today and yesterday, then the newest of each of 12 days, of 10 weeks before these, and of
    9 months before those. Days, weeks and months without a backup do not count.
    """
    older = sorted((moment for moment in moments if (today - moment.date()).days >= 2), reverse=True)
    kept: set[datetime] = set()
    spans = (
        (KEEP_DAYS, lambda moment: moment.date()),
        (KEEP_WEEKS, lambda moment: moment.isocalendar()[:2]),
        (KEEP_MONTHS, lambda moment: (moment.year, moment.month)),
    )
    rest = older
    for most, bucket_of in spans:
        seen: set[object] = set()
        for position, moment in enumerate(rest):
            bucket = bucket_of(moment)
            if bucket in seen:
                continue
            if len(seen) == most:
                rest = rest[position:]
                break
            seen.add(bucket)
            kept.add(moment)
        else:
            rest = []
    return set(older) - kept


def thin(folder: DataFolder, now: datetime, *, at_most: int) -> list[Path]:
    """Delete the automatic backups that need not be kept and give their paths; call it after a good new one only.

    Of those kept by ``surplus`` the oldest go while there are more than ``at_most``. The newest backup that was
    verified is never deleted, nor any made by hand, before a restore or before an update.
    """
    items = shelf(folder)
    newest = next((item.path for item in items if item.verified_at is not None), None)
    automatic = {
        from_ms(item.info.manifest.made_at): item.path
        for item in items
        if item.info is not None and item.info.manifest.kind == AUTOMATIC and NAME.fullmatch(item.path.name)
    }
    gone = surplus(automatic, now.astimezone().date())
    left = sorted(automatic.keys() - gone)
    gone |= set(left[: max(len(left) - at_most, 0)])
    deleted = []
    for path in (automatic[moment] for moment in sorted(gone)):
        if path != newest:
            path.unlink(missing_ok=True)
            deleted.append(path)
    return deleted
