"""Reminders about a customer that is merged into another: parts of that verb, and of its way back."""

from collections.abc import Mapping, Sequence

from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.reminders.models import Reminder
from meiping.store.unit_of_work import Work


def move_reminders(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all reminders to another customer; automatic ones are put right by the watch."""
    return {"reminder": give_rows(work, Reminder, rows_of(work, Reminder, from_id), to_id)}


def move_reminders_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along and is still there."""
    give_rows_back(work, Reminder, moved, from_id=from_id, to_id=to_id)
