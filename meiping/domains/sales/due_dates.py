"""When what customers owe is to be paid: the oldest charge that is open, and the days agreed."""

from collections.abc import Iterator
from datetime import date, timedelta

from meiping.domains.receivables.open_items import OPEN_ITEMS
from meiping.store.database import fetch

_OLDEST = f"""
SELECT c.id, c.owner_id, c.payment_days, min(o.business_date)
FROM ({OPEN_ITEMS.format(where="c.payment_days > 0 AND c.deleted_at IS NULL")}) o JOIN customer c ON c.id = o.id
GROUP BY c.id
"""


def earliest_due_dates() -> Iterator[tuple[int, int | None, date]]:
    """Customers with days of payment agreed who owe something: id, owner, and the day the oldest part falls due.

    Whoever asks: the caller decides who is told.
    """
    for customer_id, owner_id, payment_days, business_date in fetch(_OLDEST):
        yield customer_id, owner_id, date.fromisoformat(business_date) + timedelta(days=payment_days)
