"""Points kept a second time: got on a day, lapsing a month later, the oldest used first."""

from collections.abc import Callable
from datetime import date, timedelta

MONTHS = 1
"""After how many months points lapse."""


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last one."""
    last = (day.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


class PointsBook:
    """What each customer has today: read and written like a dictionary of numbers, whatever is added is got today."""

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self.today = today
        self._got: dict[int, dict[date, int]] = {}
        self._used: dict[int, int] = {}

    def __getitem__(self, customer: int) -> int:
        self._lapse(customer)
        return sum(self._got.get(customer, {}).values()) - self._used.get(customer, 0)

    def __setitem__(self, customer: int, points: int) -> None:
        more = points - self[customer]
        if more > 0:
            self.get(customer, more, a_month_after(self.today()))
        else:
            self._used[customer] = self._used.get(customer, 0) - more

    def get(self, customer: int, points: int, until: date) -> None:
        """So many that lapse on that day."""
        lots = self._got.setdefault(customer, {})
        lots[until] = lots.get(until, 0) + points

    def adopt(self, customer: int, moves: list[tuple[int, str | None]]) -> None:
        """Forget what is known of a customer's points, and take these moves (points, the day they lapse) for granted."""
        self._got[customer], self._used[customer] = {}, 0
        for points, until in moves:
            if until is None:
                self._used[customer] -= points
            else:
                self.get(customer, points, date.fromisoformat(until))

    def _lapse(self, customer: int) -> None:
        over = sum(points for day, points in self._got.get(customer, {}).items() if day <= self.today())
        self._used[customer] = max(self._used.get(customer, 0), over)
