"""When services end, for what makes itself: whoever asks, the caller decides who is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from meiping.store.database import fetch

_OPEN = """
SELECT t.id, c.id, c.owner_id, t.end_date, r.product_name
FROM service_term t JOIN sale_line o ON o.id = t.sale_line_id JOIN sale_line r ON r.id = t.root_line_id
JOIN customer c ON c.id = t.customer_id
WHERE {met} AND t.closed_at IS NULL AND c.deleted_at IS NULL
  AND o.qty_milli > o.returned_milli AND r.qty_milli > r.returned_milli
  AND NOT EXISTS (SELECT 1 FROM service_term n JOIN sale_line l ON l.id = n.sale_line_id
                  WHERE n.renews_id = t.id AND l.qty_milli > l.returned_milli)
"""


@dataclass(frozen=True, slots=True)
class EndingService:
    """An open term, whose it is and who looks after him; ``owner_id`` is None in the public pool."""

    term_id: int
    customer_id: int
    owner_id: int | None
    end: date
    product: str


def ending_between(first: date, last: date) -> Iterator[EndingService]:
    """The open terms whose last day is one of these."""
    return _found("t.end_date BETWEEN ? AND ?", first.isoformat(), last.isoformat())


def still_open(term_ids: Sequence[int]) -> Iterator[EndingService]:
    """Those of these terms, some hundred at most, that are open."""
    return _found(f"t.id IN ({', '.join('?' * len(term_ids))})", *term_ids)


def _found(met: str, *values: object) -> Iterator[EndingService]:
    for term_id, customer_id, owner_id, end, product in fetch(_OPEN.format(met=met), *values):
        yield EndingService(term_id, customer_id, owner_id, date.fromisoformat(end), product)
