"""The row below the lines: a button for what is done most, the rest in a menu, and how many goods there are."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.sales.cart import CartLine
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.commands import Command, Commands
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.side_column import counted_words
from meiping.ui.theme import px
from meiping.ui.widgets.menus import MenuEntry, popup


class ToolRow(ttk.Frame):
    """Every button says its key; none takes the focus from the scan field."""

    def __init__(self, parent: tk.Misc, desk: Desk, commands: Commands) -> None:
        super().__init__(parent)
        self._desk, self._commands = desk, commands
        line, bill = commands.line, commands.bill
        tools: tuple[tuple[str, str, Command], ...] = (
            ("数量", "quantity", line.quantity),
            ("单价", "price", line.price),
            ("折扣", "discount", line.discount),
            ("整单", "terms", bill.terms),
            ("删除", "remove", line.remove),
            ("撤销", "undo", bill.undo),
            ("现金", "drawer", commands.shift.drawer),
        )
        for word, name, command in tools:
            self._button(word, name, partial(commands.do, command))
        self._more = self._button("更多", "menu", self.more)
        self._counted = ttk.Label(self, style="Muted.TLabel")
        self.show_count(there=True)

    def _button(self, word: str, name: str, command: Command) -> ttk.Button:
        key = key_word(name).replace("Delete", "Del")
        button = ttk.Button(
            self, text=f"{word} {key}", bootstyle="neutral ghost", takefocus=False, command=command
        )
        button.configure(padding=(px(self, 8), px(self, 4)))
        button.pack(side="left", padx=(0, px(self, 2)))
        return button

    def more(self) -> None:
        """What has no button: a menu, worked by the arrows too."""
        button = self._more
        popup(button, self._entries(), button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _entries(self) -> Sequence[MenuEntry]:
        commands, do = self._commands, self._commands.do
        line, bill = commands.line, commands.bill
        some = bool(self._desk.till.cart.lines)
        return (
            *line.without_keys(),
            ("-", None),
            (f"选商品  {key_word('browse')}", partial(do, bill.browse)),
            (f"无码商品  {key_word('amount_only')}", partial(do, line.amount_only)),
            (f"业务员  {key_word('salesperson')}", partial(do, bill.salesperson)),
            (f"本行业务员  {key_word('line_salesperson')}", partial(do, line.salesperson)),
            (f"会员办理  {key_word('member')}", partial(do, commands.member.serve)),
            (f"清空整单  {key_word('clear')}", partial(do, bill.clear) if some else None),
            ("-", None),
            ("更正上一单收款方式…", partial(do, bill.change_tender)),
            ("快捷键…", partial(do, commands.change_keys)),
        )

    def count(self, lines: Sequence[CartLine]) -> None:
        """Say how many goods are on the bill."""
        counted = counted_words(lines)
        self._counted.configure(text=f"共 {counted}" if counted else "")

    def show_count(self, *, there: bool) -> None:
        """Have the number of goods in the row or not, as there is room."""
        if there:
            self._counted.pack(side="right")
        else:
            self._counted.pack_forget()
