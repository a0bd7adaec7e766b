"""What an empty counter says: how to begin, and the first keys."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.ui.counter_keys import BY_ID, key_word
from meiping.ui.theme import px

_FIRST = (
    ("settle",),
    ("quantity",),
    ("discount",),
    ("price",),
    ("more", "less"),
    ("browse",),
    ("customer",),
    ("terms",),
    ("hold",),
    ("give_back",),
    ("last_receipt",),
    ("drawer",),
    ("member",),
    ("shift",),
)


class KeyHints(ttk.Frame):
    """What an empty counter says: how to begin, and the keys one needs first."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=px(parent, 8))
        self._icon = ttk.Label(self, image=ttk.Icon("upc-scan", px(self, 44), "secondary"))
        self._icon.pack(pady=(0, px(self, 10)))
        self._first = ttk.Label(self, text="扫码，或输入商品名称、拼音首字母、编码", font="MpBold")
        self._first.pack(pady=(0, px(self, 2)))
        self._second = ttk.Label(
            self, text="整天不用鼠标：收银只要下面这些键", style="Muted.TLabel", font="MpSmall"
        )
        self._second.pack()
        grid = ttk.Frame(self)
        grid.pack(pady=(px(self, 16), 0))
        rows = -(-len(_FIRST) // 2)
        keys = [" / ".join(key_word(action) for action in actions) for actions in _FIRST]
        wide = max(6, *map(len, keys))
        for index, (actions, key) in enumerate(zip(_FIRST, keys, strict=True)):
            row, column = index % rows, index // rows * 2
            cap = ttk.Label(
                grid, text=key, font="MpSmall", anchor="center", width=wide, style="Chrome.TLabel"
            )
            cap.configure(padding=(px(self, 4), px(self, 2)))
            left = px(self, 28) if column else 0
            cap.grid(row=row, column=column, padx=(left, px(self, 10)), pady=px(self, 4))
            said = "、".join(BY_ID[action].title for action in actions)
            ttk.Label(grid, text=said, style="Muted.TLabel").grid(row=row, column=column + 1, sticky="w")
        self._whole = self.winfo_reqheight()

    def fit(self, height: int) -> None:
        """Do without the picture, then without the second line, where ``height`` pixels are all there is."""
        self.update_idletasks()
        if self._icon.winfo_manager() and self._second.winfo_manager():
            self._whole = self.winfo_reqheight()
        gap = px(self, 10)
        if height < self._whole:
            self._icon.pack_forget()
        else:
            self._icon.pack(pady=(0, gap), before=self._first)
        if height < self._whole - self._icon.winfo_reqheight() - gap:
            self._second.pack_forget()
        else:
            self._second.pack(after=self._first)
