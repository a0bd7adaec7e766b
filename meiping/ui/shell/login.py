"""The login: who is it, and the password. Fills the root while nobody is at work."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.access.login import LoginRefused, log_in
from meiping.domains.access.queries import login_names
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.errors import UserError
from meiping.kernel.moments import Clock
from meiping.store.database import writing
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.shell.wait_label import WaitLabel
from meiping.ui.theme import px
from meiping.ui.view_state import ViewState
from meiping.ui.widgets.cards import wrap_to_width


class Login(ttk.Frame):
    """Asks for name and password; ``entered`` gets the actor."""

    def __init__(
        self,
        root: ttk.App,
        *,
        workers: Background,
        outcomes: Outcomes,
        view: ViewState,
        clock: Clock,
        entered: Callable[[Actor], None],
        message: str = "",
    ) -> None:
        super().__init__(root, style="Locked.TFrame")
        self._workers, self._outcomes, self._view, self._clock = workers, outcomes, view, clock
        self._entered = entered
        root.title(f"meiping · {option('shop.name')}")
        card = ttk.Frame(self, bootstyle="bordered", padding=px(self, 32))
        card.place(relx=0.5, rely=0.44, anchor="center")
        ttk.Frame(card, width=px(self, 300), height=0).pack()
        ttk.Label(card, text=option("shop.name"), font="MpTitle", wraplength=px(self, 300)).pack(anchor="w")
        ttk.Label(card, text="登录", style="Muted.TLabel").pack(anchor="w", pady=(0, px(self, 14)))
        if message:
            self._say(card, message)
        self._ask(card)
        self.pack(fill="both", expand=True)
        self.update_idletasks()
        (self.password if self.name.get() else self.name).focus_force()

    def _say(self, card: tk.Misc, message: str) -> None:
        words = ttk.Label(card, text=message, style="SoftInfo.TLabel", justify="left")
        words.configure(padding=(px(self, 10), px(self, 6)))
        words.pack(fill="x", pady=(0, px(self, 12)))
        wrap_to_width(words)

    def _ask(self, card: tk.Misc) -> None:
        names = login_names()
        last = self._view.get("login.name")
        ttk.Label(card, text="操作员").pack(anchor="w")
        self.name = ttk.Combobox(card, values=names, font="MpBody")
        self.name.set(last if last in names else (names[0] if len(names) == 1 else ""))
        self.name.pack(fill="x", pady=(px(self, 4), px(self, 12)))
        ttk.Label(card, text="密码").pack(anchor="w")
        self.password = ttk.Entry(card, show="●", font="MpBody")
        self.password.pack(fill="x", pady=(px(self, 4), 0))
        self.message = WaitLabel(card)
        self.message.pack(fill="x", pady=(px(self, 4), 0))
        self.button = ttk.Button(card, text="登录", bootstyle="primary", command=self.enter)
        self.button.pack(fill="x", pady=(px(self, 10), 0))
        forgot = ttk.Button(card, text="忘记密码？", bootstyle="primary link", command=self.recover)
        forgot.pack(pady=(px(self, 8), 0))
        self.message.on_over = lambda: self.button.configure(state="normal")
        for key in ("<Return>", "<KP_Enter>"):
            self.name.bind(key, lambda _event: self.password.focus_set(), add=True)
            self.password.bind(key, lambda _event: self.button.invoke(), add=True)
        self.name.bind("<<ComboboxSelected>>", lambda _event: self._other_name(), add=True)

    def _other_name(self) -> None:
        self.name.selection_clear()
        self.message.clear()
        self.button.configure(state="normal")
        self.password.focus_set()

    def enter(self) -> None:
        """Try what was typed; the slow hash is computed by a worker."""
        name, password, clock = self.name.get().strip(), self.password.get(), self._clock
        if not name:
            self.message.show("请选择或输入操作员。")
            self.name.focus_set()
            return
        if not password:
            self.message.show("请输入密码。")
            self.password.focus_set()
            return
        self.button.configure(state="disabled", text="正在登录…")
        self.message.clear()

        def work(_progress: Progress) -> Actor:
            with writing():
                return log_in(name=name, password=password, clock=clock)

        self._workers.run(work, title="登录", done=self._welcome, failed=self._refused, quiet=True)

    def recover(self) -> None:
        """The way in for an administrator who has the recovery code."""
        from meiping.ui.shell.recovery_dialog import RecoveryDialog

        RecoveryDialog(self, self._workers, self._outcomes, self._clock, self.name.get().strip())

    def _welcome(self, actor: Actor) -> None:
        self._view.set("login.name", actor.name)
        self._entered(actor)

    def _refused(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal", text="登录")
        self.password.focus_set()
        self.password.select_range(0, "end")
        if not isinstance(error, UserError):
            self._outcomes.unexpected(error, "login")
            return
        wait_s = error.wait_s if isinstance(error, LoginRefused) else 0
        if wait_s:
            self.button.configure(state="disabled")
        self.message.show(error.sentence, wait_s)
