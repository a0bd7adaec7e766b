"""A chart as a picture: drawn off the window's thread, redrawn for another size or theme, its parts can be clicked."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import ttkbootstrap as ttk
from PIL import Image, ImageTk

from meiping.ui.theme import palette, px
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.menus import MenuEntry, popup

_SETTLE_MS = 120


class Region(Protocol):
    """A part of the picture that stands for something, in pixels from the top left."""

    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...
    @property
    def key(self) -> str: ...
    @property
    def text(self) -> str: ...


class Rendered(Protocol):
    """A drawn chart."""

    @property
    def image(self) -> Image.Image: ...
    @property
    def regions(self) -> "tuple[Region, ...]": ...


Render = Callable[[int, int], Rendered]
"""Draws for a width and height in pixels; called off the window's thread, so it must not touch Tk."""
Background = Callable[[Callable[[], Rendered], Callable[[Rendered], None]], None]
"""Runs work elsewhere and hands its result to a callback on the window's thread."""


class ChartView(ttk.Frame):
    """Shows what the callable given to ``draw`` renders; ``on_pick`` hears the key of the part clicked.

    What a part stands for is told beside the pointer.

    ``background(work, done)`` runs the drawing; without it the drawing happens at once. ``save`` gets a path to ask
    for and the picture (right click, 保存图片). ``more`` gives what else a right click offers.
    Saving is offered while ``can_save()``.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        render: Callable[[], Render] | None = None,
        background: Background | None = None,
        on_pick: Callable[[str], object] | None = None,
        on_save: Callable[[Image.Image], object] | None = None,
        can_save: Callable[[], bool] = lambda: True,
        more: Callable[[], list[MenuEntry]] | None = None,
        width: int = 320,
        height: int = 220,
    ) -> None:
        super().__init__(parent, width=width, height=height)
        self.pack_propagate(False)
        self._render, self._background = render, background
        self._on_pick, self._on_save, self._more = on_pick, on_save, more
        self._can_save = can_save
        self._label = ttk.Label(self, anchor="center", style="Muted.TLabel")
        self._label.pack(fill="both", expand=True)
        self._told = ttk.Label(self, style="Chrome.TLabel", font="MpSmall", justify="left")
        self._told.configure(padding=(px(self, 8), px(self, 4)), relief="solid", borderwidth=1)
        self._photo: ImageTk.PhotoImage | None = None
        self._drawn: Rendered | None = None
        self._turn = 0
        self._jobs = Jobs(self)
        self._label.bind("<Configure>", lambda _event: self._soon(), add=True)
        self._label.bind("<<ThemeChanged>>", lambda _event: self._soon(), add=True)
        self._label.bind("<Map>", lambda _event: self._soon(0), add=True)
        self._label.bind("<Button-1>", self._clicked)
        self._label.bind("<Motion>", self._moved)
        self._label.bind("<Leave>", lambda _event: self._told.place_forget())
        aqua = self.tk.call("tk", "windowingsystem") == "aqua"
        self._label.bind("<Button-2>" if aqua else "<Button-3>", self._menu)

    def draw(self, render: Callable[[], Render] | None = None) -> None:
        """Draw anew. ``render()`` is called on the window's thread and may read the theme; what it returns draws."""
        self._render = render or self._render
        self._soon(0)

    def _soon(self, delay: int = _SETTLE_MS) -> None:
        if self._render is not None:
            self._jobs.once("draw", self._start, delay=delay)

    def _start(self) -> None:
        width, height = self._label.winfo_width(), self._label.winfo_height()
        if self._render is None or width < 20 or height < 20 or not self.winfo_viewable():
            return
        self._turn += 1
        turn, render = self._turn, self._render()
        if self._photo is None:
            self._label.configure(text="正在画图……")

        def done(drawn: Rendered) -> None:
            if turn == self._turn and self.winfo_exists():  # an older picture that comes late is not shown
                self._show(drawn)

        if self._background is None:
            done(render(width, height))
        else:
            self._background(lambda: render(width, height), done)

    def _show(self, drawn: Rendered) -> None:
        self._drawn = drawn
        self._photo = ImageTk.PhotoImage(drawn.image, master=self)
        self._label.configure(image=self._photo, text="", background=palette(self).background)

    def picture(self) -> Image.Image | None:
        """The picture shown, if one is."""
        return self._drawn.image if self._drawn is not None else None

    def region_at(self, x: int, y: int) -> Region | None:
        """What lies at a place of the view."""
        if self._drawn is None:
            return None
        left = (self._label.winfo_width() - self._drawn.image.width) // 2
        top = (self._label.winfo_height() - self._drawn.image.height) // 2
        inside = (
            region
            for region in self._drawn.regions
            if region.x0 <= x - left <= region.x1 and region.y0 <= y - top <= region.y1
        )
        return next(inside, None)

    def key_at(self, x: int, y: int) -> str | None:
        """The key of what lies there."""
        region = self.region_at(x, y)
        return region.key if region is not None else None

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        key = self.key_at(event.x, event.y)
        if key is not None and self._on_pick is not None:
            self._on_pick(key)

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        region = self.region_at(event.x, event.y)
        self._label.configure(cursor="hand2" if self._on_pick is not None and region is not None else "")
        if region is None or not region.text:
            self._told.place_forget()
            return
        self._told.configure(text=region.text)
        width, height, off = self._told.winfo_reqwidth(), self._told.winfo_reqheight(), px(self, 14)
        x = event.x + off if event.x + off + width <= self.winfo_width() else event.x - off - width
        y = min(max(event.y - height - off // 2, 0), max(self.winfo_height() - height, 0))
        self._told.place(x=max(x, 0), y=y)
        self._told.lift()

    def _menu(self, event: "tk.Event[tk.Misc]") -> None:
        if entries := self.menu_entries():
            popup(self, entries, event.x_root, event.y_root)

    def menu_entries(self) -> list[MenuEntry]:
        """What a right click offers."""
        more = self._more() if self._more is not None and self._drawn is not None else []
        save = ("保存图片……", self._save if self._drawn is not None else None)
        return [save, *more] if self._can_save() else more

    def _save(self) -> None:
        if self._drawn is None:
            return
        if self._on_save is not None:
            self._on_save(self._drawn.image)
            return
        from meiping.ui.widgets.dialogs import choose_save_file

        path = choose_save_file(self, "保存图片", [("PNG 图片", "*.png")], "图表.png")
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the picture shown as PNG. Raises OSError."""
        if self._drawn is not None:
            self._drawn.image.save(path, format="PNG")
