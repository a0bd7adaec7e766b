"""What a customer bought last: the last bill of which anything is still his."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from meiping.domains.customers.queries import families, require_visible
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.actor import Actor
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

_AT_ONCE = 500
_LAST = """
SELECT s.customer_id, s.id, s.business_date, s.total_fen FROM sale s WHERE s.id IN (
    SELECT max(b.id) FROM sale b WHERE b.customer_id IN ({marks}) AND EXISTS (
        SELECT 1 FROM sale_line l WHERE l.sale_id = b.id AND l.qty_milli > l.returned_milli)
    GROUP BY b.customer_id)
"""


@dataclass(frozen=True, slots=True)
class LastPurchase:
    """The business day and the total of a bill, as it was paid."""

    sale_id: int
    day: date
    total_fen: int


@query(VIEW_SALES)
def last_purchase(actor: Actor, *, customer_id: int) -> LastPurchase | None:
    """What a customer bought last and did not bring back whole; None without any."""
    require_visible(actor, customer_id, any_customer=True)
    return last_purchases([customer_id]).get(customer_id)


def last_purchases(customer_ids: Collection[int]) -> dict[int, LastPurchase]:
    """The same of many: the caller has checked that their bills may be seen. A merged one's bills are the survivor's."""
    whose, found = families(customer_ids), dict[int, LastPurchase]()
    members = list(whose)
    for start in range(0, len(members), _AT_ONCE):
        some = members[start : start + _AT_ONCE]
        rows = fetch(_LAST.format(marks=", ".join("?" * len(some))), *some)
        for customer_id, sale_id, day, total_fen in rows:
            survivor = whose[customer_id]
            known = found.get(survivor)
            if known is None or known.sale_id < sale_id:
                found[survivor] = LastPurchase(sale_id, date.fromisoformat(day), total_fen)
    return found
