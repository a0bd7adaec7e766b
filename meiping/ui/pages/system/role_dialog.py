"""Ticking what a role may do, group by group."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.access.queries import RoleDetail
from meiping.domains.access.service import save_role
from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.permissions import Permission, all_permissions
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.scroller import Scroller

SCOPE_TITLES = {
    Scope.OWN: "自己的",
    Scope.DEPARTMENT: "本部门的",
    Scope.COMPANY: "本公司的",
    Scope.ALL: "全部",
}
_GROUPS = ("收银", "客户", "商品", "财务", "办公", "报表", "系统")
_COLUMNS = 4
_WIDTH, _HEIGHT = 900, 420


def permission_groups() -> list[tuple[str, list[Permission]]]:
    """Every permission by its group, the groups in the order of the menu; looking comes before doing."""
    groups: dict[str, list[Permission]] = {group: [] for group in _GROUPS}
    for one in sorted(all_permissions(), key=lambda one: (_room(one), not one.key.endswith(".view"))):
        groups.setdefault(one.group, []).append(one)
    return [(group, held) for group, held in groups.items() if held]


def _room(one: Permission) -> str:
    return one.key.partition(".")[0]


class _Group(ttk.Frame):
    """The ticks of one group under one tick for all of them."""

    def __init__(
        self, parent: tk.Misc, title: str, permissions: list[Permission], ticked: frozenset[str]
    ) -> None:
        super().__init__(parent, bootstyle="bordered", padding=(px(parent, 12), px(parent, 8)))
        self._all = ttk.BooleanVar(self)
        self.head = ttk.Checkbutton(self, text=title, variable=self._all, command=self._tick_all)
        self.head.pack(anchor="w", pady=(0, px(self, 4)))
        self.ticks: dict[str, ttk.BooleanVar] = {}
        for one in permissions:
            variable = ttk.BooleanVar(self, one.key in ticked)
            self.ticks[one.key] = variable
            box = ttk.Checkbutton(self, text=one.title, variable=variable, command=self._tell)
            box.pack(anchor="w", padx=(px(self, 18), 0), pady=px(self, 2))
        self._tell()

    def _tick_all(self) -> None:
        for variable in self.ticks.values():
            variable.set(self._all.get())
        self._tell()

    def _tell(self) -> None:
        """The upper tick shows all, none or some of the others."""
        on = sum(bool(variable.get()) for variable in self.ticks.values())
        self._all.set(on == len(self.ticks))
        self.head.state(["alternate" if 0 < on < len(self.ticks) else "!alternate"])

    def chosen(self) -> set[str]:
        """The keys ticked."""
        return {key for key, variable in self.ticks.items() if variable.get()}


class RoleDialog(DialogWindow):
    """Asks for the name, the scope and the permissions of a role; ``done`` gets its id once it is saved."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        role: RoleDetail | None,
        *,
        done: Callable[[int], object],
        copy: bool = False,
    ) -> None:
        changes = role is not None and not copy
        super().__init__(parent, f"修改角色“{role.name}”" if role and changes else "新增角色", resizable=True)
        self._context, self._done = context, done
        self._role_id = role.id if role is not None and changes else None
        self.form = Form(
            self.body,
            (
                Field("name", "角色名", required=True, limit=20),
                Field(
                    "scope",
                    "数据范围",
                    FieldKind.CHOICE,
                    required=True,
                    choices=list(SCOPE_TITLES.items()),
                    hint="看得到谁的客户和业务",
                ),
            ),
            values={
                "name": role.name if role is not None and changes else "",
                "scope": role.scope if role else Scope.OWN,
            },
            on_submit=self._into_ticks,
        )
        self.form.pack(fill="x", pady=(0, px(self, 8)))
        ticked = role.permissions if role is not None else frozenset()
        if role is not None and role.administrator:
            ticked = frozenset(one.key for one in all_permissions())
        self.groups = self._build_groups(ticked)
        self._before = self.chosen()
        self.button = self.add_button("保存", self.submit, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        for key in ("<Control-s>", "<Control-S>", "<Control-Return>"):
            self.bind(key, lambda _event: self.submit())
        self.open(self)
        self.form.focus_first()

    def _build_groups(self, ticked: frozenset[str]) -> list[_Group]:
        scroller = Scroller(self.body, width=px(self, _WIDTH), height=px(self, _HEIGHT))
        scroller.pack(fill="both", expand=True)
        columns = [ttk.Frame(scroller.inner) for _ in range(_COLUMNS)]
        for place, column in enumerate(columns):
            column.grid(row=0, column=place, sticky="new", padx=(0, px(self, 10)))
            scroller.inner.columnconfigure(place, weight=1, uniform="groups")
        made = []
        filled = [0] * _COLUMNS
        for title, permissions in permission_groups():
            place = min(range(_COLUMNS), key=partial(_first_of, filled))
            filled[place] += len(permissions) + 2
            group = _Group(columns[place], title, permissions, ticked)
            group.pack(fill="x", pady=(0, px(self, 10)))
            made.append(group)
        return made

    def _into_ticks(self) -> None:
        """Enter in the last field goes on to the first tick."""
        self.groups[0].head.focus_set()

    def chosen(self) -> set[str]:
        """The keys of all permissions ticked."""
        return set().union(*(group.chosen() for group in self.groups))

    def submit(self) -> None:
        """Save if the name can be understood."""
        try:
            values = self.form.values()
        except InputError:
            return
        self._context.run(
            save_role,
            near=self,
            success="已保存角色",
            done=self._saved,
            role_id=self._role_id,
            permissions=self.chosen(),
            **values,
        )

    def _saved(self, role_id: int) -> None:
        self.close()
        self._done(role_id)

    def show_error(self, error: UserError) -> None:
        """Say a refusal beside its field, or at the top."""
        self.form.show_error(error)

    def dismiss(self) -> None:
        """Close; asks first if something was changed."""
        changed = self.form.changed() or self.chosen() != self._before
        if changed and not ask(self, "放弃修改吗？", yes="放弃", no="继续修改", danger=True):
            return
        self.close()


def _first_of(filled: list[int], place: int) -> tuple[int, int]:
    return filled[place], place
