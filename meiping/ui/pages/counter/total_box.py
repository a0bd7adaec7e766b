"""The figure one reads from across the counter: what is due, what is missing, what is given back."""

import tkinter as tk
from typing import Literal

import ttkbootstrap as ttk

from meiping.ui.theme import px

Tone = Literal["primary", "success", "danger"]
_FONTS = ("MpTotal", "MpKpi", "MpBig")
_USUAL = 10
"""Characters of ``¥99,999.99``: what the largest font has room for in any window."""


class TotalBox(ttk.Frame):
    """A filled box: a word, a large figure, and two remarks below it."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=(px(parent, 18), px(parent, 8), px(parent, 18), px(parent, 10)))
        self._word = ttk.Label(self, font="MpBold")
        self._figure = ttk.Label(self, font="MpTotal", anchor="e")
        self._row = ttk.Frame(self)
        self._left = ttk.Label(self._row, font="MpSmall")
        self._right = ttk.Label(self._row, font="MpSmall")
        self.columnconfigure(1, weight=1)
        self._word.grid(row=0, column=0, sticky="nw", pady=(px(self, 8), 0))
        self._figure.grid(row=0, column=1, sticky="e")
        self._row.grid(row=1, column=0, columnspan=2, sticky="ew")
        self._left.pack(side="left")
        self._right.pack(side="right")
        self._fonts: tuple[str, ...] = _FONTS
        self.bind("<Configure>", lambda _event: self._fit(self.figure()), add=True)
        self.show("应收", "¥0.00")

    def show(self, word: str, figure: str, left: str = "", right: str = "", tone: Tone = "primary") -> None:
        """Say another figure; ``tone`` fills the box."""
        for frame in (self, self._row):
            frame.configure(bootstyle=f"@{tone}")
        for label, text in (
            (self._word, word),
            (self._figure, figure),
            (self._left, left),
            (self._right, right),
        ):
            label.configure(text=text, bootstyle=f"@{tone} light")
        self._fit(figure)

    def set_low(self, low: bool) -> None:
        """Leave room below in a low window: the figure is never in the largest font."""
        self._fonts = _FONTS[1:] if low else _FONTS
        self._fit(self.figure())

    def figure(self) -> str:
        """The large figure as it is shown."""
        return str(self._figure.cget("text"))

    def word(self) -> str:
        """The word above it."""
        return str(self._word.cget("text"))

    def _fit(self, figure: str) -> None:
        """The largest font the figure has room in."""
        room = self.winfo_width() - 2 * px(self, 18) - self._word.winfo_reqwidth()
        for name in self._fonts:
            font = ttk.nametofont(name, root=self)
            if font.measure(figure) <= room or (room <= 0 and len(figure) <= _USUAL):
                break
        self._figure.configure(font=name)
