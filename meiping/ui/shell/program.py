"""What goes on in the one window from start to end: wizard or login, at work, locked, another shop, leaving."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.adapters.files import open_in_system
from meiping.domains.access.login import nobody
from meiping.domains.access.queries import actor_for, administrator_id
from meiping.kernel.actor import Actor
from meiping.kernel.errors import Cancelled, LoggedOut, UserError
from meiping.kernel.moments import Clock
from meiping.store.database import db, fetch_value, reading
from meiping.store.folder import DataFolder, FolderLock
from meiping.ui.context import Progress
from meiping.ui.page_spec import PageSpec
from meiping.ui.shell.appearance import Appearance
from meiping.ui.shell.background import Background
from meiping.ui.shell.banner import Notice
from meiping.ui.shell.collector import Collector
from meiping.ui.shell.daily_pass import DailyPass
from meiping.ui.shell.lock_screen import IdleWatch
from meiping.ui.shell.login import Login
from meiping.ui.shell.outcomes import Outcomes, ToastAction, front
from meiping.ui.shell.own_backups import OwnBackups
from meiping.ui.shell.practice import KEY, SHOWN_KEY, Practice
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.widgets import dialogs
from meiping.ui.widgets.keys import KeyDispatcher
from meiping.ui.widgets.progress import ProgressDialog
from meiping.ui.widgets.toast import Kind, Toasts

if TYPE_CHECKING:  # imported when needed: the first paint of every day does not wait for them
    from meiping.ui.shell.reminder_source import ReminderWatch
    from meiping.ui.shell.shell_context import ShellContext
    from meiping.ui.shell.trouble import RestorableTrouble
    from meiping.ui.shell.window import MainWindow
    from meiping.ui.shell.wizard import NewShop, Wizard

DEMONSTRATION = "demo"
"""The demonstration shop is a data folder of its own inside the real one."""
MARK = "DEMONSTRATION"
_WARM_AFTER_MS = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """What the composition root lends: all of it raises UserError where it can't be done.

    ``found`` and ``demonstrate`` take seconds and run in a worker; ``demonstrate`` gives the administrator's name.
    """

    lock: Callable[[DataFolder], FolderLock]
    open: Callable[[DataFolder], None]
    close: Callable[[], None]
    found: Callable[[DataFolder, "NewShop"], str]
    demonstrate: Callable[[DataFolder, str, Progress], str] | None
    warm: Callable[[DataFolder], None]


class Program:
    """Owns the folder's lock and everything in the root; ``ended`` is called when all is closed.

    ``pages`` is asked for the pages when somebody enters.
    """

    def __init__(
        self,
        root: ttk.App,
        folder: DataFolder,
        lock: FolderLock,
        view: ViewFile,
        keys: KeyDispatcher,
        doors: Doors,
        *,
        pages: Callable[[], Sequence[PageSpec]],
        clock: Clock,
        ended: Callable[[], None] | None = None,
    ) -> None:
        self.root, self.folder, self._lock, self._view = root, folder, lock, view
        self._doors, self._pages, self._clock = doors, pages, clock
        self._ended = ended or root.destroy
        self.keys = keys
        self._collector = Collector(root)
        self.workers = Background(root, lambda title, cancel: ProgressDialog(root, title, cancel))
        self._toasts = Toasts(root)
        self.outcomes = Outcomes(root, self._toast, clock)
        self._appearance = Appearance(root, view)
        self._idle = IdleWatch(root)
        self.shown: MainWindow | Login | Wizard | RestorableTrouble | None = None
        self._window: MainWindow | None = None
        self._watch: ReminderWatch | None = None
        self._practice = Practice(root, self.workers, self.outcomes, lock=doors.lock, go=self._go)
        self._demo_operator = ""
        self._demo_failure = ""
        self._leaving = False
        self._backups = OwnBackups(root, self.workers, where=self._at_work)
        self._daily = DailyPass(root, self.workers, where=self._at_work, tell=self.outcomes.tell)

    # ---------------------------------------------------------------- what is on screen

    def begin(self, message: str = "", *, operator_id: int | None = None) -> None:
        """Show what comes first: the wizard, the login, or why the file can't be opened."""
        warning = self.folder.cloud_warning() or ""
        self._practice.sweep(self.folder)
        if not self.folder.has_shop():
            self._show_wizard(warning)
            return
        unclean = self._left_open()
        try:
            self._doors.open(self.folder)
        except UserError as error:
            self._show_trouble(error.sentence)
            return
        if unclean:
            self._check_form()
        if operator_id is None:
            self._show_login("\n".join(part for part in (message, warning) if part))
        else:
            self.enter(actor_for(operator_id, clock=self._clock))

    def enter(self, actor: Actor) -> None:
        """Open the main window for an operator."""
        from meiping.ui.shell.reminder_source import Reminders, ReminderWatch
        from meiping.ui.shell.shell_context import ShellContext
        from meiping.ui.shell.window import MainWindow, Surroundings

        self._clear()
        context = ShellContext(
            self.root,
            actor=actor,
            folder=self.folder,
            view=self._view,
            keys=self.keys,
            background=self.workers,
            outcomes=self.outcomes,
            restart=self.restart,
            logged_out=self._leave_operator,
            practice=self._practice.on,
        )
        self._window = window = MainWindow(
            self.root,
            context,
            self._pages(),
            workers=self.workers,
            appearance=self._appearance,
            idle=self._idle,
            around=Surroundings(
                self._leave_operator,
                notice=self._notice(),
                reminders=None if self._practice.on else Reminders(),
                more=self._more(context),
            ),
        )
        self.shown = window
        self.keys.bind(window, {"Control-z": self._toasts.undo, KEY: self._practise})
        window.start()
        if not self._practice.on:
            self._watch = ReminderWatch(context, self.workers.post)
            self._daily.soon()

    def _show_login(self, message: str) -> None:
        self._clear()
        self._practice.somebody_else()
        self.shown = Login(
            self.root,
            workers=self.workers,
            outcomes=self.outcomes,
            view=self._view,
            clock=self._clock,
            entered=self.enter,
            message=message,
        )

    def _show_wizard(self, message: str) -> None:
        from meiping.ui.shell.wizard import Wizard

        self._clear()
        self.shown = Wizard(
            self.root,
            workers=self.workers,
            outcomes=self.outcomes,
            create=self._create,
            finished=self._founded,
            demo_offered=self._doors.demonstrate is not None,
            message=message,
        )

    def _show_trouble(self, sentence: str) -> None:
        from meiping.ui.shell.trouble import RestorableTrouble

        self._clear()
        self.shown = RestorableTrouble(
            self.root,
            self.folder,
            sentence,
            workers=self.workers,
            outcomes=self.outcomes,
            clock=self._clock,
            restored=lambda: self.restart("数据已从备份恢复，请登录。"),
            leave=self.leave,
        )

    def _clear(self) -> None:
        self._toasts.clear()
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if self._window is not None:
            self._window.close()
        elif self.shown is not None:
            self.shown.destroy()
        self.shown = self._window = None

    def _at_work(self) -> tuple[Actor, DataFolder] | None:
        """Who is at work in which folder, if a shop is open that counts."""
        if db.is_closed() or self._practice.on:
            return None
        actor = self._window.context.actor if self._window is not None else nobody(self._clock)
        return actor, self.folder

    def _toast(self, text: str, kind: Kind, action: ToastAction | None) -> None:
        self._toasts.show(text, kind=kind, action=action)

    # ---------------------------------------------------------------- operators

    def _leave_operator(self, message: str = "") -> None:
        """Back to the login; what was typed and not saved in a dialog is asked about first."""
        busy = self.workers.busy()
        if busy and not message:
            self.outcomes.tell(f"“{busy[0]}”还没有做完，做完再切换操作员。", "warning")
            return
        self._show_login(message)

    def restart(self, message: str, folder: DataFolder | None = None, operator: str = "") -> None:
        """Close the shop's file, open what CURRENT now names (of ``folder`` if given) and log in anew.

        ``operator`` enters as that administrator without a password: the demonstration shop of who is at work.
        """
        lock = None
        if folder is not None:
            try:
                lock = self._doors.lock(folder)
            except UserError as error:
                self.outcomes.tell(error.sentence, "danger")
                return
        self._clear()
        self._doors.close()
        if folder is not None and lock is not None:
            self._lock.release()
            self.folder, self._lock = folder, lock
        self.begin(message)
        found = administrator_id(operator) if operator and isinstance(self.shown, Login) else None
        if found is not None:
            self.enter(actor_for(found, clock=self._clock))

    def _go(self, folder: DataFolder, lock: FolderLock, message: str, operator_id: int | None) -> None:
        """Close what is open and open this folder, whose lock is held; into practice or back from it."""
        self._clear()
        self._doors.close()
        self.folder, self._lock = folder, lock
        self.begin(message, operator_id=operator_id)

    def _practise(self) -> None:
        """Into practice, or out of it."""
        if self._window is None or self._window.locked():
            return
        if self._practice.on:
            self._practice.end()
        elif not self._is_demonstration():
            self._practice.begin(self.folder, self._lock, self._window.context.actor)

    # ---------------------------------------------------------------- a new shop

    def _create(self, new: "NewShop", progress: Progress) -> str:
        code = self._doors.found(self.folder, new)
        if new.demonstration:
            self._demonstrate(new.password, progress)
        return code

    def _demonstrate(self, password: str, progress: Progress) -> None:
        """In a worker; a demonstration that fails leaves the real shop as it is."""
        demo = DataFolder(self.folder.root / DEMONSTRATION)
        self._demo_failure = ""
        if self._doors.demonstrate is None or demo.has_shop():
            return
        try:
            self._demo_operator = self._doors.demonstrate(demo, password, progress)
            (demo.root / MARK).touch()
        except Cancelled:
            self._demo_failure = "已取消，没有建立演示店铺。"
        except UserError as error:
            self._demo_failure = error.sentence

    def _founded(self, new: "NewShop") -> None:
        demo = DataFolder(self.folder.root / DEMONSTRATION)
        if new.demonstration and demo.has_shop():
            self.restart("", demo, self._demo_operator)
        else:
            self.restart("", None, new.administrator)
        if self._demo_failure:
            self.outcomes.tell(self._demo_failure, "warning")

    def _is_demonstration(self) -> bool:
        return (self.folder.root / MARK).exists()

    def _notice(self) -> Notice | None:
        if self._practice.on:
            return self._practice.notice()
        if not self._is_demonstration():
            return None
        home = DataFolder(self.folder.root.parent)
        return Notice("演示店铺 · 数据可随意试用", "回到我的店", lambda: self.restart("", home))

    def _more(self, context: "ShellContext") -> list[tuple[str, Callable[[], object]]]:
        more: list[tuple[str, Callable[[], object]]] = [
            ("打开数据文件夹", lambda: context.run(lambda _actor: open_in_system(self.folder.root)))
        ]
        demo = DataFolder(self.folder.root / DEMONSTRATION)
        if self._notice() is None and demo.has_shop():
            more.append(("演示店铺", lambda: self.restart("", demo)))
        if self._practice.on:
            more.append((f"结束练习（{SHOWN_KEY}）", self._practise))
        elif self._notice() is None and self._practice.may_begin(context.actor):
            more.append(("练习模式…", self._practise))
        return more

    # ---------------------------------------------------------------- a file that can't be opened

    def _left_open(self) -> bool:
        """Whether the last program that had the file open ended without closing it."""
        try:
            return Path(f"{self.folder.database}-wal").exists()
        except UserError:
            return False

    def _check_form(self) -> None:
        """After an unclean end look at the file's form, in a worker, while the login is shown."""

        def work(_progress: Progress) -> str:
            with reading():
                return str(fetch_value("PRAGMA quick_check(1)"))

        def done(answer: str) -> None:
            if answer != "ok":
                log.error("quick_check after an unclean end: %s", answer)
                sentence = "上次没有正常退出，数据文件可能有损坏。请让管理员在“系统 · 检查数据”里检查，或从备份恢复。"
                self.outcomes.tell(sentence, "danger")

        def failed(error: Exception) -> None:
            log.error("the file's form was not checked", exc_info=error)

        self.workers.run(work, title="检查数据文件", done=done, failed=failed, quiet=True)

    # ---------------------------------------------------------------- leaving

    def leave(self) -> None:
        """The user wants to close the window: ask where something is under way, back up, close everything."""
        if self._leaving:
            return
        busy = self.workers.busy()
        if busy and not dialogs.ask(
            front(self.root),
            f"“{busy[0]}”还没有做完，现在退出吗？",
            yes="停下并退出",
            no="继续等",
            danger=True,
        ):
            return
        self._leaving = True
        self._practice.leave()
        self._backups.before_leaving(then=self.end, stay=self._stay)

    def _stay(self) -> None:
        self._leaving = False

    def end(self) -> None:
        """Close everything in order: pages, workers, the file, the view, the lock."""
        self._backups.close()
        self._daily.close()
        self._clear()
        self._idle.close()
        self.workers.close()
        self._collector.close()
        self._view.save()
        self._doors.close()
        self._practice.close()
        self._lock.release()
        self._ended()

    # ---------------------------------------------------------------- around

    def after_first_paint(self) -> None:
        """Let workers begin, and one of them import what is heavy."""
        self.workers.resume()

        def failed(error: Exception) -> None:
            log.error("something heavy could not be imported", exc_info=error)

        def start() -> None:
            self.workers.run(
                lambda _progress: self._doors.warm(self.folder),
                title="准备",
                done=lambda _none: self._collector.settle(),
                failed=failed,
                quiet=True,
            )

        self.root.after(_WARM_AFTER_MS, start)

    def callback_failed(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An error that left a callback of the window."""
        if isinstance(error, LoggedOut):
            self._leave_operator(error.sentence)
        elif isinstance(error, UserError):
            self.outcomes.tell(error.sentence, "danger")
        else:
            self.outcomes.unexpected(error, "a callback")
