"""The data folder: which generation of the shop is in use, who has it open, where things lie.

``CURRENT`` names the generation (``shops/0001``); a restore makes the next one and switches by one atomic
replace. Documents are shared by all generations and only added to.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from meiping.kernel.errors import DamagedFile, FolderInUse, UserError

_CLOUD_MARKS = (
    "onedrive",
    "dropbox",
    "icloud",
    "mobile documents",
    "坚果云",
    "nutstore",
    "百度网盘",
    "google drive",
    "syncthing",
)


@dataclass(frozen=True)
class DataFolder:
    """Paths inside one data folder. Nothing is made before ``prepare``."""

    root: Path

    @property
    def current_file(self) -> Path:
        """The small file that names the generation in use."""
        return self.root / "CURRENT"

    @property
    def documents(self) -> Path:
        """Attached files by content, shared by all generations."""
        return self.root / "documents"

    @property
    def backups(self) -> Path:
        """Where backups are kept unless another place is chosen."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """The program's own log."""
        return self.root / "logs"

    @property
    def cache(self) -> Path:
        """What can be made again: font caches, previews."""
        return self.root / "cache"

    @property
    def practice(self) -> "DataFolder":
        """The throwaway copy of the shop that somebody practises in."""
        return DataFolder(self.cache / "practice")

    @property
    def view_file(self) -> Path:
        """What the window remembers about itself."""
        return self.root / "view.json"

    def prepare(self) -> None:
        """Make the folder, readable by its owner only. Raises UserError if it can't be written."""
        try:
            for folder in (
                self.root,
                self.root / "shops",
                self.documents,
                self.backups,
                self.logs,
                self.cache,
            ):
                folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                self.root.chmod(0o700)
            probe = self.root / ".probe"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise UserError(f"数据文件夹 {self.root} 不能写入，请换一个文件夹或检查权限。") from error

    def has_shop(self) -> bool:
        """Whether a shop has been made here."""
        return self.current_file.exists()

    def generation(self) -> str:
        """The generation in use. Raises DamagedFile if CURRENT is not one of ours."""
        name = self.current_file.read_text("utf-8").strip()
        if not re.fullmatch(r"\d{4,8}", name):
            raise DamagedFile("数据文件夹里的 CURRENT 文件已损坏，请从备份恢复。")
        return name

    def database_in(self, generation: str) -> Path:
        """The database file of a generation."""
        return self.root / "shops" / generation / "meiping.db"

    @property
    def database(self) -> Path:
        """The database file in use."""
        return self.database_in(self.generation())

    def generations(self) -> list[str]:
        """Every generation that is there, oldest first."""
        return sorted(path.name for path in (self.root / "shops").glob("[0-9]*") if path.is_dir())

    def new_generation(self) -> str:
        """Make the folder of the next generation and give its name."""
        number = max((int(name) for name in self.generations()), default=0) + 1
        name = f"{number:04d}"
        (self.root / "shops" / name).mkdir(parents=True)
        return name

    def switch_to(self, generation: str, replace: Callable[[Path, bytes], None]) -> None:
        """Put ``generation`` in use with one atomic ``replace`` of CURRENT."""
        if not self.database_in(generation).is_file():
            raise DamagedFile(f"没有找到第 {generation} 代数据，未作切换。")
        replace(self.current_file, f"{generation}\n".encode())

    def cloud_warning(self) -> str | None:
        """A sentence where the folder seems to be synchronised by a cloud drive."""
        path = str(self.root.resolve()).casefold()
        if any(mark in path for mark in _CLOUD_MARKS):
            return "数据文件夹在网盘同步目录里，可能损坏数据。请移到本机的普通文件夹，备份可以放网盘。"
        return None


class FolderLock:
    """The operating system's lock on a data folder; it dies with the process."""

    def __init__(self, folder: DataFolder) -> None:
        self._lock = FileLock(str(folder.root / ".lock"))

    def acquire(self) -> None:
        """Take the lock at once or raise FolderInUse."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise FolderInUse("数据文件夹正被另一个程序窗口使用，请先关闭它。") from None

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()


def sync_to_disk(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut; Windows knows no such thing for folders."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
