"""When a reminder is due: repetitions counted from the first date, and what was missed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from meiping.kernel.errors import InputError
from meiping.kernel.moments import from_ms, local_day, to_ms
from meiping.kernel.permissions import permission
from meiping.kernel.text import clean
from meiping.kernel.titled import Titled

USE = permission("reminders.use", "使用客户提醒", group="客户")

KIND = "reminder"
"""A reminder's kind in the logs."""
SUBJECT_LIMIT, CONTENT_LIMIT = 60, 2000
MORNING = time(9)
"""When a day's work begins: what a day without a time means."""
LONGEST_SNOOZE = timedelta(days=366)
SNOOZES = (("10", "10 分钟后"), ("60", "1 小时后"), ("tomorrow", "明天上午 9 点"))
"""How long a reminder can be put off by one press: key and word on screen."""


def snooze_until(key: str, now: datetime) -> datetime:
    """The moment one of ``SNOOZES`` means now."""
    if key == "tomorrow":
        return datetime.combine(local_day(now) + timedelta(days=1), MORNING).astimezone()
    return now + timedelta(minutes=int(key))


class Repeat(Titled):
    """How a reminder comes again: key in the file, word on screen."""

    ONCE = ("once", "不重复")
    DAILY = ("daily", "每天")
    WEEKLY = ("weekly", "每周")
    MONTHLY = ("monthly", "每月")
    YEARLY = ("yearly", "每年")


REPEAT_BY_KEY = {repeat.key: repeat for repeat in Repeat}


def occurrence_at(first_date: date, time_of_day: time, repeat: Repeat, n: int) -> datetime:
    """The local instant of occurrence ``n``, counting from 0, aware.

    Always reckoned from the first date, so that the 31st is the last day of a short month and the 31st again
    in the next long one, and 29 February the 28th in common years. A time the clocks skip moves on with them.
    """
    step = {
        Repeat.ONCE: relativedelta(),
        Repeat.DAILY: relativedelta(days=n),
        Repeat.WEEKLY: relativedelta(weeks=n),
        Repeat.MONTHLY: relativedelta(months=n),
        Repeat.YEARLY: relativedelta(years=n),
    }[repeat]
    return datetime.combine(first_date + step, time_of_day).astimezone()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A first date and a time of day on the shop's clock, and how it comes again."""

    first_date: date
    time_of_day: time
    repeat: Repeat

    def at(self, n: int) -> int:
        """UTC milliseconds of occurrence ``n``."""
        return to_ms(occurrence_at(self.first_date, self.time_of_day, self.repeat, n))

    def latest(self, now_ms: int) -> int | None:
        """The last occurrence not after ``now_ms``; None before the first."""
        today, first = local_day(from_ms(now_ms)), self.first_date
        months = (today.year - first.year) * 12 + today.month - first.month
        guess = {
            Repeat.ONCE: 0,
            Repeat.DAILY: (today - first).days,
            Repeat.WEEKLY: (today - first).days // 7,
            Repeat.MONTHLY: months,
            Repeat.YEARLY: today.year - first.year,
        }[self.repeat]
        return next((n for n in (guess, guess - 1) if n >= 0 and self.at(n) <= now_ms), None)

    def following(self, now_ms: int) -> int | None:
        """The first occurrence after ``now_ms``; None where there is no more."""
        latest = self.latest(now_ms)
        if latest is None:
            return 0
        return None if self.repeat is Repeat.ONCE else latest + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reminder stands: the occurrence waited for or waiting to be done, and what was done about it."""

    schedule: Schedule
    occurrence: int
    due_at: int
    snoozed_until_at: int | None = None
    notified_at: int | None = None

    def due(self, now_ms: int) -> tuple[int, int] | None:
        """The occurrence due now and since when; None if it is not due yet.

        However many were missed, only the latest counts; one put off stays silent until then.
        """
        since = self.due_at if self.snoozed_until_at is None else self.snoozed_until_at
        if since > now_ms:
            return None
        latest = max(self.occurrence, self.schedule.latest(now_ms) or 0)
        return latest, max(since, self.schedule.at(latest)) if latest > self.occurrence else since

    def to_notify(self, now_ms: int) -> bool:
        """Whether what is due now has not been told yet."""
        found = self.due(now_ms)
        return found is not None and (self.notified_at is None or self.notified_at < found[1])

    def next_due(self, now_ms: int) -> int | None:
        """When there is next something to tell: now or earlier if it waits already; None if never again."""
        if self.to_notify(now_ms):
            return now_ms
        since = self.due_at if self.snoozed_until_at is None else self.snoozed_until_at
        if since > now_ms:
            return since
        following = self.schedule.following(now_ms)
        return None if following is None else self.schedule.at(following)


@dataclass(frozen=True, slots=True)
class ReminderInput:
    """What is entered about a reminder. ``operator_id`` None means for oneself."""

    subject: str
    first_date: date
    time_of_day: time = MORNING
    repeat: Repeat = Repeat.ONCE
    customer_id: int | None = None
    content: str = ""
    operator_id: int | None = None

    @property
    def schedule(self) -> Schedule:
        """When it comes."""
        return Schedule(self.first_date, self.time_of_day, self.repeat)


def check_subject(text: str) -> str:
    """The subject in its stored form. Raises InputError without one."""
    subject = clean(text, name="主题", limit=SUBJECT_LIMIT)
    if not subject:
        raise InputError("请填写主题，例如“回访”。", field="subject")
    return subject


def check_content(text: str) -> str:
    """The content in its stored form."""
    return clean(text, name="内容", limit=CONTENT_LIMIT, lines=True)
