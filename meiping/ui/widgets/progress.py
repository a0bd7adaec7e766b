"""How far long work is, with a way to stop it; shown only if the work is long enough to be seen."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow

_APPEARS_AFTER_MS = 500


class ProgressDialog:
    """A bar, a line of text and 取消. Opens by itself half a second after it was made; ``close`` it when done.

    All calls on the window's thread. ``on_cancel`` is asked once; the dialog stays until ``close``.
    """

    def __init__(self, parent: tk.Misc, title: str, on_cancel: Callable[[], object] | None = None) -> None:
        self._parent, self._title, self._on_cancel = parent, title, on_cancel
        self._state: tuple[int, int, str] = (0, 0, "")
        self._window: _ProgressWindow | None = None
        self._job: str | None = parent.after(_APPEARS_AFTER_MS, self._appear)

    def is_open(self) -> bool:
        """Whether it is on screen."""
        return self._window is not None

    def _appear(self) -> None:
        self._job = None
        self._window = _ProgressWindow(self._parent, self._title, self._on_cancel)
        self._window.show(*self._state)

    def report(self, done: int, total: int, what: str = "") -> None:
        """So far; with a total of 0 the bar only shows that something goes on."""
        self._state = (done, total, what)
        if self._window is not None:
            self._window.show(*self._state)

    def close(self) -> None:
        """The work is over, however it ended."""
        if self._job is not None:
            self._parent.after_cancel(self._job)
            self._job = None
        if self._window is not None:
            self._window.close()
            self._window = None


class _ProgressWindow(DialogWindow):
    def __init__(self, parent: tk.Misc, title: str, on_cancel: Callable[[], object] | None) -> None:
        super().__init__(parent, title)
        self._on_cancel = on_cancel
        ttk.Label(self.body, text=title, font="MpBold").pack(anchor="w")
        self._bar = ttk.Progressbar(self.body, length=px(self, 360), maximum=1000, bootstyle="primary")
        self._bar.pack(fill="x", pady=(px(self, 12), px(self, 6)))
        self._text = ttk.Label(self.body, style="Muted.TLabel", font="MpSmall", text="正在准备……")
        self._text.pack(anchor="w")
        self._cancel = self.add_button("取消", self.dismiss)
        if on_cancel is None:
            self._cancel.pack_forget()
        self._moving = False
        self.open(self._cancel if on_cancel is not None else None)

    def show(self, done: int, total: int, what: str) -> None:
        """Draw how far it is."""
        if total > 0:
            if self._moving:
                self._bar.stop()
                self._moving = False
            self._bar.configure(mode="determinate", value=min(1000, done * 1000 // total))
            self._text.configure(text=f"{what or '已完成'} {done:,} / {total:,}")
        else:
            if not self._moving:
                self._bar.configure(mode="indeterminate")
                self._bar.start(15)
                self._moving = True
            self._text.configure(text=what or "正在处理……")

    def dismiss(self) -> None:
        """Ask the work to stop; the window goes once it has."""
        if self._on_cancel is not None:
            self._cancel.configure(state="disabled", text="正在停止")
            asked, self._on_cancel = self._on_cancel, None
            asked()

    def close(self) -> None:
        """Stop the bar before its window goes."""
        if self._moving:
            self._bar.stop()
        super().close()
