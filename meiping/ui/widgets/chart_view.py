"""A chart as a picture: drawn off the window's thread, redrawn for another size or theme, its parts can be clicked."""

import tkinter as tk
from collections.abc import Callable, Iterable
from functools import partial
from operator import itemgetter
from typing import Protocol

import ttkbootstrap as ttk
from PIL import Image, ImageTk

from meiping.ui.theme import palette, px
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.menus import MenuEntry, popup
from meiping.ui.widgets.pressable import PRESS_KEYS, Ring

_SETTLE_MS = 120
_ARROWS = {"<Left>": (-1, 0), "<Right>": (1, 0), "<Up>": (0, -1), "<Down>": (0, 1)}


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

    What a part stands for is told beside the pointer. With the focus, arrows go from part to part, Enter picks the one
    in front and the menu key opens the menu.

    ``background(work, done)`` runs the drawing; without it the drawing happens at once. ``offered`` gives what a right
    click on a picture offers.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        render: Callable[[], Render] | None = None,
        background: Background | None = None,
        on_pick: Callable[[str], object] | None = None,
        offered: Callable[[], list[MenuEntry]] = list,
        width: int = 320,
        height: int = 220,
    ) -> None:
        super().__init__(parent, width=width, height=height)
        self.pack_propagate(False)
        self._render, self._background = render, background
        self._on_pick, self._offered = on_pick, offered
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
        self._ring = Ring(self)
        self._front: str | None = None
        self.drawing = False
        """Whether a picture is on its way."""
        self._bind_keys()

    def _bind_keys(self) -> None:
        label = self._label
        label.configure(takefocus=True)
        label.bind("<FocusIn>", lambda _event: self._point_out(), add=True)
        label.bind("<FocusOut>", lambda _event: self._leave(), add=True)
        for key, (across, down) in _ARROWS.items():
            label.bind(key, partial(self._step, across, down))
        label.bind("<Home>", lambda _event: self._to_end(0))
        label.bind("<End>", lambda _event: self._to_end(-1))
        for key in PRESS_KEYS:
            label.bind(key, lambda _event: self._pick_front())
        for key in ("<Menu>", "<App>", "<Shift-F10>"):
            if key != "<App>" or self.tk.call("tk", "windowingsystem") == "win32":
                label.bind(key, lambda _event: self._menu_of_front())

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
        self.drawing = True
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
        self._drawn, self.drawing = drawn, False
        self._photo = ImageTk.PhotoImage(drawn.image, master=self)
        self._label.configure(image=self._photo, text="", background=palette(self).background)
        if self._ring.shown:
            self._point_out()

    def picture(self) -> Image.Image | None:
        """The picture shown, if one is."""
        return self._drawn.image if self._drawn is not None else None

    def region_at(self, x: int, y: int) -> Region | None:
        """What lies at a place of the view."""
        if self._drawn is None:
            return None
        left, top = self._corner(self._drawn)
        inside = (
            region
            for region in self._drawn.regions
            if region.x0 <= x - left <= region.x1 and region.y0 <= y - top <= region.y1
        )
        return next(inside, None)

    def _corner(self, drawn: Rendered) -> tuple[int, int]:
        """Where the picture begins."""
        return (
            (self._label.winfo_width() - drawn.image.width) // 2,
            (self._label.winfo_height() - drawn.image.height) // 2,
        )

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
        self._tell(region.text, event.x, event.x, event.y)

    def _tell(self, text: str, left: int, right: int, middle: int) -> None:
        """Write right or left of a place what lies there."""
        self._told.configure(text=text)
        width, height, off = self._told.winfo_reqwidth(), self._told.winfo_reqheight(), px(self, 14)
        x = right + off if right + off + width <= self.winfo_width() else left - off - width
        y = min(max(middle - height - off // 2, 0), max(self.winfo_height() - height, 0))
        self._told.place(x=max(x, 0), y=y)
        self._told.lift()

    # ---------------------------------------------------------------- by key

    def _stops(self) -> dict[str, Region]:
        """The parts one can go to by their keys, in order; of several places of a part the last: a ring's list."""
        found: dict[str, Region] = {}
        for region in self._drawn.regions if self._drawn is not None else ():
            found.pop(region.key, None)
            found[region.key] = region
        return found

    def in_front(self) -> Region | None:
        """The part the keys are at."""
        stops = self._stops()
        return stops.get(self._front or "") or next(iter(stops.values()), None)

    def _point_out(self) -> None:
        """A ring around the part in front, and what it stands for; around everything where there are none."""
        region = self.in_front()
        if region is None or self._drawn is None:
            self._ring.show(0, 0, self.winfo_width(), self.winfo_height())
            return
        self._front = region.key
        left, top = self._corner(self._drawn)
        x0, y0 = max(left + int(region.x0), 0), max(top + int(region.y0), 0)
        x1 = min(left + int(region.x1), self.winfo_width())
        y1 = min(top + int(region.y1), self.winfo_height())
        self._ring.show(x0, y0, x1, y1)
        if region.text:
            self._tell(region.text, x0, x1, (y0 + y1) // 2)

    def _leave(self) -> None:
        self._ring.hide()
        self._told.place_forget()

    def _step(self, across: int, down: int, _event: object) -> str:
        """Go to the nearest part in a direction; where all stand in one row, the other arrows go along it too."""
        here, stops = self.in_front(), self._stops()
        if here is not None:
            to = _nearest(here, stops.values(), across, down)
            if to is None and _nearest(here, stops.values(), -across, -down) is None:
                places = list(stops.values())
                to = places[min(max(places.index(here) + across + down, 0), len(places) - 1)]
            self._front = (to or here).key
            self._point_out()
        return "break"

    def _to_end(self, place: int) -> str:
        if stops := list(self._stops()):
            self._front = stops[place]
            self._point_out()
        return "break"

    def _pick_front(self) -> str:
        region = self.in_front()
        if region is not None and self._on_pick is not None:
            self._on_pick(region.key)
        return "break"

    def _menu_of_front(self) -> str:
        if entries := self.menu_entries():
            label = self._label
            popup(self, entries, label.winfo_rootx() + px(self, 24), label.winfo_rooty() + px(self, 24))
        return "break"

    # ---------------------------------------------------------------- taking it out

    def _menu(self, event: "tk.Event[tk.Misc]") -> None:
        if entries := self.menu_entries():
            popup(self, entries, event.x_root, event.y_root)

    def menu_entries(self) -> list[MenuEntry]:
        """What a right click offers."""
        return self._offered() if self._drawn is not None else []


def _nearest(here: Region, regions: Iterable[Region], across: int, down: int) -> Region | None:
    """The next part straight on in a direction, if any lies there."""
    x, y = _middle(here)
    ahead: list[tuple[float, Region]] = []
    for region in regions:
        off_x, off_y = _middle(region)[0] - x, _middle(region)[1] - y
        far = off_x * across + off_y * down
        aside = abs(off_y) if across else abs(off_x)
        room = (here.y1 - here.y0) / 2 if across else (here.x1 - here.x0) / 2
        if far > 1 and aside <= room:
            ahead.append((far, region))
    return min(ahead, key=itemgetter(0))[1] if ahead else None


def _middle(region: Region) -> tuple[float, float]:
    return (region.x0 + region.x1) / 2, (region.y0 + region.y1) / 2
