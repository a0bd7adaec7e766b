"""From a record's words to the terms it is found by, and from what was typed to the words sought.

Both sides fold and split in the same way; a term is a suffix, so that a typed prefix finds a substring.
"""

import re

from meiping.kernel.pinyin import initials, spellings
from meiping.kernel.text import fold

_WORD = re.compile(r"[^\W_]+")
_COUNTRY_CODE = re.compile(r"\b(?:00)?86(?=1\d{10}\b)")


def query_words(text: str) -> list[str]:
    """The words typed; grouped digits (138 2201) count as one, +86 before a mobile as nothing."""
    joined = re.sub(r"(?<=\d)[\s-]+(?=\d)", "", fold(text))
    return _WORD.findall(_COUNTRY_CODE.sub("", joined))


def rank(typed: str, name: str, name_key: str) -> int:
    """How well a found name fits: 0 it or its initials are what was typed, 1 they begin so, 2 anything else.

    ``name_key`` is the name's ``sort_key``.
    """
    sought, written = fold(typed).strip(), fold(name)
    letters = "".join(syllable[0] for syllable in name_key.split())
    if sought in (written, letters):
        return 0
    return 1 if written.startswith(sought) or letters.startswith(sought) else 2


def _suffixes(word: str, *, shortest: int = 1) -> list[str]:
    return [word[start:] for start in range(len(word) - shortest + 1)]


def name_terms(name: str) -> list[str]:
    """Every suffix of each word of a name, of its initials and of its syllables in every reading."""
    terms: list[str] = []
    for word in _WORD.findall(fold(name)):
        terms += _suffixes(word)
        if word.isascii():
            continue
        for reading in initials(word):
            terms += _suffixes(reading)
        for position in range(len(word)):
            terms += spellings(word[position:])
    return list(dict.fromkeys(terms))


def code_terms(code: str) -> list[str]:
    """A code or number: whole, and by its last digits from four up."""
    return [suffix for word in query_words(code) for suffix in _suffixes(word, shortest=min(4, len(word)))]


def phone_terms(digits: str) -> list[str]:
    """A phone: whole, and from each spoken group (138 2201 7788) and the last four digits."""
    bare = re.sub(r"\D", "", digits)
    if not bare:
        return []
    starts = (0, 3, 7) if len(bare) == 11 else (0, 3, 4, len(bare) - 4)
    return list(dict.fromkeys(bare[start:] for start in starts if 0 <= start < len(bare)))
