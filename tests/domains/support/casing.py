"""Service cases made in a line."""

from datetime import date
from typing import Any

from meiping.domains.settings.queries import words
from meiping.domains.support.rules import Assigned, CaseInput, DoneInput
from meiping.domains.support.service import add_case, finish_case
from meiping.kernel.actor import Actor
from tests.factories import new_key
from tests.shop import OpenedShop


def type_called(name: str) -> int:
    """The id of a service type."""
    return next(word.id for word in words("service_type") if word.name == name)


def complaint(subject: str = "开不了机", **values: Any) -> CaseInput:
    """A complaint as it is entered."""
    return CaseInput(subject, **{"type_id": type_called("客户投诉"), **values})


def take(
    shop: OpenedShop,
    customer_id: int,
    subject: str = "开不了机",
    *,
    by: Actor | None = None,
    to: int | None = None,
    **values: Any,
) -> int:
    """A complaint of a customer, given to an operator if named."""
    case = complaint(subject, **values)
    return add_case(
        by or shop.actor, key=new_key(), customer_id=customer_id, case=case, assigned=Assigned(to)
    )


def finish(
    shop: OpenedShop,
    case_id: int,
    *,
    by: int | None = None,
    percent: int = 100,
    day: date | None = None,
    result: str = "",
) -> None:
    """Done by an operator, the shop's administrator unless named."""
    done = DoneInput(by or shop.actor.operator_id, percent, day, result)
    finish_case(shop.actor, case_id=case_id, finished=done)
