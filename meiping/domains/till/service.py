"""Which business day a movement belongs to."""

from datetime import date

from meiping.store.unit_of_work import Work


def business_date(work: Work) -> date:
    """The day the money counts for: the calendar day of the shop's clock."""
    return work.day
