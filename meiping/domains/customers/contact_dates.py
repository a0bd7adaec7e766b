"""When a customer shall be contacted again: parts of the verbs that agree on it."""

from collections.abc import Iterable
from datetime import date

from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.customers.rules import FIELD_TITLES, KIND
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_date
from meiping.kernel.source import Source
from meiping.store.database import db
from meiping.store.unit_of_work import Work


def plan_contact(work: Work, customer_id: int, day: date | None) -> date | None:
    """Set the next contact date, None for none, and write the change down; gives what stood before.

    The caller has checked that the customer may be seen.
    """
    before: date | None = Customer.get_by_id(customer_id).next_contact_date
    if before != day:
        Customer.update(next_contact_date=day).where(Customer.id == customer_id).execute()
        changed = (FIELD_TITLES["next_contact_date"], show_date(before), show_date(day))
        audit.record_changes(work, Source(KIND, customer_id), [changed])
        work.changed(Topic.CUSTOMERS)
    return before


def fill_contact_dates(work: Work, days: Iterable[tuple[int, str | None]]) -> None:
    """Set, in bulk, the next contact dates (as written) of those customers who have none."""
    db.connection().executemany(
        "UPDATE customer SET next_contact_date = ?2 WHERE id = ?1 AND next_contact_date IS NULL", list(days)
    )
    work.changed(Topic.CUSTOMERS)


def put_back_contact_dates(work: Work, days: Iterable[tuple[int, str | None]]) -> None:
    """Give customers, in bulk, the next contact dates (as written) that they had before."""
    db.connection().executemany("UPDATE customer SET next_contact_date = ?2 WHERE id = ?1", list(days))
    work.changed(Topic.CUSTOMERS)
