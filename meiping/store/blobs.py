"""Attached files by content: a file's name is the SHA-256 of its bytes, so the same content is kept once.

Bytes are only added, each by one atomic rename of a finished draft: a crash leaves at most a file that no row
names, which harms nothing. Names given by users never reach the disk.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meiping.kernel.errors import DamagedFile, InputError, UserError
from meiping.store.backup import draft_folder, require_room, telling_disk_errors
from meiping.store.folder import DataFolder, sync_to_disk

MOST_BYTES = 50_000_000
"""How large one file may be."""
_PIECE = 1 << 20
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)

Tick = Callable[[int], object]
"""Told how many bytes more are done; may raise Cancelled."""


def _silent(done: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Kept bytes: their SHA-256 in hex, by which they are found, and how many."""

    hash: str
    size: int


def blob_path(folder: DataFolder, blob_hash: str) -> Path:
    """Where the bytes lie, or would lie. Raises ValueError for what is no hash: it never names another place."""
    if len(blob_hash) != 64 or not set(blob_hash) <= set("0123456789abcdef"):
        raise ValueError("not the hash of a file")
    return folder.documents / blob_hash


def is_whole(path: Path) -> bool:
    """Whether the file is there and its content is what its name says."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == path.name[:64]


# -------------------------------------------------------------------- keeping
def keep_file(folder: DataFolder, path: Path, *, tick: Tick = _silent) -> Blob:
    """Copy a file of the user's into the data folder; if its content is there already, nothing is added.

    Raises InputError for what is no file or is larger than ``MOST_BYTES``, UserError where it can't be read or
    there is no room.
    """
    require_small(path)
    try:
        with path.open("rb") as source:
            return keep(folder, source, name=path.name, tick=tick)
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}），没有添加。") from error


def require_small(path: Path) -> int:
    """The size of a file that may be kept, in bytes. Raises InputError."""
    try:
        if path.is_dir():
            raise InputError(f"“{path.name}”是文件夹，请选择里面的文件。")
        if not path.is_file():
            raise InputError(f"没有找到“{path.name}”，可能已被移动或删除。")
        size = path.stat().st_size
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}），没有添加。") from error
    if size > MOST_BYTES:
        _refuse_size(path.name)
    return size


def _refuse_size(name: str) -> None:
    raise InputError(f"“{name}”太大，一个文件最多 {MOST_BYTES // 1_000_000} MB。")


def keep(folder: DataFolder, source: BinaryIO, *, name: str, tick: Tick = _silent) -> Blob:
    """Copy what ``source`` gives into the data folder; ``name`` is said in refusals. Raises as ``keep_file``."""
    require_room(folder.documents, MOST_BYTES)
    with draft_folder(folder.cache) as drafts, telling_disk_errors("资料"):
        draft = drafts / "blob"
        digest, size = hashlib.sha256(), 0
        with os.fdopen(os.open(draft, _NEW_FILE, 0o600), "wb") as target:
            for piece in _read(source, name):
                size += len(piece)
                if size > MOST_BYTES:
                    _refuse_size(name)
                digest.update(piece)
                target.write(piece)
                tick(len(piece))
            target.flush()
            os.fsync(target.fileno())
        blob = Blob(digest.hexdigest(), size)
        kept = blob_path(folder, blob.hash)
        if is_whole(kept):
            os.utime(kept)  # wanted again: what is swept away has lain unnamed for long
        else:
            draft.replace(kept)
            sync_to_disk(folder.documents)
    return blob


def _read(source: BinaryIO, name: str) -> Iterator[bytes]:
    while True:
        try:
            piece = source.read(_PIECE)
        except OSError as error:
            raise UserError(f"“{name}”读不出来（{error.strerror}），没有添加。") from error
        if not piece:
            return
        yield piece


# -------------------------------------------------------------------- reading
def pieces(folder: DataFolder, blob_hash: str, *, name: str, tick: Tick = _silent) -> Iterator[bytes]:
    """The kept bytes piece by piece; raises DamagedFile before the end if they are gone or not what they were.

    ``name`` is what the user calls the file.
    """
    path, digest = blob_path(folder, blob_hash), hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                yield piece
                tick(len(piece))
    except FileNotFoundError:
        raise DamagedFile(f"“{name}”的文件不在数据文件夹里了，请从备份恢复。") from None
    except OSError as error:
        raise DamagedFile(f"“{name}”读不出来（{error.strerror}），请检查磁盘或从备份恢复。") from error
    if digest.hexdigest() != blob_hash:
        raise DamagedFile(f"“{name}”的文件已损坏（校验码不符），请从备份恢复。")


def read(folder: DataFolder, blob_hash: str, *, name: str) -> bytes:
    """All of the kept bytes, at most ``MOST_BYTES``. Raises DamagedFile."""
    return b"".join(pieces(folder, blob_hash, name=name))


# ------------------------------------------------------------- looking after
def kept_files(folder: DataFolder) -> dict[str, Path]:
    """Everything kept, by hash. What else lies in the folder is none of ours."""
    return {
        path.name[:64]: path
        for path in sorted(folder.documents.iterdir())
        if len(path.name) >= 64 and set(path.name[:64]) <= set("0123456789abcdef") and path.is_file()
    }
