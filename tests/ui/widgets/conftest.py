"""Things the widgets' tests share."""

from collections.abc import Callable
from typing import Any

import pytest
import ttkbootstrap as ttk


class MemoryView(dict[str, Any]):
    """A view state that forgets with the test."""

    def set(self, key: str, value: Any) -> None:
        """Remember."""
        self[key] = value


@pytest.fixture
def view() -> MemoryView:
    return MemoryView()


@pytest.fixture
def answer(root: ttk.App) -> Callable[..., None]:
    """Press keys in the dialog that opens next: ``answer("<Escape>")`` before the call that waits."""

    def later(*sequences: str, tries: int = 100) -> None:
        def act() -> None:
            grabbed = root.tk.eval("lindex [grab current] 0")
            focus = root.tk.eval("focus")
            if not grabbed or not focus.startswith(grabbed):
                if tries:
                    later(*sequences, tries=tries - 1)
                return
            for sequence in sequences:
                root.nametowidget(root.tk.eval("focus")).event_generate(sequence)
                root.update()

        root.after(20, act)

    return later
