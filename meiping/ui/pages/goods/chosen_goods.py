"""Products picked out elsewhere: said above the list, taken away by a press."""

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Any

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.cards import FilterBar

Chosen = tuple[str, tuple[int, ...]]
"""Words that say which products, and their ids."""


class ChosenGoods:
    """Narrows the list to these products under the key ``chosen``."""

    def __init__(self, parent: tk.Misc, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._chosen: Chosen | None = None
        self.widget: tk.Widget = ttk.Frame(parent)
        self.widget.pack(fill="x")
        self._show()

    def values(self) -> Mapping[str, Any]:
        """The products chosen, None for all."""
        return {"chosen": self._chosen}

    def set(self, values: Mapping[str, Any]) -> None:
        """Have others without telling."""
        if "chosen" in values and values["chosen"] != self._chosen:
            self._chosen = values["chosen"]
            self._show()

    def reload(self) -> None:
        """Nothing here grows old."""

    def drop(self) -> None:
        """All products again."""
        self._chosen = None
        self._show()
        self._changed()

    def _show(self) -> None:
        for child in self.widget.winfo_children():
            child.destroy()
        self.widget["height"] = 1
        if self._chosen is None:
            return
        bar = FilterBar(self.widget)
        word, ids = self._chosen
        chip = ttk.Button(bar, text=f"{word}（{len(ids):,} 个）  ✕", command=self.drop)
        chip.configure(bootstyle="primary outline", padding=(px(bar, 10), px(bar, 2)))
        bar.add(chip)
