"""Outcomes told inside the window, at the bottom left of its middle, never over the buttons at the right."""

import tkinter as tk
from collections.abc import Callable
from typing import Literal

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.wrapping import even_wrap

Kind = Literal["success", "info", "warning", "danger"]
_ICONS = {
    "success": "check-circle-fill",
    "info": "info-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "x-circle-fill",
}
_ROLES = {"success": "success", "info": "primary", "warning": "warning", "danger": "danger"}
_SECONDS = {"success": 4, "info": 4, "warning": 7, "danger": 10}
_SECONDS_TO_ACT = 8
"""Long enough to read what happened and to take it back."""
_MOST = 3
UNDO = "撤销"
"""The word of an action that takes back what the toast tells; ``Toasts.undo`` does the newest one."""


class Toasts:
    """The toasts of one window: stacked, the newest lowest, each gone after a while; resting on one keeps it."""

    def __init__(self, root: tk.Misc, *, bottom: int = 44) -> None:
        self._root = root
        self._bottom = bottom
        self._shown: list[Toast] = []

    def show(
        self, text: str, *, kind: Kind = "success", action: tuple[str, Callable[[], object]] | None = None
    ) -> "Toast":
        """Tell an outcome; ``action`` is a word and what it does."""
        toast = Toast(self._root, text, kind, action, self._gone)
        self._shown.append(toast)
        for old in self._shown[:-_MOST]:
            old.close()
        self._stack()
        toast.frame.lift()
        return toast

    def undo(self) -> None:
        """Take back what the newest toast that offers it tells; without one nothing happens."""
        for toast in reversed(self._shown):
            if toast.takes_back:
                toast.act()
                return

    def clear(self) -> None:
        """Take all of them away."""
        for toast in list(self._shown):
            toast.close()

    def texts(self) -> list[str]:
        """What is being told, oldest first."""
        return [toast.text for toast in self._shown]

    def _gone(self, toast: "Toast") -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            self._stack()

    def _stack(self) -> None:
        offset = px(self._root, self._bottom)
        for toast in reversed(self._shown):
            toast.frame.place(relx=0.42, rely=1.0, y=-offset, anchor="s")
            toast.frame.update_idletasks()
            offset += toast.frame.winfo_reqheight() + px(self._root, 8)


class Toast:
    """One of them."""

    def __init__(
        self,
        root: tk.Misc,
        text: str,
        kind: Kind,
        action: tuple[str, Callable[[], object]] | None,
        on_gone: Callable[["Toast"], object],
    ) -> None:
        self.text, self.kind = text, kind
        self._on_gone = on_gone
        name = kind.capitalize()
        self.frame = ttk.Frame(root, style=f"Edge{name}.TFrame", padding=1)
        inner = ttk.Frame(self.frame, style=f"Soft{name}.TFrame", padding=(px(root, 14), px(root, 8)))
        inner.pack()
        icon = ttk.Label(inner, image=ttk.Icon(_ICONS[kind], 16, _ROLES[kind]), style=f"Ink{name}.TLabel")
        icon.pack(side="left", anchor="n", pady=(px(root, 3), 0))
        words = ttk.Label(inner, text=text, style=f"Soft{name}.TLabel", justify="left")
        words.configure(wraplength=even_wrap(words, px(root, 420)))
        words.pack(side="left", padx=(px(root, 10), px(root, 6)))
        self._action = action
        self.takes_back = action is not None and action[0] == UNDO
        if action is not None:
            word = f"{UNDO} Ctrl+Z" if self.takes_back else action[0]
            self.button = ttk.Button(inner, text=word, style=f"Soft{name}.TButton", command=self.act)
            self.button.pack(side="left", padx=(px(root, 6), 0))
            self.button.configure(takefocus=False)
        cross = ttk.Label(
            inner, text="✕", style=f"Ink{name}.TLabel", cursor="hand2", padding=(px(root, 6), 0)
        )
        cross.pack(side="left", anchor="n", pady=(px(root, 1), 0))
        cross.bind("<Button-1>", lambda _event: self.close())
        self._job: str | None = None
        self._wait()
        self.frame.bind("<Enter>", lambda _event: self._hold())
        self.frame.bind("<Leave>", lambda _event: self._wait())
        self.frame.bind("<Destroy>", self._destroyed)

    def act(self) -> None:
        """Do what the toast offers, and take it away."""
        action = self._action
        self.close()
        if action is not None:
            action[1]()

    def _wait(self) -> None:
        self._hold()
        least = _SECONDS_TO_ACT if self._action is not None else 0
        self._job = self.frame.after(max(_SECONDS[self.kind], least) * 1000, self.close)

    def _hold(self) -> None:
        if self._job is not None:
            self.frame.after_cancel(self._job)
            self._job = None

    def _destroyed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.frame:
            self._hold()
            self._on_gone(self)

    def close(self) -> None:
        """Take it away."""
        if self.frame.winfo_exists():
            self.frame.destroy()
