"""自定义字段: the fields the shop adds to its customers, in the order in which they are asked."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.custom_fields.queries import FieldUse, field_uses
from meiping.domains.custom_fields.rules import FieldKind
from meiping.domains.custom_fields.service import activate_field, arrange_fields, delete_field
from meiping.domains.customers.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.system.custom_field_dialog import CustomFieldDialog

_COLUMNS = (
    Column("title", "名称", width=16, sortable=False),
    Column("kind", "类型", width=8, sortable=False),
    Column("choices", "选项", width=28, stretch=True, sortable=False),
    Column("required", "必填", Kind.YES, width=6, sortable=False),
    Column("in_list", "显示在列表", Kind.YES, width=11, sortable=False),
    Column("used", "已填记录", Kind.NUMBER, width=9, sortable=False),
    Column("active", "在用", Kind.YES, width=6, sortable=False),
)


class CustomFieldsPage(ListPage):
    """The fields with what can be done to them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="custom_fields",
                title="自定义字段",
                unit="个字段",
                facts=lambda: "客户资料里多出来的栏目 · 停用的不再填写，已填的内容保留",
                columns=_COLUMNS,
                listing=lambda _asked: Table("自定义字段", _COLUMNS, self._fetched()),
                actions=(
                    Action("新增字段", self._add, "plus-lg", key="Control-n", primary=True),
                    Action("修改", self._change, key="F2", needs=Needs.ONE, opens=True),
                    Action("停用或启用", self._toggle, key="Delete", needs=Needs.ONE),
                    Action("删除没有用过的", self._delete, needs=Needs.ONE),
                    Action(
                        "上移",
                        lambda row: self._move(row, -1),
                        "arrow-up",
                        key="Alt-Up",
                        needs=Needs.ONE,
                        head=True,
                    ),
                    Action(
                        "下移",
                        lambda row: self._move(row, 1),
                        "arrow-down",
                        key="Alt-Down",
                        needs=Needs.ONE,
                        head=True,
                    ),
                ),
                empty=(
                    "客户资料里还缺什么？例如肤质、车牌号、入会日期。加一个字段，新增客户时就能填，也能查找和导出。",
                    "新增字段",
                ),
                output=False,
            ),
        )

    def _fetched(self) -> Sequence[Row]:
        uses: Sequence[FieldUse] = self.context.read(field_uses, record_kind=KIND) or ()
        return [
            {
                "id": use.spec.id,
                "title": use.spec.title,
                "kind": use.spec.kind.title,
                "choices": "、".join(use.spec.choices) if use.spec.kind is FieldKind.CHOICE else "",
                "required": use.spec.required,
                "in_list": use.spec.in_list,
                "used": use.used,
                "active": use.spec.active,
                "tone": None if use.spec.active else "muted",
                "use": use,
            }
            for use in uses
        ]

    def _add(self) -> None:
        CustomFieldDialog(self.widget, self.context, KIND, None, self._saved)

    def _change(self, row: Row) -> None:
        CustomFieldDialog(self.widget, self.context, KIND, row["use"], self._saved)

    def _saved(self, field_id: int) -> None:
        self.reload()
        self.list.select_id(field_id)

    def _toggle(self, row: Row) -> None:
        word = "已停用" if row["active"] else "已启用"
        self.context.run(
            activate_field,
            field_id=row["id"],
            active=not row["active"],
            success=f"{word}“{row['title']}”",
            done=lambda _none: self._saved(row["id"]),
        )

    def _delete(self, row: Row) -> None:
        self.context.run(
            delete_field,
            field_id=row["id"],
            success=f"已删除“{row['title']}”",
            done=lambda _none: self.reload(),
        )

    def _move(self, row: Row, step: int) -> None:
        """Ask it earlier or later."""
        ids = [one["id"] for one in self._fetched()]
        place = ids.index(row["id"]) if row["id"] in ids else -1
        if place >= 0 and 0 <= place + step < len(ids):
            ids.insert(place + step, ids.pop(place))
            self.context.run(
                arrange_fields, record_kind=KIND, ids=ids, done=lambda _none: self._saved(row["id"])
            )


PAGE = PageParts(
    build=CustomFieldsPage,
    watches=frozenset({Topic.SETTINGS, Topic.CUSTOMERS}),
    help="给客户资料添加自己的栏目：文字、数字、日期、选项、是或否。填了的内容可以查找、排序、导入和导出。",
    keys=(
        ("Ctrl+N", "新增字段"),
        ("F2 / 双击", "修改"),
        ("Delete", "停用或启用"),
        ("Alt+↑ / Alt+↓", "上移 / 下移"),
        *LIST_KEYS,
    ),
)
