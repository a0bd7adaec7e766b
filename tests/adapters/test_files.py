"""Files are written whole or not at all, and what goes wrong is said in the user's words."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from meiping.adapters.files import (
    CannotWrite,
    free_space_ok,
    open_in_system,
    replace_file,
    restrict_to_owner,
    write_file,
)
from meiping.kernel.errors import UserError

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "客户 名单.txt"
    replace_file(path, b"old")
    write_file(path, lambda stream: stream.writelines([b"new ", b"content"]))
    assert path.read_bytes() == b"new content"
    assert names_in(tmp_path) == ["客户 名单.txt"]


def test_an_error_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    replace_file(path, b"old")

    def write(stream):
        stream.write(b"half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write_file(path, write)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_finished_file_that_fails_its_check_never_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    replace_file(path, b"old")

    def check(draft: Path) -> None:
        assert draft.read_bytes() == b"finished"
        raise UserError("不对")

    with pytest.raises(UserError, match="不对"):
        write_file(path, lambda stream: stream.write(b"finished"), check=check)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.txt"]


def test_killed_while_writing_the_old_file_is_still_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    replace_file(path, b"old")
    code = (
        "import os, sys, pathlib\n"
        "from meiping.adapters.files import write_file\n"
        "def write(stream):\n"
        "    stream.write(b'half'); stream.flush(); os._exit(9)\n"
        "write_file(pathlib.Path(sys.argv[1]), write)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == 9
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "不允许写入"), (errno.EIO, "没有保存")],
)
def test_the_reason_is_told_and_the_old_file_stays(tmp_path: Path, number: int, said: str) -> None:
    path = tmp_path / "账单.xlsx"
    replace_file(path, b"old")

    def write(stream):
        raise OSError(number, os.strerror(number))

    with pytest.raises(CannotWrite, match=said):
        write_file(path, write)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["账单.xlsx"]


def test_a_missing_folder_and_a_folder_in_the_way_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite, match="不存在"):  # here even the draft can't be asked for
        write_file(tmp_path / "file" / "a.txt", lambda stream: stream.write(b"a"))
    with pytest.raises(CannotWrite, match="不存在"):
        replace_file(tmp_path / "没有" / "a.txt", b"")
    (tmp_path / "文件夹").mkdir()
    with pytest.raises(CannotWrite, match="是一个文件夹"):
        replace_file(tmp_path / "文件夹", b"")
    with pytest.raises(CannotWrite, match="文件名太长"):
        replace_file(tmp_path / ("长" * 300), b"")
    assert names_in(tmp_path) == ["file", "文件夹"]


class Held(PermissionError):
    """What Windows answers."""

    winerror = 32


class HeldFile:
    """Stands in for Windows' rename while another program holds the file for some tries."""

    def __init__(self, tries: int, real) -> None:
        self.left = tries
        self.real = real

    def __call__(self, source, target):
        if self.left:
            self.left -= 1
            raise Held(errno.EACCES, "held")
        return self.real(source, target)


def test_a_file_held_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(os, "replace", HeldFile(3, os.replace))
    monkeypatch.setattr(time, "sleep", waits.append)
    replace_file(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert len(waits) == 3


def test_a_file_held_for_good_is_told_after_two_and_a_half_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file(tmp_path / "a.xlsx", b"old")
    waits: list[float] = []
    monkeypatch.setattr(os, "replace", HeldFile(99, os.replace))
    monkeypatch.setattr(time, "sleep", waits.append)
    with pytest.raises(CannotWrite, match="正被别的程序使用"):
        replace_file(tmp_path / "a.xlsx", b"new")
    assert sum(waits) == pytest.approx(2.5)
    assert names_in(tmp_path) == ["a.xlsx"]


@posix
def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    replace_file(tmp_path / "secret", b"", private=True)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    (tmp_path / "folder").mkdir()
    restrict_to_owner(tmp_path / "folder")
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


def test_free_space_is_asked_of_the_disk_even_for_a_folder_to_come(tmp_path: Path) -> None:
    assert free_space_ok(tmp_path / "以后" / "才有", 1, reserve=0)
    assert not free_space_ok(tmp_path, 10**18)


def test_opening_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="已经不在原来的位置"):
        open_in_system(tmp_path / "a.pdf")


@pytest.mark.skipif(sys.platform != "linux", reason="asks for xdg-open")
def test_a_machine_without_a_viewer_says_where_the_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file(tmp_path / "a.pdf", b"")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="没有可以打开") as refusal:
        open_in_system(tmp_path / "a.pdf")
    assert str(tmp_path) in refusal.value.sentence
