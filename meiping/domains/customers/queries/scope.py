"""Which customers an operator sees: own ones and those shared with him, the department's, the company's, all."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from peewee import Expression, ModelSelect, fn

from meiping.domains.access.models import Company
from meiping.domains.customers.models import Customer, CustomerShare
from meiping.domains.customers.rules import FIND_ANY, share_term
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.store.database import fetch_value


def scope_bound(actor: Actor) -> Expression | None:
    """The condition on customers the actor may see; None where that is all."""
    terms = _terms(actor, Customer)
    return reduce(or_, terms) if terms else None


def _terms(actor: Actor, table: Any) -> list[Expression]:
    """The conditions of which one must be met, each on an index of its own; none where all may be seen."""
    scope = actor.scope()
    if scope is Scope.ALL or (scope is Scope.COMPANY and Company.select().count() == 1):
        return []  # where there is one company, it need not be looked for in every row
    shared = CustomerShare.select(CustomerShare.customer).where(in_force(actor))
    own = [table.owner == actor.operator_id, table.id.in_(shared)]
    if scope is Scope.COMPANY:
        return [table.company == actor.company_id, *own]  # what is most often true stands first
    if scope is Scope.DEPARTMENT and actor.department_id is not None:
        return [table.department == actor.department_id, *own]
    return own


def in_force(actor: Actor) -> Any:
    """The condition on shares by which the actor sees customers today."""
    lasting = CustomerShare.until_date.is_null() | (CustomerShare.until_date >= actor.today())
    return (CustomerShare.operator == actor.operator_id) & CustomerShare.ended_at.is_null() & lasting


def scope_words(actor: Actor) -> tuple[str, ...]:
    """The hidden search terms of which a customer the actor may see has one; none where that is all."""
    scope = actor.scope()
    if scope is Scope.ALL:
        return ()
    days = CustomerShare.select(CustomerShare.until_date).where(in_force(actor)).distinct()
    own = (f"own{actor.operator_id}", *(share_term(actor.operator_id, row.until_date) for row in days))
    if scope is Scope.COMPANY:
        return (*own, f"comp{actor.company_id}")
    if scope is Scope.DEPARTMENT and actor.department_id is not None:
        return (*own, f"dept{actor.department_id}")
    return own


def visible_customers(actor: Actor) -> ModelSelect[Customer]:
    """The ids of the customers the actor may see, the recycle bin's among them: for ``party.in_(...)``.

    One merged into another is seen by those who see the survivor, whoever looked after it before.
    """
    select = Customer.select(Customer.id)
    terms = _terms(actor, Customer)
    if not terms:
        return select
    survivor: Any = Customer.alias("seen")
    met = (survivor.id == Customer.merged_into) & reduce(or_, _terms(actor, survivor))
    merged = (Customer.merged_into > 0) & fn.EXISTS(
        survivor.select(survivor.id).where(met)
    )  # the few by their index
    own = [term & Customer.merged_into.is_null() for term in terms]
    return select.where(reduce(or_, [*own, merged]))


def require_visible(actor: Actor, customer_id: int, *, any_customer: bool = False) -> None:
    """Raise NotFound unless the actor may see the customer; ``any_customer`` lets the right to find any count."""
    if any_customer and actor.can(FIND_ANY):  # every bill comes this way: no statement is built for it
        found = fetch_value("SELECT 1 FROM customer WHERE id = ?", customer_id) is not None
    else:
        found = visible_customers(actor).where(Customer.id == customer_id).exists()
    if not found:
        raise NotFound("没有这个客户，或者不在您的查看范围内。")
