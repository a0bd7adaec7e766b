"""Looking after the attached files: whether each is there and whole, and clearing away what nobody names."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from meiping.domains.audit import service as audit
from meiping.domains.maintenance.rules import CHECK_DATA
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import NeedsConfirmation, UserError
from meiping.kernel.moments import to_ms
from meiping.kernel.sizes import show_size
from meiping.store.backup import Progress, Silent
from meiping.store.blobs import is_whole, kept_files
from meiping.store.database import db
from meiping.store.folder import DataFolder
from meiping.store.inspection import MOST_FAULTS, CheckResult
from meiping.store.schema import Fetch
from meiping.store.unit_of_work import Work, in_one_transaction, query

CLEAR_FILES = "clear_files"
"""The token that confirms that files nobody names are deleted."""
_RESTING_MS = 24 * 3_600_000
"""So long a file nobody names is left alone: its row may be about to be written."""
_NAMED = """
SELECT d.hash, coalesce('客户 ' || c.code || ' 的', '') || '资料 ' || d.id FROM document d
LEFT JOIN customer c ON c.id = d.customer_id
UNION ALL SELECT photo_hash, '客户 ' || code || ' 的照片' FROM customer WHERE photo_hash <> ''
"""
_HASHES = "SELECT hash FROM document UNION SELECT photo_hash FROM customer WHERE photo_hash <> ''"


class NamedFile(NamedTuple):
    """A kept file that a row names, and where it is named."""

    hash: str
    place: str


def named_files(fetch: Fetch) -> list[NamedFile]:
    """Every file that the rows of a shop name."""
    return [NamedFile(*row) for row in fetch(_NAMED)]


def check_files(data: DataFolder, named: Iterable[NamedFile], progress: Progress) -> CheckResult:
    """Whether every named file is there and whole; what nobody names is told too, but is no fault."""
    kept = kept_files(data)
    places: dict[str, list[str]] = {}
    for one in named:
        places.setdefault(one.hash, []).append(one.place)
    faults = []
    for number, (file_hash, named_at) in enumerate(places.items()):
        progress.report(number, len(places), "资料文件完好")
        fault = _fault(kept.get(file_hash))
        faults += [f"{place}：{fault}" for place in named_at] if fault else []
    spare = [path for file_hash, path in kept.items() if file_hash not in places]
    told = faults[:MOST_FAULTS]
    if spare:
        size = sum(path.stat().st_size for path in spare)
        told.append(f"另有 {len(spare):,} 个文件没有记录在用（{show_size(size)}），可以清理")
    return CheckResult("documents", "资料文件完好", len(faults), tuple(told))


def _fault(path: Path | None) -> str:
    if path is None:
        return "文件不在了"
    try:
        return "" if is_whole(path) else "内容已损坏"
    except OSError as error:
        return f"文件读不出来（{error.strerror}）"


@query(CHECK_DATA)
def clear_unnamed_files(
    actor: Actor,
    *,
    folder: Path,
    confirmed: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> int:
    """Delete the attached files that no row names for a day or longer, and give how many; asks first.

    The data of before a restore count too. Raises UserError where there is nothing to delete, or where such data
    can't be read. Backups are not touched.
    """
    data = DataFolder(folder)
    spare = _unnamed(data, to_ms(actor.now()))
    if not spare:
        raise UserError("没有可以清理的资料文件。刚添加不到一天的文件不清理。")
    size = sum(path.stat().st_size for path in spare)
    if CLEAR_FILES not in confirmed:
        raise NeedsConfirmation(
            CLEAR_FILES,
            f"有 {len(spare):,} 个资料文件没有记录在用（{show_size(size)}）。删除后只能从备份找回，确定删除吗？",
            verb="删除",
            danger=True,
        )
    for number, path in enumerate(spare):
        (progress or Silent()).report(number, len(spare), "清理资料文件")
        path.unlink(missing_ok=True)
    if not db.is_closed():
        in_one_transaction(actor, lambda work: _note(work, len(spare)))
    return len(spare)


def clear_if_unnamed(data: DataFolder, hashes: Iterable[str]) -> int:
    """Delete at once those of some kept files that no row names, here or in the data of before a restore.

    For what was to be forgotten for good. Gives how many went; raises UserError as ``clear_unnamed_files``.
    """
    wanted = set(hashes) - _named(data)
    paths = [path for file_hash, path in kept_files(data).items() if file_hash in wanted] if wanted else []
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _note(work: Work, count: int) -> None:
    audit.record(work, "data.clear_files", f"清理 {count} 个没有记录在用的资料文件")
    work.changed(Topic.DOCUMENTS)


def _unnamed(data: DataFolder, now_ms: int) -> list[Path]:
    named = _named(data)
    return [
        path
        for file_hash, path in kept_files(data).items()
        if file_hash not in named and path.stat().st_mtime * 1000 < now_ms - _RESTING_MS
    ]


def _named(data: DataFolder) -> set[str]:
    """What the rows of all generations name."""
    named: set[str] = set()
    for generation in data.generations():
        path = data.database_in(generation)
        if path.is_file():
            named |= _hashes_in(path, generation)
    return named


def _hashes_in(path: Path, generation: str) -> set[str]:
    """What the rows of one generation's file name; a file of an older program knows no documents."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'document'").fetchone() is None:
                return set()
            return {row[0] for row in connection.execute(_HASHES)}
    except sqlite3.Error as error:
        raise UserError(
            f"第 {generation} 代数据读不出来，不能判断哪些文件还在用，所以没有清理。请先删除恢复之前的旧数据。"
        ) from error
