"""The composition root: opens the shop of a data folder, and makes and closes everything its window needs.

The only module that knows all the others. Heavy libraries are imported after the window has been painted.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.adapters.display import has_display
from meiping.adapters.files import replace_file
from meiping.adapters.fonts import register_screen_font
from meiping.adapters.logs import start_logging
from meiping.domains.access.login import nobody
from meiping.domains.access.passwords import COST
from meiping.domains.audit.service import record_denial
from meiping.domains.customers.own_fields import declare_own_fields
from meiping.kernel.errors import UserError
from meiping.kernel.moments import Clock, system_clock
from meiping.store.database import checkpoint, close_database, db, learn_sizes, open_database
from meiping.store.folder import DataFolder, FolderLock
from meiping.store.founding import new_database
from meiping.store.migrator import migrate
from meiping.store.unit_of_work import on_denied
from meiping.ui.context import Progress
from meiping.ui.page_spec import PageSpec
from meiping.ui.shell.appearance import WindowPlace, remembered_font_size, remembered_mode, remembered_scaling
from meiping.ui.shell.program import Doors, Program
from meiping.ui.shell.styles import keep_styles
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.theme import make_root
from meiping.ui.widgets.keys import KeyDispatcher

if TYPE_CHECKING:
    from meiping.ui.shell.wizard import NewShop

_HEAVY = (
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "openpyxl",
    "fpdf",
    "pypinyin",
    "phonenumbers",
)
_DEMO_SALES = 3_000


# ------------------------------------------------------------------ a shop without a window
@dataclass(frozen=True)
class OpenShop:
    """A shop that this process has open and nobody else can open."""

    folder: DataFolder
    lock: FolderLock

    def close(self) -> None:
        """Leave one database file without side files, and let others in."""
        close_file()
        self.lock.release()


def open_shop(folder: DataFolder, clock: Clock = system_clock) -> OpenShop:
    """Lock the folder and open its shop on this thread, brought up to date after a backup.

    Raises FolderInUse, DamagedFile (also for a file of a newer program), UserError where there is no shop or
    nothing can be written.
    """
    lock = lock_folder(folder)
    try:
        if not folder.has_shop():
            raise UserError(f"数据文件夹 {folder.root} 里还没有店铺。")
        open_file(folder, clock)
    except BaseException:
        lock.release()
        raise
    return OpenShop(folder, lock)


def lock_folder(folder: DataFolder) -> FolderLock:
    """Make the folder and keep others out of it. Raises FolderInUse or UserError."""
    folder.prepare()
    lock = FolderLock(folder)
    lock.acquire()
    return lock


def open_file(folder: DataFolder, clock: Clock = system_clock) -> None:
    """Open the shop of a locked folder on this thread. Raises DamagedFile or UserError; then nothing is open."""
    on_denied(record_denial)
    declare_own_fields()
    open_database(folder.database)
    try:
        migrate(lambda: _save_before_migration(folder, clock))
    except BaseException:
        close_database()
        raise


def _save_before_migration(folder: DataFolder, clock: Clock) -> None:
    from meiping.domains.maintenance.service import backup_before_migration

    backup_before_migration(folder, clock)()


def close_file() -> None:
    """Close the file of this thread, if one is open, folded into one, with what the next start should know of it."""
    if not db.is_closed():
        learn_sizes()
        checkpoint()
        close_database()


def found(folder: DataFolder, new: "NewShop", *, clock: Clock = system_clock, cost: int = COST) -> str:
    """Make the shop the wizard asked for, whole or not at all, and give its recovery code.

    Takes seconds: call off the main thread; the folder is locked by the caller. Raises UserError.
    """
    from meiping.domains.access.passwords import make_hash, new_recovery_code
    from meiping.domains.access.queries import actor_for
    from meiping.domains.settings.service import found_shop, save_options

    if folder.has_shop():
        raise UserError("这个数据文件夹里已经有店铺，请直接登录。")
    code = new_recovery_code()
    password_hash, recovery_hash = make_hash(new.password, cost=cost), make_hash(code, cost=cost)
    with new_database(folder, replace_file):
        operator_id = found_shop(
            nobody(clock),
            shop_name=new.shop_name,
            administrator=new.administrator,
            password_hash=password_hash,
            recovery_hash=recovery_hash,
            preset=new.preset,
        )
        if new.idle_minutes:
            minutes = {"security.idle_minutes": new.idle_minutes}
            save_options(actor_for(operator_id, clock=clock), values=minutes)
        checkpoint()
    return code


def make_demonstration(folder: DataFolder, password: str, progress: Progress) -> str:
    """Make the demonstration shop in an empty folder; gives the name of its administrator.

    Everybody in it logs in with ``password``. Raises UserError, Cancelled; then nothing is left.
    """
    from meiping.tools.demo import make_demo_shop
    from meiping.tools.demo_maker import DemoSize

    return make_demo_shop(
        folder, DemoSize(sales=_DEMO_SALES), tell=progress.report, password=password
    ).operator


# ------------------------------------------------------------------ with a window
def all_pages() -> Sequence[PageSpec]:
    """Every page; what they stand on is not needed for the login."""
    from meiping.ui.page_list import PAGES

    return PAGES


def run_window(
    data: Path,
    *,
    operator_id: int | None = None,
    first_painted: Callable[[ttk.App], None] | None = None,
    pages: Callable[[], Sequence[PageSpec]] = all_pages,
    clock: Clock = system_clock,
) -> int:
    """Open the window on a data folder and stay until it is closed; gives the exit code.

    Raises FolderInUse or UserError, after telling why in a window, where the folder is taken or can't be written.

    ``operator_id`` enters without asking for a password: for measuring and showing one's own copy of the data.
    ``first_painted`` is called once the first thing to be seen has been painted.
    """
    folder = DataFolder(data)
    register_screen_font()
    try:
        lock = lock_folder(folder)
    except UserError as error:
        _tell_why_not(folder, error.sentence)
        raise
    stop_logging = start_logging(folder.logs)
    try:
        view = ViewFile(folder.view_file)
        root = make_root(remembered_mode(view), remembered_font_size(view), remembered_scaling(view))
        root.withdraw()
        view.attach(root)
        keep_styles(root)
        WindowPlace(root, view)
        keys = KeyDispatcher(root)
        program = Program(root, folder, lock, view, keys, doors(clock), pages=pages, clock=clock)
        root.report_callback_exception = program.callback_failed
        root.protocol("WM_DELETE_WINDOW", program.leave)
        root.deiconify()
        program.workers.hold()
        program.begin(operator_id=operator_id)
        root.update()
        if first_painted is not None:
            first_painted(root)
        program.after_first_paint()
        root.mainloop()
    finally:
        stop_logging()
    return 0


def doors(clock: Clock = system_clock, *, cost: int = COST) -> Doors:
    """What the window's program gets from here; ``cost`` is that of new passwords' hashes."""
    return Doors(
        lock=lock_folder,
        open=lambda folder: open_file(folder, clock),
        close=close_file,
        found=lambda folder, new: found(folder, new, clock=clock, cost=cost),
        demonstrate=make_demonstration,
        warm=warm,
    )


def warm(folder: DataFolder) -> None:
    """Import pages and what is heavy, so that the first look, chart, export or search does not wait; for a worker."""
    importlib.import_module("meiping.ui.shell.window")
    for page in all_pages():
        page.parts()
    for name in _HEAVY:
        importlib.import_module(name)
    from meiping.adapters.charts import prepare

    prepare(folder.cache)


def _tell_why_not(folder: DataFolder, sentence: str) -> None:
    """Why there is nothing to open, in a small window of its own, until it is closed."""
    if not has_display():
        return
    from meiping.ui.shell.trouble import Trouble

    root = make_root()
    keep_styles(root)
    root.geometry("720x360")
    Trouble(root, folder, sentence, leave=root.destroy)
    root.mainloop()
