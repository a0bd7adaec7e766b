"""What an empty place says: what belongs here, and the button that puts it here."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.theme import px


class EmptyState(ttk.Frame):
    """Words in grey and a button, laid over the middle of ``over`` while it is empty."""

    def __init__(self, parent: tk.Misc, over: tk.Widget) -> None:
        super().__init__(parent)
        self._over = over
        self.text = ttk.Label(self, style="Muted.TLabel", justify="center")
        self.text.pack()
        self.button = ttk.Button(self, bootstyle="primary outline")

    def say(self, text: str, word: str | None = None, action: Callable[[], object] | None = None) -> None:
        """Set the words and the button; no button without a word."""
        self.text.configure(text=text)
        if word and action:
            self.button.configure(text=word, command=action)
            self.button.pack(pady=(px(self, 12), 0))
        else:
            self.button.pack_forget()

    def show(self, on: bool) -> None:
        """Lay it there or take it away."""
        if on:
            self.place(in_=self._over, relx=0.5, rely=0.5, anchor="center")
        else:
            self.place_forget()
