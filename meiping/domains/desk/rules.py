"""Which days the desk looks at. Pure, and known before anything is read."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

COMPARED = (
    ("yesterday", "昨天"),
    ("week", "上周同日"),
    ("month", "上月同日"),
    ("year", "去年同日"),
)
"""What today is held against: key and word on screen."""


def compared_day(key: str, today: date) -> date:
    """The day one of ``COMPARED`` means: the same weekday, the same day of the month or year."""
    back = {
        "yesterday": relativedelta(days=1),
        "week": relativedelta(days=7),
        "month": relativedelta(months=1),
        "year": relativedelta(years=1),
    }[key]
    return today - back


TREND_DAYS = 30


def trend_start(today: date) -> date:
    """The first of the days whose course is shown."""
    return today - timedelta(days=TREND_DAYS - 1)


WEEKS = 8
"""Over so many whole weeks up to yesterday the busy hours are counted, so that every weekday counts alike."""
GOODS_DAYS = 30
GOODS_SHOWN = 5


def busy_days(today: date) -> tuple[date, date]:
    """The first and last day of those weeks."""
    return today - timedelta(weeks=WEEKS), today - timedelta(days=1)
