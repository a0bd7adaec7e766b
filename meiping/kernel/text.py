"""How text is cleaned on the way in, so that what looks equal is equal."""

import re
import unicodedata
from decimal import Decimal

from meiping.kernel.errors import InputError

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def clean(text: str, *, name: str = "文字", limit: int = 200, lines: bool = False) -> str:
    """NFC text without surrounding blanks, control characters, lone surrogates or invisible marks.

    ``lines`` keeps line breaks and tabs. Raises InputError above ``limit`` characters.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # most are clean already
        return _within(text.strip(), name, limit)
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8")).translate(
        _INVISIBLE
    )
    kept = "".join(c for c in composed if unicodedata.category(c) != "Cc" or (lines and c in "\n\t"))
    return _within(kept.strip(), name, limit)


def _within(kept: str, name: str, limit: int) -> str:
    if len(kept) > limit:
        raise InputError(f"{name}太长，最多 {limit} 个字，现在有 {len(kept)} 个。")
    return kept


def plain(text: str) -> str:
    """Half-width form of digits, letters and signs, without surrounding blanks: for numbers and codes."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()


_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(?<=[\d.])", re.ASCII)


def decimal_of(text: str) -> Decimal | None:
    """The plain number a text is, full width or not, with commas between thousands only; None for anything else."""
    bare = plain(text).replace(" ", "")
    if not _NUMBER.fullmatch(bare) or not re.search(r"\d", bare):
        return None
    return Decimal(bare.replace(",", ""))


def fold(text: str) -> str:
    """The form in which text is compared and searched: NFKC and case folded."""
    return plain(text).casefold()
