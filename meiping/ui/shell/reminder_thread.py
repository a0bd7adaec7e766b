"""The thread that waits for reminders: it only reads; the window's thread claims and shows."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date

from meiping.domains.reminders.queries import DueReminder, due, next_due_at
from meiping.domains.reminders.rules import USE
from meiping.kernel.actor import Actor
from meiping.kernel.moments import to_ms
from meiping.store.database import reading

LONGEST_WAIT_S = 60.0
"""So that a machine that slept, or a clock that was set, is noticed within a minute."""
_SHORTEST_WAIT_S = 0.2
log = logging.getLogger(__name__)

Wait = Callable[[float], object]
"""Waits so many seconds, or until ``poke``."""


class ReminderThread:
    """Hands what is due and not told yet to ``on_due``, which is called on this thread, until ``stop``.

    ``on_outdated`` is called on it where automatic reminders no longer are what they should be: looked at first,
    on a new day, and after ``causes_changed``. The actor's clock says what time it is. ``wait`` stands in for
    the waiting in tests.
    """

    def __init__(
        self,
        actor: Actor,
        on_due: Callable[[Sequence[DueReminder]], object],
        *,
        on_outdated: Callable[[], object] | None = None,
        wait: Wait | None = None,
    ) -> None:
        self._actor, self._on_due, self._on_outdated = actor, on_due, on_outdated
        self._looked_on: date | None = None
        self._woken = threading.Event()
        self._stopped = False
        self._wait: Wait = wait or self._woken.wait
        self._thread = threading.Thread(target=self._work, name="reminders", daemon=True)

    def start(self) -> None:
        """Begin with what was missed."""
        self._thread.start()

    def poke(self) -> None:
        """Look again now: reminders have changed. May be called on any thread."""
        self._woken.set()

    def causes_changed(self) -> None:
        """Ask at the next look whether automatic reminders are outdated. May be called on any thread."""
        self._looked_on = None

    def stop(self, timeout_s: float = 5.0) -> None:
        """Look no more, and give the file back."""
        self._stopped = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def alive(self) -> bool:
        """Whether it still looks."""
        return self._thread.is_alive()

    def _work(self) -> None:
        while not self._stopped:
            self._woken.clear()
            try:
                seconds = self._look()
            except Exception:  # whatever happens to one look, the next reminder must come
                log.exception("a look at the reminders failed")
                seconds = LONGEST_WAIT_S
            self._wait(seconds)

    def _look(self) -> float:
        """Hand on what is due; gives the seconds until the next look."""
        with reading():
            if not self._actor.can(USE):
                return LONGEST_WAIT_S
            now = self._actor.now()
            if self._on_outdated is not None and self._outdated():
                self._on_outdated()
            fresh = [reminder for reminder in due(self._actor, now=now) if reminder.fresh]
            following = None if fresh else next_due_at(self._actor, now=now)
        if fresh:
            self._on_due(fresh)
        if following is None:
            return LONGEST_WAIT_S
        return min(max((following - to_ms(now)) / 1000, _SHORTEST_WAIT_S), LONGEST_WAIT_S)

    def _outdated(self) -> bool:
        """Whether automatic reminders must be renewed; asked once until the day or their causes change."""
        today = self._actor.today()
        if self._looked_on == today:
            return False
        self._looked_on = today
        from meiping.domains.reminders.automatic import automatic_outdated  # knows many rooms

        return automatic_outdated(self._actor)
