"""The lock: a sheet over the whole window until the operator's password is typed; and the watch for idleness."""

import time
import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.access.login import LoginRefused, check_own_password
from meiping.kernel.actor import Actor
from meiping.kernel.errors import UserError
from meiping.store.database import writing
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.shell.wait_label import WaitLabel
from meiping.ui.theme import px

_LOOK_MS = 5_000


class LockScreen(ttk.Frame):
    """Covers the root and hides its dialogs; ``unlocked`` is called when the right password was typed."""

    def __init__(
        self,
        root: ttk.App,
        actor: Actor,
        workers: Background,
        outcomes: Outcomes,
        *,
        unlocked: Callable[[], None],
        switch_operator: Callable[[], None],
    ) -> None:
        super().__init__(root, style="Locked.TFrame")
        self._actor, self._workers, self._outcomes = actor, workers, outcomes
        self._unlocked = unlocked
        self._grab = root.grab_current()
        self._focus = root.focus_get()
        self._hidden = [window for window in _toplevels(root) if window.winfo_viewable()]
        for window in self._hidden:
            window.withdraw()
        card = ttk.Frame(self, bootstyle="bordered", padding=px(self, 28))
        card.place(relx=0.5, rely=0.42, anchor="center")
        ttk.Label(card, icon="lock-fill", icon_size=32, style="Accent.TLabel").pack()
        ttk.Label(card, text=actor.name, font="MpTitle").pack(pady=(px(self, 10), 0))
        ttk.Label(card, text="已锁屏，输入密码继续", style="Muted.TLabel").pack(pady=(0, px(self, 14)))
        self.password = ttk.Entry(card, width=26, show="●")
        self.password.pack(fill="x")
        self.message = WaitLabel(card)
        self.message.pack(fill="x", pady=(px(self, 4), 0))
        self.button = ttk.Button(card, text="解锁", command=self._try, bootstyle="primary")
        self.button.pack(fill="x", pady=(px(self, 10), 0))
        switch = ttk.Button(card, text="换人登录", command=switch_operator, bootstyle="primary link")
        switch.pack(pady=(px(self, 8), 0))
        self.message.on_over = lambda: self.button.configure(state="normal")
        for key in ("<Return>", "<KP_Enter>"):
            self.password.bind(key, lambda _event: self.button.invoke())
        self.place(relx=0, rely=0, relwidth=1, relheight=1)
        self.lift()
        self.update_idletasks()
        self.grab_set()
        self.password.focus_force()

    def _try(self) -> None:
        password, actor = self.password.get(), self._actor
        self.button.configure(state="disabled")

        def work(_progress: Progress) -> None:
            with writing():
                check_own_password(actor, password)

        self._workers.run(work, title="解锁", done=lambda _r: self.open(), failed=self._failed, quiet=True)

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal")
        self.password.select_range(0, "end")
        if not isinstance(error, UserError):
            self._outcomes.unexpected(error, "unlocking")
            return
        wait_s = error.wait_s if isinstance(error, LoginRefused) else 0
        if wait_s:
            self.button.configure(state="disabled")
        self.message.show(error.sentence, wait_s)

    def open(self) -> None:
        """Take the sheet away and give dialogs, keys and focus back."""
        if not self.winfo_exists():
            return
        self.grab_release()
        self.destroy()
        for window in self._hidden:
            if window.winfo_exists():
                window.deiconify()
        if self._grab is not None and self._grab.winfo_exists():
            self._grab.grab_set()
        if self._focus is not None and self._focus.winfo_exists():
            self._focus.focus_set()
        self._unlocked()


class IdleWatch:
    """Knows how long nobody has touched keyboard or mouse; one a root."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._minutes: Callable[[], int] = lambda: 0
        self._idle: Callable[[], None] = lambda: None
        self._touched = time.monotonic()
        for sequence in ("<Any-KeyPress>", "<Any-ButtonPress>", "<Motion>", "<MouseWheel>"):
            root.bind_all(sequence, self._touch, add=True)
        self._timer = root.after(_LOOK_MS, self._look)

    def watch(self, minutes: Callable[[], int], idle: Callable[[], None]) -> None:
        """Call ``idle`` once nobody has touched anything for ``minutes()``; never while that is 0."""
        self._minutes, self._idle = minutes, idle
        self._touched = time.monotonic()

    def rest(self) -> None:
        """Nobody is at work: there is nothing to lock."""
        self.watch(lambda: 0, lambda: None)

    def close(self) -> None:
        """Stop for good."""
        self._root.after_cancel(self._timer)

    def look(self, now: float) -> None:
        """Decide at ``now``, in seconds of the monotonic clock."""
        minutes = self._minutes()
        if minutes and now - self._touched >= minutes * 60:
            self._touched = now
            self._idle()

    def _touch(self, _event: object) -> None:
        self._touched = time.monotonic()

    def _look(self) -> None:
        self._timer = self._root.after(_LOOK_MS, self._look)
        self.look(time.monotonic())


def _toplevels(widget: tk.Misc) -> list[tk.Toplevel]:
    found: list[tk.Toplevel] = []
    for child in widget.winfo_children():
        if isinstance(child, tk.Toplevel):
            found.append(child)
        found.extend(_toplevels(child))
    return found
