"""The advanced search: any fields of customers, all conditions to be met."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.conditions import CHOSEN, MAX_CONDITIONS, Condition
from meiping.domains.customers.queries import describe_conditions, search_choices, search_fields
from meiping.kernel.errors import InputError
from meiping.ui.context import Context
from meiping.ui.pages.customers.customer_list.condition_row import ConditionRow, RowHands
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.scroller import Scroller

_WIDTH, _HEIGHT = 700, 330
_FIRST_ROWS = 1


class AdvancedDialog(DialogWindow):
    """Asks for conditions; ``found`` gets them, checked. Nothing typed is lost by a mistake."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        conditions: Sequence[Condition],
        found: Callable[[tuple[Condition, ...]], object],
    ) -> None:
        super().__init__(parent, "高级查找")
        self._context, self._found = context, found
        self._fields = context.read(search_fields) or ()
        self._hands = RowHands(self._choices, context.actor.today, self._remove, self.submit)
        self._among = [one for one in conditions if one.field == CHOSEN.key]
        hint = "列出同时符合下面全部条件的客户。同一项要几个值之一，可以一起勾选。"
        for told in context.read(describe_conditions, conditions=self._among) or ():
            hint += f"\n只在{told}里找。"
        self._hint = ttk.Label(self.body, text=hint, style="Muted.TLabel")
        self._hint.pack(anchor="w", pady=(0, px(self, 10)))
        scroller = Scroller(self.body, width=px(self, _WIDTH), height=px(self, _HEIGHT))
        scroller.pack(fill="both", expand=True)
        self._inner = scroller.inner
        self.rows: list[ConditionRow] = []
        self._more = ttk.Button(self._inner, text="添加条件", icon="plus-lg", command=self.add)
        self._more.configure(bootstyle="neutral outline")
        self._more.pack(anchor="w", pady=(px(self, 2), 0))
        for condition in conditions:
            if condition not in self._among:
                self._make_row().show(condition)
        for _row in range(len(self.rows), _FIRST_ROWS):
            self._make_row()
        self.button = self.add_button("查找", self.submit, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        clear = ttk.Button(self.footer, text="全部清除", command=self.clear, bootstyle="neutral ghost")
        clear.pack(side="left")
        for key, act in (
            ("<Control-Return>", self.submit),
            ("<Control-n>", self.add),
            ("<Control-Delete>", self._remove_here),
        ):
            self.bind(key, partial(self._by_key, act))
        self.open(self.rows[0].field_box)

    def _choices(self, key: str) -> Sequence[tuple[Any, str]]:
        return self._context.read(search_choices, field=key) or ()

    def _by_key(self, act: Callable[[], object], _event: object) -> str:
        act()
        return "break"

    def _make_row(self) -> ConditionRow:
        row = ConditionRow(self._inner, self._fields, self._hands)
        row.pack(fill="x", pady=(0, px(self, 10)), padx=(0, px(self, 12)), before=self._more)
        self.rows.append(row)
        self._more.lift()
        return row

    def add(self) -> None:
        """One more condition."""
        if len(self.rows) >= MAX_CONDITIONS:
            self._context.toast(f"查找条件最多 {MAX_CONDITIONS} 个。", kind="info")
            return
        self._make_row().field_box.focus_set()

    def _remove(self, row: ConditionRow) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        row.destroy()
        if not self.rows:
            self._make_row()
        self.rows[min(place, len(self.rows) - 1)].field_box.focus_set()

    def _remove_here(self) -> None:
        focus = str(self.focus_get())
        row = next((one for one in self.rows if focus.startswith(str(one))), None)
        if row is not None:
            self._remove(row)

    def clear(self) -> None:
        """Begin with one empty row."""
        for row in self.rows:
            row.destroy()
        self.rows, self._among = [], []
        self._hint.configure(text=str(self._hint.cget("text")).split("\n")[0])
        self._make_row().field_box.focus_set()

    def submit(self) -> None:
        """Look for the customers, unless a condition can't be understood: every mistake is told at its row."""
        asked: list[Condition] = []
        wrong: list[ConditionRow] = []
        for row in self.rows:
            try:
                condition = row.condition()
            except InputError:
                wrong.append(row)
                continue
            if condition is not None:
                asked.append(condition)
        if wrong:
            wrong[0].focus_wrong()
            return
        self.close()
        self._found((*self._among, *asked))
