"""A scrollbar that is there only while there is something to scroll."""

import tkinter as tk

import ttkbootstrap as ttk


class AutoBar(ttk.Scrollbar):
    """Scrolls ``scrolled`` up and down, at its right; ``over`` lets it lie over the right edge of the parent instead."""

    def __init__(self, parent: tk.Misc, scrolled: ttk.Canvas | ttk.Treeview, *, over: bool = False) -> None:
        super().__init__(parent, command=scrolled.yview, bootstyle="round")
        self._scrolled, self._over = scrolled, over
        scrolled.configure(yscrollcommand=self.set)

    @property
    def needed(self) -> bool:
        """Whether it is there."""
        return bool(self.winfo_manager())

    def set(self, first: float | str, last: float | str) -> None:
        """Show which part is in view; with all of it in view the bar goes."""
        super().set(first, last)
        whole = float(first) <= 0 and float(last) >= 1
        if whole and self.needed:
            self.place_forget() if self._over else self.pack_forget()
        elif not whole and not self.needed:
            self._show()

    def _show(self) -> None:
        if self._over:
            self.place(relx=1, rely=0, relheight=1, anchor="ne")
            self.lift()  # what keeps its room free may have been made later
        else:
            self.pack(side="right", fill="y", before=self._scrolled)
