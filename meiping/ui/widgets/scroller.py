"""A frame that scrolls up and down when it is taller than its room, and follows the focus."""

import tkinter as tk
from functools import partial

import ttkbootstrap as ttk

from meiping.ui.theme import palette, px
from meiping.ui.widgets.auto_bar import AutoBar
from meiping.ui.widgets.bindings import unbind_one


class Scroller(ttk.Frame):
    """Put things into ``inner``; the bar shows only when needed. With a ``gutter`` its room is kept free for it."""

    def __init__(self, parent: tk.Misc, *, width: int = 1, height: int = 1, gutter: bool = False) -> None:
        super().__init__(parent)
        self._canvas = ttk.Canvas(self, width=width, height=height, highlightthickness=0, borderwidth=0)
        self._canvas.configure(yscrollincrement=1)
        self._bar = AutoBar(self, self._canvas, over=gutter)
        self.gutter = self._bar.winfo_reqwidth() if gutter else 0
        if gutter:
            ttk.Frame(self, width=self.gutter).pack(side="right", fill="y")
        # The sheet takes the height of what is in it, and no less than the room: it is told when that grows.
        self._sheet = ttk.Frame(self._canvas)
        self._sheet.columnconfigure(0, weight=1)
        self.inner = ttk.Frame(self._sheet)
        self.inner.grid(sticky="nsew")
        self._item = self._canvas.create_window(0, 0, window=self._sheet, anchor="nw")
        self._canvas.pack(side="left", fill="both", expand=True)
        self._canvas.bind("<Configure>", self._fit, add=True)
        self._sheet.bind("<Configure>", self._fit, add=True)
        self._top = self.winfo_toplevel()
        watched = (
            ("<FocusIn>", self._follow),
            ("<MouseWheel>", self._wheel),
            ("<Button-4>", self._wheel),
            ("<Button-5>", self._wheel),
        )
        self._watches = [(event, self._top.bind(event, action, add=True)) for event, action in watched]
        self.bind("<Destroy>", self._unwatch, add=True)
        self._canvas.bind("<<ThemeChanged>>", self._themed, add=True)
        self._themed(None)

    def set_height(self, height: int) -> None:
        """How many pixels it asks for."""
        self._canvas.configure(height=height)

    def take_keys(self, window: tk.Misc) -> None:
        """Let the keys of ``window`` scroll: for words to read, where nothing else wants these keys."""
        line, page = px(self, 60), self._canvas.winfo_reqheight() - px(self, 60)
        far = 100 * page
        for key, step in (
            *(("<Down>", line), ("<Up>", -line), ("<Next>", page), ("<Prior>", -page)),
            *(("<Home>", -far), ("<End>", far)),
        ):
            window.bind(key, partial(self._scroll, step))

    def _scroll(self, step: int, _event: object) -> None:
        if self._bar.needed:
            self._canvas.yview_scroll(step, "units")

    def _unwatch(self, event: "tk.Event[tk.Misc]") -> None:
        """The window may live on, and would keep this and all that is in it."""
        if event.widget is self and self._top.winfo_exists():
            for sequence, funcid in self._watches:
                unbind_one(self._top, sequence, funcid)
            self._watches = []

    def _themed(self, _event: object) -> None:
        self._canvas.configure(background=palette(self).background)

    def _fit(self, _event: object) -> None:
        width, room = self._canvas.winfo_width(), self._canvas.winfo_height()
        self._sheet.rowconfigure(0, weight=1, minsize=room)
        self._canvas.itemconfigure(self._item, width=width)
        self._canvas.configure(scrollregion=(0, 0, width, max(self.inner.winfo_reqheight(), room)))

    def _holds(self, path: str) -> bool:
        """Whether a widget lies on the sheet; its bare parts count too."""
        return self.winfo_exists() and f"{path}.".startswith(f"{self._canvas}.")

    def _wheel(self, event: "tk.Event[tk.Misc]") -> None:
        if self._holds(str(event.widget)) and self._bar.needed:
            up = event.num == 4 or getattr(event, "delta", 0) > 0
            self._canvas.yview_scroll(px(self, -60 if up else 60), "units")

    def _follow(self, event: "tk.Event[tk.Misc]") -> None:
        """Bring what has the focus into view."""
        if not self._holds(str(event.widget)) or not isinstance(event.widget, tk.Misc):
            return
        top = event.widget.winfo_rooty() - self.inner.winfo_rooty()
        bottom, room = top + event.widget.winfo_height(), self._canvas.winfo_height()
        first = self._canvas.canvasy(0)
        margin = px(self, 24)
        if bottom < room // 3:  # the first fields are seen with what stands above them
            self._canvas.yview_moveto(0)
        elif top < first:
            self._canvas.yview_scroll(int(top - first) - margin, "units")
        elif bottom > first + room:
            self._canvas.yview_scroll(int(bottom - first - room) + margin, "units")
