"""When reminders come again, whatever the calendar does."""

import calendar
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.reminders.rules import Repeat, Schedule, Standing, occurrence_at
from meiping.domains.reminders.spoken_times import parse_when
from meiping.kernel.errors import InputError
from meiping.kernel.moments import from_ms, to_ms

NOON = time(12)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
repeating = st.sampled_from([repeat for repeat in Repeat if repeat is not Repeat.ONCE])


def day_of(first: date, repeat: Repeat, n: int) -> date:
    return occurrence_at(first, NOON, repeat, n).date()


def test_the_31st_falls_on_the_last_day_of_a_short_month_and_comes_back():
    found = [day_of(date(2026, 1, 31), Repeat.MONTHLY, n) for n in range(5)]
    assert [(day.month, day.day) for day in found] == [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]


def test_29_february_falls_on_the_28th_in_common_years_and_comes_back():
    found = [day_of(date(2024, 2, 29), Repeat.YEARLY, n) for n in range(5)]
    assert [day.day for day in found] == [29, 28, 28, 28, 29]
    assert {day.month for day in found} == {2}


@given(first=days, n=st.integers(0, 600))
def test_no_month_is_left_out(first: date, n: int):
    found = day_of(first, Repeat.MONTHLY, n)
    assert found.year * 12 + found.month == first.year * 12 + first.month + n
    assert found.day == min(first.day, calendar.monthrange(found.year, found.month)[1])


@given(first=days, n=st.integers(0, 80))
def test_no_year_is_left_out(first: date, n: int):
    found = day_of(first, Repeat.YEARLY, n)
    assert (found.year, found.month) == (first.year + n, first.month)
    assert found.day == first.day or (first.month, first.day, found.day) == (2, 29, 28)


@given(first=days, moment=times, repeat=repeating, n=st.integers(0, 3000))
def test_the_time_of_day_stays(first: date, moment: time, repeat: Repeat, n: int):
    n = n // 12 if repeat in (Repeat.MONTHLY, Repeat.YEARLY) else n
    assert occurrence_at(first, moment, repeat, n).time() == moment


@given(
    first=days,
    moment=times,
    repeat=repeating,
    later=st.integers(-40_000_000, 900_000_000).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_the_latest_has_come_and_the_following_has_not(
    first: date, moment: time, repeat: Repeat, later: timedelta
):
    schedule = Schedule(first, moment, repeat)
    now = to_ms(datetime.combine(first, moment).astimezone() + later)
    latest, following = schedule.latest(now), schedule.following(now)
    assert following == (0 if latest is None else latest + 1)
    assert schedule.at(following) > now
    assert (latest is None) == (later < timedelta(0))
    assert latest is None or schedule.at(latest) <= now


def test_once_never_comes_again():
    schedule = Schedule(date(2026, 3, 1), NOON, Repeat.ONCE)
    assert schedule.following(schedule.at(0) - 1) == 0
    assert schedule.following(schedule.at(0)) is None


def test_what_was_put_off_stays_silent_even_over_its_next_coming():
    schedule = Schedule(date(2026, 3, 1), NOON, Repeat.DAILY)
    until = to_ms(datetime(2026, 3, 3, 9).astimezone())
    put_off = Standing(schedule, 0, schedule.at(0), snoozed_until_at=until)
    assert put_off.due(schedule.at(1)) is None
    assert put_off.due(until) == (1, until)
    assert put_off.due(schedule.at(2)) == (2, schedule.at(2))


def test_a_clock_set_back_does_not_tell_twice():
    schedule = Schedule(date(2026, 3, 1), NOON, Repeat.DAILY)
    told = Standing(schedule, 0, schedule.at(0), notified_at=schedule.at(0) + 30_000)
    assert told.to_notify(schedule.at(0) - 3_600_000) is False
    assert told.to_notify(schedule.at(0)) is False
    assert told.to_notify(schedule.at(1)) is True


NOW = datetime(2026, 11, 21, 10, 5).astimezone()  # a Saturday


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10分钟后", "11-21 10:15"),
        ("１０ 分钟", "11-21 10:15"),
        ("半小时后", "11-21 10:35"),
        ("一个半小时后", "11-21 11:35"),
        ("3天后", "11-24 10:05"),
        ("两周后", "12-05 10:05"),
        ("1个月后", "12-21 10:05"),
        ("明天", "11-22 09:00"),
        ("明早9点", "11-22 09:00"),
        ("今晚8点", "11-21 20:00"),
        ("后天 下午3点半", "11-23 15:30"),
        ("下午三点", "11-21 15:00"),
        ("下周一 14:00", "11-23 14:00"),
        ("周五", "11-27 09:00"),
        ("18:30", "11-21 18:30"),
        ("9点", "11-22 09:00"),
        ("12-01 8点", "12-01 08:00"),
        ("1201", "12-01 09:00"),
    ],
)
def test_times_are_understood_as_people_say_them(text: str, wanted: str):
    assert f"{parse_when(text, now=NOW):%m-%d %H:%M}" == wanted


@pytest.mark.parametrize("text", ["", "以后再说", "25:00", "2027-02-29 9:00", "晚十二点"])
def test_other_words_are_refused_with_an_example(text: str):
    with pytest.raises(InputError, match="如“明天 9 点”"):
        parse_when(text, now=NOW)


@pytest.mark.parametrize("text", ["昨天", "今天 9:00", "2026-11-20 9:00"])
def test_a_time_that_has_passed_is_refused(text: str):
    with pytest.raises(InputError, match="已经过去"):
        parse_when(text, now=NOW)


def test_instants_are_local_wall_time():
    schedule = Schedule(date(2026, 7, 1), time(9, 30), Repeat.ONCE)
    assert f"{from_ms(schedule.at(0)):%Y-%m-%d %H:%M}" == "2026-07-01 09:30"
