"""Changing one's own password. The slow hashes are computed by a worker."""

import tkinter as tk
from typing import Any

from meiping.domains.access.login import replace_own_password
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.rules import check_password
from meiping.kernel.errors import InputError, UserError
from meiping.store.database import writing
from meiping.ui.context import Progress
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

FIELDS = (
    Field("old", "现在的密码", FieldKind.PASSWORD, required=True),
    Field("new", "新密码", FieldKind.PASSWORD, required=True, hint="至少 6 位"),
    Field("again", "确认密码", FieldKind.PASSWORD, required=True),
)


def same_twice(password: str, again: str, *, field: str = "again") -> None:
    """Raise InputError unless a password was typed the same way twice."""
    if password != again:
        raise InputError("两次输入的密码不一样，请再输一次。", field=field)


class PasswordDialog(FormDialog):
    """Asks for the old password and the new one; closes once the change is written."""

    def __init__(self, parent: tk.Misc, context: ShellContext) -> None:
        self._context = context
        super().__init__(parent, "修改密码", FIELDS, submit="修改密码", on_submit=self._change)

    def _change(self, values: dict[str, Any]) -> bool:
        try:
            check_password(values["new"])
            same_twice(values["new"], values["again"])
        except InputError as error:
            self.show_error(
                InputError(error.sentence, field="new" if error.field == "password" else error.field)
            )
            return False
        actor, old, new = self._context.actor, values["old"], values["new"]

        def work(_progress: Progress) -> None:
            with writing():
                replace_own_password(actor, old=old, new=make_hash(new))

        self.button.configure(state="disabled")
        self._context.background(
            work, title="修改密码", success="密码已修改", done=self._done, failed=self._failed, quiet=True
        )
        return False

    def _done(self, _result: object) -> None:
        if self.winfo_exists():
            self.close()

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal")
        if isinstance(error, UserError):
            field = "old" if error.field == "password" else error.field
            self.show_error(InputError(error.sentence, field=field))
