"""The periods people choose, and the rows they fall into."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.reports.queries.scope import nearest_parts
from meiping.domains.reports.rules import Period, Quick, Unit
from meiping.kernel.errors import InputError

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("quick", "first", "last"),
    [
        (Quick.TODAY, "2026-03-31", "2026-03-31"),
        (Quick.YESTERDAY, "2026-03-30", "2026-03-30"),
        (Quick.WEEK, "2026-03-30", "2026-03-31"),
        (Quick.MONTH, "2026-03-01", "2026-03-31"),
        (Quick.LAST_MONTH, "2026-02-01", "2026-02-28"),
        (Quick.YEAR, "2026-01-01", "2026-03-31"),
        (Quick.LAST_30, "2026-03-02", "2026-03-31"),
    ],
)
def test_periods_on_the_last_of_march(quick: Quick, first: str, last: str):
    period = quick.period(date(2026, 3, 31))
    assert (str(period.first), str(period.last)) == (first, last)


def test_everything_has_no_ends():
    assert Quick.ALL.period(date(2026, 3, 31)) == Period()
    assert Period().show() == "全部日期"


def test_a_period_says_its_days():
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).show() == "2026-03-01 至 2026-03-31"
    assert Period(date(2026, 3, 1), date(2026, 3, 1)).show() == "2026-03-01"
    assert Period(last=date(2026, 3, 1)).show() == "最早 至 2026-03-01"


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(InputError, match="不能晚于"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


@given(day=days, unit=st.sampled_from(Unit))
def test_every_day_lies_in_the_days_of_its_row(day: date, unit: Unit):
    row = unit.days(unit.label(day))
    assert row.first is not None
    assert row.last is not None
    assert row.first <= day <= row.last
    assert {unit.label(row.first), unit.label(row.last)} == {unit.label(day)}


@given(first=days, length=st.integers(0, 1200), unit=st.sampled_from(Unit))
def test_rows_run_without_gaps(first: date, length: int, unit: Unit):
    last = first + timedelta(days=length)
    labels = unit.labels(first, last)
    assert (labels[0], labels[-1]) == (unit.label(first), unit.label(last))
    ends = [unit.days(label) for label in labels]
    for before, after in pairwise(ends):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)


_DAYS = st.dates(date(2025, 1, 1), date(2026, 3, 31))


@given(_DAYS | st.none(), st.integers(0, 200) | st.none())
def test_a_period_taken_apart_counts_each_of_its_days_once(first: date | None, length: int | None) -> None:
    """As months, days added and days taken off again; never more than a month's days are read singly."""
    last = None if length is None else (first or date(2025, 6, 1)) + timedelta(days=length)
    every = [date(2024, 12, 1) + timedelta(days=number) for number in range(750)]
    parts = nearest_parts(Period(first, last))
    counted = dict.fromkeys(every, 0)
    for day in every:
        if parts.months and parts.months[0] <= day.isoformat()[:7] <= parts.months[1]:
            counted[day] += 1
        for sign, days in parts.days:
            if (days.first or day) <= day <= (days.last or day):
                counted[day] += sign
    assert counted == {day: int((first or day) <= day <= (last or day)) for day in every}
    singly = [(days.last - days.first).days + 1 for _, days in parts.days if days.first and days.last]
    assert sum(singly) <= 31
