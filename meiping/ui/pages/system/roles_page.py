"""角色: what each kind of operator may do, and whose records they see."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.domains.access.queries import RoleDetail, operators, roles
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.access.service import delete_role
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.system.role_dialog import SCOPE_TITLES, RoleDialog, permission_groups
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, wrap_to_width

_COLUMNS = (
    Column("name", "角色", width=16),
    Column("scope", "数据范围", width=14),
    Column("permissions", "权限", Kind.NUMBER, width=8),
    Column("operators", "操作员", width=24, stretch=True, sortable=False),
)


class RolesPage(ListPage):
    """The roles, with what they may do at the right."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="roles",
                title="角色",
                unit="个角色",
                columns=_COLUMNS,
                listing=self._listing,
                actions=(
                    Action("新增角色", self.add, "plus-lg", MANAGE_ACCESS, "Control-n", primary=True),
                    Action(
                        "修改", self.change, permission=MANAGE_ACCESS, key="F2", needs=Needs.ONE, opens=True
                    ),
                    Action("照此新增", self.copy, permission=MANAGE_ACCESS, needs=Needs.ONE),
                    Action("删除", self.delete, permission=MANAGE_ACCESS, key="Delete", needs=Needs.ONE),
                ),
                detail=_RoleDetail,
                share=0.55,
                empty=("还没有角色。", "新增角色"),
            ),
        )

    def _listing(self, _asked: Asked) -> Listing:
        people: dict[int, list[str]] = {}
        for operator in operators(self.context.actor).rows:
            for role_id in operator["role_ids"]:
                people.setdefault(role_id, []).append(operator["name"])
        rows = [_row(role, people.get(role.id, [])) for role in roles(self.context.actor)]
        return Table("角色", _COLUMNS, rows)

    def _saved(self, record_id: int) -> None:
        self.reload()
        self.list.select_id(record_id)

    def add(self) -> None:
        """A new role that may do nothing yet."""
        RoleDialog(self.widget, self.context, None, done=self._saved)

    def copy(self, row: Row) -> None:
        """A new role that begins with what another may do."""
        RoleDialog(self.widget, self.context, row["role"], done=self._saved, copy=True)

    def change(self, row: Row) -> None:
        """Change what a role may do."""
        if row["role"].administrator:
            self.context.toast("系统管理员拥有全部权限，不能修改。", kind="info")
        else:
            RoleDialog(self.widget, self.context, row["role"], done=self._saved)

    def delete(self, row: Row) -> None:
        """Delete a role nobody has."""
        self.context.run(delete_role, role_id=row["id"], success=f"已删除角色“{row['name']}”")


def _row(role: RoleDetail, people: list[str]) -> Row:
    return {
        "id": role.id,
        "name": role.name,
        "scope": SCOPE_TITLES[role.scope],
        "permissions": None if role.administrator else len(role.permissions),
        "operators": "、".join(people),
        "role": role,
    }


class _RoleDetail:
    """What the chosen role may do, in words, by group."""

    def __init__(self, parent: tk.Misc) -> None:
        self._pane = DetailPane(parent, empty="选择一个角色，这里显示它能做什么")
        self.widget: tk.Widget = self._pane
        self._body = self._pane.body

    def show(self, row: Row | None) -> None:
        """Show a role."""
        if row is None:
            self._pane.clear()
            return
        role: RoleDetail = row["role"]
        scope = f"看到的数据：{SCOPE_TITLES[role.scope]}"
        self._pane.show(role.name, f"全部权限 · {scope}" if role.administrator else scope)
        for child in self._body.winfo_children():
            child.destroy()
        for group, permissions in permission_groups():
            held = [one.title for one in permissions if role.administrator or one.key in role.permissions]
            heading = ttk.Label(self._body, text=group, style="Muted.TLabel", font="MpSmall")
            heading.pack(anchor="w", pady=(px(self._body, 6), 0))
            words = ttk.Label(
                self._body,
                text="、".join(held) or "—",
                style="TLabel" if held else "Muted.TLabel",
                justify="left",
                width=1,
            )
            words.pack(fill="x")
            wrap_to_width(words)


PAGE = PageParts(
    build=RolesPage,
    watches=frozenset({Topic.ACCESS}),
    help="角色是一组权限。一个操作员可以有几个角色，权限合在一起算，数据范围取最宽的。改动马上生效。",
    keys=(("Ctrl+N", "新增角色"), ("F2 / 双击", "修改"), ("Delete", "删除"), *LIST_KEYS),
)
