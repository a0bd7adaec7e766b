"""A strip across the top that says something about the whole shop, with one thing to do about it."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from meiping.ui.theme import px


@dataclass(frozen=True, slots=True)
class Notice:
    """What the strip says, the word on its button and what that does; ``warns`` gives it another colour."""

    text: str
    word: str
    command: Callable[[], object]
    warns: bool = False


class Banner(ttk.Frame):
    """The strip; the parent places it."""

    def __init__(self, parent: tk.Misc, notice: Notice) -> None:
        look = "Danger" if notice.warns else "Info"
        super().__init__(parent, style=f"Soft{look}.TFrame", padding=(px(parent, 20), px(parent, 4)))
        ttk.Label(self, icon="easel", style=f"Ink{look}.TLabel").pack(side="left", padx=(0, px(self, 10)))
        ttk.Label(self, text=notice.text, style=f"Ink{look}.TLabel", font="MpBold").pack(side="left")
        self.button = ttk.Button(self, text=notice.word, style=f"Soft{look}.TButton", command=notice.command)
        self.button.pack(side="right")
