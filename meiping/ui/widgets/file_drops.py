"""Files dragged here from the system's file manager. Where that can't be had, everything works without it."""

import logging
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.jobs import Jobs

_COPY, _REFUSE = "copy", "refuse_drop"
_FILES = "DND_Files"
log = logging.getLogger(__name__)


def can_drop(widget: tk.Misc) -> bool:
    """Whether this system lets files be dragged into the window; loads what that needs at the first asking."""
    if str(widget.tk.call("info", "commands", "::tkdnd::drop_target")):
        return True
    try:
        from tkinterdnd2 import TkinterDnD  # beside the window, not before it

        TkinterDnD.require(widget.winfo_toplevel())
    except (ImportError, RuntimeError, tk.TclError) as error:
        log.info("files can't be dragged into the window: %s", error)
        return False
    return True


class FileDrops:
    """Lets files be dropped anywhere on ``target``.

    ``offer`` is asked while they are over it for what letting go would do, in words; empty refuses them, as an open
    dialog does. ``dropped`` gets what was let go, folders too, once the drag is over: it may open a dialog.
    """

    def __init__(
        self, target: tk.Widget, *, offer: Callable[[], str], dropped: Callable[[list[Path]], object]
    ) -> None:
        self._target, self._offer, self._dropped = target, offer, dropped
        self._jobs = Jobs(target)
        self._told: ttk.Frame | None = None
        if not can_drop(target):
            return
        able = cast(Any, target)
        able.drop_target_register(_FILES)
        able.dnd_bind("<<DropEnter>>", self._over)
        able.dnd_bind("<<DropPosition>>", self._over)
        able.dnd_bind("<<DropLeave>>", lambda _event: self._tell(""))
        able.dnd_bind(f"<<Drop:{_FILES}>>", self._let_go)

    def _shut_out(self) -> bool:
        """A dialog that has the keys keeps the drop away as well."""
        grab = str(self._target.tk.eval("lindex [grab current] 0"))
        return bool(grab) and grab != "." and not str(self._target).startswith(f"{grab}.")

    def _over(self, _event: object) -> str:
        words = "" if self._shut_out() else self._offer()
        self._tell(words)
        return _COPY if words else _REFUSE

    def _let_go(self, event: Any) -> str:
        """Take the names; what is done with them waits until the other program has its answer."""
        self._tell("")
        if self._shut_out() or not self._offer():
            return _REFUSE
        names = [str(name) for name in self._target.tk.splitlist(event.data)]
        paths = [Path(name) for name in names if "://" not in name]
        self._jobs.once("dropped", lambda: self._dropped(paths))
        return _COPY

    def _tell(self, words: str) -> None:
        """Say over the middle what letting go would do; empty takes it away."""
        if not words:
            if self._told is not None:
                self._told.destroy()
                self._told = None
            return
        if self._told is None:
            self._told = ttk.Frame(self._target, style="EdgeInfo.TFrame", padding=1)
            ttk.Label(
                self._told,
                text=words,
                image=ttk.Icon("box-arrow-in-down", 20, "primary"),
                compound="left",
                style="SoftInfo.TLabel",
                padding=(px(self._target, 18), px(self._target, 14)),
            ).pack()
            self._told.place(relx=0.5, rely=0.45, anchor="center")
            self._told.lift()
