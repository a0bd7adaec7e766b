"""What is shown instead of the login when the shop's file can't be opened: why, and the way back."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ttkbootstrap as ttk

from meiping.adapters.files import open_in_system
from meiping.store.folder import DataFolder
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialogs import choose_open_file

_MOST = 6


@dataclass(frozen=True, slots=True)
class Restorable:
    """A backup that may help: when it was made and of what kind, in words; ``path`` is handed to ``restore``."""

    path: str
    title: str
    detail: str


class Trouble(ttk.Frame):
    """Fills the root. ``restore`` gets the path of a backup file; without it only the sentence is shown."""

    def __init__(
        self,
        root: ttk.App,
        folder: DataFolder,
        sentence: str,
        *,
        backups: Sequence[Restorable],
        restore: Callable[[str], None] | None,
        leave: Callable[[], None],
    ) -> None:
        super().__init__(root, style="Locked.TFrame")
        root.title("meiping · 打不开数据")
        self._restore = restore
        card = ttk.Frame(self, bootstyle="bordered", padding=px(self, 28))
        card.place(relx=0.5, rely=0.45, anchor="center")
        ttk.Frame(card, width=px(self, 560), height=0).pack()
        ttk.Label(card, text="店铺的数据没有打开", font="MpTitle").pack(anchor="w")
        self._words(card, sentence, "TLabel", px(self, 8))
        self._words(card, f"数据文件夹：{folder.root.resolve()}", "Muted.TLabel", px(self, 14))
        if restore is not None:
            self._offer(card, backups)
        foot = ttk.Frame(card)
        foot.pack(fill="x", pady=(px(self, 16), 0))
        self.leave = ttk.Button(foot, text="退出", command=leave, bootstyle="neutral outline")
        self.leave.pack(side="right")
        look = ttk.Button(foot, text="打开数据文件夹", bootstyle="neutral outline")
        look.configure(command=lambda: open_in_system(folder.root))
        look.pack(side="right", padx=px(self, 8))
        if restore is not None:
            other = ttk.Button(foot, text="选择备份文件…", command=self._choose, bootstyle="neutral outline")
            other.pack(side="left")
        self.pack(fill="both", expand=True)
        self.leave.focus_force()

    def _words(self, card: tk.Misc, text: str, style: str, gap: int) -> None:
        words = ttk.Label(card, text=text, style=style, justify="left")
        words.pack(fill="x", pady=(0, gap))
        wrap_to_width(words)

    def _offer(self, card: tk.Misc, backups: Sequence[Restorable]) -> None:
        title = "可以从备份恢复，现在的数据会原样保留：" if backups else "数据文件夹里没有找到备份。"
        ttk.Label(card, text=title, font="MpBold").pack(anchor="w", pady=(0, px(self, 6)))
        for backup in backups[:_MOST]:
            row = ttk.Frame(card)
            row.pack(fill="x", pady=px(self, 3))
            ttk.Label(row, text=backup.title).pack(side="left")
            detail = ttk.Label(row, text=backup.detail, style="Muted.TLabel", font="MpSmall")
            detail.pack(side="left", padx=px(self, 12))
            button = ttk.Button(row, text="恢复", bootstyle="primary outline")
            button.configure(command=lambda path=backup.path: self._take(path))
            button.pack(side="right")

    def _choose(self) -> None:
        path = choose_open_file(self, "选择备份文件", [("meiping 备份", "*.zip")])
        if path is not None:
            self._take(str(path))

    def _take(self, path: str) -> None:
        if self._restore is not None:
            self._restore(path)
