"""One window a session, fingers for its keys, and eyes for what goes wrong in callbacks."""

import gc
import time
import tkinter as tk
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType

import pytest
import ttkbootstrap as ttk

from meiping.adapters.display import virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.ui import theme
from meiping.ui.widgets.keys import KeyDispatcher

_LONGEST_MS = 90_000


@pytest.fixture(scope="session")
def root() -> Iterator[ttk.App]:
    """The one root of the session, 1180 x 700."""
    with virtual_display():
        register_screen_font()
        window = theme.make_root("light", scaling=1.0)
        window.geometry("1180x700+0+0")
        KeyDispatcher(window)  # every key goes the way it goes in the program
        window.update()
        gc.freeze()  # so that collecting after each test costs little
        yield window
        window.destroy()


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Collect what is left of windows on this thread, as the program does: a worker must never call Tk."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def callback_errors(root: ttk.App) -> Iterator[list[str]]:
    """Fail the test if a Tk callback raised; leave an empty window to the next one."""
    raised: list[str] = []

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        raised.append("".join(traceback.format_exception(kind, error, trace)))

    root.report_callback_exception = report
    yield raised
    for child in root.winfo_children():
        child.destroy()
    if theme.palette(root).mode == "dark":
        theme.set_mode(root, "light")
    root.update()
    assert not raised, "\n".join(["raised in callbacks:", *raised])


@pytest.fixture(autouse=True)
def never_hangs(root: ttk.App, callback_errors: list[str]) -> Iterator[None]:
    """Fail a test that waits for a dialog nobody answers, instead of waiting with it."""

    def overdue() -> None:
        callback_errors.append(f"still waiting after {_LONGEST_MS // 1000} s: a dialog was not answered")
        for child in root.winfo_children():
            if isinstance(child, tk.Toplevel):
                child.destroy()

    alarm = root.after(_LONGEST_MS, overdue)
    yield
    root.after_cancel(alarm)


@pytest.fixture
def page(root: ttk.App) -> tk.Widget:
    """A frame that fills the window, shown."""
    frame = ttk.Frame(root)
    frame.pack(fill="both", expand=True)
    root.deiconify()
    root.update()
    return frame


@pytest.fixture
def pump(root: ttk.App) -> Callable[..., None]:
    """Let the window work until a condition holds; never longer than the deadline."""

    def run(until: Callable[[], object] | None = None, seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        root.update()
        while until is not None and not until():
            assert time.monotonic() < deadline, "nothing happened in time"
            root.tk.eval("after 5 {set _pumped 1}; vwait _pumped")
            root.update()

    return run


@pytest.fixture
def press(root: ttk.App) -> Callable[..., None]:
    """Press keys in a widget that is made to have the focus first: ``press(entry, "<F2>", "<Return>")``."""

    def keys(widget: tk.Misc, *sequences: str) -> None:
        for sequence in sequences:
            focused = str(root.focus_get())
            if focused != str(widget) and not focused.startswith(f"{widget}."):
                widget.focus_force()
            root.update()
            (root.focus_get() or widget).event_generate(sequence)
            root.update()

    return keys


@pytest.fixture
def write(root: ttk.App, press: Callable[..., None]) -> Callable[[tk.Misc, str], None]:
    """Type text into an entry or text box, replacing what it holds."""

    def text(widget: tk.Misc, words: str) -> None:
        widget.focus_force()
        root.update()
        if isinstance(widget, tk.Text):
            widget.delete("1.0", "end")
            widget.insert("1.0", words)
        else:
            assert isinstance(widget, tk.Entry)
            widget.delete(0, "end")
            widget.insert(0, words)
        root.update()

    return text
