"""The ``context`` fixture: the real door from pages to the program, over the one root and the shop of the test."""

import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
import ttkbootstrap as ttk

from meiping.ui.shell.background import Background, Task
from meiping.ui.shell.outcomes import Outcomes, ToastAction
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.widgets.keys import KeyDispatcher
from meiping.ui.widgets.toast import Kind as ToastKind
from meiping.ui.widgets.toast import Toasts
from tests.shop import OpenedShop

Part = TypeVar("Part", bound=tk.Misc)


def dialogs(root: tk.Misc) -> list[Any]:
    """The dialogs that are open, the innermost last."""
    found: list[Any] = []
    for child in root.winfo_children():
        if isinstance(child, tk.Toplevel):
            found.append(child)
        found.extend(dialogs(child))
    return found


def texts(widget: tk.Misc) -> list[str]:
    """Everything that can be read in a widget and below it."""
    found: list[str] = []
    for child in widget.winfo_children():
        if isinstance(child, tk.Text):
            found.append(child.get("1.0", "end-1c"))
        elif isinstance(child, ttk.Label | ttk.Button | ttk.Checkbutton | ttk.Radiobutton):
            found.append(str(child.cget("text")))
        found.extend(texts(child))
    return found


def parts(widget: tk.Misc, kind: type[Part]) -> list[Part]:
    """The widgets of a kind below a widget, in the order they were made."""
    found: list[Part] = []
    for child in widget.winfo_children():
        if isinstance(child, kind):
            found.append(child)
        found.extend(parts(child, kind))
    return found


def buttons(root: tk.Misc) -> dict[str, ttk.Button]:
    """The buttons of the innermost open dialog by their words; none while no dialog is open."""
    open_ones = dialogs(root)
    return {str(b.cget("text")): b for b in parts(open_ones[-1], ttk.Button)} if open_ones else {}


def when_asked(root: tk.Misc, word: str, *, first: Callable[[Any], object] | None = None) -> None:
    """Press this button of the dialog that will open; ``first`` may look at the dialog before."""

    def press() -> None:
        button = buttons(root).get(word)
        if button is None:
            root.after(20, press)
            return
        if first is not None:
            first(dialogs(root)[-1])
        button.invoke()

    root.after(20, press)


class NothingShown:
    """Work that is over at once shows no progress."""

    def report(self, done: int, total: int, what: str = "") -> None: ...

    def close(self) -> None: ...


class AtOnce(Background):
    """Does its work before ``run`` returns, on this thread."""

    def __init__(self, root: ttk.App) -> None:
        super().__init__(root, lambda title, cancel: NothingShown())

    def _start(self, task: Task) -> None:
        self._work(task)
        self.empty()


class PageContext(ShellContext):
    """A real context that also tells a test what was asked of the window around the page."""

    opened: list[tuple[str, dict[str, Any]]]
    """Pages asked for by ``open_page``."""
    restarts: list[str]
    """Messages given to ``restart``."""
    toasts: list[tuple[str, ToastKind, ToastAction | None]]
    """What was told, as (text, kind, action)."""

    def told(self) -> str:
        """The last outcome that was told, beside a field or in a toast."""
        return self.outcomes.kept[-1].text if self.outcomes.kept else ""


@pytest.fixture(scope="session")
def keys(root: ttk.App) -> KeyDispatcher:
    """The one dispatcher of the session."""
    return KeyDispatcher(root)


@pytest.fixture
def context(root: ttk.App, shop: OpenedShop, keys: KeyDispatcher) -> Iterator[PageContext]:
    """A context for the administrator; set ``context.actor`` to work as another."""
    toasts: list[tuple[str, ToastKind, ToastAction | None]] = []
    restarts: list[str] = []
    opened: list[tuple[str, dict[str, Any]]] = []
    background = AtOnce(root)
    view = ViewFile(shop.folder.view_file)
    view.attach(root)
    shown = Toasts(root)

    def toast(text: str, kind: ToastKind, action: ToastAction | None) -> None:
        toasts.append((text, kind, action))
        shown.show(text, kind=kind, action=action)

    context = PageContext(
        root,
        actor=shop.actor,
        folder=shop.folder,
        view=view,
        keys=keys,
        background=background,
        outcomes=Outcomes(root, toast, shop.clock),
        restart=restarts.append,
        logged_out=restarts.append,
    )
    context.show_page = lambda key, **arguments: opened.append((key, arguments))
    context.opened, context.restarts, context.toasts = opened, restarts, toasts
    yield context
    background.close()
    view.save()
