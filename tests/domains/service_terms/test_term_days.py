"""A service goes from day to day of the month, through short months and leap years, without a gap."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.service_terms.rules import TermDays, first_term

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 120)
ONE_DAY = timedelta(days=1)


def ends(term: TermDays, months: int, times: int) -> list[date]:
    """The last days of so many terms, one behind the other."""
    found = [term.end]
    for _ in range(times - 1):
        term = term.following(months)
        found.append(term.end)
    return found


def test_a_year_from_the_fifteenth_goes_to_the_fourteenth() -> None:
    term = first_term(date(2026, 3, 15), 12)
    assert (term.start, term.end) == (date(2026, 3, 15), date(2027, 3, 14))
    assert term.following(12).start == date(2027, 3, 15)


def test_a_service_of_the_31st_comes_back_to_the_31st_after_short_months() -> None:
    term = first_term(date(2026, 1, 31), 1)
    assert ends(term, 1, 4) == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)]


def test_a_service_of_29_february_comes_back_to_it_in_the_next_leap_year() -> None:
    term = first_term(date(2024, 2, 29), 12)
    assert ends(term, 12, 4) == [date(2025, 2, 27), date(2026, 2, 27), date(2027, 2, 27), date(2028, 2, 28)]


def test_a_term_without_a_month_is_none() -> None:
    with pytest.raises(ValueError, match="a month at least"):
        first_term(date(2026, 1, 1), 0)


@given(day=DAYS, months=MONTHS)
def test_a_term_ends_the_day_before_the_same_day_so_many_months_on(day: date, months: int) -> None:
    term = first_term(day, months)
    assert term.end + ONE_DAY == day + relativedelta(months=months)
    assert term.start <= term.end


@given(day=DAYS, months=st.lists(st.integers(1, 36), min_size=1, max_size=6))
def test_terms_follow_without_a_gap_and_together_are_as_long_as_one_of_all_the_months(
    day: date, months: list[int]
) -> None:
    term = first_term(day, months[0])
    for more in months[1:]:
        following = term.following(more)
        assert following.start == term.end + ONE_DAY
        assert following.start <= following.end
        term = following
    assert term.end == first_term(day, sum(months)).end
