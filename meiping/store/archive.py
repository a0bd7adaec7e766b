"""The form of a backup: a zip of flat entries that we name, and a manifest of their sizes and checksums.

``meiping.db`` is the database, an entry named after a SHA-256 a document, ``manifest.json`` the list. What
is read from such a file is not trusted: names, counts, sizes and ratio are bounded before and while reading.
"""

import hashlib
import json
import logging
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from meiping.kernel.errors import DamagedFile, UserError

FORMAT = 1
DATABASE_ENTRY = "meiping.db"
MANIFEST_ENTRY = "manifest.json"
DOCUMENT_ENTRY = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")

MOST_ENTRIES = 200_000
MOST_MANIFEST = 64 << 20
SMALL = 64 << 20
"""Bytes up to which the ratio of packed to unpacked does not matter."""
MOST_RATIO = 200
_PIECE = 1 << 20
log = logging.getLogger(__name__)

_DAMAGE = (
    BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    TypeError,
)
"""What reading a damaged zip raises."""

Tick = Callable[[int], object]
"""Told how many bytes more are done; may raise Cancelled."""


def _silent(done: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the archive, unpacked size in bytes."""

    name: str
    size: int
    sha256: str

    @property
    def is_whole(self) -> bool:
        """Whether a document's content is what its name says; the database has a name of its own."""
        return self.name == DATABASE_ENTRY or self.sha256 == self.name[:64]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    ``made_at`` is UTC milliseconds, ``rows`` counts the rows a table, ``figures`` are sums of the ledgers in fen.
    """

    format: int
    schema_version: int
    program_version: str
    kind: str
    shop: str
    made_at: int
    rows: Mapping[str, int]
    figures: Mapping[str, int]
    entries: tuple[Entry, ...]


def _refuse(path: Path, reason: str, cause: BaseException | None = None) -> NoReturn:
    raise DamagedFile(f"备份“{path.name}”{reason}，不能使用。数据没有被改动。") from cause


# -------------------------------------------------------------------- packing
def pack(
    stream: BinaryIO, files: Sequence[tuple[str, Path]], about: Callable[[], Manifest], tick: Tick
) -> None:
    """Write the files as (name, path), then what ``about`` gives with their sizes and checksums filled in."""
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        entries = tuple(_add(archive, name, path, tick) for name, path in files)
        text = json.dumps(asdict(replace(about(), entries=entries)), ensure_ascii=False, indent=1)
        archive.writestr(MANIFEST_ENTRY, text.encode())


def _add(archive: ZipFile, name: str, path: Path, tick: Tick) -> Entry:
    digest, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as target:
        for piece in _content(name, path):
            digest.update(piece)
            target.write(piece)
            size += len(piece)
            tick(len(piece))
    return Entry(name, size, digest.hexdigest())


def _content(name: str, path: Path) -> Iterator[bytes]:
    """The content of a file; of a document only as far as the disk gives it, for one must not cost all the rest.

    Its entry then does not hold what its name says, which is told.
    """
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                yield piece
    except OSError as error:
        if name == DATABASE_ENTRY:
            raise
        log.warning("a document could not be read for the backup: %s", error.strerror)


# -------------------------------------------------------------------- reading
@contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """The archive and its manifest, which agree with each other and stay within bounds.

    Raises DamagedFile, and UserError where there is no such file or it can't be read.
    """
    try:
        archive = ZipFile(path)
    except FileNotFoundError:
        raise UserError(f"没有找到“{path.name}”，可能已被移动或 U 盘已拔出。") from None
    except IsADirectoryError:
        raise UserError(f"“{path.name}”是文件夹，请选择里面的备份文件。") from None
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}），请检查磁盘或 U 盘。") from error
    except _DAMAGE as error:
        _refuse(path, "不是备份文件或已损坏", error)
    with archive:
        infos = _checked_infos(archive, path)
        manifest = _read_manifest(archive, path)
        _check_agreement(infos, manifest, path)
        yield archive, manifest


def _checked_infos(archive: ZipFile, path: Path) -> dict[str, ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        _refuse(path, "里的文件太多")
    found: dict[str, ZipInfo] = {}
    for info in infos:
        known = info.filename in (DATABASE_ENTRY, MANIFEST_ENTRY) or DOCUMENT_ENTRY.fullmatch(info.filename)
        if not known or info.orig_filename != info.filename:
            _refuse(path, "里有不认识的文件")
        if info.flag_bits & 1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            _refuse(path, "的压缩方式不对")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            _refuse(path, "里有链接或文件夹")
        folded = unicodedata.normalize("NFC", info.filename).casefold()
        if folded in found:
            _refuse(path, "里有重复的文件")
        found[folded] = info
    return found


def _read_manifest(archive: ZipFile, path: Path) -> Manifest:
    try:
        with archive.open(MANIFEST_ENTRY) as stream:
            text = stream.read(MOST_MANIFEST + 1)
        if len(text) > MOST_MANIFEST:
            _refuse(path, "的清单太大")
        fields = json.loads(text)
        if _whole(fields["format"]) > FORMAT:
            raise DamagedFile(
                f"备份“{path.name}”由更新版本的程序（{fields['program_version']!s:.20}）制作，请先升级程序再恢复。"
            )
        return Manifest(
            format=_whole(fields["format"]),
            schema_version=_whole(fields["schema_version"]),
            program_version=_text(fields["program_version"]),
            kind=_text(fields["kind"]),
            shop=_text(fields["shop"]),
            made_at=_whole(fields["made_at"]),
            rows={_text(key): _whole(count) for key, count in fields["rows"].items()},
            figures={_text(key): _integer(sum_) for key, sum_ in fields["figures"].items()},
            entries=tuple(
                Entry(_text(entry["name"]), _whole(entry["size"]), _text(entry["sha256"]))
                for entry in fields["entries"]
            ),
        )
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}），请检查磁盘或 U 盘。") from error
    except (*_DAMAGE, AttributeError) as error:
        _refuse(path, "的清单缺失或已损坏", error)


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("a whole number is wanted")
    return value


def _whole(value: Any) -> int:
    if _integer(value) < 0:
        raise ValueError("a number from zero up is wanted")
    return int(value)


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > 200:
        raise ValueError("a short text is wanted")
    return value


def _check_agreement(infos: Mapping[str, ZipInfo], manifest: Manifest, path: Path) -> None:
    listed = {entry.name: entry for entry in manifest.entries}
    if len(listed) != len(manifest.entries) or listed.keys() != infos.keys() - {MANIFEST_ENTRY}:
        _refuse(path, "的清单与内容不符")
    if DATABASE_ENTRY not in listed:
        _refuse(path, "里没有数据库")
    if any(infos[name].file_size != entry.size for name, entry in listed.items()):
        _refuse(path, "的清单与内容不符")
    packed = path.stat().st_size
    if sum(entry.size for entry in manifest.entries) > max(SMALL, packed * MOST_RATIO):
        _refuse(path, "解开后大得不合常理")


def pieces(archive: ZipFile, path: Path, entry: Entry) -> Iterator[bytes]:
    """The content of an entry piece by piece, never more than its size; raises DamagedFile unless it is as listed."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry.name) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > entry.size:
                    break
                digest.update(piece)
                yield piece
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}），请检查磁盘或 U 盘。") from error
    except _DAMAGE as error:
        _refuse(path, "已损坏", error)
    if size != entry.size or digest.hexdigest() != entry.sha256:
        _refuse(path, "已损坏（校验码不符）")


def verify(path: Path, tick: Tick = _silent) -> Manifest:
    """Read every entry and compare it with the manifest. Raises DamagedFile."""
    with opened(path) as (archive, manifest):
        for entry in manifest.entries:
            for piece in pieces(archive, path, entry):
                tick(len(piece))
    return manifest


def unpack(path: Path, folder: Path, tick: Tick = _silent) -> Manifest:
    """Write every entry into an empty folder, checked. Raises DamagedFile; the folder then holds a part."""
    with opened(path) as (archive, manifest):
        for entry in manifest.entries:
            with (folder / entry.name).open("xb") as target:
                for piece in pieces(archive, path, entry):
                    target.write(piece)
                    tick(len(piece))
    return manifest
