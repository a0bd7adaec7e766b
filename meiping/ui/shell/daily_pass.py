"""What the shop does by itself once a day, soon after the first login: silent customers go back to the pool, points lapse."""

import logging
import tkinter as tk
from collections.abc import Callable
from datetime import date
from pathlib import Path

from meiping.kernel.actor import Actor
from meiping.store.database import writing
from meiping.store.folder import DataFolder
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background

_SOON_MS = 3_000
_LOOK_MS = 15 * 60_000
log = logging.getLogger(__name__)


class DailyPass:
    """``where`` gives the actor and the folder of the open shop, or None; ``tell`` says what was done."""

    def __init__(
        self,
        root: tk.Misc,
        workers: Background,
        *,
        where: Callable[[], tuple[Actor, DataFolder] | None],
        tell: Callable[[str], None],
    ) -> None:
        self._root, self._workers, self._where, self._tell = root, workers, where, tell
        self._last: tuple[Path, date] | None = None
        self._timer = root.after(_LOOK_MS, self._look)

    def close(self) -> None:
        """Do no more."""
        self._root.after_cancel(self._timer)

    def soon(self) -> None:
        """Somebody has logged in: look as soon as the window stands."""
        self._root.after_cancel(self._timer)
        self._timer = self._root.after(_SOON_MS, self._look)

    def _look(self) -> None:
        self._timer = self._root.after(_LOOK_MS, self._look)
        self.run_if_due()

    def run_if_due(self) -> None:
        """Do it in the background, unless it was done in this shop today or nobody is at work."""
        at = self._where()
        if at is None or not at[0].operator_id:
            return
        actor, folder = at
        today = (folder.root, actor.today())
        if self._last == today:
            return
        self._last = today

        def work(_progress: Progress) -> tuple[int, int]:
            from meiping.domains.customers import ownership
            from meiping.domains.loyalty import service as loyalty

            with writing():
                return ownership.daily_pass(actor), loyalty.daily_pass(actor)

        def failed(error: Exception) -> None:
            log.error("the daily pass over the customers failed", exc_info=error)

        self._workers.run(work, title="每日整理", done=self._done, failed=failed, quiet=True)

    def _done(self, done: tuple[int, int]) -> None:
        returned, lapsed = done
        if returned:
            self._tell(f"{returned:,} 位客户久未联系，已自动退回公海。")
        if lapsed:
            self._tell(f"{lapsed:,} 位客户有积分到期。")
