"""One full-text index over everything that can be found by name, pinyin, phone, card or number.

A record's terms are suffixes of its words (``meiping.kernel.search_terms``), so a prefix query answers a
substring search, one- and two-character Chinese words included. Scope goes in as hidden terms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meiping.kernel.search_terms import query_words
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record: its kind, its id, and the title it is shown by."""

    kind: str
    record_id: int
    title: str


def put(work: Work, kind: str, record_id: int, title: str, terms: Iterable[str]) -> None:
    """Index a record, replacing what stood there."""
    work.execute(
        "INSERT INTO search_entry(kind, record_id, title, terms) VALUES(?, ?, ?, ?)"
        " ON CONFLICT(kind, record_id) DO UPDATE SET title = excluded.title, terms = excluded.terms",
        kind,
        record_id,
        title,
        " ".join(dict.fromkeys([f"kind{kind}", *terms])),
    )


def remove(work: Work, kind: str, record_id: int) -> None:
    """Take a record out of the index."""
    work.execute("DELETE FROM search_entry WHERE kind = ? AND record_id = ?", kind, record_id)


def find(text: str, *, kinds: Sequence[str], any_of: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """The first ``limit`` records that hold every word typed, as a prefix of one of their terms.

    ``any_of`` are hidden terms of which one must be there (the operator's scope); empty means no bound.
    """
    words = query_words(text)
    if not words:
        return []
    parts = [f'"{word}"*' for word in words]
    parts.append("(" + " OR ".join(f'"kind{kind}"' for kind in kinds) + ")")
    if any_of:
        parts.append("(" + " OR ".join(f'"{term}"' for term in any_of) + ")")
    rows = fetch(
        "SELECT kind, record_id, title FROM search_entry WHERE id IN"
        " (SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?)",
        " AND ".join(parts),
        limit,
    )
    return [Hit(*row) for row in rows]
