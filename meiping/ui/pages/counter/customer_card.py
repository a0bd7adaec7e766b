"""Who is buying: level, stored value, debt, the credit left, and what was paid or told last for the goods in hand."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.sales.at_till import CustomerAtTill
from meiping.kernel.money import show_discount, show_fen
from meiping.kernel.phones import show_phone
from meiping.ui.counter_keys import key_word
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cut_text import CutLabel


class CustomerCard(ttk.Frame):
    """The head of the bill. The same height with and without a customer, so that nothing below it jumps."""

    def __init__(
        self, parent: tk.Misc, *, on_choose: Callable[[], object], on_remove: Callable[[], object]
    ) -> None:
        super().__init__(parent, style="Chrome.TFrame", padding=(px(parent, 12), px(parent, 9)))
        self._icon = ttk.Label(self, style="Chrome.TLabel")
        self._icon.grid(row=0, column=0, rowspan=3, padx=(0, px(self, 10)))
        self.columnconfigure(1, weight=1)
        self.name = CutLabel(self, style="Chrome.TLabel", font="MpBold")
        self.name.grid(row=0, column=1, sticky="ew")
        self._level = ttk.Label(self, style="InkInfo.TLabel", font="MpSmall", padding=(px(self, 6), 0))
        self._choose = self._button(f"选客户 {key_word('customer')}", on_choose, "primary")
        self._choose.grid(row=0, column=3, sticky="e", padx=(px(self, 6), 0))
        self._money = CutLabel(self, style="Chrome.TLabel", font="MpSmall")
        self._money.grid(row=1, column=1, columnspan=3, sticky="ew")
        self._line = CutLabel(self, style="Muted.Chrome.TLabel", font="MpSmall")
        self._line.grid(row=2, column=1, columnspan=2, sticky="ew")
        self._remove = self._button(f"去掉 {key_word('no_customer')}", on_remove, "neutral")
        self._remove.configure(padding=(px(self, 6), 0))
        for row in range(3):
            self.rowconfigure(row, minsize=self._remove.winfo_reqheight())

    def _button(self, text: str, command: Callable[[], object], role: str) -> ttk.Button:
        button = ttk.Button(
            self, text=text, command=command, bootstyle=f"@chrome {role} ghost", takefocus=False
        )
        button.configure(padding=(px(self, 6), px(self, 1)))
        return button

    def show(
        self,
        customer: CustomerAtTill | None,
        *,
        last_price_fen: int | None,
        quoted_fen: int | None,
        salesperson: str,
    ) -> None:
        """Who is buying, and who gets the credit for it."""
        icon = ("person", "secondary") if customer is None else ("person-check-fill", "primary")
        self._icon.configure(image=ttk.Icon(icon[0], px(self, 30), icon[1]))
        self._choose.configure(text=f"{'选客户' if customer is None else '换'} {key_word('customer')}")
        remarks = [f"业务员 {salesperson}"] if salesperson else []
        if customer is not None and customer.phone and customer.name != show_phone(customer.phone):
            remarks.append(privacy.phone(customer.phone))
        if customer is None:
            self._remove.grid_remove()
            self._level.grid_remove()
            self.name.say("散客")
            self._money.say("会员卡、手机号直接扫或输入")
            self._money.configure(style="Muted.Chrome.TLabel")
        else:
            self._remove.grid(row=2, column=3, sticky="e")
            self.name.say(privacy.said(customer.name))
            self._show_level(customer)
            self._money.say(
                f"会员卡已挂失 · {_money_words(customer)}" if customer.card_lost else _money_words(customer)
            )
            self._money.configure(
                style="Bad.Chrome.TLabel" if customer.debt_fen > 0 or customer.card_lost else "Chrome.TLabel"
            )
            remarks = [*_price_words(last_price_fen, quoted_fen), *remarks]
        self._line.say(" · ".join(remarks))

    def _show_level(self, customer: CustomerAtTill) -> None:
        percent = show_discount(customer.discount_bp).replace(" ", "")
        level = " ".join(word for word in (customer.level, percent) if word)
        self._level.configure(text=level)
        if level:
            self._level.grid(row=0, column=2, padx=(px(self, 8), 0))
        else:
            self._level.grid_remove()


def _price_words(last_fen: int | None, quoted_fen: int | None) -> list[str]:
    """What the goods in hand cost this customer before, and what he was told."""
    words = [f"上次价 {show_fen(last_fen)}"] if last_fen is not None else []
    if quoted_fen is not None:
        words.append(f"报价 {show_fen(quoted_fen)}")
    return [f"这件{words[0]}", *words[1:]] if words else []


def _money_words(customer: CustomerAtTill) -> str:
    """What there is and what is owed; of a debtor the debt first, where little room cuts the rest off."""
    words = [f"储值 {show_fen(customer.stored_fen)}"]
    if customer.points is not None:
        words.append(f"积分 {customer.points:,}")
    credit = [f"可赊 {show_fen(customer.credit_left_fen)}"] if customer.credit_limit_fen else []
    if customer.debt_fen > 0:
        return " · ".join([f"欠款 {show_fen(customer.debt_fen)}", *credit, *words])
    return " · ".join([*words, *credit])
