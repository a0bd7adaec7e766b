"""Points: what is earned, what they are worth, when they lapse.

They lapse the oldest first without lots being kept: at a day all that was got and has run out by then, less all that
was ever used, is what of it is still there. Points got carry the day they lapse on, ``NEVER`` if they don't; used ones
carry none.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from meiping.kernel.money import rounded_ratio
from meiping.kernel.permissions import permission

ADJUST = permission("loyalty.adjust", "手动调整积分", group="财务")
KIND_WORDS = {
    "earn": "消费得分",
    "spend": "积分付款",
    "takeback": "退货扣回",
    "giveback": "退货退回",
    "expire": "到期",
    "adjust": "手动调整",
    "merge": "合并",
    "opening": "期初",
}
MOST_POINTS = 1_000_000_000
NEVER = date.max


def points_earned(paid_fen: int, *, yuan_each: int) -> int:
    """The points for what was paid: one for each ``yuan_each`` yuan, a part of it for nothing."""
    return max(paid_fen, 0) // (yuan_each * 100)


def points_needed(amount_fen: int, *, per_yuan: int) -> int:
    """The points that pay so much, rounded up."""
    return -(-amount_fen * per_yuan // 100)


def worth_fen(points: int, *, per_yuan: int) -> int:
    """The most that so many points can pay; nothing for points below zero."""
    return max(points, 0) * 100 // per_yuan


def part_of(points: int, whole_fen: int, *, before_fen: int, now_fen: int) -> int:
    """The points that go with ``now_fen`` out of ``whole_fen``, after ``before_fen``: all parts together give ``points``."""
    if whole_fen <= 0:
        return 0
    return rounded_ratio(points * (before_fen + now_fen), whole_fen) - rounded_ratio(
        points * before_fen, whole_fen
    )


def expiry_of(day: date, months: int) -> date:
    """The day on which points got on ``day`` lapse; with no months at all never."""
    if not months:
        return NEVER
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def lots_left(moves: Iterable[tuple[int, date | None]]) -> list[tuple[int, date | None]]:
    """What is there of points got, by the day it lapses, the first to lapse first; below zero and without a day where
    more was used than got.

    ``moves`` are (points, the day they lapse, None of points used).
    """
    got: dict[date, int] = {}
    used = 0
    for points, day in moves:
        if day is None:
            used -= points
        else:
            got[day] = got.get(day, 0) + points
    left: list[tuple[int, date | None]] = []
    for day in sorted(got):
        gone = min(used, got[day]) if got[day] > 0 else got[day]
        used -= gone
        if got[day] - gone:
            left.append((got[day] - gone, day))
    return [*left, (-used, None)] if used else left
