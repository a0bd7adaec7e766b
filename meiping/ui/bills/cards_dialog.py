"""A customer's count cards in a window: Enter takes one use, which can be taken back; what was used stands below.

Pressed again, Enter takes no second use: that wants Ctrl+Enter, or another card.
"""

import tkinter as tk
import uuid
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.loyalty.card_queries import CARD_COLUMNS, USE_COLUMNS, cards_of, uses_of
from meiping.domains.loyalty.card_rules import USE_CARDS
from meiping.domains.loyalty.cards import SOURCE, Used, undo_use, use_card
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.tabular import Row, Table
from meiping.ui.bills.card_return_dialog import give_card_back
from meiping.ui.bills.receipt_dialog import hand_out_slip
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.virtual_list import VirtualList

_WIDTH, _CARDS, _USES = 860, 190, 190


class CardsDialog(DialogWindow):
    """Enter takes one of the card in hand, Ctrl+Z takes the last one back, Delete gives the card back.

    ``changed`` is called after each.
    """

    def __init__(
        self, parent: tk.Misc, context: Context, customer_id: int, name: str, changed: Callable[[], None]
    ) -> None:
        super().__init__(parent, f"次卡 · {name}", resizable=True)
        self._context, self._customer_id, self._changed = context, customer_id, changed
        self._last: Used | None = None
        self._taken_of: int | None = None
        self._said = ttk.Label(self.body, font="MpBold", text="选一张卡，按 Enter 用一次")
        self._said.pack(anchor="w", pady=(0, px(self, 8)))
        self.cards = VirtualList(
            self._room(_CARDS),
            CARD_COLUMNS,
            key="cards",
            view=context.view,
            on_open=self._take,
            on_select=self._show_uses,
            selectmode="browse",
        )
        self.cards.set_empty("还没有次卡。卖一张次卡商品给这位客户，就在这里。", None, None)
        self.cards.pack(fill="both", expand=True)
        ttk.Label(self.body, text="使用记录", style="Muted.TLabel").pack(anchor="w", pady=px(self, 8))
        self.uses = VirtualList(self._room(_USES), USE_COLUMNS, key="card_uses", view=context.view)
        self.uses.set_empty("这张卡还没有用过。", None, None)
        self.uses.pack(fill="both", expand=True)
        self.add_button("关闭 Esc", self.dismiss)
        if context.may_get(RETURN_GOODS):
            self.add_button("退卡 Delete", self.give_back)
            self.cards.tree.bind("<Delete>", lambda _event: self.give_back())
        if context.may_get(USE_CARDS):
            self.add_button("撤销上一次 Ctrl+Z", self.undo)
            self.add_button("用一次 Enter", self.take, bootstyle="primary")
            for key in ("<Control-z>", "<Control-Z>"):
                self.bind(key, lambda _event: self.undo())
            self.cards.tree.bind("<Control-Return>", lambda _event: self.take_again())
        self._show()
        self.open(self.cards.tree)
        self.cards.enter()

    def _room(self, height: int) -> ttk.Frame:
        room = ttk.Frame(self.body, width=px(self, _WIDTH), height=px(self, height))
        room.pack(fill="both", expand=True)
        room.pack_propagate(False)
        return room

    def _show(self) -> None:
        found = self._context.read(cards_of, customer_id=self._customer_id)
        row = self.cards.current_row()
        self.cards.set_listing(found if found is not None else Table("次卡", CARD_COLUMNS, []))
        if row is not None:
            self.cards.select_id(row["id"])
        self._show_uses(self.cards.current_row())

    def _show_uses(self, row: Row | None) -> None:
        found = self._context.read(uses_of, card_id=row["id"]) if row is not None else None
        self.uses.set_listing(found if found is not None else Table("使用记录", USE_COLUMNS, []))

    def take(self) -> None:
        """One use of the card in hand."""
        row = self.cards.current_row()
        if row is not None:
            self._take(row)

    def take_again(self) -> str:
        """One use more of a card one was just taken of."""
        self._taken_of = None
        self.take()
        return "break"

    def _take(self, row: Row) -> None:
        if row["id"] == self._taken_of:
            self._said.configure(text=f"{row['service']}已经用了一次，再用一次请按 Ctrl+Enter")
            self.bell()
            return
        self._context.run(use_card, key=str(uuid.uuid4()), card_id=row["id"], done=self._taken)

    def give_back(self) -> None:
        """What is left of the card in hand goes back to the customer."""
        row = self.cards.current_row()
        if row is not None:
            give_card_back(self, self._context, row["id"], changed=self._given_back)

    def _given_back(self) -> None:
        self._said.configure(text="已退卡")
        self._show()
        self._changed()

    def _taken(self, used: Used) -> None:
        self._last = used
        row = self.cards.current_row()
        self._taken_of = row["id"] if row is not None else None
        told = f"{used.service}用了一次，还剩 {used.left} 次"
        self._said.configure(text=told)
        self._show()
        self._changed()
        hand_out_slip(self, self._context, f"{told}。", source=SOURCE, number=used.number)

    def undo(self) -> None:
        """The use taken last in this window comes back."""
        if self._last is None:
            self._said.configure(text="还没有可以撤销的消费")
        else:
            self._context.run(undo_use, use_id=self._last.use_id, done=self._undone)

    def _undone(self, used: Used) -> None:
        self._last = self._taken_of = None
        told = f"已撤销，{used.service}还剩 {used.left} 次"
        self._said.configure(text=told)
        self._context.toast(f"{told}。")
        self._show()
        self._changed()
