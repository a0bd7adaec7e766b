"""Service cases of a customer who is merged or made anonymous, and those of a leaver: parts of those verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.support.models import ServiceCase, ServiceStep
from meiping.domains.support.rules import GIVEN_TITLES, KIND, OPEN, CaseStatus, Step
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
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


def open_cases_of(operator_id: int) -> Any:
    """The open cases given to an operator, but for those in the recycle bin."""
    is_open = ServiceCase.status.in_([status.key for status in OPEN]) & ServiceCase.deleted_at.is_null()
    return ServiceCase.select().where(ServiceCase.person == operator_id, is_open)


def pass_on_cases(work: Work, *, from_id: int, to_id: int | None) -> int:
    """Give a leaver's open cases to another; with None they wait for somebody again. Gives how many.

    The caller has checked the right to it.
    """
    names = {row.id: row.name for row in Operator.select().where(Operator.id.in_([from_id, to_id]))}
    name = names[to_id] if to_id is not None else ""
    rows = list(open_cases_of(from_id))
    for row in rows:
        waits = to_id is None and row.department_id is None
        status = CaseStatus.REGISTERED if waits else CaseStatus.ASSIGNED
        ServiceCase.update(person=to_id, status=status.key).where(ServiceCase.id == row.id).execute()
        ServiceStep.create(
            case=row.id,
            at=work.at,
            operator=work.actor.operator_id,
            step=(Step.REOPEN if waits else Step.ASSIGN).key,
            note="：".join(filter(None, (name, "离职交接"))),
        )
        audit.record_changes(work, Source(KIND, row.id), [(GIVEN_TITLES[0], names[from_id], name)])
        audit.record(work, "service_case.pass_on", "服务单转给他人", Source(KIND, row.id))
    if rows:
        work.changed(Topic.SUPPORT)
    return len(rows)
