"""Which cases an operator reaches: of the customers he may see, and those he took or is to deal with."""

from __future__ import annotations

from datetime import date
from typing import Any

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.support.models import ServiceCase
from meiping.domains.support.rules import (
    OPEN,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound

NOBODY = 0
"""Asks for the cases without a person or a product where the id of one could stand."""
OPEN_KEYS = tuple(status.key for status in OPEN)
"""The statuses of cases still to be dealt with."""


def mine(actor: Actor) -> Any:
    """The condition that a case was taken by the actor or is his to deal with, whoever's customer it is about."""
    own = (ServiceCase.operator == actor.operator_id) | (ServiceCase.person == actor.operator_id)
    if actor.department_id is None:
        return own
    return own | (ServiceCase.person.is_null() & (ServiceCase.department == actor.department_id))


def seen_cases(actor: Actor, *, in_bin: bool = False) -> Any:
    """The condition on cases: of customers the actor may see or one of his own, the customer not in the recycle bin."""
    gone = Customer.select(Customer.id).where(Customer.deleted_at.is_null(False))
    met: Any = ServiceCase.deleted_at.is_null(not in_bin) & ServiceCase.customer.not_in(gone)
    if scope_bound(actor) is None:
        return met
    return met & (ServiceCase.customer.in_(visible_customers(actor)) | mine(actor))


def visible_case(actor: Actor, case_id: int) -> ServiceCase:
    """The row of a case the actor may see, in the recycle bin or not. Raises NotFound."""
    met: Any = ServiceCase.id == case_id
    if scope_bound(actor) is not None:
        met &= ServiceCase.customer.in_(visible_customers(actor)) | mine(actor)
    row: ServiceCase | None = ServiceCase.select().where(met).first()
    if row is None:
        raise NotFound("没有这张服务单，或者不在您的查看范围内。")
    return row


def overdue(today: date) -> Any:
    """The condition that the term of an open case is over."""
    return (ServiceCase.due_date < today.isoformat()) & ServiceCase.status.in_(OPEN_KEYS)


def to_do(actor: Actor) -> Any:
    """The condition that an open case waits for the actor: given to him, or to nobody of his department."""
    given: Any = ServiceCase.person == actor.operator_id
    if actor.department_id is not None:
        given |= ServiceCase.person.is_null() & (ServiceCase.department == actor.department_id)
    return given & ServiceCase.status.in_(OPEN_KEYS)
