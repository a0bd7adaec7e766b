"""Text, phones and addresses as somebody entered them into a form: refused beside the field they stand in."""

import re

from meiping.kernel.errors import InputError
from meiping.kernel.phones import Phone, parse_phone
from meiping.kernel.text import clean, plain


def text_field(text: str, *, field: str, title: str, limit: int, lines: bool = False) -> str:
    """The text in its stored form. Raises InputError with the field above ``limit`` characters."""
    try:
        return clean(text, name=title, limit=limit, lines=lines)
    except InputError as error:
        raise InputError(error.sentence, field=field) from None


def phone_field(text: str, *, field: str, title: str) -> Phone:
    """The phone in its stored form, without digits where nothing was entered. Raises InputError with the field."""
    if not plain(text):
        return Phone("")
    try:
        return parse_phone(text, name=title)
    except InputError as error:
        raise InputError(error.sentence, field=field) from None


def email_doubt(email: str) -> str | None:
    """What looks odd about an address; None for a fitting one and for none at all."""
    if not email or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        return None
    return f"邮箱“{email}”不像有效的地址。"
