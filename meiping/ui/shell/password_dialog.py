"""Changing one's own password, and the PIN beside it. The slow hashes are computed by a worker."""

import tkinter as tk
from typing import Any

from meiping.domains.access.login import replace_own_password
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.pins import make_pin_hash, replace_own_pin
from meiping.domains.access.rules import PIN_HINT, check_password, check_pin
from meiping.kernel.actor import Actor
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


class _OwnSecretDialog(FormDialog):
    """Checks and hashes in a worker what was typed; closes once it is written."""

    title_words, told, password_field, new_field = "", "", "", ""
    fields: tuple[Field, ...] = ()

    def __init__(self, parent: tk.Misc, context: ShellContext) -> None:
        self._context = context
        super().__init__(parent, self.title_words, self.fields, submit="保存", on_submit=self._change)

    def _check(self, values: dict[str, Any]) -> None:
        """Raise InputError for a new one that can't be."""
        raise NotImplementedError

    def _replace(self, actor: Actor, values: dict[str, Any]) -> None:
        """Check the old and write the new one down; takes its time."""
        raise NotImplementedError

    def _change(self, values: dict[str, Any]) -> bool:
        try:
            self._check(values)
            same_twice(values[self.new_field], values["again"])
        except InputError as error:
            self.show_error(
                InputError(error.sentence, field="again" if error.field == "again" else self.new_field)
            )
            return False
        actor = self._context.actor

        def work(_progress: Progress) -> None:
            with writing():
                self._replace(actor, values)

        self.button.configure(state="disabled")
        self._context.background(
            work, title=self.title_words, success=self.told, done=self._done, failed=self._failed, quiet=True
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
            field = self.password_field if error.field == "password" else error.field
            self.show_error(InputError(error.sentence, field=field))


class PasswordDialog(_OwnSecretDialog):
    """Asks for the old password and the new one."""

    title_words, told, password_field, new_field = "修改密码", "密码已修改", "old", "new"
    fields = FIELDS

    def _check(self, values: dict[str, Any]) -> None:
        check_password(values["new"])

    def _replace(self, actor: Actor, values: dict[str, Any]) -> None:
        replace_own_password(actor, old=values["old"], new=make_hash(values["new"]))


class PinDialog(_OwnSecretDialog):
    """Asks for the password, and for the PIN with which one allows colleagues something at the till."""

    title_words, told, password_field, new_field = "设置主管密码", "主管密码已设置", "password", "pin"
    fields = (
        Field("about", "", FieldKind.NOTE, hint="同事在收银台没有权限时，您输入主管密码就能放行一次。"),
        Field("password", "登录密码", FieldKind.PASSWORD, required=True),
        Field("pin", "主管密码", FieldKind.PASSWORD, required=True, hint=PIN_HINT),
        Field("again", "再输一次", FieldKind.PASSWORD, required=True),
    )

    def _check(self, values: dict[str, Any]) -> None:
        check_pin(values["pin"])

    def _replace(self, actor: Actor, values: dict[str, Any]) -> None:
        replace_own_pin(actor, password=values["password"], new=make_pin_hash(values["pin"]))
