"""Asking about an operator: name, password, PIN, roles, company."""

import tkinter as tk
from collections.abc import Callable

from meiping.domains.access.passwords import PasswordHash, make_hash
from meiping.domains.access.pins import make_pin_hash
from meiping.domains.access.queries import RoleDetail, colleagues, companies_of, roles
from meiping.domains.access.rules import PASSWORD_MINIMUM, PIN_HINT, check_password, check_pin
from meiping.domains.access.service import add_operator, change_operator
from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Row
from meiping.ui.context import Context, Progress
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

_ROLE = "role."


def _fields(context: Context, held: list[RoleDetail], row: Row | None) -> list[Field]:
    hint = f"至少 {PASSWORD_MINIMUM} 位" if row is None else "不改密码就留空"
    companies = companies_of(context.actor)
    others = [one for one in colleagues(context.actor) if row is None or one[0] != row["id"]]
    return [
        Field("name", "姓名", required=True, limit=20),
        Field(
            "company_id", "公司", FieldKind.CHOICE, required=True, choices=companies, default=companies[0][0]
        ),
        Field("password", "密码", FieldKind.PASSWORD, required=row is None, hint=hint),
        Field("again", "确认密码", FieldKind.PASSWORD, required=row is None),
        Field("pin", "主管密码", FieldKind.PASSWORD, hint=_pin_hint(row)),
        Field("pin_again", "确认主管密码", FieldKind.PASSWORD),
        Field("superior_id", "上级", FieldKind.CHOICE, choices=others, hint="能看到并批注下属的任务"),
        *(Field(f"{_ROLE}{role.id}", role.name, FieldKind.CHECK, section="角色") for role in held),
        *([Field("active", "在用，可以登录", FieldKind.CHECK, section="状态")] if row is not None else []),
    ]


def _pin_hint(row: Row | None) -> str:
    there = row is not None and row["pin"]
    return f"{PIN_HINT}，收银台放行用" if not there else "已设置，不改就留空"


def _values(row: Row | None) -> Values:
    if row is None:
        return {}
    ticked = {f"{_ROLE}{role_id}": True for role_id in row["role_ids"]}
    plain = {key: row[key] for key in ("name", "company_id", "active", "superior_id")}
    return {**plain, **ticked}


class _OperatorDialog:
    """Checks what was typed, hashes a new password or PIN off the main thread, then saves."""

    def __init__(
        self, parent: tk.Misc, context: Context, row: Row | None, done: Callable[[int], object]
    ) -> None:
        self._context, self._row, self._done = context, row, done
        held = context.read(roles) or []
        self.form = FormDialog(
            parent,
            "新增操作员" if row is None else f"修改操作员“{row['name']}”",
            _fields(context, held, row),
            values=_values(row),
            on_submit=self._submit,
            columns=2,
            width=620,
        )

    def _submit(self, entered: Values) -> bool:
        try:
            self._check(entered)
        except InputError as error:
            self.form.show_error(error)
            return False
        password, pin = entered["password"], entered["pin"]
        if not password and not pin:
            self._save(entered, None, None)
            return False

        def work(_progress: Progress) -> tuple[PasswordHash | None, PasswordHash | None]:
            return make_hash(password) if password else None, make_pin_hash(pin) if pin else None

        self._context.background(work, title="保存密码", done=lambda made: self._save(entered, *made))
        return False

    def _check(self, entered: Values) -> None:
        if entered["password"] != entered["again"]:
            raise InputError("两次输入的密码不一样，请重新输入。", field="again")
        if entered["password"]:
            check_password(entered["password"])
        if entered["pin"] != entered["pin_again"]:
            raise InputError("两次的主管密码不一样。", field="pin_again")
        if entered["pin"]:
            check_pin(entered["pin"])
        if not _role_ids(entered):
            raise InputError("请至少选一个角色。")

    def _save(
        self, entered: Values, password_hash: PasswordHash | None, pin_hash: PasswordHash | None
    ) -> None:
        values = {
            "name": entered["name"],
            "company_id": entered["company_id"],
            "role_ids": _role_ids(entered),
            "password_hash": password_hash,
            "pin_hash": pin_hash,
            "superior_id": entered["superior_id"],
        }
        if self._row is None:
            self._context.run(
                add_operator, near=self.form, success="已新增操作员", done=self._added, **values
            )
            return
        self._context.run(
            change_operator,
            near=self.form,
            success="已保存操作员",
            done=lambda _none: self._added(self._row["id"] if self._row else 0),
            operator_id=self._row["id"],
            active=entered["active"],
            **values,
        )

    def _added(self, operator_id: int) -> None:
        self.form.close()
        self._done(operator_id)


def _role_ids(entered: Values) -> list[int]:
    return [int(key.removeprefix(_ROLE)) for key, on in entered.items() if key.startswith(_ROLE) and on]


def ask_operator(
    parent: tk.Misc, context: Context, row: Row | None, *, done: Callable[[int], object]
) -> FormDialog:
    """Open the dialog for a new operator, or for the one of a row; ``done`` gets the id once it is saved."""
    return _OperatorDialog(parent, context, row, done).form
