"""The keys of the counter: said once, shown on the empty counter and by F1."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.ui.theme import px

KEYS = (
    ("Enter", "加入商品；空着按是结账"),
    ("F12", "结账"),
    ("*", "数量，也可输入 3*条码"),
    ("+ / -", "多一件、少一件"),
    ("/", "本行折扣：0.85、8.5、85 都是 8.5 折"),
    (".", "本行单价；没有商品时输入无码商品的金额"),
    ("=", "无码商品：只输入金额，后面可以写名称"),
    ("Delete", "删除本行"),
    ("↑ ↓", "选择商品行"),
    ("F2", "选择客户"),
    ("End", "去掉客户"),
    ("F3", "查价"),
    ("F4", "业务员"),
    ("F5", "整单折扣、减免"),
    ("F6", "挂单；没有商品时取单"),
    ("F7", "退货、换货"),
    ("F8", "上一张小票"),
    ("F9", "现金收支、开钱箱"),
    ("F10", "会员办理：充值、退款、积分"),
    ("F11", "开班、班中查看、交班"),
    ("Ctrl+Z", "撤销上一步"),
    ("Ctrl+Delete", "清空整单"),
    ("Ctrl+P", "打印显示的小票"),
    ("Ctrl+S", "小票存为 PDF"),
    ("Esc", "返回，不会丢单"),
    ("1–9", "收款时选付款方式"),
    ("空格", "收款时换下一个整数"),
    ("收款时 +", "会员的找零存入储值"),
)
"""For the help page: key and what it does."""
_FIRST = ("F12", "*", "/", ".", "+ / -", "F2", "F5", "F6", "F7", "F8")


class KeyHints(ttk.Frame):
    """What an empty counter says: how to begin, and the keys one needs first."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=px(parent, 8))
        self._icon = ttk.Label(self, image=ttk.Icon("upc-scan", px(self, 44), "secondary"))
        self._icon.pack(pady=(0, px(self, 10)))
        self._first = ttk.Label(self, text="扫码，或输入商品名称、拼音首字母、编码", font="MpBold")
        self._first.pack(pady=(0, px(self, 2)))
        ttk.Label(self, text="整天不用鼠标：收银只要下面这些键", style="Muted.TLabel", font="MpSmall").pack()
        grid = ttk.Frame(self)
        grid.pack(pady=(px(self, 16), 0))
        words = dict(KEYS)
        rows = -(-len(_FIRST) // 2)
        for index, key in enumerate(_FIRST):
            row, column = index % rows, index // rows * 2
            cap = ttk.Label(grid, text=key, font="MpSmall", anchor="center", width=6, style="Chrome.TLabel")
            cap.configure(padding=(px(self, 4), px(self, 2)))
            left = px(self, 28) if column else 0
            cap.grid(row=row, column=column, padx=(left, px(self, 10)), pady=px(self, 4))
            said = words[key].split("：")[0]
            ttk.Label(grid, text=said, style="Muted.TLabel").grid(row=row, column=column + 1, sticky="w")
        self._whole = self.winfo_reqheight()

    def fit(self, height: int) -> None:
        """Do without the picture where ``height`` pixels are all there is."""
        self.update_idletasks()
        if self._icon.winfo_manager():
            self._whole = self.winfo_reqheight()
        if height < self._whole:
            self._icon.pack_forget()
        else:
            self._icon.pack(pady=(0, px(self, 10)), before=self._first)
