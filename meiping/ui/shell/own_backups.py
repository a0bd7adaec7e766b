"""The backups the program makes by itself: every few hours while somebody works, and before it ends."""

import logging
import tkinter as tk
from collections.abc import Callable

from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.errors import Cancelled, UserError
from meiping.store.database import writing
from meiping.store.folder import DataFolder
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.widgets import dialogs

_LOOK_MS = 15 * 60_000
log = logging.getLogger(__name__)


class OwnBackups:
    """``where`` gives the actor and the folder of the open shop, or None while none is open."""

    def __init__(
        self,
        root: tk.Misc,
        workers: Background,
        *,
        where: Callable[[], tuple[Actor, DataFolder] | None],
    ) -> None:
        self._root, self._workers, self._where = root, workers, where
        self._timer = root.after(_LOOK_MS, self._look)

    def close(self) -> None:
        """Make no more."""
        self._root.after_cancel(self._timer)

    def _look(self) -> None:
        self._timer = self._root.after(_LOOK_MS, self._look)
        self.make_if_due()

    def make_if_due(self) -> None:
        """Make one in the background if the last is hours old and something has changed."""
        at = self._where()
        if at is None:
            return
        actor, folder = at

        def work(progress: Progress) -> None:
            from meiping.domains.maintenance.service import automatic_backup, backup_is_due

            with writing():
                if backup_is_due(actor, folder=folder.root):
                    automatic_backup(actor, folder=folder.root, progress=progress)

        def failed(error: Exception) -> None:
            log.error("the automatic backup failed", exc_info=error)

        self._workers.run(work, title="自动备份", done=lambda _none: None, failed=failed, quiet=True)

    def before_leaving(self, *, then: Callable[[], None], stay: Callable[[], None]) -> None:
        """Back up if that is wanted and something has changed, then call ``then``.

        Where it fails the user decides: ``then`` all the same, or ``stay``.
        """
        at = self._where()
        if at is None or not option("backup.at_exit"):
            then()
            return
        actor, folder = at

        def work(progress: Progress) -> None:
            from meiping.domains.maintenance.service import automatic_backup

            with writing():
                automatic_backup(actor, folder=folder.root, progress=progress)

        def failed(error: Exception) -> None:
            question = "退出前的备份没有做成，仍要退出吗？"
            go = dialogs.ask(self._root, question, yes="仍要退出", no="留下", detail=_why(error))
            then() if go else stay()

        self._workers.run(work, title="退出前备份", done=lambda _none: then(), failed=failed)


def _why(error: Exception) -> str:
    if isinstance(error, Cancelled):
        return "备份已取消。"
    if isinstance(error, UserError):
        return error.sentence
    log.error("the backup at exit failed", exc_info=error)
    return "原因记在日志里。"
