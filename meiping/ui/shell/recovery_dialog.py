"""The recovery code: shown once to be kept, and used when the administrator's password is forgotten."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.files import replace_file
from meiping.domains.access.rules import check_password
from meiping.domains.settings.recovery import recover
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import Clock
from meiping.store.database import writing
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.shell.password_dialog import same_twice
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import choose_save_file
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_TEXT = """meiping 恢复码

{code}

忘记系统管理员的密码时，在登录窗口点“忘记密码？”，输入这个恢复码。
它只能用一次；用过之后会给出新的。请放在店外安全的地方，不要给别人看。
"""


class RecoveryCode(ttk.Frame):
    """The code in large letters, ways to keep it, and a tick that it is kept; ``on_kept`` hears the tick."""

    def __init__(self, parent: tk.Misc, code: str, on_kept: Callable[[bool], object]) -> None:
        super().__init__(parent)
        self._code = code
        box = ttk.Frame(self, style="SoftInfo.TFrame", padding=(px(self, 16), px(self, 14)))
        box.pack(fill="x")
        shown = ttk.Label(box, text=code, style="InkInfo.TLabel", font="MpBig", anchor="center")
        shown.pack(fill="x")
        row = ttk.Frame(self)
        row.pack(fill="x", pady=(px(self, 10), px(self, 8)))
        self.copy = ttk.Button(row, text="复制", icon="copy", command=self._copy, bootstyle="neutral outline")
        self.copy.pack(side="left")
        save = ttk.Button(
            row, text="存为文件…", icon="download", command=self._save, bootstyle="neutral outline"
        )
        save.pack(side="left", padx=px(self, 8))
        self._said = ttk.Label(row, style="Good.TLabel", font="MpSmall")
        self._said.pack(side="left", padx=px(self, 4))
        self._kept = ttk.BooleanVar(self, False)
        self.tick = ttk.Checkbutton(
            self,
            text="我已经抄下或存好恢复码",
            variable=self._kept,
            command=lambda: on_kept(self._kept.get()),
        )
        self.tick.pack(anchor="w")
        self.tick.bind("<Return>", lambda _event: self._go_on())

    def _go_on(self) -> None:
        """Enter on the tick goes on to the button, as in every form."""
        following = self.tick.tk_focusNext()
        if following is not None:
            following.focus_set()

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._code)
        self._said.configure(text="已复制", style="Good.TLabel")

    def _save(self) -> None:
        path = choose_save_file(self, "保存恢复码", [("文本文件", "*.txt")], "meiping恢复码.txt")
        if path is None:
            return
        try:
            replace_file(path, _TEXT.format(code=self._code).encode("utf-8-sig"), private=True)
        except UserError as error:
            self._said.configure(text=error.sentence, style="Bad.TLabel")
        else:
            self._said.configure(text="已保存", style="Good.TLabel")


class _NewCode(DialogWindow):
    """Shows the code that works from now on; stays until it is kept."""

    def __init__(self, parent: tk.Misc, code: str) -> None:
        super().__init__(parent, "新的恢复码")
        words = "密码已经改好。原来的恢复码作废，这是新的，只显示这一次："
        ttk.Label(self.body, text=words, wraplength=px(self, 400), justify="left").pack(anchor="w")
        self.code = RecoveryCode(self.body, code, self._kept)
        self.code.pack(fill="x", pady=(px(self, 10), 0))
        self.button = self.add_button("完成", self.close, bootstyle="primary")
        self.button.configure(state="disabled")
        self.open(self.code.copy)

    def _kept(self, kept: bool) -> None:
        self.button.configure(state="normal" if kept else "disabled")

    def dismiss(self) -> None:
        """Not before the code is kept."""
        if not self.button.instate(["disabled"]):
            self.close()


class RecoveryDialog(FormDialog):
    """Asks for the code and a new password; then shows the next code."""

    def __init__(
        self, parent: tk.Misc, workers: Background, outcomes: Outcomes, clock: Clock, name: str
    ) -> None:
        self._workers, self._outcomes, self._clock = workers, outcomes, clock
        self._parent = parent
        note = "普通操作员忘记密码，请管理员在“系统 · 操作员”里重设。管理员自己忘记，用建店时抄下的恢复码："
        fields = (
            Field("note", "", FieldKind.NOTE, hint=note),
            Field("name", "管理员", required=True),
            Field("code", "恢复码", FieldKind.CODE, required=True, hint="20 位，横线可以不输"),
            Field("new", "新密码", FieldKind.PASSWORD, required=True, hint="至少 6 位"),
            Field("again", "确认密码", FieldKind.PASSWORD, required=True),
        )
        super().__init__(
            parent, "用恢复码登录", fields, values={"name": name}, submit="重设密码", on_submit=self._recover
        )

    def _recover(self, values: dict[str, Any]) -> bool:
        try:
            check_password(values["new"])
            same_twice(values["new"], values["again"])
        except InputError as error:
            self._refuse(error)
            return False
        name, code, password, clock = values["name"], values["code"], values["new"], self._clock

        def work(_progress: Progress) -> str:
            with writing():
                return recover(name=name, code=code, password=password, clock=clock)

        self.button.configure(state="disabled")
        self._workers.run(work, title="重设密码", done=self._recovered, failed=self._failed, quiet=True)
        return False

    def _recovered(self, code: str) -> None:
        if self.winfo_exists():
            self.close()
        _NewCode(self._parent, code)

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal")
        if isinstance(error, UserError):
            self._refuse(error)
        else:
            self._outcomes.unexpected(error, "recovery")

    def _refuse(self, error: UserError) -> None:
        field = "new" if error.field == "password" else error.field
        self.show_error(InputError(error.sentence, field=field))
