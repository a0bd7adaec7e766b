"""Practice: the operator goes on in a throwaway copy of the shop, and comes back to the real one as if nothing was."""

import shutil
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from meiping.domains.sales.rules import CHECKOUT
from meiping.kernel.actor import Actor
from meiping.kernel.errors import Cancelled, UserError
from meiping.store.folder import DataFolder, FolderLock
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.shell.banner import Notice
from meiping.ui.shell.outcomes import Outcomes, front
from meiping.ui.widgets import dialogs

KEY, SHOWN_KEY = "Control-Shift-e", "Ctrl+Shift+E"
"""Into practice and out of it."""
_TITLE = "准备练习"
_WHAT = (
    "店里的数据会复制一份，在副本里开单、退货、改资料都不算数。\n"
    "练习时不打印、不开钱箱、不提醒；客户的附件不在副本里。"
)


@dataclass(frozen=True, slots=True)
class _Home:
    """The real shop while somebody practises. It stays locked, so that nobody else opens it meanwhile."""

    folder: DataFolder
    lock: FolderLock


class Practice:
    """``go`` has the program close what is open and open a folder with its lock, a message and who goes on in it.

    ``lock`` raises UserError where a folder can't be taken.
    """

    def __init__(
        self,
        root: tk.Misc,
        workers: Background,
        outcomes: Outcomes,
        *,
        lock: Callable[[DataFolder], FolderLock],
        go: Callable[[DataFolder, FolderLock, str, int | None], None],
    ) -> None:
        self._root, self._workers, self._outcomes = root, workers, outcomes
        self._lock, self._go = lock, go
        self._home: _Home | None = None
        self._copy: tuple[DataFolder, FolderLock] | None = None
        self._alone: int | None = None

    @property
    def on(self) -> bool:
        """Whether what is open is the copy."""
        return self._home is not None

    def notice(self) -> Notice:
        """What the strip above the copy says."""
        said = "练习模式 · 做什么都不算数，结束后全部丢掉"
        return Notice(said, f"结束练习 {SHOWN_KEY}", self.end, warns=True)

    def may_begin(self, actor: Actor) -> bool:
        """Who works at the till may practise there."""
        return not self.on and actor.can(CHECKOUT)

    def somebody_else(self) -> None:
        """The login was shown: who comes back has to log in, whoever he was in the copy."""
        self._alone = None

    # ---------------------------------------------------------------- into the copy

    def begin(self, folder: DataFolder, lock: FolderLock, actor: Actor) -> None:
        """Ask, make the copy in a worker and go there as the same operator."""
        if not self.may_begin(actor) or self._is_busy():
            return
        if not dialogs.ask(front(self._root), "进入练习模式吗？", yes="开始练习", detail=_WHAT):
            return

        def work(progress: Progress) -> DataFolder:
            from meiping.store.practice import make_practice

            return make_practice(folder, progress)

        def failed(error: Exception) -> None:
            if isinstance(error, Cancelled):
                self._outcomes.tell("已取消，没有进入练习模式。", "info")
            elif isinstance(error, UserError):
                self._outcomes.tell(error.sentence, "danger")
            else:
                self._outcomes.unexpected(error, _TITLE)

        def done(copy: DataFolder) -> None:
            self._enter(_Home(folder, lock), copy, actor.operator_id)

        self._workers.run(work, title=_TITLE, done=done, failed=failed)

    def _enter(self, home: _Home, copy: DataFolder, operator_id: int) -> None:
        try:
            lock = self._lock(copy)
        except UserError as error:
            self._outcomes.tell(error.sentence, "danger")
            return
        self._home, self._copy, self._alone = home, (copy, lock), operator_id
        self._go(copy, lock, "", operator_id)

    # ---------------------------------------------------------------- and back

    def end(self) -> None:
        """Go back to the real shop; the copy is thrown away."""
        if self._home is not None and not self._is_busy():
            stays = self._alone
            self._back("练习已结束，请登录。", stays)
            if stays is not None:
                self._outcomes.tell("练习已结束，这里是您的店；练习里做的都没有留下。", "info")

    def leave(self) -> None:
        """The program is about to end: back to the real shop without anybody at work in it."""
        if self._home is not None:
            self._back("", None)

    def _back(self, message: str, operator_id: int | None) -> None:
        home, self._home = self._home, None
        if home is not None:
            self._go(home.folder, home.lock, message, operator_id)
        self._throw_away()

    def close(self) -> None:
        """The program has ended, all files are closed: nothing of the copy is left, and the real shop is free."""
        self._throw_away()
        if self._home is not None:
            self._home.lock.release()
            self._home = None

    def _throw_away(self) -> None:
        """What can't be deleted goes with the next start."""
        if self._copy is not None:
            copy, lock = self._copy
            lock.release()
            shutil.rmtree(copy.root, ignore_errors=True)
            self._copy = None

    def sweep(self, folder: DataFolder) -> None:
        """Delete what a program that was killed has left of practice."""
        if not self.on and folder.practice.root.exists():
            shutil.rmtree(folder.practice.root, ignore_errors=True)

    def _is_busy(self) -> bool:
        busy = self._workers.busy()
        if busy:
            word = "结束" if self.on else "开始"
            self._outcomes.tell(f"“{busy[0]}”还没有做完，做完再{word}练习。", "warning")
        return bool(busy)
