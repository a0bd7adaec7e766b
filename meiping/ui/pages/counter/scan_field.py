"""The one field of the counter: scans, codes and searches go in, results drop down."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductHit
from meiping.ui.pages.counter.drops import OfferDrop, PromptDrop, ResultsDrop
from meiping.ui.pages.counter.typed import looks_scanned, take_apart
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.boxes import BoxedEntry

_DELAY_MS = 60
"""Longer than between two characters of a scanner: a scan is never searched for."""


class ScanField(BoxedEntry):
    """``search`` gives products for a text; ``on_enter`` gets the text and the marked result when Enter is pressed.

    ``chosen_first`` is whether the arrows have marked it: then it counts before an exact code. ``on_arrow`` gets
    ↑ (-1) and ↓ (1) while no results are open.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        search: Callable[[str], Sequence[ProductHit]],
        on_enter: Callable[[str, ProductHit | None, bool], object],
        on_arrow: Callable[[int], object],
    ) -> None:
        self.text = ttk.StringVar(parent)
        super().__init__(
            parent, lambda box: ttk.Entry(box, textvariable=self.text, font="MpBig"), icon="upc-scan"
        )
        self._search, self._on_enter, self._on_arrow = search, on_enter, on_arrow
        self._job: str | None = None
        self.results = ResultsDrop(parent, self, on_pick=self._entered)
        self.prompt = PromptDrop(parent, self, on_close=self.focus_set)
        self.offer = OfferDrop(parent, self)
        self.hint("扫码 / 商品名称 / 拼音首字母 / 编码 / 会员卡 / 手机号")
        on_write(self, self.text, self._typed)
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self._entered())
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            self.entry.bind(key, partial(self._arrow, step))
        self.bind("<Destroy>", lambda _event: self._cancel(), add=True)

    def focus_set(self) -> None:
        """Give the field the keys."""
        self.entry.focus_set()

    def clear(self) -> None:
        """Empty it and close what is open below."""
        self.text.set("")
        self._cancel()
        self.results.hide()
        self.offer.hide()

    def escape(self) -> bool:
        """Close or empty one thing; False if there was nothing left to go back from."""
        if self.prompt.is_open:
            self.prompt.close()
        elif self.results.is_open:
            self.results.hide()
        elif self.offer.is_open:
            self.offer.hide()
        elif self.text.get():
            self.text.set("")
        else:
            return False
        return True

    def close_drops(self) -> None:
        """Close whatever is open below, keeping the text."""
        self.prompt.close()
        self.results.hide()
        self.offer.hide()

    # ---------------------------------------------------------------- typing

    def _typed(self) -> None:
        self.refresh_hint()
        if self.text.get():
            self.offer.hide()
        self._cancel()
        self._job = self.after(_DELAY_MS, self._ask)

    def _cancel(self) -> None:
        if self._job is not None:
            self.after_cancel(self._job)
            self._job = None

    def _ask(self) -> None:
        self._cancel()
        words = take_apart(self.text.get()).code
        self.results.offer(self._search(words) if words else ())

    def _entered(self) -> str:
        typed = self.text.get()
        if self._job is not None:
            self._cancel()
            code = take_apart(typed).code
            if code and not looks_scanned(code):
                self._ask()
            else:
                self.results.hide()
        self._on_enter(typed, self.results.chosen(), self.results.touched)
        return "break"

    def _arrow(self, step: int, _event: object) -> str:
        if self._job is not None and self.text.get():
            self._ask()
        if self.results.is_open:
            self.results.move(step)
        else:
            self._on_arrow(step)
        return "break"
