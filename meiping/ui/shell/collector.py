"""Garbage is collected on the window's thread only.

Python may run its collector on whatever thread happens to allocate. In a worker it would then destroy what is left
of closed dialogs, whose variables and images call Tk as they go: from another thread that waits for the window, and
the window may be waiting for that worker.
"""

import gc
import time
import tkinter as tk

_LOOK_MS = 500
_FULL_S = 60.0
"""A full collection walks everything there is: not more often than this."""


class Collector:
    """Takes over from Python's own collector until ``close``; one a process."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._full = time.monotonic()
        gc.disable()
        self._timer = root.after(_LOOK_MS, self._look)

    def settle(self) -> None:
        """What is there now stays for good: never walk it again."""
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Give collecting back to Python."""
        self._root.after_cancel(self._timer)
        gc.enable()

    def _look(self) -> None:
        self._timer = self._root.after(_LOOK_MS, self._look)
        young, middle, _old = gc.get_count()
        most_young, most_middle, _ = gc.get_threshold()
        if time.monotonic() - self._full > _FULL_S and young > most_young:
            self._full = time.monotonic()
            gc.collect()
        elif middle > most_middle:
            gc.collect(1)
        elif young > most_young:
            gc.collect(0)
