"""What a user sees of a customer, as plain values to compare, and a shop's sums of money."""

from typing import Any

from meiping.domains.contacts.queries import contacts_of, records_of
from meiping.domains.customers.queries import customer_detail, find_customers
from meiping.domains.deals.queries import quotes_of
from meiping.domains.documents.queries import documents_of
from meiping.domains.ledger.queries import customer_balances, statement
from meiping.domains.reminders.queries import reminders_of
from meiping.domains.sales.queries import bills_of
from meiping.domains.stewardship.timeline import timeline
from meiping.domains.support.queries import cases_of
from meiping.kernel.tabular import Listing
from meiping.store.database import fetch
from tests.shop import OpenedShop


def rows_of(listing: Listing) -> list[dict[str, Any]]:
    """Every row of a list."""
    return [dict(row) for row in listing.window(0, listing.count(), None)]


def seen_of(shop: OpenedShop, customer_id: int) -> dict[str, Any]:
    """Everything the hub shows of one customer, but for the log of changes."""
    actor = shop.actor
    happened = ("bills", "money", "records", "reminders", "documents", "quotes", "cases")
    return {
        "detail": customer_detail(actor, customer_id=customer_id),
        "balances": customer_balances(actor, customer_id=customer_id),
        "statement": statement(actor, customer_id=customer_id).rows,
        "bills": rows_of(bills_of(actor, customer_id=customer_id)),
        "contacts": rows_of(contacts_of(actor, customer_id=customer_id)),
        "records": rows_of(records_of(actor, customer_id=customer_id)),
        "documents": rows_of(documents_of(actor, customer_id=customer_id)),
        "quotes": rows_of(quotes_of(actor, customer_id=customer_id)),
        "cases": rows_of(cases_of(actor, customer_id=customer_id)),
        "reminders": rows_of(reminders_of(actor, customer_id=customer_id)),
        "timeline": rows_of(timeline(actor, customer_id=customer_id, groups=happened)),
    }


def found_by(shop: OpenedShop, *texts: str) -> list[list[int]]:
    """Whom each of some words finds."""
    return [sorted(hit.id for hit in find_customers(shop.actor, text)) for text in texts]


def sums() -> dict[tuple[str, int], int]:
    """What every account holds in each company."""
    rows = fetch("SELECT account, company_id, sum(amount_fen) FROM balance GROUP BY 1, 2")
    return {(account, company_id): fen for account, company_id, fen in rows if fen}
