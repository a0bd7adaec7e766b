"""充值规则: what a customer gets besides for putting so much into stored value."""

import tkinter as tk
from dataclasses import fields, replace
from typing import Any

from meiping.domains.settings.queries import levels
from meiping.domains.wallet.queries import RULE_COLUMNS, recharge_rules
from meiping.domains.wallet.recharge_rules import delete_rule, save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

_KEYS = tuple(one.name for one in fields(RuleInput))


class RechargeRulesPage(ListPage):
    """The rules; the best one that fits fills in the bonus when somebody recharges."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="recharge_rules",
                title="充值规则",
                unit="条规则",
                columns=RULE_COLUMNS,
                listing=self._listing,
                search="名称",
                actions=(
                    Action("新增规则", self.add, "plus-lg", key="Control-n", primary=True),
                    Action("修改", self.change, key="F2", needs=Needs.ONE, opens=True),
                    Action("停用 / 启用", self.toggle, needs=Needs.ONE),
                    Action("删除", self.delete, key="Delete", needs=Needs.ONE),
                ),
                empty=("还没有充值规则。例如充 500 送 50，充值时赠送会自动填好。", "新增规则"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        found = recharge_rules(self.context.actor)
        word = asked.text.strip().casefold()
        return Table(
            found.title, found.columns, [row for row in found.rows if word in row["name"].casefold()]
        )

    def add(self) -> None:
        """A new rule."""
        self._ask(None)

    def change(self, row: Row) -> None:
        """Other terms for a rule; what was recharged by it stays as it is."""
        self._ask(row)

    def _ask(self, row: Row | None) -> None:
        asked = (
            Field("least_fen", "充值满", FieldKind.MONEY, required=True),
            Field("bonus_fen", "赠送", FieldKind.MONEY, required=True),
            Field("each", "每满一次都送", FieldKind.CHECK, hint="例如每充 100 送 10，充 350 就送 30"),
            Field(
                "level_id",
                "客户等级",
                FieldKind.CHOICE,
                choices=lambda: tuple((level.id, level.name) for level in levels()),
                hint="不选就是所有客户",
            ),
            Field("first_date", "从", FieldKind.DATE, hint="不填就是马上开始"),
            Field("last_date", "到", FieldKind.DATE, hint="含这一天，不填就是一直有效"),
            Field("name", "名称", limit=40, hint="不填就用“充 500 送 50”这样的名称"),
            Field("active", "在用", FieldKind.CHECK, default=True),
        )
        values: dict[str, Any] = (
            {key: getattr(row["rule"], key) for key in _KEYS} if row else {"active": True}
        )

        def save(entered: Values) -> bool:
            return self._save(RuleInput(**entered), row, near=dialog, button=dialog.button)

        title = "新增充值规则" if row is None else "修改充值规则"
        dialog = FormDialog(self.widget, title, asked, values=values, on_submit=save, columns=1, width=400)

    def _save(self, rule: RuleInput, row: Row | None, **shown: Any) -> bool:
        return self.context.run(
            save_rule,
            rule=rule,
            rule_id=row["id"] if row else None,
            done=self._saved,
            success="已保存充值规则。",
            **shown,
        )

    def _saved(self, rule_id: int) -> None:
        self.reload()
        self.list.select_id(rule_id)

    def toggle(self, row: Row) -> None:
        """Take a rule out of use, or back."""
        self._save(replace(row["rule"], active=not row["rule"].active), row)

    def delete(self, row: Row) -> None:
        """Take a rule away that was never used."""
        if self.context.ask(f"删除充值规则“{row['name']}”吗？", yes="删除", no="不删", danger=True):
            self.context.run(
                delete_rule, rule_id=row["id"], success="已删除充值规则。", done=lambda _none: self.reload()
            )


PAGE = PageParts(
    build=RechargeRulesPage,
    watches=frozenset({Topic.SETTINGS}),
    help="充值时按这里的规则自动填好赠送；几条都合适时用送得最多的那一条。赠送可以消费，不能退成现金。",
    keys=(("Ctrl+N", "新增规则"), ("F2 / 双击", "修改"), ("Delete", "删除没有用过的规则"), *LIST_KEYS),
)
