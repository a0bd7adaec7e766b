"""Days and instants. ``*_date`` is a local day, ``*_at`` integer UTC milliseconds; the clock is read here only."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from meiping.kernel.errors import InputError
from meiping.kernel.text import plain

_PART_OF_DAY = re.compile(r"凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|夜里|晚")
_HOUR = re.compile(r"(十[一二]|[一二两三四五六七八九十])(?=[点时])")
_HOURS = ("零", *"一二三四五六七八九十", "十一", "十二")

Clock = Callable[[], datetime]
"""Gives the present instant as an aware datetime."""


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def from_ms(at: int) -> datetime:
    """Aware local datetime of UTC milliseconds."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone()


def local_day(moment: datetime) -> date:
    """The calendar day of the instant on the shop's clock."""
    return moment.astimezone().date()


def midnight(day: date) -> int:
    """The first instant of a day on the shop's clock, in UTC milliseconds."""
    return to_ms(datetime.combine(day, time()).astimezone())


def show_moment(at: int | None) -> str:
    """``2026-11-21 09:30`` local time; unknown is empty."""
    return "" if at is None else f"{from_ms(at):%Y-%m-%d %H:%M}"


def show_date(day: date | None) -> str:
    """``2026-11-21``; unknown is empty."""
    return "" if day is None else day.isoformat()


def parse_date(text: str, *, today: date, name: str = "日期") -> date:
    """A day from ``2026-11-21``, ``20261121``, ``26/11/21``, ``1121``, ``11-21``, ``今天``, ``明天`` ...

    Two-digit years lie in the hundred years up to twenty years from ``today``; without a year the year of
    ``today`` is meant. Raises InputError.
    """
    cleaned = plain(text).rstrip("日号")
    named = {"今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "昨天": -1, "前天": -2}
    if text.strip() in named:
        return today + timedelta(days=named[text.strip()])
    groups = [part for part in re.split(r"[-/.年月\s]+", cleaned) if part]
    if len(groups) == 1 and cleaned.isdigit():
        split = {8: (4, 2, 2), 6: (2, 2, 2), 4: (2, 2)}.get(len(cleaned))
        if split:
            ends = [sum(split[: i + 1]) for i in range(len(split))]
            groups = [cleaned[end - size : end] for end, size in zip(ends, split, strict=True)]
    try:
        numbers = [int(group) for group in groups]
        if len(numbers) == 2:
            return date(today.year, *numbers)
        year, month, day = numbers
        if len(groups[0]) <= 2:
            year += (today.year + 20) // 100 * 100
            if year > today.year + 20:
                year -= 100
        found = date(year, month, day)
    except (ValueError, OverflowError):
        raise InputError(f"{name}“{text.strip()}”看不懂，请输入如 2026-11-21 或 1121。") from None
    if not 1900 <= found.year <= 2199:
        raise InputError(f"{name}的年份请在 1900 到 2199 之间。")
    return found


def parse_clock_time(text: str, *, name: str = "时间") -> tuple[int, int]:
    """Hour and minute from ``9:30``, ``0930``, ``9点半``, ``下午三点半``, ``9点``, ``21``.

    Twelve in the evening is refused too, as it belongs to either day. Raises InputError.
    """
    cleaned = re.sub(r"\s", "", plain(text))
    part = _PART_OF_DAY.match(cleaned)
    word = part[0] if part else ""
    cleaned = _HOUR.sub(
        lambda hour: str(_HOURS.index(hour[0]) if hour[0] != "两" else 2), cleaned[len(word) :]
    )
    cleaned = cleaned.replace("点半", ":30").replace("点", ":").replace("时", ":").rstrip("分:")
    if match := re.fullmatch(r"(\d{1,2})(?::(\d{1,2}))?|(\d{1,2})(\d{2})", cleaned):
        hour = int(match[1] or match[3])
        minute = int(match[2] or match[4] or 0)
        if hour < 12 and (word.startswith(("下午", "傍晚", "晚", "夜")) or (word == "中午" and hour < 4)):
            hour += 12
        elif hour == 12 and word.startswith(("晚", "夜")):
            hour = 24
        if hour < 24 and minute < 60:
            return hour, minute
    raise InputError(f"{name}“{text.strip()}”看不懂，请输入如 9:30。")
