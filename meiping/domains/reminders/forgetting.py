"""Reminders that go for good with what they are about: a part of verbs that have asked."""

import json
from collections.abc import Collection

from meiping.domains.reminders.models import Reminder
from meiping.kernel.changes import Topic
from meiping.store.unit_of_work import Work


def forget_reminders_of(work: Work, customer_id: int) -> None:
    """Let all reminders about a customer go."""
    if Reminder.delete().where(Reminder.customer == customer_id).execute():
        work.changed(Topic.REMINDERS)


def take_back_automatic(work: Work, customer_ids: Collection[int]) -> None:
    """Let the reminders go that made themselves about customers who go, too."""
    gone = work.execute(
        "DELETE FROM reminder WHERE origin IS NOT NULL AND customer_id IN (SELECT value FROM json_each(?))",
        json.dumps([*customer_ids]),
    )
    if gone.rowcount:
        work.changed(Topic.REMINDERS)
