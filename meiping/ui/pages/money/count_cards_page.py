"""次卡设置: which products are count cards, with how many uses, for how long."""

import tkinter as tk
from typing import Any

from meiping.domains.loyalty.card_queries import KIND_COLUMNS, card_kinds
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind
from meiping.domains.stock.queries import find_products, hits_by_id
from meiping.kernel.changes import Topic
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice


class CountCardsPage(ListPage):
    """The products that are sold as count cards."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="count_cards",
                title="次卡设置",
                unit="种次卡",
                columns=KIND_COLUMNS,
                listing=self._listing,
                search="商品 / 服务",
                actions=(
                    Action("新增次卡", self.add, "plus-lg", key="Control-n", primary=True),
                    Action("修改", self.change, key="F2", needs=Needs.ONE, opens=True),
                    Action("停卖 / 恢复", self.toggle, key="Delete", needs=Needs.ONE),
                ),
                empty=("还没有次卡。把一个服务商品设为次卡，卖出后每次消费扣一次。", "新增次卡"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        found = card_kinds(self.context.actor)
        word = asked.text.strip().casefold()
        rows = [
            row for row in found.rows if word in f"{row['name']} {row['service']} {row['code']}".casefold()
        ]
        return Table(found.title, found.columns, rows)

    def add(self) -> None:
        """Make a product a count card."""
        self._ask(None)

    def change(self, row: Row) -> None:
        """Other terms; cards sold so far stay as they are."""
        self._ask(row)

    def _ask(self, row: Row | None) -> None:
        def search(text: str) -> list[Choice]:
            hits = self.context.read(find_products, text=text) if text else []
            return [
                Choice(hit.id, hit.name, hit.code, show_fen(hit.price_fen))
                for hit in hits or ()
                if not hit.stocked
            ]

        def resolve(product_id: int) -> Choice | None:
            hits = self.context.read(hits_by_id, product_ids=[product_id]) or []
            return next((Choice(hit.id, hit.name, hit.code) for hit in hits), None)

        asked = (
            Field(
                "product_id",
                "商品",
                FieldKind.PICK,
                required=True,
                search=search,
                resolve=resolve,
                readonly=row is not None,
                hint="不管库存的商品，售价就是卡的价钱",
            ),
            Field("uses", "次数", FieldKind.NUMBER, required=True, minimum=1),
            Field("service", "服务", limit=40, hint="例如洗车、剪发，不填就用商品名"),
            Field("days", "有效天数", FieldKind.NUMBER, hint="从卖出那天算起，不填就是长期有效"),
            Field("active", "在卖", FieldKind.CHECK, default=True),
        )
        values: dict[str, Any] = {"active": True}
        if row is not None:
            kept = ("uses", "service", "active")
            values = {
                "product_id": row["id"],
                "days": row["day_count"] or None,
                **{key: row[key] for key in kept},
            }

        def save(entered: Values) -> bool:
            product_id = row["id"] if row is not None else entered["product_id"]
            card = CardInput(
                product_id, entered["uses"], entered["service"], entered["days"] or 0, entered["active"]
            )
            return self._save(card, near=dialog, button=dialog.button)

        title = "新增次卡" if row is None else "修改次卡"
        dialog = FormDialog(self.widget, title, asked, values=values, on_submit=save, columns=1, width=380)

    def _save(self, card: CardInput, **shown: Any) -> bool:
        return self.context.run(save_card_kind, card=card, done=self._saved, success="已保存次卡。", **shown)

    def _saved(self, product_id: int) -> None:
        self.reload()
        self.list.select_id(product_id)

    def toggle(self, row: Row) -> None:
        """Sell it as a card no more, or again."""
        self._save(CardInput(row["id"], row["uses"], row["service"], row["day_count"], not row["active"]))


PAGE = PageParts(
    build=CountCardsPage,
    watches=frozenset({Topic.PRODUCTS}),
    help="次卡卖出时先记为欠客户的服务，每用一次算一次收入，到期没用完的到期那天算收入。收银台按 F10 消费。",
    keys=(("Ctrl+N", "新增次卡"), ("F2 / 双击", "修改"), ("Delete", "停卖或恢复"), *LIST_KEYS),
)
