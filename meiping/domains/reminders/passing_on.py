"""Open reminders that go to another operator: with a customer handed over, or with all that a leaver had."""

from collections.abc import Collection, Mapping

from meiping.domains.audit import service as audit
from meiping.domains.reminders.models import Reminder
from meiping.domains.reminders.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def pass_on(
    work: Work, *, from_id: int, to_id: int, customer_ids: Collection[int] | None = None
) -> dict[int, int]:
    """Have an operator's open reminders, or those about some customers, remind another; gives whose they were by id.

    Automatic ones follow the customer's owner by themselves. The caller has checked the right to it.
    """
    mine = Reminder.select(Reminder.id, Reminder.customer).where(
        Reminder.operator == from_id, Reminder.done_at.is_null(), Reminder.origin.is_null()
    )
    wanted = None if customer_ids is None else set(customer_ids)
    ids = [row.id for row in mine if wanted is None or row.customer_id in wanted]
    remind(work, dict.fromkeys(ids, to_id))
    return dict.fromkeys(ids, from_id)


def remind(work: Work, whom: Mapping[int, int]) -> None:
    """Have each of these reminders remind this operator, who is told it anew if its time has come."""
    for reminder_id, operator_id in whom.items():
        row = Reminder.operator != operator_id
        values = {"operator": operator_id, "notified_at": None}
        if Reminder.update(**values).where(Reminder.id == reminder_id, row).execute():
            audit.record(work, "reminder.pass_on", "提醒转给他人", Source(KIND, reminder_id))
            work.changed(Topic.REMINDERS)
