"""A new file for a shop: whole or not at all."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from meiping.store.database import close_database, open_database
from meiping.store.folder import DataFolder
from meiping.store.migrator import migrate


@contextmanager
def new_database(folder: DataFolder, replace: Callable[[Path, bytes], None]) -> Iterator[None]:
    """An empty database, open; closed and put in use when the block ends, removed when it fails.

    ``replace`` writes a small file in one atomic step.
    """
    folder.prepare()
    generation = folder.new_generation()
    try:
        open_database(folder.database_in(generation))
        migrate()
        yield
    except BaseException:
        close_database()
        shutil.rmtree(folder.database_in(generation).parent)
        raise
    close_database()
    folder.switch_to(generation, replace)
