"""操作员: who works here, with which roles."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.access.queries import OPERATOR_COLUMNS, operators
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.access.service import change_operator
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.system.hand_over_dialog import hand_over_dialog
from meiping.ui.pages.system.operator_dialog import ask_operator


class OperatorsPage(ListPage):
    """The operators, those who left only on demand."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="operators",
                title="操作员",
                unit="位操作员",
                columns=OPERATOR_COLUMNS,
                listing=self._listing,
                search="姓名",
                filters=(Toggle("inactive", "显示已停用的"),),
                actions=(
                    Action("新增操作员", self.add, "person-plus", MANAGE_ACCESS, "Control-n", primary=True),
                    Action(
                        "修改", self.change, permission=MANAGE_ACCESS, key="F2", needs=Needs.ONE, opens=True
                    ),
                    Action("停用", self.deactivate, permission=MANAGE_ACCESS, key="Delete", needs=Needs.SOME),
                    Action("离职交接…", self.hand_over, permission=MANAGE_ACCESS, needs=Needs.ONE),
                    Action("启用", self.activate, permission=MANAGE_ACCESS, needs=Needs.SOME),
                ),
                empty=("还没有操作员。", "新增操作员"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        found = operators(self.context.actor)
        word = asked.text.strip().casefold()
        rows = [
            row
            for row in found.rows
            if word in row["name"].casefold() and (row["active"] or asked["inactive"])
        ]
        return Table(found.title, found.columns, rows)

    def _saved(self, record_id: int) -> None:
        self.reload()
        self.list.select_id(record_id)

    def add(self) -> None:
        """A new operator."""
        ask_operator(self.widget, self.context, None, done=self._saved)

    def change(self, row: Row) -> None:
        """Change an operator, the password too."""
        ask_operator(self.widget, self.context, row, done=self._saved)

    def deactivate(self, rows: Sequence[Row]) -> None:
        """Let operators log in no more; the message offers to take it back."""
        names = "、".join(row["name"] for row in rows)
        detail = "停用后不能登录，做过的业务都保留。"
        if not self.context.ask(
            f"停用操作员“{names}”吗？", yes="停用", no="不停用", danger=True, detail=detail
        ):
            return
        if self._set_active(rows, active=False):
            self.context.toast(f"已停用“{names}”。", action=("撤销", lambda: self.activate(rows)))

    def hand_over(self, row: Row) -> None:
        """Give all that a leaver has to others and take him out of use, in one step."""
        if row["id"] == self.context.actor.operator_id:
            self.context.toast("不能停用自己，请让另一位管理员来做。", kind="warning")
        else:
            hand_over_dialog(self.widget, self.context, row, self.reload)

    def activate(self, rows: Sequence[Row]) -> None:
        """Let operators log in again."""
        if self._set_active(rows, active=True):
            self.context.toast(f"已启用“{'、'.join(row['name'] for row in rows)}”。")

    def _set_active(self, rows: Sequence[Row], *, active: bool) -> bool:
        return all(
            self.context.run(
                change_operator,
                operator_id=row["id"],
                name=row["name"],
                role_ids=row["role_ids"],
                company_id=row["company_id"],
                active=active,
            )
            for row in rows
        )


PAGE = PageParts(
    build=OperatorsPage,
    watches=frozenset({Topic.ACCESS}),
    help="每个人用自己的姓名和密码登录，能做什么由角色决定。有人离职时用右键的“离职交接”，客户和提醒转给同事，做过的业务都保留。",
    keys=(("Ctrl+N", "新增操作员"), ("F2 / 双击", "修改"), ("Delete", "停用"), *LIST_KEYS),
)
