"""What a clerk types into the scan field, taken apart: ``3*code`` and the look of a code."""

import re
from dataclasses import dataclass

from meiping.kernel.text import plain

_TIMES = re.compile(r"(?P<quantity>[\d.,]*)\s*[*×]\s*(?P<code>.*)")
_CODE_FROM = 8
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A code and the quantity written before it; ``quantity`` is empty if none was."""

    quantity: str
    code: str


def take_apart(text: str) -> Typed:
    """``3*6901234`` is three of that code, ``3*`` a quantity alone, anything else a code or words."""
    written = plain(text)
    found = _TIMES.fullmatch(written)
    if found and found["quantity"]:
        return Typed(found["quantity"], found["code"].strip())
    return Typed("", written)


def looks_scanned(code: str) -> bool:
    """Digits enough to be a bar code or card: not the beginning of something to choose from a list."""
    return code.isdigit() and len(code) >= _CODE_FROM


def is_mobile(code: str) -> bool:
    """A mainland mobile number, whole."""
    return _MOBILE.fullmatch(code) is not None
