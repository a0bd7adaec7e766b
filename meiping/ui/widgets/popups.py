"""A small borderless window under a widget; a click elsewhere, Esc or leaving the window closes it."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.bindings import unbind_one


class Popup:
    """Opens below ``anchor`` (above where there is no room); one at a time. ``fill`` builds what is inside."""

    def __init__(self, anchor: tk.Widget, *, on_close: Callable[[], object] | None = None) -> None:
        self._anchor = anchor
        self._on_close = on_close
        self._window: ttk.Toplevel | None = None
        self._watch = ""
        anchor.bind("<Destroy>", lambda event: self.close() if event.widget is anchor else None, add=True)

    @property
    def window(self) -> ttk.Toplevel | None:
        """The open window, if any."""
        return self._window

    def open(self, fill: Callable[[tk.Misc], object], *, as_wide: bool = False) -> ttk.Toplevel:
        """Show it, built by ``fill(parent)``."""
        self.close()
        window = ttk.Toplevel(master=self._anchor, iconphoto=None)
        window.withdraw()
        window.overrideredirect(True)
        frame = ttk.Frame(window, bootstyle="bordered", padding=1)
        frame.pack(fill="both", expand=True)
        self._window = window
        fill(frame)
        self.place(as_wide=as_wide)
        window.deiconify()
        window.lift()
        window.bind("<Escape>", lambda _event: self.close())
        top = self._anchor.winfo_toplevel()
        self._watch = top.bind("<ButtonPress>", self._pressed_elsewhere, add=True)
        return window

    def place(self, *, as_wide: bool = False) -> None:
        """Put it where it belongs, after what is inside has changed."""
        window, anchor = self._window, self._anchor
        if window is None:
            return
        window.update_idletasks()
        width, height = window.winfo_reqwidth(), window.winfo_reqheight()
        if as_wide:
            width = max(width, anchor.winfo_width())
        x, y = anchor.winfo_rootx(), anchor.winfo_rooty() + anchor.winfo_height() + px(anchor, 2)
        if y + height > anchor.winfo_screenheight():
            y = max(0, anchor.winfo_rooty() - height - px(anchor, 2))
        x = max(0, min(x, anchor.winfo_screenwidth() - width))
        window.geometry(f"{width}x{height}+{x}+{y}")

    def close(self) -> None:
        """Take it away, if it is there."""
        window, self._window = self._window, None
        if window is None:
            return
        if self._watch and self._anchor.winfo_exists():
            unbind_one(self._anchor.winfo_toplevel(), "<ButtonPress>", self._watch)
        self._watch = ""
        if window.winfo_exists():
            window.destroy()
        if self._on_close is not None:
            self._on_close()

    def _pressed_elsewhere(self, event: "tk.Event[tk.Misc]") -> None:
        path = str(event.widget)
        inside = path.startswith((str(self._window), str(self._anchor)))
        if self._window is not None and not inside:
            self.close()
