"""How long work tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Hears how far the work is; ``report`` raises Cancelled once the user asked to stop."""

    def report(self, done: int, total: int, what: str = "") -> None: ...
