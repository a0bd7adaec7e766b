"""Hands for the pages of goods: a scanner, the dialog in front, the answer to a question."""

import itertools
import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.ui.page_spec import PageSpec
from meiping.ui.widgets.form_dialog import FormDialog
from tests.shop import OpenedShop
from tests.windows import PageContext

COLA = ProductInput("可口可乐", 350, unit="瓶", barcodes="6901234567892", purchase_price_fen=200)
_clock = itertools.count(1_000_000, 10_000)


@pytest.fixture
def cola(shop: OpenedShop) -> int:
    """A product whose bar code is 6901234567892."""
    return add_product(shop.actor, product=COLA)


@pytest.fixture
def opened(page: tk.Widget, context: PageContext) -> Callable[[PageSpec], Any]:
    """Build a page as the shell does, in front and with the focus."""

    def build(spec: PageSpec) -> Any:
        built = spec.build(page, context)
        built.widget.pack(fill="both", expand=True)
        page.focus_force()
        page.update()
        built.focus()
        page.update()
        return built

    return build


@pytest.fixture
def scan(root: ttk.App) -> Callable[[str], None]:
    """A scanner: keys 8 ms apart and Enter, wherever the focus is."""

    def code(digits: str) -> None:
        at = next(_clock)
        for digit in digits:
            (root.focus_get() or root).event_generate(f"<Key-{digit}>", time=at)
            at += 8
        (root.focus_get() or root).event_generate("<Return>", time=at)
        root.update()

    return code


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
def answer(root: ttk.App) -> Callable[[str], None]:
    """Press the button with this word in the question that is about to be asked."""

    def buttons(widget: tk.Misc) -> Iterator[ttk.Button]:
        for child in widget.winfo_children():
            if isinstance(child, ttk.Button):
                yield child
            yield from buttons(child)

    def later(word: str, tries: int = 200) -> None:
        def act() -> None:
            grabbed = root.tk.eval("lindex [grab current] 0")
            offered = buttons(root.nametowidget(grabbed)) if grabbed else ()
            wanted = [button for button in offered if button.cget("text") == word]
            if wanted:
                wanted[0].invoke()
            elif tries:
                later(word, tries - 1)

        root.after(10, act)

    return later


@pytest.fixture
def fill(root: ttk.App) -> Callable[..., None]:
    """Type into fields of a form, by their keys."""

    def into(form_dialog: FormDialog, **texts: str) -> None:
        for key, words in texts.items():
            target: Any = form_dialog.form.editor(key).target
            target.focus_force()
            target.delete(0, "end")
            target.insert(0, words)
        root.update()

    return into
