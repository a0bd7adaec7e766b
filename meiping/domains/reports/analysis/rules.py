"""Segments of customers in plain words, classes of contribution, and when somebody is slipping away. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import neg

from meiping.kernel.titled import Titled

MONTH_DAYS = 30
"""A month where money is averaged."""
LEAST_DAYS = 3
"""On so many days one must have bought before there is a usual interval."""
LEAST_SILENCE = 14
"""Days of silence below which nobody is slipping away."""


@dataclass(frozen=True, slots=True)
class CutPoints:
    """Where the owner draws the lines.

    One was here lately within ``near_days`` and is lost after ``lost_days``; comes often with ``often`` bills a
    year, and spends much with ``much_fen`` a year. ``slip_times`` the usual interval without a purchase is too long.
    """

    near_days: int = 60
    lost_days: int = 180
    often: int = 4
    much_fen: int = 100_000
    slip_times: int = 2

    @property
    def last_days(self) -> int:
        """After so many days one is lost: never before one is no longer here lately."""
        return max(self.near_days, self.lost_days)


class Segment(Titled):
    """Every customer belongs to exactly one: key, word on screen, the rule in words."""

    VALUABLE = ("valuable", "重要价值", "最近来过，常来，花得多")
    DEVELOP = ("develop", "重要发展", "最近来过，花得多，但来得少")
    KEEP = ("keep", "重要保持", "常来，花得多，但有一阵没来了")
    WIN_BACK = ("win_back", "重要挽留", "花得多，来得少，又有一阵没来了")
    REGULAR = ("regular", "熟客", "最近来过，常来，花得不多")
    GROWING = ("growing", "一般发展", "最近来过，来得少，花得不多")
    SLIPPING = ("slipping", "流失预警", "以前常来，花得不多，有一阵没来了")
    FADING = ("fading", "一般挽留", "来得少，花得不多，有一阵没来了")
    LOST = ("lost", "已经流失", "很久没有来过")
    NEVER = ("never", "没有消费", "建了档，还没有买过东西")

    @property
    def rule(self) -> str:
        """Who belongs to it, in words."""
        return str(self.value[2])


BY_MARKS = {
    (True, True, True): Segment.VALUABLE,
    (True, False, True): Segment.DEVELOP,
    (False, True, True): Segment.KEEP,
    (False, False, True): Segment.WIN_BACK,
    (True, True, False): Segment.REGULAR,
    (True, False, False): Segment.GROWING,
    (False, True, False): Segment.SLIPPING,
    (False, False, False): Segment.FADING,
}
"""By whether one was here lately, comes often, spends much."""


CLASSES = ("A", "B", "C")


def classes(amounts: Sequence[int], a_percent: int, b_percent: int) -> tuple[str, list[int]]:
    """The class of each of some amounts, a letter each, and the sum up to it; they stand in order, the largest first.

    Class A brings the first ``a_percent`` of the whole, B goes on to ``b_percent``; who crosses a line belongs
    before it. Who brought nothing, or took back more than he bought, is C.
    """
    brought = bisect_left(amounts, 0, key=neg)
    so_far = list(accumulate(amounts[:brought]))
    whole = so_far[-1] if so_far else 0
    so_far += [whole] * (len(amounts) - brought)

    def before(percent: int) -> int:
        """How many begin before so much of the whole has come together."""
        line = -(-whole * percent // 100)
        return min(bisect_left(so_far, line) + 1, brought) if line else 0

    of_a = before(a_percent)
    of_b = max(before(b_percent), of_a)
    return "A" * of_a + "B" * (of_b - of_a) + "C" * (len(so_far) - of_b), so_far
