"""The right of way of a sale: what reads on other threads stands aside for a moment while a transaction writes.

Two threads in one process take turns at the interpreter and at SQLite's memory; a report that runs through a million
lines would make every bill beside it twice as slow. It asks here every few steps instead.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST_SECONDS = 0.02
"""A reader never waits longer for one transaction: an import writes for seconds."""
_STEPS = 1_000
"""Steps of SQLite's machine between two looks: some 20 µs."""


class RightOfWay:
    """Who writes now, and since when."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()
        self._since = 0.0
        self._writer = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Readers on other threads stand aside inside."""
        self._since, self._writer = time.monotonic(), threading.get_ident()
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def given_by(self, connection: sqlite3.Connection) -> None:
        """Have what is read over this connection stand aside."""
        connection.set_progress_handler(self._stand_aside, _STEPS)

    def _stand_aside(self) -> int:
        """0: go on reading."""
        if not self._free.is_set() and self._writer != threading.get_ident():
            left = self._since + _LONGEST_SECONDS - time.monotonic()
            if left > 0:
                self._free.wait(left)
        return 0


right_of_way = RightOfWay()
