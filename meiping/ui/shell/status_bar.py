"""The line at the bottom: what happened last, who works where, and how old the last backup is."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.ui.shell.outcomes import Outcome
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow

if TYPE_CHECKING:
    from meiping.domains.maintenance.queries import LastBackup

_TONES = {"success": "Good", "info": "Muted", "warning": "Warn", "danger": "Bad"}
_WORDS = {"success": "完成", "info": "提示", "warning": "注意", "danger": "未完成"}
_LONGEST = 60


class StatusBar(ttk.Frame):
    """Packs nothing itself; ``history`` gives the lines shown by a click on the last one.

    ``show_private`` is what a click on the mark of hidden costs and phones does.
    """

    def __init__(
        self,
        parent: tk.Misc,
        history: Callable[[], Sequence[Outcome]],
        *,
        show_private: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent, style="Chrome.TFrame", padding=(px(parent, 16), px(parent, 4)))
        self._history = history
        self._last = self._label("left")
        self._last.configure(cursor="hand2")
        self._last.bind("<Button-1>", lambda _event: self.show_history())
        self._backup = self._label("right")
        self._folder = self._label("right")
        self._company = self._label("right")
        self._operator = self._label("right")
        self._private = ttk.Label(self, style="Warn.Chrome.TLabel", font="MpSmall", cursor="hand2")
        self._private.configure(text="已遮住成本和电话 Ctrl+Shift+M")
        self._private.bind("<Button-1>", lambda _event: show_private())

    def _label(self, side: str) -> ttk.Label:
        label = ttk.Label(self, style="Muted.Chrome.TLabel", font="MpSmall")
        gap = px(self, 20)
        label.pack(side=side, padx=(0, gap) if side == "left" else (gap, 0))
        return label

    def private(self, hidden: bool) -> None:
        """Whether costs and phones are hidden."""
        if hidden:
            self._private.pack(side="right", padx=(0, px(self, 20)))
        else:
            self._private.pack_forget()

    def outcome(self, outcome: Outcome) -> None:
        """What happened last."""
        text = outcome.text.replace("\n", " ")
        short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self._last.configure(
            text=f"{outcome.at:%H:%M}  {short}", style=f"{_TONES[outcome.kind]}.Chrome.TLabel"
        )

    def facts(self, *, operator: str, company: str, folder: str) -> None:
        """Who works where, and where the data lies."""
        self._operator.configure(text=f"操作员 {operator}")
        self._company.configure(text=company)
        self._folder.configure(text=f"数据 {folder}")

    def backup(self, last: "LastBackup") -> None:
        """How old the last good backup is."""
        text = last.words if last.made_at is None else f"上次备份 {last.words}"
        tone = "Muted" if not last.stale else "Warn" if last.made_at is None else "Bad"
        self._backup.configure(text=text, style=f"{tone}.Chrome.TLabel")

    def texts(self) -> list[str]:
        """What the bar says, from left to right."""
        labels = (self._last, self._operator, self._company, self._folder, self._backup)
        return [str(label.cget("text")) for label in labels]

    def show_history(self) -> None:
        """The last fifty outcomes, the newest first."""
        _History(self, list(self._history()))


class _History(DialogWindow):
    def __init__(self, parent: tk.Misc, outcomes: Sequence[Outcome]) -> None:
        super().__init__(parent, "最近的消息", resizable=True)
        columns = (("at", "时间", 90), ("kind", "结果", 70), ("text", "内容", 480))
        tree = ttk.Treeview(self.body, columns=[key for key, _, _ in columns], show="headings", height=14)
        for key, title, width in columns:
            tree.heading(key, text=title, anchor="w")
            tree.column(key, width=px(self, width), anchor="w", stretch=key == "text")
        for outcome in reversed(outcomes):
            tree.insert("", "end", values=(f"{outcome.at:%H:%M:%S}", _WORDS[outcome.kind], outcome.text))
        if not outcomes:
            ttk.Label(tree, text="还没有消息，做过的事会记在这里", style="Muted.TLabel").place(
                relx=0.5, rely=0.5, anchor="center"
            )
        tree.pack(fill="both", expand=True)
        self.open(self.add_button("关闭", self.close))
