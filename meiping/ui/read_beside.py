"""Figures read beside the window: one reading at a time, and none for a page that has gone."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

from meiping.store.database import reading
from meiping.ui.context import Context


class ReadBeside:
    """Reads in a worker whenever ``again`` is called; what is asked meanwhile is read once after it.

    ``prepare`` is called on the window's thread and may read the page; what it gives is called in the worker. ``show``
    hears the result, ``failed`` a sentence in place of the toast.
    """

    def __init__(
        self,
        widget: tk.Misc,
        context: Context,
        *,
        title: str,
        prepare: Callable[[], Callable[[], Any]],
        show: Callable[[Any], object],
        failed: Callable[[str], object] | None = None,
    ) -> None:
        self._widget, self._context, self._title = widget, context, title
        self._prepare, self._show, self._failed = prepare, show, failed
        self._under_way = self._asked = False

    def again(self) -> None:
        """Read, now or as soon as what is under way has ended."""
        if self._under_way:
            self._asked = True
            return
        self._under_way = True
        work = self._prepare()

        def read(_progress: object) -> Any:
            with reading():
                return work()

        self._context.background(
            read, title=self._title, done=self._ended, failed=self._told_failure, quiet=True
        )

    def _ended(self, found: Any) -> None:
        self._under_way = False
        if not self._widget.winfo_exists():
            return
        if self._asked:
            self._asked = False
            self.again()
            return
        self._show(found)

    def _told_failure(self, error: Exception) -> None:
        self._under_way = self._asked = False
        if not self._widget.winfo_exists():
            return
        sentence = getattr(error, "sentence", f"“{self._title}”没有读出来，请按 F5 再试。")
        if self._failed is not None:
            self._failed(sentence)
        else:
            self._context.toast(sentence, kind="warning")
