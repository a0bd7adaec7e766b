"""The head of the counter: what is done beside selling, and how many bills wait."""

import tkinter as tk
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.commands import Command, Commands
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.widgets.cards import PageHead


class CounterHead(PageHead):
    """Every button says its key; one is for both ways, putting a bill aside and taking one back."""

    def __init__(self, parent: tk.Misc, desk: Desk, commands: Commands) -> None:
        super().__init__(parent, "收银")
        self._desk, self._commands = desk, commands
        bill = commands.bill
        self._add_command("班次", "clock-history", "shift", commands.shift.shift)
        self._add_command("小票", "receipt", "last_receipt", bill.last_receipt)
        if desk.context.may_get(RETURN_GOODS):
            self._add_command("退换货", "arrow-return-left", "give_back", bill.give_back)
        self.hold = self._add_command("取单", "pause-circle", "hold", bill.hold_or_recall)
        self._add_command("查价", "tag", "price_check", bill.price_check)
        self._browse = self._add_command("选商品", "grid", "browse", bill.browse)

    def _add_command(self, word: str, icon: str, name: str, command: Command) -> ttk.Button:
        return self.action(word, icon, partial(self._commands.do, command), key_word(name))

    def offer_browse(self, there: bool) -> None:
        """Have a button for what is in the menu too, or leave its room to what is said of the shift."""
        self.show(self._browse, there)
        self.fit()

    def show_held(self, *, selling: bool) -> None:
        """Put aside what is on the counter, or take back; on an empty counter it says how many wait."""
        waiting = 0 if selling else len(held_carts(self._desk.context.actor))
        word = "挂单" if selling else "取单"
        self.hold.configure(text=f"{word} {key_word('hold')}" + (f"（{waiting}）" if waiting else ""))
        self.fit()
