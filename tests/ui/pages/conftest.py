"""Hands for the pages: a page in front, the dialog in front, the answer to a question, words into fields."""

import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.ui.page_spec import PageSpec
from meiping.ui.widgets.form_dialog import FormDialog
from tests.windows import PageContext


@pytest.fixture
def opened(page: tk.Widget, context: PageContext) -> Callable[[PageSpec], Any]:
    """Build a page as the shell does, in front and with the focus."""

    def build(spec: PageSpec) -> Any:
        built = spec.build(page, context)
        built.widget.pack(fill="both", expand=True)
        page.update()
        built.focus()
        page.update()
        return built

    return build


@pytest.fixture
def dialog(root: ttk.App) -> Callable[[], FormDialog]:
    """The form in front."""

    def found() -> FormDialog:
        root.update()
        grabbed = root.nametowidget(root.tk.eval("lindex [grab current] 0"))
        assert isinstance(grabbed, FormDialog)
        return grabbed

    return found


@pytest.fixture
def no_dialog(root: ttk.App) -> Callable[[], bool]:
    """Whether nothing holds the keys."""

    def nothing() -> bool:
        root.update()
        return not root.tk.eval("grab current")

    return nothing


@pytest.fixture
def answer(root: ttk.App) -> Iterator[Callable[[str], None]]:
    """Press the button with this word in the question that is about to be asked."""
    waiting: list[str] = []

    def buttons(widget: tk.Misc) -> Iterator[ttk.Button]:
        for child in widget.winfo_children():
            if isinstance(child, ttk.Button):
                yield child
            yield from buttons(child)

    def later(word: str) -> None:
        def act() -> None:
            waiting.clear()
            grabbed = root.tk.eval("lindex [grab current] 0")
            offered = buttons(root.nametowidget(grabbed)) if grabbed else ()
            wanted = [button for button in offered if button.cget("text") == word]
            if wanted:
                wanted[0].invoke()
            else:
                later(word)

        waiting.append(root.after(10, act))

    yield later
    for job in waiting:  # a question that was never asked is not answered in the next test
        root.after_cancel(job)


@pytest.fixture
def fill(root: ttk.App) -> Callable[..., None]:
    """Type into fields of a form, by their keys."""

    def into(form_dialog: FormDialog, **texts: str) -> None:
        for key, words in texts.items():
            target: Any = form_dialog.form.editor(key).target
            target.focus_force()
            root.update()
            first = "1.0" if isinstance(target, tk.Text) else 0
            target.delete(first, "end")
            target.insert(first, words)
        root.update()

    return into
