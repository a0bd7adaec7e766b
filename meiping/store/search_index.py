"""One full-text index over everything that can be found by name, pinyin, phone, card or number.

A record's terms are suffixes of its words (``meiping.kernel.search_terms``), so a prefix query answers a
substring search, one- and two-character Chinese words included. Scope goes in as hidden terms, which no
typed word reaches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peewee import SQL

from meiping.kernel.search_terms import query_words
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work

_HIDDEN = "\ue000"
"""Begins every hidden term: a token to the index, never part of a typed word (a typed k would find every kind)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record: its kind, its id, and the title it is shown by."""

    kind: str
    record_id: int
    title: str


def put(
    work: Work, kind: str, record_id: int, title: str, terms: Iterable[str], *, hidden: Iterable[str] = ()
) -> None:
    """Index a record, replacing what stood there. ``hidden`` terms are found by ``any_of`` only."""
    words = " ".join(dict.fromkeys([*(f"{_HIDDEN}{term}" for term in (f"kind{kind}", *hidden)), *terms]))
    remove(work, kind, record_id)
    entry = work.execute(
        "INSERT INTO search_entry (kind, record_id, title, terms) VALUES (?, ?, ?, ?)",
        kind,
        record_id,
        title,
        words,
    )
    work.execute("INSERT INTO search_fts (rowid, terms) VALUES (?, ?)", entry.lastrowid, words)


def remove(work: Work, kind: str, record_id: int) -> None:
    """Take a record out of the index.

    Not by a trigger: with ``trusted_schema`` off SQLite lets none write to the index. What was indexed is read
    back, for a removal with other terms would leave some behind.
    """
    entry = work.execute(
        "DELETE FROM search_entry WHERE kind = ? AND record_id = ? RETURNING id, terms", kind, record_id
    ).fetchone()
    if entry is not None:
        work.execute("INSERT INTO search_fts (search_fts, rowid, terms) VALUES ('delete', ?, ?)", *entry)


def find(text: str, *, kinds: Sequence[str], any_of: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """The first ``limit`` records that hold every word typed, as a prefix of one of their terms.

    ``any_of`` are hidden terms of which one must be there (the operator's scope); empty means no bound.
    """
    match = _match(text, kinds, any_of)
    if match is None:
        return []
    rows = fetch(
        "SELECT kind, record_id, title FROM search_entry WHERE id IN"
        " (SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?)",
        match,
        limit,
    )
    return [Hit(*row) for row in rows]


def records(text: str, *, kind: str) -> SQL | None:
    """The ids of all records of a kind that hold every word typed, for ``Model.id.in_(...)``; None without a word."""
    match = _match(text, (kind,), ())
    if match is None:
        return None
    return SQL(
        "(SELECT record_id FROM search_entry WHERE id IN"
        " (SELECT rowid FROM search_fts WHERE search_fts MATCH ?))",
        (match,),
    )


def _match(text: str, kinds: Sequence[str], any_of: Sequence[str]) -> str | None:
    words = query_words(text)
    if not words:
        return None
    parts = [f'"{word}"*' for word in words]
    choices = ([f"kind{kind}" for kind in kinds], any_of)
    parts += [" OR ".join(f'"{_HIDDEN}{term}"' for term in terms) for terms in choices if terms]
    return " AND ".join(f"({part})" for part in parts)
