"""Slow work off the main thread; what it has to say comes back through a queue that the window empties.

Workers never touch Tk: they report to a Progress, return a value or raise. ``done`` and ``failed`` are called on
the main thread.
"""

import logging
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from meiping.kernel.errors import Cancelled
from meiping.ui.context import Progress

_BUSY_MS, _IDLE_MS = 50, 200
_WORKERS = 4
log = logging.getLogger(__name__)


def _nothing(_given: object) -> None:
    """Stands in for what has been called."""


class Shown(Protocol):
    """A progress on the screen."""

    def report(self, done: int, total: int, what: str = "") -> None: ...

    def close(self) -> None: ...


@dataclass(eq=False)
class Task:
    """One piece of work, its progress, and what happens after it."""

    title: str
    work: Callable[[Progress], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    quiet: bool
    shown: Shown | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _state: tuple[int, int, str] | None = None

    def report(self, done: int, total: int, what: str = "") -> None:
        """Called by the worker; raises Cancelled once ``cancel`` was called."""
        if self._stop.is_set():
            raise Cancelled
        self._state = (done, total, what)

    def cancel(self) -> None:
        """Ask the worker to stop at its next report."""
        self._stop.set()

    def forget(self) -> None:
        """Let go, on this thread, of all that the work may hold of the window: the worker may be the last to end."""
        self.work = self.done = self.failed = _nothing

    def show(self) -> None:
        """Bring the screen up to what was last reported; on the main thread."""
        if self.shown is not None and self._state is not None:
            self.shown.report(*self._state)


class Background:
    """The window's workers.

    ``show`` makes the progress dialog of a task that is not quiet: ``show(title, cancel)``.
    """

    def __init__(self, root: tk.Misc, show: Callable[[str, Callable[[], None]], Shown]) -> None:
        self._root, self._show = root, show
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="work")
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._tasks: list[Task] = []
        self._held: list[Task] | None = None
        self._timer = root.after(_IDLE_MS, self._poll)

    def run(
        self,
        work: Callable[[Progress], Any],
        *,
        title: str,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        quiet: bool = False,
    ) -> Task:
        """Start ``work``; exactly one of ``done`` and ``failed`` is called later, on the main thread."""
        task = Task(title, work, done, failed, quiet)
        self._tasks.append(task)
        if not quiet:
            task.shown = self._show(title, task.cancel)
        if self._held is not None:
            self._held.append(task)
        else:
            self._start(task)
        self._root.after_cancel(
            self._timer
        )  # who waits for it should not wait for the next idle look besides
        self._timer = self._root.after(_BUSY_MS, self._poll)
        return task

    def hold(self) -> None:
        """Begin nothing until ``resume``: the window's first paint comes first."""
        self._held = []

    def resume(self) -> None:
        """Begin what was held back."""
        held, self._held = self._held or [], None
        for task in held:
            self._start(task)

    def post(self, call: Callable[[], None]) -> None:
        """Have ``call`` made on the main thread soon; may be used on any thread."""
        self._calls.put(call)

    def busy(self) -> list[str]:
        """The titles of the work under way that the user knows of."""
        return [task.title for task in self._tasks if not task.quiet]

    def close(self) -> None:
        """Ask all work to stop, wait for it, and hear no more of it."""
        self._root.after_cancel(self._timer)
        for task in self._tasks:
            task.cancel()
            if task.shown is not None:
                task.shown.close()
        self._tasks.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, task: Task) -> None:
        self._pool.submit(self._work, task)

    def _work(self, task: Task) -> None:
        try:
            result = task.work(task)
        except Exception as error:  # noqa: BLE001  whatever it is, the main thread decides what is told
            failure = error
            self.post(lambda: self._end(task, lambda: task.failed(failure)))
        else:
            self.post(lambda: self._end(task, lambda: task.done(result)))

    def _end(self, task: Task, told: Callable[[], None]) -> None:
        if task not in self._tasks:
            return
        self._tasks.remove(task)
        if task.shown is not None:
            task.shown.close()
        told()
        task.forget()

    def _poll(self) -> None:
        self._timer = self._root.after(_BUSY_MS if self._tasks else _IDLE_MS, self._poll)
        self.empty()

    def empty(self) -> None:
        """Make the calls that wait for the main thread, and show how far the work is."""
        for task in tuple(self._tasks):
            task.show()
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            call()
