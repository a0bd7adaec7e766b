"""Which business day and which shift a movement belongs to."""

from dataclasses import dataclass
from datetime import date

from meiping.store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Session:
    """The day money counts for, and the shift whose drawer it passes; None where nobody has opened one."""

    business_date: date
    shift_id: int | None


def session(work: Work) -> Session:
    """The shift open in the actor's company with the day it was opened on, else the calendar day and no shift."""
    row = work.execute(
        "SELECT business_date, id FROM shift WHERE company_id = ? AND closed_at IS NULL",
        work.actor.company_id,
    ).fetchone()
    return Session(date.fromisoformat(row[0]), row[1]) if row else Session(work.day, None)


def business_date(work: Work) -> date:
    """The day a document counts for: the open shift's, else the calendar day of the shop's clock."""
    return session(work).business_date
