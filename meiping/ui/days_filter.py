"""The filter of a list by days: the periods one chooses from, and the days another page asked for."""

from datetime import date
from typing import Any

from meiping.domains.reports.rules import Period, Quick

PERIODS = tuple((quick.key, quick.title) for quick in Quick if quick is not Quick.ALL)
"""Key and word of each choice."""
ASKED_DAYS = "days"
"""The key of the days another page asked for."""
_QUICK = {quick.key: quick for quick in Quick}


def period_of(chosen: str | None, today: date) -> Period:
    """The days of a choice; all there are where none is made."""
    return _QUICK.get(chosen or "", Quick.ALL).period(today)


class DaysFilter:
    """The choices of one list: days asked for by another page are one more of them, as soon as there are any."""

    def __init__(self) -> None:
        self._asked, self._called = Period(), ""

    def ask(self, first: date | None, last: date | None, *, called: str = "") -> dict[str, Any]:
        """Have days among the choices, ``called`` by other words than themselves if need be.

        Gives the values of the list's filters by which they are chosen: none for no days.
        """
        if first is None and last is None:
            return {}
        self._asked, self._called = Period(first, last), called
        return {"period": ASKED_DAYS}

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Key and word of each."""
        if self._asked == Period():
            return PERIODS
        return (*PERIODS, (ASKED_DAYS, self._called or self._asked.show()))

    def period(self, chosen: str | None, today: date) -> Period:
        """The days of a choice; all there are where none is made."""
        return self._asked if chosen == ASKED_DAYS else period_of(chosen, today)
