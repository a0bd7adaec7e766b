"""The steps a tour is made of: keys pressed, pages opened, pictures taken, each with time for the window to draw."""

import logging
import tkinter as tk
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import ttkbootstrap as ttk

from meiping.tools.hands import Hands, within
from meiping.ui.shell.window import MainWindow
from meiping.ui.widgets.chart_view import ChartView
from meiping.ui.widgets.dialog_window import DialogWindow

LARGE = 1440, 900
SETTLE_MS = 700
_MOST_MS = 600_000
_PATIENCE = 20
"""How many pauses a dialog or a field may take until it is there."""

Tell = Callable[[int, int, str], None]
Steps = Iterator[int]
"""A tour as a generator: each value is how many milliseconds the window gets before the next step."""


class _Complaints(logging.Handler):
    """Keeps what the program wrote to its log as an error: the window may be waiting in a box that tells it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(record.getMessage())


class TourSteps(ABC):
    """Drives the window step by step from its own event loop; a tour says in ``walk`` what it does.

    ``expected`` is how many pictures there will be about; ``pace`` stretches or shortens the pauses.
    """

    def __init__(self, out: Path, *, tell: Tell, pace: float, expected: int) -> None:
        self._out, self._tell, self._pace, self._expected = out, tell, pace, expected
        self.pictures: list[Path] = []
        self.failure: Exception | None = None
        self._number = 0

    @abstractmethod
    def walk(self) -> Steps:
        """The tour itself."""

    def begin(self, root: ttk.App) -> None:
        """Start walking; to be called once the first window is painted."""
        self.root, self.hands = root, Hands(root)
        root.geometry(f"{LARGE[0]}x{LARGE[1]}+0+0")
        self._steps = self.walk()
        self._complaints = _Complaints()
        logging.getLogger().addHandler(self._complaints)
        self._late = root.after(_MOST_MS, lambda: self._give_up(TimeoutError("the tour did not end")))
        root.after(SETTLE_MS, self._next)

    def _next(self) -> None:
        if self._complaints.errors:
            self._give_up(RuntimeError(self._complaints.errors[0]))
            return
        try:
            wait_ms = next(self._steps)
        except StopIteration:
            self.root.after_cancel(self._late)
            self._leave()
        except Exception as error:  # noqa: BLE001  told to the caller after the window has closed
            self._give_up(error)
        else:
            self.root.after(round(wait_ms * self._pace), self._next)

    def _give_up(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = error
            self.hands.picture(self._out / "failed.png")
            for child in self.root.winfo_children():
                if isinstance(child, ttk.Toplevel):
                    child.destroy()
            self._leave()

    def _leave(self) -> None:
        """Close the window as its own button does."""
        logging.getLogger().removeHandler(self._complaints)
        self.root.tk.call(self.root.protocol("WM_DELETE_WINDOW"))

    # ---------------------------------------------------------------- what a tour says

    def picture(self, name: str) -> None:
        """Save what the window shows."""
        path = self._out / f"{name}.png"
        self.hands.picture(path)
        self.pictures.append(path)
        self._tell(len(self.pictures), self._expected, "拍照")

    def step(self, name: str) -> None:
        """A numbered picture of the main job."""
        self._number += 1
        self.picture(f"step-{self._number:02d}-{name}")

    def window(self) -> MainWindow:
        """The window behind the login. Raises StopIteration before it is there."""
        return next(within(self.root, MainWindow))

    def do(self, *acts: Callable[[], object], wait: int = 400) -> Steps:
        """Each act in a turn of its own, ``wait`` ms long: one may open a dialog that holds the turn until it closes."""
        for act in acts:
            self.root.after(0, self._carefully, act)
            yield wait

    def _carefully(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  told to the caller after the window has closed
            self._give_up(error)

    def open(self, key: str) -> Steps:
        """A page in front; a dialog left open would stand before it in every picture from here on."""
        for left in within(self.root, DialogWindow):
            raise RuntimeError(f"“{left.title()}” is still open before {key}")
        yield from self.do(lambda: self.window().open_page(key), wait=2 * SETTLE_MS)
        while any(chart.drawing for chart in within(self.root, ChartView) if chart.winfo_viewable()):
            yield SETTLE_MS

    def press(self, *keys: str, wait: int = 400) -> Steps:
        """Keys where the focus is, each with ``wait`` ms after it."""
        yield from self.do(*(partial(self.hands.press, key) for key in keys), wait=wait)

    def open_by(self, key: str) -> Steps:
        """A key that opens a dialog, until that has the focus; again where a page just opened has not heard it."""
        before = {str(one) for one in within(self.root, DialogWindow)}
        for _ in range(_PATIENCE):
            opened = [one for one in within(self.root, DialogWindow) if str(one) not in before]
            if opened and self.hands.focused().winfo_toplevel() in opened:
                return
            if opened:
                yield SETTLE_MS
            else:
                yield from self.press(key, wait=2 * SETTLE_MS)

    def write(self, text: str) -> Steps:
        """Text into the field that has the focus, as soon as one has."""
        for _ in range(_PATIENCE):
            if isinstance(self.hands.focused(), (tk.Entry, tk.Text)):
                break
            yield SETTLE_MS
        yield from self.do(lambda: self.hands.write(text), wait=600)

    def scan(self, code: str) -> Steps:
        """A code as a scanner types it, with Enter."""
        yield from self.do(lambda: self.hands.type(code), lambda: self.hands.press("Return"), wait=200)
