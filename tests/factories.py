"""Makers of what tests need, by the real verbs: each names what matters and fills in the rest."""

import itertools
import uuid

_counter = itertools.count(1)


def next_name(word: str = "客户") -> str:
    """A name nobody has yet in this session."""
    return f"{word}{next(_counter)}"


def next_mobile() -> str:
    """A valid mobile number nobody has yet in this session."""
    return f"138{next(_counter):08d}"


def next_barcode() -> str:
    """A valid EAN-13 code nobody has yet in this session."""
    digits = f"690{next(_counter):09d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def new_key() -> str:
    """An idempotency key, as a window makes one when it opens."""
    return str(uuid.uuid4())
