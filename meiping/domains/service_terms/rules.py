"""From when to when a service term goes, whatever the lengths of the months."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class TermDays:
    """The first and the last day of a term, both within it.

    ``anchor_day`` is the day of the month on which the first term of the service began: a service of the 31st goes on
    to the last day of a short month and comes back to the 31st in a long one.
    """

    start: date
    end: date
    anchor_day: int

    def following(self, months: int) -> "TermDays":
        """The term of so many months right behind this one."""
        start = self.end + timedelta(days=1)
        return TermDays(start, _day_before(start, months, self.anchor_day), self.anchor_day)


def first_term(day: date, months: int) -> TermDays:
    """The term of so many months that begins on ``day``: a year from 2026-03-15 goes to 2027-03-14."""
    return TermDays(day, _day_before(day, months, day.day), day.day)


def _day_before(start: date, months: int, anchor_day: int) -> date:
    """The day before the anchor day so many months on, or before the last day of a month too short for it."""
    if months < 1:
        raise ValueError("a term has a month at least")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor_day, last)) - timedelta(days=1)
