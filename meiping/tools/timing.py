"""Timing, and a line of the table."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. ``value`` must not pass ``goal``, and never ``guard``; None is told only."""

    what: str
    shown: str
    target: str = ""
    value: float = 0.0
    goal: float | None = None
    guard: float | None = None

    @property
    def mark(self) -> str:
        """A sign for the table: reached, missed, or just told."""
        if self.goal is None:
            return "·"
        return "✓" if self.value <= self.goal else "✗"

    @property
    def within_guard(self) -> bool:
        """Whether it is no worse than allowed at all."""
        return self.guard is None or self.value <= self.guard


def milliseconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes once."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def p95(times: Sequence[float]) -> float:
    """The time that 95 of 100 keep."""
    return sorted(times)[int(len(times) * 0.95)]
