"""Work put off until the window is idle, asked for often and done once."""

import tkinter as tk
from collections.abc import Callable

_ROUNDS = 4
"""Layout asks for more layout, and that for drawing, each when idle: after so many rounds all of it is done."""


class Jobs:
    """Put-off work of one widget, by name; what is still waiting goes with the widget."""

    def __init__(self, widget: tk.Misc) -> None:
        self._widget = widget
        self._waiting: dict[str, str] = {}
        widget.bind("<Destroy>", self._destroyed, add=True)

    def once(self, name: str, job: Callable[[], object], delay: int | None = None) -> None:
        """Run ``job`` when idle, however often it is asked for; with ``delay`` so many ms after the last asking."""
        if delay is not None:
            self.cancel(name)
        if name in self._waiting:
            return

        def run() -> None:
            self._waiting.pop(name, None)
            job()

        widget = self._widget
        self._waiting[name] = widget.after_idle(run) if delay is None else widget.after(delay, run)

    def once_drawn(self, name: str, job: Callable[[], object], rounds: int = _ROUNDS) -> None:
        """Run ``job`` when what waits to be laid out and drawn is there to be seen."""
        if rounds > 1:
            self.once(name, lambda: self.once_drawn(name, job, rounds - 1))
        else:
            self.once(name, job)

    def cancel(self, name: str) -> None:
        """Forget about a job that is still waiting."""
        if name in self._waiting:
            self._widget.after_cancel(self._waiting.pop(name))

    def waits(self, name: str) -> bool:
        """Whether a job is still to be done."""
        return name in self._waiting

    def _destroyed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._widget:
            for name in list(self._waiting):
                self.cancel(name)
