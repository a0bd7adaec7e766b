"""Numbers of documents as they are typed to find one."""

from typing import Any

from peewee import ColumnBase, fn

from meiping.kernel.text import plain

_LEAST = 3
"""Fewer characters are a part of any number."""


def number_typed(number: ColumnBase, typed: str, *, prefix: str) -> Any:
    """The condition that ``typed`` is the beginning or the end of a number; None where it is too little of one.

    Dashes may be left out, and so may the ``prefix`` of all numbers of the kind.
    """
    bare = plain(typed).replace("-", "").replace(" ", "").upper()
    if len(bare) < _LEAST or not bare.isascii():
        return None
    stored = fn.replace(number, "-", "")
    return stored.startswith(bare) | stored.startswith(prefix + bare) | stored.endswith(bare)
