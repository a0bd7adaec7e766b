"""What restoring would change, before anything is changed."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.maintenance.queries import RestorePreview
from meiping.domains.maintenance.rules import KIND_TITLES
from meiping.kernel.moments import show_moment
from meiping.kernel.sizes import show_size
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Facts, wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow

_WIDTH = 560


class RestoreDialog(DialogWindow):
    """The backup beside the data in use, count by count; ``on_agree`` is called when the user wants it."""

    def __init__(self, parent: tk.Misc, preview: RestorePreview, *, on_agree: Callable[[], object]) -> None:
        super().__init__(parent, "从备份恢复")
        self._on_agree = on_agree
        ttk.Frame(self.body, width=px(self, _WIDTH), height=0).pack()
        self._tell_of(preview)
        self._compare(preview)
        self._warn(preview)
        self.agree = self.add_button("恢复", self._agree, bootstyle="danger")
        leave = self.add_button("取消", self.dismiss)
        self.open(leave)

    def _tell_of(self, preview: RestorePreview) -> None:
        manifest = preview.info.manifest
        facts = Facts(self.body, columns=4)
        facts.pack(fill="x")
        facts.show(
            (
                ("备份时间", show_moment(manifest.made_at)),
                ("种类", KIND_TITLES.get(manifest.kind, manifest.kind)),
                ("大小", show_size(preview.info.size)),
                ("店名", manifest.shop),
            )
        )

    def _compare(self, preview: RestorePreview) -> None:
        frame = ttk.Frame(self.body, bootstyle="bordered", padding=(px(self, 12), px(self, 8)))
        frame.pack(fill="x", pady=(px(self, 4), px(self, 12)))
        frame.columnconfigure((1, 2), weight=1, uniform="figures")
        for column, word in ((1, "现在"), (2, "备份里")):
            label = ttk.Label(frame, text=word, style="Muted.TLabel", font="MpSmall")
            label.grid(row=0, column=column, sticky="e", pady=(0, px(self, 4)))
        for row, line in enumerate(preview.lines, start=1):
            differs = line.here is not None and line.here != line.there
            name = ttk.Label(frame, text=line.title, style="Muted.TLabel")
            name.grid(row=row, column=0, sticky="w", pady=px(self, 2))
            here = ttk.Label(frame, text=line.here or "—")
            here.grid(row=row, column=1, sticky="e")
            there = ttk.Label(
                frame,
                text=line.there or "—",
                font="MpBold" if differs else "MpBody",
                style="Warn.TLabel" if differs else "TLabel",
            )
            there.grid(row=row, column=2, sticky="e")

    def _warn(self, preview: RestorePreview) -> None:
        words = "现在的数据会先备份，并且原样保留，恢复后可以撤销。恢复完成后程序回到登录界面。"
        if preview.older:
            words += "\n这份备份来自较早的版本，恢复时会升级到现在的版本。"
        label = ttk.Label(self.body, text=words, justify="left", width=1)
        label.pack(fill="x")
        wrap_to_width(label)

    def _agree(self) -> None:
        self.close()
        self._on_agree()
