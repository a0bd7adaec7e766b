"""Reads that would hold the window up are made elsewhere before a list shows their rows."""

import tkinter as tk
from collections.abc import Callable

from meiping.kernel.tabular import Listing, Patient, Sort

Job = Callable[[], object]
Elsewhere = Callable[[Job, Job], object]
"""Does the first off the main thread, then the second on it."""


class Preparing:
    """Runs what shows rows as soon as they can come at once; what was asked for last counts."""

    def __init__(self, widget: tk.Widget) -> None:
        self._widget = widget
        self.elsewhere: Elsewhere | None = None
        """Without it nothing is read elsewhere."""
        self._asked = 0
        self._busy = False
        self._waiting: list[Job] = []

    def then(self, listing: Listing, sort: Sort | None, show: Job) -> None:
        """Show the rows of ``listing`` in this order, now or once they are prepared."""
        self._asked += 1
        patient = self.elsewhere is not None and isinstance(listing, Patient)
        work = listing.preparation(sort) if patient and isinstance(listing, Patient) else None
        if work is None or self.elsewhere is None:
            self._finish(self._asked, show)
            return
        self._busy, asked = True, self._asked
        self._widget["cursor"] = "watch"
        self.elsewhere(work, lambda: self._finish(asked, show))

    def _finish(self, asked: int, show: Job) -> None:
        if asked != self._asked or not self._widget.winfo_exists():
            return
        if self._busy:
            self._widget["cursor"] = ""
        self._busy = False
        show()
        waiting, self._waiting = self._waiting, []
        for job in waiting:
            job()

    def when_ready(self, job: Job) -> None:
        """Run it now, or after the rows being prepared are shown."""
        if self._busy:
            self._waiting.append(job)
        else:
            job()
