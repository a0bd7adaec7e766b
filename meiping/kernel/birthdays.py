"""Birthdays, solar and lunar: on which days they are kept.

A lunar birthday is written down as it is spoken, as lunar year, month and day in the form of a date. It is kept in
the month itself where a leap month of the same number follows, and the 30th on the 29th of a short month; one on
29 February on the 28th in common years.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

FIRST_LUNAR, LAST_LUNAR = date(1901, 1, 1), date(2098, 12, 31)
"""The days whose lunar date is known."""
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_DIGITS = "一二三四五六七八九十"


@lru_cache(maxsize=1024)
def birth_month_days(day: date, *, lunar: bool) -> frozenset[tuple[int, int]]:
    """The months and days of birth whose birthday is kept on ``day``."""
    if not lunar:
        common = (day.month, day.day) == (2, 28) and not calendar.isleap(day.year)
        return frozenset({(day.month, day.day), *([(2, 29)] if common else [])})
    if not FIRST_LUNAR <= day <= LAST_LUNAR:
        return frozenset()
    month, number, leap = _lunar(day)
    if leap:
        return frozenset()
    short = number == 29 and _lunar(day + timedelta(days=1))[1] == 1
    return frozenset({(month, number), *([(month, 30)] if short else [])})


def _lunar(day: date) -> tuple[int, int, bool]:
    from lunardate import LunarDate

    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return found.month, found.day, bool(found.is_leap_month)


def is_birthday(day: date, birth_date: date, *, lunar: bool) -> bool:
    """Whether the birthday of one born then is kept on ``day``."""
    return (birth_date.month, birth_date.day) in birth_month_days(day, lunar=lunar)


def written(month_days: Iterable[tuple[int, int]]) -> list[str]:
    """Months and days as a date ends in the file: ``03-16``."""
    return [f"{month:02d}-{day:02d}" for month, day in month_days]


def lunar_words(birth_date: date) -> str:
    """A lunar month and day as they are spoken: ``八月十五``."""
    tens, ones = divmod(birth_date.day, 10)
    if birth_date.day <= 10:
        number = f"初{_DIGITS[birth_date.day - 1]}"
    elif ones == 0:
        number = f"{_DIGITS[tens - 1]}十"
    else:
        number = ("十", "廿", "三十")[tens - 1] + _DIGITS[ones - 1]
    return f"{_MONTHS[birth_date.month - 1]}月{number}"
