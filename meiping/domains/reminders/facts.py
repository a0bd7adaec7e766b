"""What is good to know of a customer when a reminder about him comes."""

from collections.abc import Collection

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.reminders.causes import chunks, marks
from meiping.domains.reminders.rules import USE
from meiping.domains.sales.last_purchases import last_purchases
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.actor import Actor
from meiping.kernel.moments import show_date
from meiping.kernel.money import show_fen
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

_ACCOUNTS = "account IN ('stored_principal', 'stored_bonus', 'receivable')"


@query(USE)
def customer_facts(actor: Actor, *, customer_ids: Collection[int]) -> dict[int, str]:
    """Of customers in the actor's scope: the last purchase, stored value and debt, as far as he may see them.

    ``上次购买 2026-03-01 ¥128.00 · 储值 ¥35.00 · 欠款 ¥60.00``; what there is nothing of is left out.
    """
    parts: dict[int, list[str]] = {}
    for some in chunks(list(customer_ids)):
        ids = [row.id for row in visible_customers(actor).where(Customer.id.in_(some))]
        told = [
            *(_last_purchases(ids) if actor.can(VIEW_SALES) else ()),
            *(_balances(ids, actor.company_id) if actor.can(VIEW_MONEY) else ()),
        ]
        for customer_id, words in told:
            parts.setdefault(customer_id, []).append(words)
    return {customer_id: " · ".join(words) for customer_id, words in parts.items()}


def _last_purchases(ids: Collection[int]) -> list[tuple[int, str]]:
    return [
        (customer_id, f"上次购买 {show_date(last.day)} {show_fen(last.total_fen)}")
        for customer_id, last in last_purchases(ids).items()
    ]


def _balances(ids: Collection[int], company_id: int) -> list[tuple[int, str]]:
    rows = fetch(
        "SELECT party_id, account = 'receivable', sum(amount_fen) FROM balance"
        f" WHERE {_ACCOUNTS} AND company_id = ? AND party_id IN ({marks([*ids])}) GROUP BY 1, 2 ORDER BY 1, 2",
        company_id,
        *ids,
    )
    return [(row[0], f"{'欠款' if row[1] else '储值'} {show_fen(abs(row[2]))}") for row in rows if row[2]]
