"""Reminders that go for good with what they are about: a part of verbs that have asked."""

from meiping.domains.reminders.models import Reminder
from meiping.kernel.changes import Topic
from meiping.store.unit_of_work import Work


def forget_reminders_of(work: Work, customer_id: int) -> None:
    """Let all reminders about a customer go."""
    if Reminder.delete().where(Reminder.customer == customer_id).execute():
        work.changed(Topic.REMINDERS)
