"""Numbers of bills as people type them."""

import re

from meiping.kernel.text import plain

_NUMBER = re.compile(r"([A-Z]{2})-?(\d{2}(?=-?\d{12}$|-?\d{8}-\d{4}$))?-?(\d{8})-?(\d{4,})")


def bill_number(text: str) -> str:
    """A bill's number as it is written, also where the hyphens were left out; other text stays as it is."""
    written = plain(text).upper()
    found = _NUMBER.fullmatch(written)
    return "-".join(part for part in found.groups() if part) if found else written
