"""A refusal in red that counts down where one has to wait."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.widgets.cards import wrap_to_width


class WaitLabel(ttk.Label):
    """Empty until ``show``; after the wait is over it says so, no longer in red, and calls ``on_over``."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, style="Bad.TLabel", font="MpSmall", justify="left")
        wrap_to_width(self)
        self.on_over: Callable[[], object] = lambda: None
        self._timer: str | None = None
        self._left = 0
        self.bind("<Destroy>", lambda _event: self._stop(), add=True)

    def show(self, sentence: str, wait_s: int = 0) -> None:
        """Say it; with ``wait_s`` count the seconds down first."""
        self._stop()
        self._left = wait_s
        self.configure(text=sentence, style="Bad.TLabel")
        if wait_s > 0:
            self._timer = self.after(1000, self._tick)

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._stop()
        self.configure(text="")

    def _tick(self) -> None:
        self._timer = None
        self._left -= 1
        if self._left <= 0:
            self.configure(text="现在可以再试了。", style="Good.TLabel")
            self.on_over()
            return
        unit = f"{(self._left + 59) // 60} 分钟" if self._left > 60 else f"{self._left} 秒"
        self.configure(text=f"姓名或密码不对，请 {unit}后再试。")
        self._timer = self.after(1000, self._tick)

    def _stop(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None
