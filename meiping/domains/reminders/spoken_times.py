"""Times as people say them: 明早9点, 半小时后, 下周一下午三点."""

import re
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from meiping.domains.reminders.rules import MORNING
from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_clock_time, parse_date
from meiping.kernel.text import plain

_AFTER = re.compile(
    r"(\d{1,3}|半|[一二两三四五六七八九十])个?(半)?(分钟?|小时|钟头|天|周|星期|礼拜|(?<=个)月|年)(半)?([之以]?后)?"
)
_WEEKDAY = re.compile(r"(下下|下|这|本)?(?:周|星期|礼拜)([一二三四五六日天])")
_NAMED_DAY = re.compile(r"今天|今|明天|明|大后天|后天")
_PART_OF_DAY = re.compile(r"凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|夜里|晚")
_HOUR = re.compile(r"(十[一二]|[一二两三四五六七八九十])(?=点)")
_USUAL = {
    "早": MORNING,
    "上午": MORNING,
    "中午": time(12),
    "下午": time(15),
    "傍晚": time(18),
    "晚": time(20),
}
_DAYS_ON = {"今": 0, "明": 1, "后": 2, "大": 3}
_NUMBERS = {
    "半": 0.5,
    "两": 2,
    "十一": 11,
    "十二": 12,
    **{word: n for n, word in enumerate("一二三四五六七八九十", 1)},
}


def parse_when(text: str, *, now: datetime) -> datetime:
    """A moment from ``10分钟后``, ``明天``, ``明早9点``, ``下周一下午3点半``, ``11-21 9:30``, ``18:00``; aware, local.

    A day without a time means nine in the morning, a time without a day its next coming. Raises InputError for
    what can't be understood or lies in the past.
    """
    here = now.astimezone()
    written = re.sub(r"\s+", " ", plain(text))
    written = _HOUR.sub(lambda match: str(_NUMBERS[match[0]]), written)
    if not written:
        raise InputError("请输入时间，如“明天 9 点”或“2 小时后”。")
    found = _after(written, here) or _on_day(written, here, text)
    if found <= here:
        raise InputError(f"“{text.strip()}”已经过去，请输入以后的时间。")
    return found


def _after(written: str, here: datetime) -> datetime | None:
    match = _AFTER.fullmatch(written.replace(" ", ""))
    if match is None:
        return None
    count = _NUMBERS.get(match[1]) or int(match[1])
    count += 0.5 if match[2] or match[4] else 0
    unit = match[3]
    if unit in ("月", "年"):
        months = round(count * (12 if unit == "年" else 1))
        return (here.replace(tzinfo=None) + relativedelta(months=months)).astimezone()
    per = {"分": 1, "分钟": 1, "小时": 60, "钟头": 60, "天": 1440}.get(unit, 7 * 1440)
    return here + timedelta(minutes=count * per)


def _on_day(written: str, here: datetime, text: str) -> datetime:
    day, rest = _day(written, here.date())
    part = _PART_OF_DAY.search(rest)
    rest = (rest[: part.start()] + rest[part.end() :] if part else rest).strip()
    try:
        if rest and day is None and " " in rest:
            head, rest = rest.rsplit(" ", 1)
            day = parse_date(head, today=here.date())
        elif rest and day is None and part is None and not re.search(r"[:点]", rest):
            day, rest = parse_date(rest, today=here.date()), ""
        clock = _clock(rest, part[0] if part else "")
    except InputError:
        raise InputError(f"“{text.strip()}”看不懂，请输入如“明天 9 点”或“2 小时后”。") from None
    found = datetime.combine(day or here.date(), clock).astimezone()
    if day is None and found <= here:
        found = datetime.combine(here.date() + timedelta(days=1), clock).astimezone()
    return found


def _day(written: str, today: date) -> tuple[date | None, str]:
    """The day that is named, and the rest of the words."""
    if match := _WEEKDAY.search(written):
        monday = today - timedelta(days=today.weekday())
        weeks = {"下": 1, "下下": 2}.get(match[1] or "", 0)
        day = monday + timedelta(days="一二三四五六日".find(match[2].replace("天", "日")), weeks=weeks)
        if not match[1] and day <= today:
            day += timedelta(weeks=1)
    elif match := _NAMED_DAY.match(written):
        day = today + timedelta(days=_DAYS_ON[match[0][0]])
    else:
        return None, written
    return day, (written[: match.start()] + written[match.end() :]).strip()


def _clock(rest: str, part: str) -> time:
    if not rest:
        return next((usual for word, usual in _USUAL.items() if part.startswith(word)), MORNING)
    return time(*parse_clock_time(part + rest))
