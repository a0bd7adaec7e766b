"""价格规则: special prices, so much off a bill, birthday discounts; all that the counter gives by itself."""

import tkinter as tk
from dataclasses import fields, replace
from typing import Any

from meiping.domains.catalog.price_rules import delete_price_rule, save_price_rule
from meiping.domains.catalog.prices import RULE_COLUMNS, PriceRuleInput, RuleKind, price_rules
from meiping.domains.catalog.queries import find_products, hits_by_id
from meiping.domains.settings.queries import levels
from meiping.kernel.changes import Topic
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

_KEYS = tuple(one.name for one in fields(PriceRuleInput))
_KINDS = tuple((kind.key, kind.title) for kind in RuleKind)
_ASKED_BY = {
    "product_id": RuleKind.SPECIAL.key,
    "price_fen": RuleKind.SPECIAL.key,
    "least_fen": RuleKind.THRESHOLD.key,
    "off_fen": RuleKind.THRESHOLD.key,
    "discount_bp": RuleKind.BIRTHDAY.key,
    "whole_month": RuleKind.BIRTHDAY.key,
}
"""Which fields belong to which kind of rule; the others to all."""


class PriceRulesPage(ListPage):
    """The rules, those in use first."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="price_rules",
                title="价格规则",
                unit="条规则",
                columns=RULE_COLUMNS,
                listing=self._listing,
                search="名称 / 商品",
                filters=(Filter("kind", "种类", lambda: _KINDS),),
                actions=(
                    Action("新增规则", self.add, "plus-lg", key="Control-n", primary=True),
                    Action("修改", self.change, key="F2", needs=Needs.ONE, opens=True),
                    Action("停用 / 启用", self.toggle, needs=Needs.ONE),
                    Action("删除", self.delete, key="Delete", needs=Needs.ONE),
                ),
                empty=("还没有价格规则。特价、满减、生日折扣写在这里，收银时自动生效。", "新增规则"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        found = price_rules(self.context.actor)
        word = asked.text.strip().casefold()
        rows = [
            row
            for row in found.rows
            if word in f"{row['title']} {row['terms']}".casefold()
            and asked["kind"] in (None, row["rule"].kind)
        ]
        return Table(found.title, found.columns, rows)

    def add(self) -> None:
        """A new rule."""
        self._ask(None)

    def change(self, row: Row) -> None:
        """Other terms for a rule; bills already settled stay as they are."""
        self._ask(row)

    def _ask(self, row: Row | None) -> None:
        rule = row["rule"] if row else PriceRuleInput(RuleKind.SPECIAL.key)
        values: dict[str, Any] = {key: getattr(rule, key) for key in _KEYS}

        def save(entered: Values) -> bool:
            return self._save(PriceRuleInput(**entered), row, near=dialog, button=dialog.button)

        def follow(key: str) -> None:
            if key == "kind":
                kind = dialog.form.value("kind")
                for name, belongs in _ASKED_BY.items():
                    dialog.form.show(name, belongs == kind)

        dialog = FormDialog(
            self.widget,
            "新增价格规则" if row is None else "修改价格规则",
            self._fields(rule.kind),
            values=values,
            on_submit=save,
            on_change=follow,
            columns=1,
            width=420,
        )

    def _fields(self, kind: str) -> tuple[Field, ...]:
        money = FieldKind.MONEY

        def hidden(key: str) -> bool:
            return _ASKED_BY[key] != kind

        return (
            Field("kind", "种类", FieldKind.SWITCH, choices=_KINDS),
            Field(
                "product_id",
                "商品",
                FieldKind.PICK,
                search=self._find_product,
                resolve=self._product,
                hint="名称、拼音首字母、编码或条码",
                hidden=hidden("product_id"),
            ),
            Field("price_fen", "特价", money, hidden=hidden("price_fen")),
            Field("least_fen", "整单满", money, hint="商品折扣以后的合计", hidden=hidden("least_fen")),
            Field("off_fen", "减", money, hint="几条都满足时用减得最多的一条", hidden=hidden("off_fen")),
            Field(
                "discount_bp",
                "整单折扣",
                FieldKind.DISCOUNT,
                hint="9 是 9 折；客户的生日，农历也算",
                hidden=hidden("discount_bp"),
            ),
            Field("whole_month", "生日当月都有", FieldKind.CHECK, hidden=hidden("whole_month")),
            Field(
                "level_id",
                "客户等级",
                FieldKind.CHOICE,
                choices=lambda: tuple((level.id, level.name) for level in levels()),
                hint="不选就是所有客户",
            ),
            Field("first_date", "从", FieldKind.DATE, hint="不填就是马上开始"),
            Field("last_date", "到", FieldKind.DATE, hint="含这一天，不填就是一直有效"),
            Field("title", "名称", limit=40, hint="不填就自动取名，例如“满 100 减 10”"),
            Field("active", "在用", FieldKind.CHECK, default=True),
        )

    def _find_product(self, text: str) -> list[Choice]:
        hits = self.context.read(find_products, text=text) or []
        return [Choice(hit.id, hit.name, right=show_fen(hit.price_fen)) for hit in hits]

    def _product(self, product_id: Any) -> Choice | None:
        hits = self.context.read(hits_by_id, product_ids=[product_id]) or {}
        return Choice(product_id, hits[product_id].name) if product_id in hits else None

    def _save(self, rule: PriceRuleInput, row: Row | None, **shown: Any) -> bool:
        return self.context.run(
            save_price_rule,
            rule=rule,
            rule_id=row["id"] if row else None,
            done=self._saved,
            success="已保存价格规则，收银时马上生效。",
            **shown,
        )

    def _saved(self, rule_id: int) -> None:
        self.reload()
        self.list.select_id(rule_id)

    def toggle(self, row: Row) -> None:
        """Take a rule out of use, or back."""
        self._save(replace(row["rule"], active=not row["rule"].active), row)

    def delete(self, row: Row) -> None:
        """Take a rule away; bills keep what it gave them."""
        if self.context.ask(f"删除价格规则“{row['title']}”吗？", yes="删除", no="不删", danger=True):
            self.context.run(
                delete_price_rule,
                rule_id=row["id"],
                success="已删除价格规则。",
                done=lambda _none: self.reload(),
            )


PAGE = PageParts(
    build=PriceRulesPage,
    watches=frozenset({Topic.PRODUCTS, Topic.SETTINGS}),
    help="会员价、等级折扣和特价里取最低的一个；满减和生日折扣再从整单里减，按商品分摊。都不会低于最低售价，手工改的价格优先。",
    keys=(("Ctrl+N", "新增规则"), ("F2 / 双击", "修改"), ("Delete", "删除"), *LIST_KEYS),
)
