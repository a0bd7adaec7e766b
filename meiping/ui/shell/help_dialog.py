"""F1: the keys of the page in front, what it is for, and the keys that work everywhere; and 关于."""

import platform
import sqlite3
import tkinter as tk
from collections.abc import Collection, Sequence

import ttkbootstrap as ttk

from meiping import __version__
from meiping.store.folder import DataFolder
from meiping.ui.page_spec import PageSpec
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Facts
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.key_words import shown_key
from meiping.ui.widgets.scroller import Scroller

KeyTable = Sequence[tuple[str, str]]
EVERYWHERE: KeyTable = (
    ("F1", "帮助"),
    ("Ctrl+K", "搜索一切：客户、联系人、商品、单据、资料、页面"),
    ("F5", "重新读取本页"),
    ("Alt+1 … 9", "到第几个模块"),
    ("Ctrl+Tab", "下一个模块"),
    ("Ctrl+PgDn / PgUp", "本模块的下一页、上一页"),
    ("Ctrl+Z", "撤销刚才的操作（提示还在时）"),
    ("Ctrl+L", "锁屏"),
    ("Ctrl+Shift+M", "遮住或显示成本、毛利、电话"),
    ("Ctrl+Shift+E", "进入或结束练习模式"),
    ("Esc", "关闭窗口、返回"),
)


class HelpDialog(DialogWindow):
    """Keys first, then words. Of the page's keys the ``unusable`` ones are left out."""

    def __init__(self, parent: tk.Misc, page: PageSpec | None, unusable: Collection[str] = ()) -> None:
        super().__init__(parent, "帮助" if page is None else f"帮助：{page.title}", resizable=True)
        scroller = Scroller(self.body, width=px(self, 520), height=px(self, 420))
        scroller.pack(fill="both", expand=True)
        inside = scroller.inner
        left_out = {shown_key(key) for key in unusable}
        own = [
            (key, what)
            for key, what in (page.keys if page is not None else ())
            if left_out.isdisjoint(shown_key(one) for one in key.split(" / "))
        ]
        if own:
            self._table(inside, "本页的按键", own)
        if page is not None and page.help:
            self._heading(inside, "说明")
            words = ttk.Label(inside, text=page.help, justify="left", wraplength=px(self, 490))
            words.pack(anchor="w", pady=(0, px(self, 12)))
        taken = {shown_key(key) for key, _ in own}
        self._table(inside, "到处可用的按键", [pair for pair in EVERYWHERE if pair[0] not in taken])
        scroller.take_keys(self)
        self.open(self.add_button("关闭", self.close))
        self.bind("<F1>", lambda _event: self.close())

    def _heading(self, parent: tk.Misc, text: str) -> None:
        ttk.Label(parent, text=text, font="MpBold").pack(anchor="w", pady=(0, px(self, 6)))

    def _table(self, parent: tk.Misc, title: str, keys: KeyTable) -> None:
        self._heading(parent, title)
        table = ttk.Frame(parent)
        table.pack(fill="x", pady=(0, px(self, 14)))
        table.columnconfigure(1, weight=1)
        for row, (key, what) in enumerate(keys):
            cap = ttk.Label(table, text=shown_key(key), style="Accent.TLabel", width=18)
            cap.grid(row=row, column=0, sticky="w", pady=px(self, 2))
            ttk.Label(table, text=what).grid(row=row, column=1, sticky="w")


class AboutDialog(DialogWindow):
    """What this is, which versions it runs on, and where the data lies."""

    def __init__(self, parent: tk.Misc, folder: DataFolder) -> None:
        super().__init__(parent, "关于 meiping")
        ttk.Label(self.body, text="meiping", font="MpTitle").pack(anchor="w")
        line = "客户管理与收银：一台电脑上的小店帮手，不需要网络。"
        ttk.Label(self.body, text=line, style="Muted.TLabel").pack(anchor="w", pady=(0, px(self, 12)))
        facts = Facts(self.body, columns=1)
        facts.pack(fill="x")
        versions = f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version}"
        facts.show(
            [
                ("版本", __version__),
                ("数据文件夹", str(folder.root.resolve())),
                ("运行环境", f"{versions} · Tk {self.tk.call('info', 'patchlevel')}"),
            ]
        )
        self.open(self.add_button("关闭", self.close))
