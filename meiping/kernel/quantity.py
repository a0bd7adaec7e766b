"""Quantities as integer thousandths of a unit, named ``*_milli``."""

from decimal import Decimal

from meiping.kernel.errors import InputError
from meiping.kernel.text import decimal_of

ONE = 1000
MAX_MILLI = 999_999_999
"""The largest quantity of one line, just under a million units: a bar code can't pass for one."""


def parse_milli(text: str, *, decimals: int = 3, name: str = "数量", minimum: int = 1) -> int:
    """Thousandths from what a person typed, with at most ``decimals`` decimals. Raises InputError."""
    number = decimal_of(text)
    if number is None:
        example = "2 或 0.5" if decimals else "2"
        raise InputError(f"{name}“{text.strip()}”不是数字，请输入如 {example}。")
    if abs(number) * ONE > MAX_MILLI:
        raise InputError(f"{name}太大，请检查是否把条码扫到了{name}里。")
    scaled = number * 10**decimals
    if scaled != scaled.to_integral_value():
        wanted = f"最多 {decimals} 位小数" if decimals else "必须是整数"
        raise InputError(f"{name}{wanted}。")
    milli = int(number * ONE)
    if milli < minimum:
        raise InputError(f"{name}必须大于零。" if minimum == 1 else f"{name}不能小于 {show_milli(minimum)}。")
    return milli


MAX_DECIMAL_MILLI = 10**15
"""The largest number of any kind, in thousandths: a million million."""


def parse_decimal(text: str, *, name: str = "数字") -> int:
    """Thousandths of any number, negative ones too, with at most three decimals. Raises InputError."""
    number = decimal_of(text)
    if number is None:
        raise InputError(f"{name}“{text.strip()}”不是数字，请输入如 12 或 0.5。")
    milli = number * ONE
    if milli != milli.to_integral_value():
        raise InputError(f"{name}最多 3 位小数。")
    if abs(milli) > MAX_DECIMAL_MILLI:
        raise InputError(f"{name}太大，最多 {show_milli(MAX_DECIMAL_MILLI)}。")
    return int(milli)


def show_milli(milli: int | None) -> str:
    """``2``, ``0.5``, ``1,200``; unknown is empty."""
    if milli is None:
        return ""
    whole, rest = divmod(abs(milli), ONE)
    decimals = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{'-' if milli < 0 else ''}{whole:,}{decimals}"


def units(milli: int) -> Decimal:
    """Exact Decimal units, for spreadsheets."""
    return Decimal(milli).scaleb(-3).normalize() + 0
