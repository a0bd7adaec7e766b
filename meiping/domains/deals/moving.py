"""Quotes of a customer that is merged into another, or made anonymous: parts of those verbs."""

from collections.abc import Mapping, Sequence

from meiping.domains.contacts.models import Contact
from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.deals.models import Quote, QuoteLine
from meiping.domains.deals.queries import Bill, with_bill
from meiping.store.unit_of_work import Work


def move_quotes(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all quotes to another customer."""
    return {"quote": give_rows(work, Quote, rows_of(work, Quote, from_id), to_id)}


def move_quotes_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along, but for those that became a bill of the survivor, who keeps that bill.

    A quote keeps the name of a person who is at the other one now.
    """
    sold = with_bill(Quote.select(Quote.id)).where(Quote.customer == from_id, Bill.customer == from_id)
    stays = {row.id for row in sold}
    back = {"quote": [one for one in moved.get("quote", ()) if one not in stays]}
    give_rows_back(work, Quote, back, from_id=from_id, to_id=to_id)
    for one, other in ((from_id, to_id), (to_id, from_id)):
        elsewhere = Contact.select(Contact.id).where(Contact.customer == other)
        Quote.update(contact=None).where(Quote.customer == one, Quote.contact.in_(elsewhere)).execute()


def hide_quotes(work: Work, customer_id: int) -> None:
    """Leave of a customer's quotes only what was offered when at which price, and by whom."""
    QuoteLine.update(note="").where(
        QuoteLine.quote.in_(Quote.select(Quote.id).where(Quote.customer == customer_id))
    ).execute()
    Quote.update(contact=None, contact_name="", subject="", notes="").where(
        Quote.customer == customer_id
    ).execute()
