"""A throwaway copy of the shop to practise with: a data folder of its own inside the cache of the real one."""

import shutil

from meiping.kernel.errors import UserError
from meiping.store.backup import Progress, Stage, copy_database, require_room
from meiping.store.folder import DataFolder


def make_practice(folder: DataFolder, progress: Progress) -> DataFolder:
    """Copy one moment's state of the shop, which may be in use; takes seconds: call off the main thread.

    Attached files are not copied. Raises DamagedFile, UserError for want of room, Cancelled; then nothing is left.
    """
    copy = folder.practice
    throw_away(folder)
    if copy.root.exists():
        raise UserError("上次练习留下的文件删不掉，请重新打开程序后再试。")
    size = folder.database.stat().st_size if folder.has_shop() else 0
    require_room(folder.cache, size)
    try:
        copy.prepare()
        generation = copy.new_generation()
        copy_database(
            folder.database, copy.database_in(generation), Stage(progress, "正在复制数据", 0, 100, size)
        )
        copy.current_file.write_text(f"{generation}\n", encoding="utf-8")
    except BaseException:
        throw_away(folder)
        raise
    return copy


def throw_away(folder: DataFolder) -> None:
    """Delete the copy of ``folder``, if there is one; what can't be deleted now goes with the next start."""
    shutil.rmtree(folder.practice.root, ignore_errors=True)
