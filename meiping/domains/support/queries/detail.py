"""One case with its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from meiping.domains.access.models import Operator
from meiping.domains.audit.queries import changes_of
from meiping.domains.customers.models import Customer
from meiping.domains.support.models import ServiceCase, ServiceStep
from meiping.domains.support.queries.reach import visible_case
from meiping.domains.support.queries.rows import select_cases, to_row
from meiping.domains.support.rules import (
    KIND,
    OPINION_BY_KEY,
    PRIORITY_BY_KEY,
    STATUS_BY_KEY,
    STEP_BY_KEY,
    VIEW,
    CaseStatus,
    Opinion,
    Priority,
    Step,
)
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.kernel.tabular import Listing
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class StepDetail:
    """One step: what it is called, when (UTC ms) and by whom it was taken, and what was written down with it."""

    step: Step
    at: int
    operator: str
    note: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case with its steps, the first one first."""

    id: int
    number: str
    customer_id: int
    customer: str
    customer_phone: str
    registered_date: date
    subject: str
    type_id: int
    type: str
    priority: Priority
    content: str
    product_id: int | None
    product: str
    contact_name: str
    contact_phone: str
    status: CaseStatus
    department_id: int | None
    department: str
    person_id: int | None
    person: str
    due_date: date | None
    late_days: int
    done_by_id: int | None
    done_by: str
    done_date: date | None
    done_percent: int | None
    result: str
    opinion: Opinion | None
    revisited_date: date | None
    feedback: str
    closed_date: date | None
    operator: str
    created_at: int
    deleted_at: int | None
    steps: tuple[StepDetail, ...]


_OWN = ("priority", "status", "opinion", "late_days", "steps")


@query(VIEW)
def case_detail(actor: Actor, *, case_id: int) -> CaseDetail:
    """One case within the actor's scope, in the recycle bin or not. Raises NotFound."""
    visible_case(actor, case_id)
    return read_case(case_id, today=actor.today())


@query(VIEW)
def case_changes(actor: Actor, *, case_id: int) -> Listing:
    """Which fields of a case were changed, the newest first; not what stood there of a customer made anonymous.

    Raises NotFound outside the scope.
    """
    row = visible_case(actor, case_id)
    hidden = Customer.get_by_id(row.customer_id).anonymised_at is not None
    return changes_of(Source(KIND, case_id), hidden=hidden)


def read_case(case_id: int, *, today: date) -> CaseDetail:
    """One case whoever asks: the caller has checked that it may be seen."""
    found = cast("dict[str, Any]", select_cases().where(ServiceCase.id == case_id).dicts().get())
    row = to_row(found, today)
    return CaseDetail(
        **{key: row[key] for key in CaseDetail.__slots__ if key not in _OWN},
        priority=PRIORITY_BY_KEY[row["priority_key"]],
        status=STATUS_BY_KEY[row["status_key"]],
        opinion=OPINION_BY_KEY.get(row["opinion_key"]),
        late_days=row["late_days"] or 0,
        steps=tuple(_steps(case_id)),
    )


def _steps(case_id: int) -> Iterable[StepDetail]:
    rows = (
        ServiceStep.select(ServiceStep.step, ServiceStep.at, Operator.name, ServiceStep.note)
        .join(Operator, on=(ServiceStep.operator == Operator.id))
        .where(ServiceStep.case == case_id)
        .order_by(ServiceStep.id)
    )
    for step, at, name, note in cast("Iterable[tuple[str, int, str, str]]", rows.tuples()):
        yield StepDetail(STEP_BY_KEY[step], at, name, note)
