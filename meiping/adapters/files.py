"""Files outside the database: written whole or not at all, opened, kept private."""

import errno
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn
from uuid import uuid4

from meiping.kernel.errors import UserError

_log = logging.getLogger(__name__)

_BUSY = frozenset({5, 32, 33})
"""Windows errors of a file that a virus scanner, a cloud drive or Excel holds for the moment."""
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)
"""Seconds between tries to put the file in its place, 2.5 in all."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})


class CannotWrite(UserError):
    """A file could not be written; whatever stood there before is untouched."""


def write_file(
    path: Path,
    write: Callable[[BinaryIO], object],
    *,
    private: bool = False,
    check: Callable[[Path], object] | None = None,
) -> None:
    """Let ``write`` fill a new file and put it in the place of ``path`` at once.

    A reader, and the next start after a power cut, finds the old content or the new. If ``write`` raises, that
    error passes on and nothing is left behind. ``private`` keeps other users of the machine from reading it.
    ``check`` gets the finished file before it takes its place and may refuse it by raising.
    Raises CannotWrite when the disk is full, the folder forbidden or the file held by another program.
    """
    path = path.resolve()
    draft = path.with_name(f".meiping-{uuid4().hex}.tmp")
    try:
        with os.fdopen(os.open(draft, _NEW_FILE, 0o600 if private else 0o666), "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if check is not None:
            check(draft)
        _put_in_place(draft, path)
        _sync_folder(path.parent)
    except OSError as error:
        _refuse(error, path)
    finally:
        _drop(draft)


def _drop(draft: Path) -> None:
    """Remove what was not finished. Where even that fails, as on a stick pulled out, the first error counts."""
    try:
        draft.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("an unfinished file could not be removed: %s", error.strerror)


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write ``content`` as the whole of ``path``, as write_file does. Raises CannotWrite."""
    write_file(path, lambda stream: stream.write(content), private=private)


def _put_in_place(draft: Path, path: Path) -> None:
    for wait in (*_WAITS, None):
        try:
            draft.replace(path)
        except OSError as error:
            if wait is None or getattr(error, "winerror", None) not in _BUSY:
                raise
            time.sleep(wait)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:  # some network and stick file systems know no folder sync
            raise
    finally:
        os.close(handle)


def _refuse(error: OSError, path: Path) -> NoReturn:
    if error.errno in _FULL:
        sentence = f"磁盘已满，“{path.name}”没有保存，请清理出一些空间再试。"
    elif getattr(error, "winerror", None) in _BUSY and path.exists():
        sentence = f"“{path.name}”正被别的程序使用，请关闭它（例如 Excel）再试。"
    elif error.errno in _FORBIDDEN:
        sentence = f"文件夹“{path.parent}”不允许写入，请换一个位置再试。"
    elif error.errno in {errno.ENOENT, errno.ENOTDIR}:
        sentence = f"文件夹“{path.parent}”不存在，请换一个位置再试。"
    elif error.errno == errno.ENAMETOOLONG:
        sentence = "文件名太长，请换一个短一些的名字再试。"
    elif error.errno == errno.EISDIR:
        sentence = f"“{path.name}”是一个文件夹，请换一个文件名再试。"
    else:
        sentence = f"“{path.name}”没有保存（{error.strerror}），请换一个位置再试。"
    raise CannotWrite(sentence) from error


def free_space_ok(folder: Path, needed: int, *, reserve: int = 50_000_000) -> bool:
    """Whether ``needed`` bytes fit on the disk of ``folder`` and leave ``reserve`` bytes for the database.

    The folder itself may not exist yet.
    """
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free >= needed + reserve


def restrict_to_owner(path: Path) -> None:
    """Only the user of this account may read the file or enter the folder.

    On Windows the user's profile folder already sees to it, nothing is changed.
    """
    if os.name != "nt":
        path.chmod(0o700 if path.is_dir() else 0o600)


def open_in_system(path: Path) -> None:
    """Open a file or folder with whatever the system uses for it, and return at once.

    Raises UserError when the file is gone or the system offers nothing to open it with.
    """
    if not path.exists():
        raise UserError(f"“{path.name}”已经不在原来的位置，可能被移动或删除了。")
    unable = f"这台电脑没有可以打开“{path.name}”的程序。文件在 {path.parent}"
    if sys.platform == "win32":
        try:
            os.startfile(path)
        except OSError as error:
            raise UserError(unable) from error
        return
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None:
        raise UserError(unable)
    threading.Thread(target=_run_opener, args=(opener, path), name="open-file", daemon=True).start()


def _run_opener(opener: str, path: Path) -> None:
    """Some openers stay until the file is closed again, so nobody waits for this thread."""
    done = subprocess.run(
        [opener, str(path.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        _log.warning("the system's opener ended with %d", done.returncode)
