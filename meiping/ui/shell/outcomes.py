"""What is told after an action: a toast, a line kept for the status bar, or one calm box."""

import logging
import tkinter as tk
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meiping.adapters.logs import safe_traceback
from meiping.kernel.moments import Clock
from meiping.ui.widgets import dialogs
from meiping.ui.widgets.toast import Kind

KEPT = 50
log = logging.getLogger(__name__)
ToastAction = tuple[str, Callable[[], None]]


class Toaster(Protocol):
    """Shows a toast inside the window."""

    def __call__(self, text: str, kind: Kind, action: ToastAction | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was told, how it went (success, info, warning, danger) and when."""

    text: str
    kind: Kind
    at: datetime


def front(root: tk.Misc) -> tk.Misc:
    """The window that has the keys now: the innermost dialog, else the root."""
    path = root.tk.eval("lindex [grab current] 0")
    widget: tk.Misc = root.nametowidget(path) if path else root
    return widget.winfo_toplevel()


class Outcomes:
    """Tells outcomes and keeps the last fifty."""

    def __init__(self, root: tk.Misc, toaster: Toaster, clock: Clock) -> None:
        self._root, self._toaster, self._clock = root, toaster, clock
        self.kept: deque[Outcome] = deque(maxlen=KEPT)
        self.on_told: Callable[[Outcome], None] = lambda _outcome: None
        self._boxed = False

    def tell(self, text: str, kind: Kind = "success", action: ToastAction | None = None) -> None:
        """Show a toast and keep the line."""
        self._toaster(text, kind, action)
        self.note(text, kind)

    def note(self, text: str, kind: Kind) -> None:
        """Keep a line that has been shown already, beside a field for instance."""
        outcome = Outcome(text, kind, self._clock().astimezone())
        self.kept.append(outcome)
        self.on_told(outcome)

    def unexpected(self, error: BaseException, what: str) -> None:
        """Log an error nobody foresaw with its traceback and say so in one calm box, one at a time."""
        log.error("unexpected error in %s", what, exc_info=error)
        self.note("刚才的操作没有完成", "danger")
        if self._boxed:
            return
        self._boxed = True
        try:
            dialogs.tell(
                front(self._root),
                "程序遇到意外的问题，刚才的操作没有完成。",
                detail="已经保存的数据不受影响，可以继续使用。如果反复出现，请把技术细节发给支持人员。",
                technical=f"{what}\n{safe_traceback(error)}",
            )
        finally:
            self._boxed = False
