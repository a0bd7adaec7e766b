"""From a cell, whatever the spreadsheet made of it, to the value that was meant."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from meiping.domains.custom_fields.rules import CustomFieldSpec, FieldKind, parse_value
from meiping.domains.stewardship.import_fields import Form
from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_clock_time, parse_date, to_ms
from meiping.kernel.money import parse_fen
from meiping.kernel.sheet import Cell
from meiping.kernel.text import fold, plain

Convert = Callable[[Cell], Any]
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#####"})
_YES = frozenset(
    ("是", "有", "对", "y", "yes", "true", "1", "√", "✓", "v", "单位", "企业", "公司", "农历", "阴历")
)
_NO = frozenset(("否", "无", "不", "n", "no", "false", "0", "×", "x", "个人", "公历", "阳历", "新历"))
_WHOLE_FLOAT = re.compile(r"-?\d+\.0+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
_DAY_TEXT = re.compile(r"(.+?)[\sT]+(\d{1,2}[:：点时].*)")
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
"""An apostrophe that only keeps a text from being taken for a formula."""
_EXACT = 10**15
"""Above it a spreadsheet no longer knows every digit of a number."""
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 109_574  # 2199-12-31


def text_of(cell: Cell) -> str:
    """A cell in words, as the sheet shows it: numbers without a tail, days as days."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return "" if cell is None else str(cell)


def _number_text(cell: float) -> str:
    if cell == int(cell) and abs(cell) < 10**18:
        return str(int(cell))
    text = format(cell, ".15g")
    return text if "e" not in text else format(cell, "f")


def converter(
    form: Form, title: str, *, today: date, date1904: bool, words: "Words | None" = None
) -> Convert:
    """How the cells of a column are understood; what can't be raises InputError.

    None and empty texts never come here.
    """
    if form in (Form.WORD, Form.PERSON):
        assert words is not None
        return words.find
    makers: Mapping[Form, Convert] = {
        Form.TEXT: _checked_text,
        Form.NOTES: _checked_text,
        Form.CODE: lambda cell: _code(cell, title),
        Form.PHONE: lambda cell: _code(cell, title),
        Form.MONEY: lambda cell: parse_fen(_amount(cell), name=title),
        Form.WHOLE: lambda cell: _whole(cell, title),
        Form.DATE: lambda cell: _day(cell, title, today, date1904),
        Form.MOMENT: lambda cell: _moment(cell, title, today, date1904),
        Form.YES: lambda cell: _yes(cell, title),
    }
    return makers[form]


def _checked_text(cell: Cell) -> str:
    text = text_of(cell)
    if text in _ERRORS:
        raise InputError(f"这一格是错误值 {text}，请在 Excel 里改正。")
    return text[1:] if _GUARDED.match(text) else text


def _code(cell: Cell, title: str) -> str:
    """Digits that stood in the cell as a number come back only when none was lost."""
    if isinstance(cell, bool | date | time | timedelta):
        raise InputError(f"{title}“{text_of(cell)}”不是号码，请把这一列设为文本再填。")
    if isinstance(cell, float | int):
        if cell != int(cell) or cell < 0:
            raise InputError(f"{title}“{text_of(cell)}”不是号码，请把这一列设为文本再填。")
        if cell >= _EXACT:
            raise InputError(f"{title}超过 15 位，Excel 按数字保存时已丢了后几位，请把这一列设为文本再填。")
        return str(int(cell))
    text = _checked_text(cell).strip()
    if _WHOLE_FLOAT.fullmatch(text):
        return text[: text.index(".")]
    if _SCIENTIFIC.fullmatch(plain(text)) and any(sign in text for sign in ".+"):
        raise InputError(f"{title}“{text}”是科学计数，数字已经不完整，请在 Excel 里设为文本再填。")
    return text


def _amount(cell: Cell) -> str:
    text = _checked_text(cell)
    return re.sub(r"[$€]|人民币|rmb", "", text, flags=re.I)


def _whole(cell: Cell, title: str) -> int:
    text = plain(_checked_text(cell)).replace(",", "").removesuffix("天").strip()
    if _WHOLE_FLOAT.fullmatch(text):
        text = text[: text.index(".")]
    if not re.fullmatch(r"\d{1,6}", text):
        raise InputError(f"{title}“{text_of(cell)}”不是整数。")
    return int(text)


def _day(cell: Cell, title: str, today: date, date1904: bool) -> date:
    if isinstance(cell, datetime):
        return _within(cell.date(), title)
    if isinstance(cell, date):
        return _within(cell, title)
    if isinstance(cell, bool | time | timedelta):
        raise InputError(f"{title}“{text_of(cell)}”不是日期。")
    if isinstance(cell, float | int) and 1 <= cell <= _LAST_SERIAL:
        return _from_serial(int(cell), date1904)
    text = plain(_checked_text(cell))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) <= _LAST_SERIAL:
        return _from_serial(int(float(text)), date1904)
    if match := _DAY_TEXT.fullmatch(text):
        text = match[1]
    return parse_date(text, today=today, name=title)


def _from_serial(days: int, date1904: bool) -> date:
    """A bare day number; before March 1900 the first kind of calendar counts a day that never was."""
    if date1904:
        return _FIRST_DAY_1904 + timedelta(days=days)
    return _FIRST_DAY + timedelta(days=days + (days < 60))


def _within(day: date, title: str) -> date:
    if not 1900 <= day.year <= 2199:
        raise InputError(f"{title}的年份请在 1900 到 2199 之间。")
    return day


def _moment(cell: Cell, title: str, today: date, date1904: bool) -> int:
    """UTC milliseconds of a local day and time; a day alone counts from nine in the morning."""
    clock = time(9)
    if isinstance(cell, datetime):
        clock = cell.time() if cell.time() != time() else clock
    elif isinstance(cell, float) and cell != int(cell):
        minutes = round(cell % 1 * 1440)
        clock = time(minutes // 60 % 24, minutes % 60)
    elif isinstance(cell, str) and (match := _DAY_TEXT.fullmatch(plain(cell))):
        hour, minute = parse_clock_time(re.sub(r"(:\d{2}):\d{2}(\.\d+)?$", r"\1", match[2]), name=title)
        clock = time(hour, minute)
    day = _day(int(cell) if isinstance(cell, float) else cell, title, today, date1904)
    return to_ms(datetime.combine(day, clock).astimezone())


def _yes(cell: Cell, title: str) -> bool:
    if isinstance(cell, bool):
        return cell
    word = fold(text_of(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise InputError(f"{title}“{text_of(cell)}”请填是或否。")


def own_converter(spec: CustomFieldSpec, *, today: date, date1904: bool) -> Convert:
    """How the cells of a column for a field of the shop's own are understood."""

    def convert(cell: Cell) -> Any:
        given: Any = cell
        if spec.kind is FieldKind.DATE:
            given = _day(cell, spec.title, today, date1904)
        elif not isinstance(cell, bool):
            given = _checked_text(cell)
        return parse_value(spec, given, today=today)

    return convert


class Words:
    """The words of one of the shop's lists by how they are written, and those a sheet brings that are new.

    With ``create`` an unknown word is taken down to be made; its place until then is a negative number.
    """

    def __init__(
        self, title: str, known: Mapping[str, int], *, create: bool = False, limit: int = 30, hint: str = ""
    ) -> None:
        self.title = title
        self.new: list[str] = []
        self._known = {fold(name): key for name, key in known.items()}
        self._create, self._limit, self._hint = create, limit, hint

    def find(self, cell: Cell) -> int:
        """The id of a word; minus its place among the new ones, from 1, where it is one of these."""
        word = _checked_text(cell).strip()
        key = fold(word)
        found = self._known.get(key)
        if found is not None:
            return found
        if not self._create:
            raise InputError(f"{self.title}里没有“{word}”{self._hint}。")
        if len(word) > self._limit or not word.isprintable():
            raise InputError(f"{self.title}“{word[:20]}”太长，最多 {self._limit} 个字。")
        self.new.append(word)
        self._known[key] = -len(self.new)
        return -len(self.new)
