"""The bytes of documents: into the data folder before their rows, out of it for who may see them.

All of it reads and writes files: call it off the main thread. Nothing here writes to the database.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from meiping.adapters.files import write_file
from meiping.adapters.progress import Progress
from meiping.domains.documents.rules import MOST_AT_ONCE, NewDocument, check_name, file_name
from meiping.domains.documents.service import HandedOut
from meiping.kernel.errors import InputError
from meiping.store import blobs
from meiping.store.folder import DataFolder


class _Silent:
    """Nobody wants to know how far it is."""

    def report(self, done: int, total: int, what: str = "") -> None:
        """Say nothing."""


class _Meter:
    """Bytes done of a known whole, told as per cent."""

    def __init__(self, progress: Progress, total: int, what: str) -> None:
        self._progress, self._total, self.what = progress, max(total, 1), what
        self._done = 0
        self(0)

    def __call__(self, done: int) -> None:
        self._done += done
        self._progress.report(min(100, 100 * self._done // self._total), 100, self.what)


def keep_files(
    folder: DataFolder, paths: Sequence[Path], *, progress: Progress | None = None
) -> list[NewDocument]:
    """Copy files of the user's into the data folder, for ``add_documents``.

    All of them are looked at before the first is copied. Raises InputError, UserError, Cancelled; what was copied
    until then is named by nobody and harms nothing.
    """
    if len(paths) > MOST_AT_ONCE:
        raise InputError(f"一次最多添加 {MOST_AT_ONCE} 个文件，请分几次添加。")
    names = [check_name(path.name) for path in paths]
    total = sum(blobs.require_small(path) for path in paths)
    meter = _Meter(progress or _Silent(), total, "正在添加资料")
    kept = []
    for path, name in zip(paths, names, strict=True):
        blob = blobs.keep_file(folder, path, tick=meter)
        kept.append(NewDocument(name, blob.hash, blob.size))
    return kept


def keep_content(folder: DataFolder, content: bytes, name: str) -> NewDocument:
    """Keep bytes that are at hand, such as a picture from the clipboard."""
    blob = blobs.keep(folder, io.BytesIO(content), name=name)
    return NewDocument(check_name(name), blob.hash, blob.size)


def read_content(folder: DataFolder, blob_hash: str, name: str) -> bytes:
    """The bytes of a document or photo, proved. Raises DamagedFile."""
    return blobs.read(folder, blob_hash, name=name)


def copy_to(folder: DataFolder, handed: HandedOut, target: Path, *, progress: Progress | None = None) -> None:
    """Write a document to a place of the user's, whole or not at all. Raises DamagedFile, UserError, Cancelled."""
    meter = _Meter(progress or _Silent(), handed.size_bytes, "正在另存资料")

    def fill(stream: BinaryIO) -> None:
        for piece in blobs.pieces(folder, handed.hash, name=handed.name, tick=meter):
            stream.write(piece)

    write_file(target, fill)


def copy_all_to(
    folder: DataFolder, handed: Sequence[HandedOut], target: Path, *, progress: Progress | None = None
) -> list[Path]:
    """Write documents into a folder of the user's; one whose name is taken there gets a number behind it."""
    written: list[Path] = []
    for one in handed:
        path = free_path(target, file_name(one.name))
        copy_to(folder, one, path, progress=progress)
        written.append(path)
    return written


def copy_for_opening(folder: DataFolder, handed: HandedOut, below: Path) -> Path:
    """A copy under the user's name in a new folder below ``below``, private, for another program to open."""
    place = below / uuid4().hex
    place.mkdir(mode=0o700, parents=True)
    path = place / file_name(handed.name)
    copy_to(folder, handed, path)
    return path


def free_path(folder: Path, name: str) -> Path:
    """A path in the folder that is not taken: ``合同.pdf``, ``合同 (2).pdf``."""
    path, number = folder / name, 2
    while path.exists():
        stem, dot, last = name.rpartition(".")
        path = folder / (f"{stem} ({number}).{last}" if dot and stem else f"{name} ({number})")
        number += 1
    return path
