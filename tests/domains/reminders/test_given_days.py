"""Given weekdays and days ahead, against a plain reckoning day by day, whatever the clocks do."""

import calendar
import os
import time as clocks
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.reminders.rules import ReminderInput, Repeat, Schedule, day_words
from meiping.kernel.errors import InputError
from meiping.kernel.moments import to_ms

HORIZON = 500
"""How many days the plain reckoning walks through."""
days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
schedules = st.builds(
    Schedule, days, times, st.sampled_from(Repeat), st.integers(0, 127), st.sampled_from([0, 0, 1, 3, 40])
)


def plain_days(schedule: Schedule) -> list[date]:
    """The days a reminder is about, found by looking at every day from the first on."""
    first, found = schedule.first_date, []
    for offset in range(HORIZON):
        day = first + timedelta(days=offset)
        last = calendar.monthrange(day.year, day.month)[1]
        comes = {
            Repeat.ONCE: offset == 0,
            Repeat.DAILY: True,
            Repeat.WEEKLY: bool((schedule.weekdays or 1 << first.weekday()) >> day.weekday() & 1),
            Repeat.MONTHLY: day.day == min(first.day, last),
            Repeat.YEARLY: day.month == first.month and day.day == min(first.day, last),
        }[schedule.repeat]
        found += [day] if comes else []
    return found


@pytest.fixture(params=["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The shop's clock in places with and without summer time."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    clocks.tzset()
    yield request.param
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    clocks.tzset()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=schedules)
def test_every_coming_is_the_one_found_by_looking_at_every_day(zone: str, schedule: Schedule):
    wanted = plain_days(schedule)
    assert [schedule.day(n) for n in range(len(wanted))] == wanted
    for n, day in enumerate(wanted[:40]):
        told = datetime.combine(day - timedelta(days=schedule.days_ahead), schedule.time_of_day)
        assert schedule.at(n) == to_ms(told.astimezone())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=schedules, minutes=st.integers(-3_000, 400 * 1440))
def test_the_latest_is_the_last_that_was_told_by_then(zone: str, schedule: Schedule, minutes: int):
    now = to_ms(datetime.combine(schedule.first_date, time()).astimezone()) + minutes * 60_000
    told = [n for n in range(len(plain_days(schedule))) if schedule.at(n) <= now]
    assert schedule.latest(now) == (max(told) if told else None)
    following = schedule.following(now)
    if following is None:
        assert schedule.repeat is Repeat.ONCE
        assert told == [0]
    else:
        assert following == (max(told) + 1 if told else 0)
        assert schedule.at(following) > now


@given(first=days, weekdays=st.integers(1, 127))
def test_only_given_weekdays_come_and_none_is_left_out(first: date, weekdays: int):
    schedule = Schedule(first, time(9), Repeat.WEEKLY, weekdays)
    found = [schedule.day(n) for n in range(21)]
    assert all(weekdays >> day.weekday() & 1 for day in found)
    assert 0 <= (found[0] - first).days < 7
    assert {day.weekday() for day in found[:7]} == {day for day in range(7) if weekdays >> day & 1}


def test_a_reminder_is_told_the_days_ahead_and_is_about_its_day():
    schedule = Schedule(date(2026, 3, 31), time(9), Repeat.MONTHLY, days_ahead=3)
    told = [f"{datetime.fromtimestamp(schedule.at(n) / 1000):%m-%d %H:%M}" for n in range(3)]
    assert told == ["03-28 09:00", "04-27 09:00", "05-28 09:00"]
    assert [schedule.day(n).day for n in range(3)] == [31, 30, 31]


def test_one_made_late_for_a_day_still_to_come_is_told_at_once():
    now = to_ms(datetime(2026, 3, 30, 12).astimezone())
    assert Schedule(date(2026, 3, 31), time(9), Repeat.YEARLY, days_ahead=7).waiting(now) == 0
    assert Schedule(date(2026, 3, 31), time(9), Repeat.ONCE, days_ahead=7).waiting(now) == 0
    assert Schedule(date(2026, 3, 29), time(9), Repeat.ONCE, days_ahead=7).waiting(now) is None
    assert Schedule(date(2026, 3, 29), time(9), Repeat.YEARLY, days_ahead=7).waiting(now) == 1


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(date(2026, 3, 16), time(9), Repeat.ONCE), ""),
        (Schedule(date(2026, 3, 16), time(9), Repeat.ONCE, days_ahead=3), "提前 3 天"),
        (Schedule(date(2026, 3, 16), time(9), Repeat.WEEKLY), "每周一"),
        (Schedule(date(2026, 3, 16), time(9), Repeat.WEEKLY, 0b10101), "每周一、三、五"),
        (Schedule(date(2026, 3, 16), time(9), Repeat.WEEKLY, 127), "每天"),
        (Schedule(date(2026, 3, 31), time(9), Repeat.MONTHLY, days_ahead=1), "每月 31 日 · 提前 1 天"),
        (Schedule(date(2024, 2, 29), time(9), Repeat.YEARLY), "每年 2 月 29 日"),
    ],
)
def test_the_repetition_is_said_in_words(schedule: Schedule, words: str):
    assert schedule.words() == words


def test_a_day_is_said_as_people_say_it():
    today = date(2026, 3, 16)
    said = [day_words(today + timedelta(days=offset), today) for offset in (-2, 0, 1, 3)]
    assert said == ["2 天前（03-14 周六）", "今天", "明天", "3 天后（03-19 周四）"]


@pytest.mark.parametrize(
    ("values", "field"), [({"days_ahead": 367}, "days_ahead"), ({"weekdays": 128}, "weekdays")]
)
def test_what_no_calendar_has_is_refused(values: dict[str, Any], field: str):
    with pytest.raises(InputError) as refused:
        _ = ReminderInput("回访", date(2026, 3, 16), repeat=Repeat.WEEKLY, **values).schedule
    assert refused.value.field == field
