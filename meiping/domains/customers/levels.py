"""A customer's level: looked up, and raised by what he has spent or recharged."""

from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import FIELD_TITLES, KIND, VIEW
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query


@query(VIEW)
def level_of(actor: Actor, *, customer_id: int) -> str:
    """The level's name, empty without one; outside the actor's scope too with the right to find any."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    level = Customer.get_by_id(customer_id).level
    return level.name if level is not None else ""


def raise_level(work: Work, customer_id: int, *, spent_fen: int, recharged_fen: int) -> str:
    """Give the highest level reached, by the shop's own order, unless there is a higher one; never a lower one.

    Gives the new level's name, empty where nothing changed.
    """
    row = Customer.get_by_id(customer_id)
    by_spending = Level.upgrade_spent_fen <= spent_fen
    by_recharging = Level.upgrade_recharged_fen <= recharged_fen
    reached = (
        Level.select()
        .where(Level.active, by_spending | by_recharging)
        .order_by(Level.position.desc(), Level.id.desc())
        .first()
    )
    present = row.level
    if reached is None or (present is not None and present.position >= reached.position):
        return ""
    Customer.update(level=reached.id).where(Customer.id == customer_id).execute()
    subject = Source(KIND, customer_id)
    before = present.name if present is not None else ""
    audit.record_changes(work, subject, [(FIELD_TITLES["level"], before, reached.name)])
    audit.record(work, "customer.level", f"升级为“{reached.name}”", subject)
    work.changed(Topic.CUSTOMERS)
    return str(reached.name)
