"""Telephone numbers: one stored form for every spelling."""

import re
from dataclasses import dataclass
from functools import lru_cache

from meiping.kernel.errors import InputError
from meiping.kernel.text import plain


@dataclass(frozen=True, slots=True)
class Phone:
    """``digits`` is the stored form (national digits, or + and country code); ``warning`` a doubt, if any."""

    digits: str
    warning: str | None = None


def parse_phone(text: str, *, name: str = "电话") -> Phone:
    """Understand mobiles, landlines with area code, 400 numbers and foreign numbers with +.

    What can't be a phone at all raises InputError; what only looks odd comes back with a warning.
    """
    written = plain(text)
    if re.fullmatch(r"1\d{10}", written, re.ASCII) and _is_mobile(written[:7]):
        return Phone(written)
    import phonenumbers  # its metadata takes a moment to load

    digits = re.sub(r"\D", "", written)
    if re.search(r"[^\d\s()+./转-]", written) or not 3 <= len(digits) <= 20:
        raise InputError(
            f"{name}“{text.strip()}”不是电话号码，请输入如 13822017788 或 0755-26001234。", field="phone"
        )
    try:
        number = phonenumbers.parse(written, "CN")
    except phonenumbers.NumberParseException:
        return Phone(digits, f"{name}“{text.strip()}”不像有效的号码。")
    if not phonenumbers.is_valid_number(number):
        stored = f"+{digits}" if written.lstrip().startswith("+") else digits
        return Phone(stored, f"{name}“{text.strip()}”不像有效的号码。")
    if number.country_code == 86:  # +86, 0086, 86 or nothing before it: one stored form
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        return Phone(re.sub(r"\D", "", national))
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=4096)
def _is_mobile(start: str) -> bool:
    """Whether numbers that begin with these seven digits are mobiles: more digits decide nothing."""
    import phonenumbers

    try:
        number = phonenumbers.parse(f"{start}0000", "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def show_phone(digits: str | None) -> str:
    """``138 2201 7788`` for a mobile, the area code apart for a landline, anything else as stored."""
    if not digits:
        return ""
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if match := re.fullmatch(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})", digits):
        return f"{match[1]}-{match[2]}"
    return digits


def mask_phone(digits: str | None) -> str:
    """``138 **** 7788``: for screens others can see."""
    if not digits:
        return ""
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) > 7 else "****"
