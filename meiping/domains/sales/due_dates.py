"""When what customers owe is to be paid: the oldest bill on credit that is not paid, and the days agreed."""

from collections.abc import Iterator
from datetime import date, timedelta

from meiping.store.database import fetch

_OWING = """
WITH owing AS MATERIALIZED (
    SELECT c.id, c.owner_id, c.payment_days, b.company_id, b.amount_fen AS debt
    FROM balance b CROSS JOIN customer c ON c.id = b.party_id
    WHERE b.account = 'receivable' AND b.amount_fen > 0 AND c.payment_days > 0 AND c.deleted_at IS NULL),
credit AS (
    SELECT o.id, o.owner_id, o.payment_days, o.debt, s.business_date, t.amount_fen,
        sum(t.amount_fen) OVER (PARTITION BY o.id, o.company_id ORDER BY s.id DESC) AS so_far
    FROM owing o CROSS JOIN customer k ON k.id = o.id OR k.merged_into_id = o.id
    CROSS JOIN sale s ON s.customer_id = k.id AND s.company_id = o.company_id
    CROSS JOIN sale_tender t ON t.sale_id = s.id
    WHERE t.tender = 'credit' AND t.amount_fen > 0)
SELECT id, owner_id, payment_days, min(business_date) FROM credit WHERE so_far - amount_fen < debt GROUP BY id
"""


def earliest_due_dates() -> Iterator[tuple[int, int | None, date]]:
    """Customers with days of payment agreed who owe something: id, owner, and the day the oldest part falls due.

    What is paid is taken to pay the oldest bills first. Whoever asks: the caller decides who is told.
    """
    for customer_id, owner_id, payment_days, business_date in fetch(_OWING):
        yield customer_id, owner_id, date.fromisoformat(business_date) + timedelta(days=payment_days)
