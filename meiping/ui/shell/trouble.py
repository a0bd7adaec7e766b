"""What is shown instead of the login when the shop's file can't be opened: why, and the way back."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path

import ttkbootstrap as ttk

from meiping.adapters.files import open_in_system
from meiping.domains.maintenance.rules import KIND_TITLES
from meiping.domains.maintenance.service import restore
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.errors import Cancelled, UserError
from meiping.kernel.moments import Clock, show_moment
from meiping.kernel.sizes import show_size
from meiping.store.backup_shelf import shelf
from meiping.store.folder import DataFolder
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialogs import ask, choose_open_file, tell

_MOST = 6


class Trouble(ttk.Frame):
    """Fills the root: the sentence, the folder, and a button to leave."""

    def __init__(
        self, root: ttk.App, folder: DataFolder, sentence: str, *, leave: Callable[[], None]
    ) -> None:
        super().__init__(root, style="Locked.TFrame")
        root.title("meiping · 打不开数据")
        self._folder = folder
        self.card = ttk.Frame(self, bootstyle="bordered", padding=px(self, 28))
        self.card.place(relx=0.5, rely=0.45, anchor="center")
        ttk.Frame(self.card, width=px(self, 560), height=0).pack()
        ttk.Label(self.card, text="店铺的数据没有打开", font="MpTitle").pack(anchor="w")
        self._words(self.card, sentence, "TLabel", px(self, 8))
        self._words(self.card, f"数据文件夹：{folder.root.resolve()}", "Muted.TLabel", px(self, 14))
        self.foot = ttk.Frame(self.card)
        self.foot.pack(side="bottom", fill="x", pady=(px(self, 16), 0))
        self.leave = ttk.Button(self.foot, text="退出", command=leave, bootstyle="neutral outline")
        self.leave.pack(side="right")
        look = ttk.Button(self.foot, text="打开数据文件夹", bootstyle="neutral outline")
        look.configure(command=lambda: open_in_system(folder.root))
        look.pack(side="right", padx=px(self, 8))
        self.pack(fill="both", expand=True)
        self.leave.focus_force()

    def _words(self, card: tk.Misc, text: str, style: str, gap: int) -> None:
        words = ttk.Label(card, text=text, style=style, justify="left")
        words.pack(fill="x", pady=(0, gap))
        wrap_to_width(words)


class RestorableTrouble(Trouble):
    """The same with the backups that may help; ``restored`` is called once one of them is in use.

    Who can open the folder can restore: the rights lie inside the file that can't be opened.
    """

    def __init__(
        self,
        root: ttk.App,
        folder: DataFolder,
        sentence: str,
        *,
        workers: Background,
        outcomes: Outcomes,
        clock: Clock,
        restored: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(root, folder, sentence, leave=leave)
        self._workers, self._outcomes, self._restored = workers, outcomes, restored
        self._actor = Actor(0, "恢复窗口", 0, AllRights(), clock=clock)
        other = ttk.Button(self.foot, text="选择备份文件…", command=self._choose, bootstyle="neutral outline")
        other.pack(side="left")
        found = [
            (item.path, item.info.manifest, item.size) for item in shelf(folder) if item.info is not None
        ]
        title = "可以从备份恢复，现在的数据会原样保留：" if found else "数据文件夹里没有找到备份。"
        ttk.Label(self.card, text=title, font="MpBold").pack(anchor="w", pady=(0, px(self, 6)))
        for path, manifest, size in found[:_MOST]:
            kind = KIND_TITLES.get(manifest.kind, "")
            self._line(path, show_moment(manifest.made_at), f"{kind}备份 · {show_size(size)}")

    def _line(self, path: Path, when: str, detail: str) -> None:
        row = ttk.Frame(self.card)
        row.pack(fill="x", pady=px(self, 3))
        ttk.Label(row, text=when).pack(side="left")
        words = ttk.Label(row, text=detail, style="Muted.TLabel", font="MpSmall")
        words.pack(side="left", padx=px(self, 12))
        take = partial(self._restore, path)
        ttk.Button(row, text="恢复", bootstyle="primary outline", command=take).pack(side="right")

    def _choose(self) -> None:
        path = choose_open_file(self, "选择备份文件", [("meiping 备份", "*.zip")])
        if path is not None:
            self._restore(path)

    def _restore(self, path: Path) -> None:
        question = "用这个备份恢复吗？"
        detail = "恢复后要用备份当时的密码登录。现在的数据文件会原样保留。"
        if not ask(self, question, yes="恢复", detail=detail):
            return
        actor, folder = self._actor, self._folder.root
        self._workers.run(
            lambda progress: restore(actor, folder=folder, path=path, progress=progress),
            title="恢复备份",
            done=lambda _result: self._restored(),
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            tell(self, error.sentence)
        elif not isinstance(error, Cancelled):
            self._outcomes.unexpected(error, "restore")
