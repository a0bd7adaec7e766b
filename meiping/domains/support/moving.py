"""Service cases of a customer that is merged into another, or made anonymous: parts of those verbs."""

from collections.abc import Mapping, Sequence

from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.support.models import ServiceCase, ServiceStep
from meiping.store.unit_of_work import Work


def move_cases(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all cases to another customer."""
    return {"service_case": give_rows(work, ServiceCase, rows_of(work, ServiceCase, from_id), to_id)}


def move_cases_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along and is still there."""
    give_rows_back(work, ServiceCase, moved, from_id=from_id, to_id=to_id)


def hide_cases(work: Work, customer_id: int) -> None:
    """Leave of a customer's cases only of which kind they were, who dealt with them and when."""
    his = ServiceCase.select(ServiceCase.id).where(ServiceCase.customer == customer_id)
    ServiceStep.update(note="").where(ServiceStep.case.in_(his)).execute()
    ServiceCase.update(
        subject="", content="", contact_name="", contact_phone="", result="", feedback=""
    ).where(ServiceCase.customer == customer_id).execute()
