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
FOLLOWS = "自动提醒跟着资料走：请修改客户、联系人的资料或任务，或在“设置 · 自动提醒”里关掉这一种。"
"""Why a reminder that made itself can't be changed."""
TASK_ORIGIN = "task_due/task"
"""How the origin of a reminder of a task's last day begins."""
LONGEST_SNOOZE = timedelta(days=366)
SNOOZES = (("10", "10 分钟后"), ("60", "1 小时后"), ("tomorrow", "明天上午 9 点"))
"""How long a reminder can be put off by one press: key and word on screen."""


def task_of(origin: str | None) -> int | None:
    """The task a reminder made itself for, by its origin; None for all others."""
    cause, _, _day = (origin or "").rpartition("/")
    kind, _, record = cause.rpartition("/")
    return int(record) if kind == TASK_ORIGIN else None


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


WEEKDAYS = "一二三四五六日"
MAX_DAYS_AHEAD = 366
_EVERY_DAY = 0b1111111


def weekday_bit(weekday: int) -> int:
    """The bit of a weekday, Monday 0, in a reminder's ``weekdays``."""
    return 1 << weekday


def occurrence_day(first_date: date, repeat: Repeat, n: int, weekdays: int = 0) -> date:
    """The day occurrence ``n`` is about, counting from 0; of a weekly one on given days only those count.

    Always reckoned from the first date, so that the 31st is the last day of a short month and the 31st again
    in the next long one, and 29 February the 28th in common years.
    """
    if repeat is Repeat.WEEKLY:
        steps = _steps(first_date, weekdays)
        return first_date + timedelta(days=n // len(steps) * 7 + steps[n % len(steps)])
    step = {
        Repeat.ONCE: relativedelta(),
        Repeat.DAILY: relativedelta(days=n),
        Repeat.MONTHLY: relativedelta(months=n),
        Repeat.YEARLY: relativedelta(years=n),
    }[repeat]
    return first_date + step


def _steps(first_date: date, weekdays: int) -> list[int]:
    """How many days after the first date the given weekdays come, within a week; none given: its own."""
    mask = weekdays or weekday_bit(first_date.weekday())
    return [days for days in range(7) if mask & weekday_bit((first_date.weekday() + days) % 7)]


def occurrence_at(first_date: date, time_of_day: time, repeat: Repeat, n: int) -> datetime:
    """The local instant of occurrence ``n``, aware. A time the clocks skip moves on with them."""
    return datetime.combine(occurrence_day(first_date, repeat, n), time_of_day).astimezone()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A first date and a time of day on the shop's clock, and how it comes again.

    ``weekdays`` are the days of a weekly one as bits, Monday 1; 0 means the first date's own. It is told
    ``days_ahead`` days before the day it is about.
    """

    first_date: date
    time_of_day: time
    repeat: Repeat
    weekdays: int = 0
    days_ahead: int = 0

    def day(self, n: int) -> date:
        """The day occurrence ``n`` is about."""
        return occurrence_day(self.first_date, self.repeat, n, self.weekdays)

    def at(self, n: int) -> int:
        """UTC milliseconds at which occurrence ``n`` is told."""
        told = self.day(n) - timedelta(days=self.days_ahead)
        return to_ms(datetime.combine(told, self.time_of_day).astimezone())

    def latest(self, now_ms: int) -> int | None:
        """The last occurrence told not after ``now_ms``; None before the first."""
        day, first = local_day(from_ms(now_ms)) + timedelta(days=self.days_ahead), self.first_date
        if self.repeat is Repeat.ONCE:
            return 0 if self.at(0) <= now_ms else None
        weeks, days = divmod((day - first).days, 7)
        steps = _steps(first, self.weekdays)
        guess = {
            Repeat.DAILY: (day - first).days,
            Repeat.WEEKLY: weeks * len(steps) + sum(step <= days for step in steps) - 1,
            Repeat.MONTHLY: (day.year - first.year) * 12 + day.month - first.month,
            Repeat.YEARLY: day.year - first.year,
        }[self.repeat]
        near = (guess + 1, guess, guess - 1)  # one more: clocks may go back over midnight
        return next((n for n in near if n >= 0 and self.at(n) <= now_ms), None)

    def following(self, now_ms: int) -> int | None:
        """The first occurrence told after ``now_ms``; None where there is no more."""
        latest = self.latest(now_ms)
        if latest is None:
            return 0
        return None if self.repeat is Repeat.ONCE else latest + 1

    def waiting(self, now_ms: int) -> int | None:
        """The occurrence a reminder made now waits for: one whose day is still to come though it was to be told
        before, else the following one.
        """
        latest = self.latest(now_ms)
        if latest is not None and self.days_ahead and self.day(latest) >= local_day(from_ms(now_ms)):
            return latest
        return self.following(now_ms)

    def words(self) -> str:
        """How it comes again and how far ahead it is told: ``每周一、三、五 · 提前 3 天``; empty if neither."""
        ahead = f"提前 {self.days_ahead} 天" if self.days_ahead else ""
        return " · ".join(part for part in (self._repeats(), ahead) if part)

    def _repeats(self) -> str:
        first = self.first_date
        if self.repeat is Repeat.WEEKLY:
            mask = self.weekdays or weekday_bit(first.weekday())
            if mask == _EVERY_DAY:
                return "每天"
            return "每周" + "、".join(WEEKDAYS[day] for day in range(7) if mask & weekday_bit(day))
        return {
            Repeat.ONCE: "",
            Repeat.DAILY: "每天",
            Repeat.MONTHLY: f"每月 {first.day} 日",
            Repeat.YEARLY: f"每年 {first.month} 月 {first.day} 日",
        }[self.repeat]


def day_words(day: date, today: date) -> str:
    """A day as people say it: ``今天``, ``明天``, ``3 天后（03-19 周四）``, ``2 天前（03-14 周六）``."""
    days = (day - today).days
    if days in (0, 1):
        return ("今天", "明天")[days]
    written = f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"
    return f"{days} 天后（{written}）" if days > 0 else f"{-days} 天前（{written}）"


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
        if self.schedule.repeat is Repeat.ONCE:
            return self.occurrence, since
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
    weekdays: int = 0
    days_ahead: int = 0

    @property
    def schedule(self) -> Schedule:
        """When it comes. Weekdays count for a weekly one only. Raises InputError."""
        if not 0 <= self.days_ahead <= MAX_DAYS_AHEAD:
            raise InputError(f"提前天数请在 0 到 {MAX_DAYS_AHEAD} 之间。", field="days_ahead")
        if not 0 <= self.weekdays <= _EVERY_DAY:
            raise InputError("请从周一到周日里选择。", field="weekdays")
        weekdays = self.weekdays if self.repeat is Repeat.WEEKLY else 0
        return Schedule(self.first_date, self.time_of_day, self.repeat, weekdays, self.days_ahead)


def check_subject(text: str) -> str:
    """The subject in its stored form. Raises InputError without one."""
    subject = clean(text, name="主题", limit=SUBJECT_LIMIT)
    if not subject:
        raise InputError("请填写主题，例如“回访”。", field="subject")
    return subject


def check_content(text: str) -> str:
    """The content in its stored form."""
    return clean(text, name="内容", limit=CONTENT_LIMIT, lines=True)
