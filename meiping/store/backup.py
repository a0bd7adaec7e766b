"""Making a backup while the shop goes on selling: one moment's copy, proved sound, packed, read back, then named."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage, rmtree
from tempfile import mkdtemp
from threading import Event
from typing import BinaryIO, Protocol

from peewee import PeeweeException

from meiping import __version__
from meiping.kernel.errors import DamagedFile, UserError
from meiping.store import archive
from meiping.store.archive import DATABASE_ENTRY, DOCUMENT_ENTRY, FORMAT, Manifest, Tick
from meiping.store.database import disk_failed, write_lock
from meiping.store.folder import DataFolder
from meiping.store.inspection import Knowledge, own_connection, require_sound
from meiping.store.schema import fetch_from, row_counts

MANUAL, AUTOMATIC, BEFORE_RESTORE, BEFORE_MIGRATION = "manual", "auto", "before-restore", "before-update"

_PAGES = 1000
_PAUSE_S = 0.001
_LOOK_S = 0.2
_RESERVE = 100_000_000


class Progress(Protocol):
    """Hears how far the work is; raises Cancelled to stop it."""

    def report(self, done: int, total: int, what: str = "") -> None: ...


class WriteFile(Protocol):
    """Puts a whole file in its place or nothing; ``adapters.files.write_file``."""

    def __call__(
        self,
        path: Path,
        write: Callable[[BinaryIO], object],
        *,
        private: bool = False,
        check: Callable[[Path], object] | None = None,
    ) -> None: ...


class Silent:
    """Nobody wants to know how far it is."""

    def report(self, done: int, total: int, what: str = "") -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A backup file and what its manifest says."""

    path: Path
    size: int
    manifest: Manifest

    @property
    def damaged_documents(self) -> int:
        """How many documents were damaged already when they were packed; all else is as it should be."""
        return sum(not entry.is_whole for entry in self.manifest.entries)


class Stage:
    """One stretch of a longer work, in bytes, told as per cent of the whole."""

    def __init__(self, progress: Progress, what: str, first: int, last: int, total: int) -> None:
        self._progress, self._what = progress, what
        self._first, self._span = first, last - first
        self._total = max(total, 1)
        self._done = 0
        self(0)

    def __call__(self, done: int) -> None:
        """``done`` bytes more."""
        self._done += done
        part = self._span * min(self._done, self._total) // self._total
        self._progress.report(self._first + part, 100, self._what)


class Part:
    """Progress of one stretch, told as part of the whole."""

    def __init__(self, progress: Progress, first: int, last: int) -> None:
        self._progress, self._first, self._span = progress, first, last - first

    def report(self, done: int, total: int, what: str = "") -> None:
        """Pass it on."""
        self._progress.report(self._first + self._span * done // max(total, 1), 100, what)


def require_room(folder: Path, needed: int) -> None:
    """Raise UserError unless ``needed`` bytes fit on the disk and leave 100 MB."""
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    free = disk_usage(there).free
    if free < needed + _RESERVE:
        short = (needed + _RESERVE - free) // 1_000_000 + 1
        raise UserError(f"磁盘空间不够，还差约 {short:,} MB。请清理后再试，数据没有被改动。")


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """A folder for unfinished things, gone at the end; those a killed program left are swept first."""
    mine = f"draft-{os.getpid()}-"
    for left in parent.glob("draft-*"):
        if not left.name.startswith(mine):
            rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=mine, dir=parent))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


@contextmanager
def telling_disk_errors(name: str) -> Iterator[None]:
    """Turn what SQLite says of a full or failing disk into a sentence, anything else into DamagedFile."""
    try:
        yield
    except (sqlite3.DatabaseError, PeeweeException) as error:
        if disk_failed(error):
            raise UserError("磁盘已满或读写出错，请检查磁盘后再试。数据没有被改动。") from error
        raise DamagedFile(f"{name}已损坏，读不出来。数据没有被改动。") from error
    except OSError as error:
        raise UserError(f"磁盘读写出错（{error.strerror}），请检查磁盘后再试。数据没有被改动。") from error


def copy_database(source: Path, target: Path, stage: Stage) -> None:
    """Copy one moment's state of a file that may be in use into a new file of its own.

    A read snapshot is held meanwhile: without it every sale would make the copy start over.
    """
    if not source.is_file():
        raise DamagedFile("没有找到数据文件。请从备份恢复。")
    size = source.stat().st_size
    copied = 0

    def step(_status: int, remaining: int, total: int) -> None:
        nonlocal copied
        done = size * (total - remaining) // max(total, 1)
        stage(done - copied)
        copied = done
        time.sleep(_PAUSE_S)  # lets the till have the disk between two steps

    with telling_disk_errors("数据文件"), closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # a draft: what counts is written and synced later
        with _snapshot_of(source) as origin:
            origin.backup(copy, pages=_PAGES, progress=step)
        copy.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _snapshot_of(source: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees one state of the file; afterwards the log that grew meanwhile is folded in."""
    origin = sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        origin.execute("PRAGMA cell_size_check = 1")
        origin.execute("BEGIN")
        origin.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield origin
        origin.execute("COMMIT")
        with write_lock:
            origin.execute("PRAGMA busy_timeout = 0")  # a report that reads must not hold the till up
            origin.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        with write_lock:  # the last one to close folds the log in
            origin.close()


def documents_of(folder: DataFolder) -> list[tuple[str, Path]]:
    """The attached files as (name, path); names are made from the content."""
    return sorted(
        (path.name, path)
        for path in folder.documents.iterdir()
        if DOCUMENT_ENTRY.fullmatch(path.name) and path.is_file()
    )


def _size_of(documents: list[tuple[str, Path]]) -> int:
    return sum(path.stat().st_size for _, path in documents if path.is_file())


class _Proof:
    """The copy is described and proved in a thread of its own while it is packed: that saves a third of the time."""

    def __init__(self, copy: Path, kind: str, made_at: int, knowledge: Knowledge) -> None:
        self._stop = Event()
        self._pool = ThreadPoolExecutor(1, "prove-backup")
        self._about = self._pool.submit(_describe, copy, kind, made_at, knowledge)
        self._sound = self._pool.submit(
            require_sound, copy, knowledge, thorough=False, name="数据文件", stop=self._stop
        )

    def __enter__(self) -> "_Proof":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def about(self) -> Manifest:
        """What the copy holds."""
        return self._about.result()

    def wait(self, tick: Tick) -> None:
        """Raise DamagedFile unless the copy is sound."""
        while not wait((self._sound,), timeout=_LOOK_S).done:
            tick(0)
        self._sound.result()


def _describe(copy: Path, kind: str, made_at: int, knowledge: Knowledge) -> Manifest:
    with telling_disk_errors("数据文件"), own_connection(copy) as connection:
        fetch = fetch_from(connection)
        return Manifest(
            format=FORMAT,
            schema_version=int(fetch("PRAGMA user_version")[0][0]),
            program_version=__version__,
            kind=kind,
            shop=knowledge.shop(fetch),
            made_at=made_at,
            rows=row_counts(fetch),
            figures=knowledge.figures(fetch),
            entries=(),
        )


def make_backup(
    folder: DataFolder,
    target: Path,
    *,
    kind: str,
    made_at: int,
    knowledge: Knowledge,
    write: WriteFile,
    progress: Progress | None = None,
) -> BackupInfo:
    """Write a backup of the data in use to ``target``; ``made_at`` is the present instant in UTC milliseconds.

    The copy is proved sound, and the finished file is read back, before it gets its name. Raises DamagedFile
    if the data are not sound (nothing is kept), UserError where there is no room, Cancelled.
    """
    told = progress or Silent()
    source = folder.database
    size = source.stat().st_size if source.is_file() else 0
    require_room(folder.cache, size)
    require_room(target.parent, size + _size_of(documents_of(folder)))
    with draft_folder(folder.cache) as drafts:
        copy = drafts / DATABASE_ENTRY
        copy_database(source, copy, Stage(told, "正在复制数据", 0, 15, size))
        documents = documents_of(folder)  # after the rows: their bytes were kept before they were written
        files = [(DATABASE_ENTRY, copy), *documents]
        total = size + _size_of(documents)
        with _Proof(copy, kind, made_at, knowledge) as proof:

            def pack(stream: BinaryIO) -> None:
                archive.pack(stream, files, proof.about, Stage(told, "正在打包", 15, 60, total))

            def check(draft: Path) -> None:
                archive.verify(draft, Stage(told, "正在校验备份", 60, 80, total))
                proof.wait(Stage(told, "正在检查数据", 80, 100, 1))

            write(target, pack, private=True, check=check)
    told.report(100, 100, "备份完成")
    return read_info(target)


def read_info(path: Path) -> BackupInfo:
    """What a backup says of itself, without reading it through. Raises DamagedFile."""
    with archive.opened(path) as (_, manifest):
        return BackupInfo(path, path.stat().st_size, manifest)


def verify(path: Path, *, progress: Progress | None = None) -> BackupInfo:
    """Read a backup through and compare every checksum. Raises DamagedFile."""
    info = read_info(path)
    total = sum(entry.size for entry in info.manifest.entries)
    archive.verify(path, Stage(progress or Silent(), "正在校验备份", 0, 100, total))
    return info
