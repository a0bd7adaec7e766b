"""The conditions in force, above the list: each in words, taken away by a press."""

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.conditions import Condition
from meiping.domains.customers.queries import describe_conditions
from meiping.kernel.errors import UserError
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import FilterBar

_LONGEST = 34
"""Characters; what is longer is cut, for the condition itself can be looked at."""


class ConditionChips:
    """Narrows the list to conditions; ``change`` opens them for changing.

    ``other`` gives (words, how to take it away) of what else narrows the list out of sight.
    """

    def __init__(self, parent: tk.Misc, context: Context, changed: Callable[[], None]) -> None:
        self._context, self._changed = context, changed
        self.change: Callable[[], object] = lambda: None
        self.other: Callable[[], tuple[str, Callable[[], object]] | None] = lambda: None
        self.conditions: tuple[Condition, ...] = ()
        self._shown: list[str] = []
        self.widget: tk.Widget = ttk.Frame(parent)
        self.widget.pack(fill="x")
        self._empty()

    def _empty(self) -> None:
        for child in self.widget.winfo_children():
            child.destroy()
        self.widget["height"] = 1

    def values(self) -> Mapping[str, Any]:
        """The conditions, None without any."""
        return {"conditions": self.conditions or None}

    def set(self, values: Mapping[str, Any]) -> None:
        """Have other conditions without telling."""
        if "conditions" in values:
            self.conditions = tuple(values["conditions"] or ())
            self.reload()

    def use(self, conditions: tuple[Condition, ...]) -> None:
        """Narrow the list to these conditions and to nothing else of them."""
        self.conditions = conditions
        self.reload()
        self._changed()

    def reload(self) -> None:
        """Say the conditions anew; those that can't be asked any more go, which is told."""
        told = [(condition, self._told(condition)) for condition in self.conditions]
        told = [(condition, words) for condition, words in told if words]
        self.conditions = tuple(condition for condition, _words in told)
        other = self.other()
        shown = [*([other[0]] if other else []), *(words for _condition, words in told)]
        if shown != self._shown:  # who stands on a chip keeps the focus over a reload
            self._shown = shown
            self._build(told, other)

    def _build(
        self, told: list[tuple[Condition, str]], other: tuple[str, Callable[[], object]] | None
    ) -> None:
        self._empty()
        if not told and other is None:
            return
        bar = FilterBar(self.widget)
        if other is not None:
            bar.add(self._chip(bar, *other))
        for condition, words in told:
            bar.add(self._chip(bar, words, partial(self._remove, condition)))
        if self.conditions:
            bar.add(self._link(bar, "修改条件", self._change))
            bar.add(self._link(bar, "全部清除", lambda: self.use(())))

    def _change(self) -> None:
        self.change()

    def _told(self, condition: Condition) -> str:
        try:
            return describe_conditions(self._context.actor, conditions=[condition])[0]
        except UserError as error:
            self._context.toast(f"有一个查找条件已经去掉：{error.sentence}", kind="warning")
            return ""

    def _chip(self, bar: tk.Misc, words: str, remove: Callable[[], object]) -> ttk.Button:
        shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
        chip = ttk.Button(bar, text=f"{shown}  ✕", command=remove, bootstyle="primary outline")
        chip.configure(padding=(px(bar, 10), px(bar, 2)))
        return chip

    def _link(self, bar: tk.Misc, words: str, act: Callable[[], object]) -> ttk.Button:
        link = ttk.Button(bar, text=words, command=act, bootstyle="neutral ghost")
        link.configure(padding=(px(bar, 6), px(bar, 2)))
        return link

    def _remove(self, condition: Condition) -> None:
        self.use(tuple(one for one in self.conditions if one != condition))
