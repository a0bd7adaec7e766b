"""Pinyin of names: initials and syllables in every reading, and a key to sort by."""

from functools import lru_cache
from itertools import islice, product

READINGS_LIMIT = 8
"""A name of many-read characters is indexed under at most this many readings."""


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # 0.2 s and 50 MB: only when first needed

    syllables = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(s for s in syllables[0] if s.isascii())) if syllables else ()


def _syllables(text: str) -> list[tuple[str, ...]]:
    parts: list[tuple[str, ...]] = []
    for character in text:
        if character.isascii():
            if character.isalnum():
                parts.append((character.lower(),))
        elif readings := _readings(character):
            parts.append(readings)
    return parts


def initials(text: str) -> list[str]:
    """First letters of each syllable, a string a reading: 单晓 gives ``dx``, ``cx``, ``sx``."""
    letters = [tuple(dict.fromkeys(r[0] for r in readings)) for readings in _syllables(text)]
    return ["".join(one) for one in islice(product(*letters), READINGS_LIMIT)] if letters else []


def spellings(text: str) -> list[str]:
    """Whole syllables run together, a string a reading: 王晓 gives ``wangxiao``."""
    parts = _syllables(text)
    return ["".join(one) for one in islice(product(*parts), READINGS_LIMIT)] if parts else []


def sort_key(text: str) -> str:
    """The first reading with its syllables apart, so that names sort as in a dictionary."""
    return " ".join(readings[0] for readings in _syllables(text))
