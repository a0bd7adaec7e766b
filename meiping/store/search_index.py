"""One full-text index over everything that can be found by name, pinyin, phone, card or number.

A record's terms are suffixes of its words (``meiping.kernel.search_terms``), so a prefix query answers a
substring search, one- and two-character Chinese words included. Scope goes in as hidden terms, which no
typed word reaches. The words lie apart from the entries, so that what is shown stays close together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from peewee import SQL

from meiping.kernel.search_terms import query_words
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work

_HIDDEN = "\ue000"
"""Begins every hidden term: a letter to the index, never part of a typed word."""


def _mark(kind: str) -> str:
    """A private letter before every word of a kind: a search for customers never walks through the products."""
    return chr(0xE100 + crc32(kind.encode()) % 0x1000)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record: its kind, its id, and the title it is shown by."""

    kind: str
    record_id: int
    title: str


def put(
    work: Work,
    kind: str,
    record_id: int,
    title: str,
    terms: Iterable[str],
    *,
    hidden: Iterable[str] = (),
    new: bool = False,
) -> None:
    """Index a record, replacing what stood there; ``new`` says that nothing did.

    ``hidden`` terms are found by ``any_of`` only.
    """
    mark = _mark(kind)
    words = " ".join(
        dict.fromkeys([*(f"{_HIDDEN}{term}" for term in hidden), *(f"{mark}{term}" for term in terms)])
    )
    if not new:
        remove(work, kind, record_id)
    entry_id = work.execute(
        "INSERT INTO search_entry (kind, record_id, title) VALUES (?, ?, ?)", kind, record_id, title
    ).lastrowid
    work.execute("INSERT INTO search_words (entry_id, terms) VALUES (?, ?)", entry_id, words)
    work.execute("INSERT INTO search_fts (rowid, terms) VALUES (?, ?)", entry_id, words)


def remove(work: Work, kind: str, record_id: int) -> None:
    """Take a record out of the index.

    Not by a trigger: with ``trusted_schema`` off SQLite lets none write to the index. What was indexed is read
    back, for a removal with other terms would leave some behind.
    """
    words = work.execute(
        "DELETE FROM search_words WHERE entry_id ="
        " (SELECT id FROM search_entry WHERE kind = ? AND record_id = ?) RETURNING entry_id, terms",
        kind,
        record_id,
    ).fetchone()
    if words is not None:
        work.execute("DELETE FROM search_entry WHERE id = ?", words[0])
        work.execute("INSERT INTO search_fts (search_fts, rowid, terms) VALUES ('delete', ?, ?)", *words)


def set_hidden(work: Work, kind: str, record_id: int, hidden: Iterable[str]) -> None:
    """Give a record that is in the index other hidden terms; its title and its words stay."""
    found = work.execute(
        "SELECT entry_id, terms FROM search_words WHERE entry_id ="
        " (SELECT id FROM search_entry WHERE kind = ? AND record_id = ?)",
        kind,
        record_id,
    ).fetchone()
    if found is None:
        return
    entry_id, before = found
    kept = [term for term in before.split(" ") if not term.startswith(_HIDDEN)]
    words = " ".join([*dict.fromkeys(f"{_HIDDEN}{term}" for term in hidden), *kept])
    work.execute(
        "INSERT INTO search_fts (search_fts, rowid, terms) VALUES ('delete', ?, ?)", entry_id, before
    )
    work.execute("UPDATE search_words SET terms = ? WHERE entry_id = ?", words, entry_id)
    work.execute("INSERT INTO search_fts (rowid, terms) VALUES (?, ?)", entry_id, words)


def find(text: str, *, kinds: Sequence[str], any_of: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """The first ``limit`` records that hold every word typed, as a prefix of one of their terms.

    Records with a term that is the whole word are found before others: the limit never cuts off the one meant.
    ``any_of`` are hidden terms of which one must be there (the operator's scope); empty means no bound.
    """
    hits: dict[Hit, None] = {}
    for whole in (True, False):
        match = _match(text, kinds, any_of, whole=whole)
        if match is None:
            return []
        rows = fetch(
            "SELECT kind, record_id, title FROM search_entry WHERE id IN"
            " (SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?)",
            match,
            limit,
        )
        hits.update((Hit(*row), None) for row in rows)
        if len(hits) >= limit:
            break
    return list(hits)[:limit]


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


def _match(text: str, kinds: Sequence[str], any_of: Sequence[str], *, whole: bool = False) -> str | None:
    words = query_words(text)
    if not words:
        return None
    star = "" if whole else "*"
    parts = [" OR ".join(f'"{_mark(kind)}{word}"{star}' for kind in kinds) for word in words]
    if any_of:
        parts.append(" OR ".join(f'"{_HIDDEN}{term}"' for term in any_of))
    return " AND ".join(f"({part})" for part in parts)
