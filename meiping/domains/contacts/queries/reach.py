"""Which contacts and records an operator reaches: those of the customers he may see."""

from __future__ import annotations

from typing import Any

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible
from meiping.domains.customers.queries.scope import scope_bound
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound


def of_living_customers(actor: Actor, customer: Any) -> Any:
    """The condition on a column of customer ids: one the actor may see, and not in the recycle bin.

    Where that is all, the few deleted ones are taken out instead: no walk over all customers.
    """
    bound = scope_bound(actor)
    if bound is None:
        return customer.not_in(Customer.select(Customer.id).where(Customer.deleted_at.is_null(False)))
    return customer.in_(Customer.select(Customer.id).where(bound, Customer.deleted_at.is_null()))


def usable_customer(actor: Actor, customer_id: int) -> Customer:
    """A customer to whom something may be added. Raises NotFound out of scope and in the recycle bin."""
    require_visible(actor, customer_id)
    customer: Customer = Customer.get_by_id(customer_id)
    if customer.deleted_at is not None:
        raise NotFound("这个客户在回收站里，请先恢复。")
    return customer
