"""Attached files are kept once by content, whole or not at all, under names of our own."""

import hashlib
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from meiping.kernel.errors import Cancelled, DamagedFile, InputError, UserError
from meiping.store import blobs
from meiping.store.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


def written(tmp_path: Path, content: bytes, name: str = "合同.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def names(folder: DataFolder) -> list[str]:
    return sorted(path.name for path in folder.documents.iterdir())


def test_a_file_is_kept_under_the_hash_of_its_content(folder: DataFolder, tmp_path: Path) -> None:
    blob = blobs.keep_file(folder, written(tmp_path, b"contract"))
    assert blob == blobs.Blob(hashlib.sha256(b"contract").hexdigest(), 8)
    assert names(folder) == [blob.hash]
    assert blobs.read(folder, blob.hash, name="合同.pdf") == b"contract"


def test_the_same_content_is_kept_once(folder: DataFolder, tmp_path: Path) -> None:
    first = blobs.keep_file(folder, written(tmp_path, b"same", "a.txt"))
    again = blobs.keep_file(folder, written(tmp_path, b"same", "b.txt"))
    assert first == again
    assert names(folder) == [first.hash]


def test_an_empty_file_is_kept_too(folder: DataFolder, tmp_path: Path) -> None:
    blob = blobs.keep_file(folder, written(tmp_path, b""))
    assert blob.size == 0
    assert blobs.read(folder, blob.hash, name="空.txt") == b""


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_only_the_owner_reads_what_is_kept(folder: DataFolder, tmp_path: Path) -> None:
    blob = blobs.keep_file(folder, written(tmp_path, b"secret"))
    assert stat.S_IMODE(blobs.blob_path(folder, blob.hash).stat().st_mode) == 0o600


def test_a_file_too_large_is_refused_before_it_is_read(folder: DataFolder, tmp_path: Path) -> None:
    huge = tmp_path / "视频.mp4"
    with huge.open("wb") as stream:
        stream.truncate(blobs.MOST_BYTES + 1)
    with pytest.raises(InputError, match=r"“视频\.mp4”太大，一个文件最多 50 MB"):
        blobs.keep_file(folder, huge)
    assert names(folder) == []


class Endless(io.RawIOBase):
    """Grows while it is read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return len(buffer)


def test_a_file_that_grows_past_the_limit_while_it_is_read_is_refused(folder: DataFolder) -> None:
    with pytest.raises(InputError, match="太大"):
        blobs.keep(folder, io.BufferedReader(Endless()), name="日志.txt")
    assert names(folder) == []
    assert not list(folder.cache.glob("draft-*"))


def test_folders_and_missing_files_are_refused_by_name(folder: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="是文件夹"):
        blobs.keep_file(folder, tmp_path)
    with pytest.raises(InputError, match=r"没有找到“没有\.pdf”"):
        blobs.keep_file(folder, tmp_path / "没有.pdf")


class Failing(io.RawIOBase):
    """A disk that gives up."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise OSError(5, "Input/output error")


def test_a_file_that_can_not_be_read_leaves_nothing_behind(folder: DataFolder) -> None:
    with pytest.raises(UserError, match="读不出来"):
        blobs.keep(folder, io.BufferedReader(Failing()), name="坏.jpg")
    assert names(folder) == []


def test_stopping_half_way_leaves_nothing_behind(folder: DataFolder, tmp_path: Path) -> None:
    def stop(done: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        blobs.keep_file(folder, written(tmp_path, b"x" * 3_000_000), tick=stop)
    assert names(folder) == []
    assert not list(folder.cache.glob("draft-*"))


def test_progress_counts_every_byte(folder: DataFolder, tmp_path: Path) -> None:
    told: list[int] = []
    blobs.keep_file(folder, written(tmp_path, b"x" * 3_000_000), tick=told.append)
    assert sum(told) == 3_000_000
    assert len(told) > 1


def test_damaged_bytes_are_told_and_healed_by_adding_the_file_again(
    folder: DataFolder, tmp_path: Path
) -> None:
    path = written(tmp_path, b"contract")
    blob = blobs.keep_file(folder, path)
    blobs.blob_path(folder, blob.hash).write_bytes(b"contrac!")
    with pytest.raises(DamagedFile, match=r"“合同\.pdf”的文件已损坏"):
        blobs.read(folder, blob.hash, name="合同.pdf")
    blobs.keep_file(folder, path)
    assert blobs.read(folder, blob.hash, name="合同.pdf") == b"contract"


def test_missing_bytes_are_told(folder: DataFolder) -> None:
    with pytest.raises(DamagedFile, match="不在数据文件夹里"):
        blobs.read(folder, "ab" * 32, name="合同.pdf")


@pytest.mark.parametrize("hash_", ["", "../../etc/passwd", "A" * 64, "ab" * 31, "ab" * 32 + "/x"])
def test_only_a_hash_names_kept_bytes(folder: DataFolder, hash_: str) -> None:
    with pytest.raises(ValueError, match="not the hash"):
        blobs.blob_path(folder, hash_)
