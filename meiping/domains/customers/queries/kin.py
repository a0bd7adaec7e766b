"""A customer and those merged into it: what was posted for one of them is the survivor's.

A merged twin keeps its row and everything posted; ``merged_into`` always names one who is not merged himself.
"""

from collections.abc import Collection
from typing import Any

from peewee import Case, fn

from meiping.domains.customers.models import Customer
from meiping.store.database import fetch, fetch_value

Survivor: Any = Customer.alias("survivor")
"""The customer a twin was merged into: to be joined on ``Customer.merged_into == Survivor.id``."""


def family(customer_id: int) -> Any:
    """The ids of a customer and of those merged into it: for ``column.in_(...)``."""
    member: Any = Customer.alias("member")
    return member.select(member.id).where((member.id == customer_id) | (member.merged_into == customer_id))


def family_ids(customer_id: int) -> list[int]:
    """The same read at once, the customer first."""
    rows = fetch("SELECT id FROM customer WHERE merged_into_id = ? ORDER BY id", customer_id)
    return [customer_id, *(row[0] for row in rows)]


def families(customer_ids: Collection[int]) -> dict[int, int]:
    """Of many customers and those merged into them: whose each id's records are."""
    found = {one: one for one in customer_ids}
    wanted = list(customer_ids)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ", ".join("?" * len(some))
        found |= dict(
            fetch(f"SELECT id, merged_into_id FROM customer WHERE merged_into_id IN ({marks})", *some)
        )
    return found


def survivor_of(customer_id: int) -> int:
    """Who stands for a customer now: itself, or the one it was merged into."""
    found = fetch_value("SELECT merged_into_id FROM customer WHERE id = ?", customer_id)
    return customer_id if found is None else int(found)


def standing(row: Customer | None) -> Customer | None:
    """The same of a row at hand; None stays None."""
    return row.merged_into if row is not None and row.merged_into_id is not None else row


def survivor_name() -> Any:
    """What a customer's bills and records are listed under, without a name the phone; NULL where there is none.

    ``Customer`` and ``Survivor`` are joined.
    """
    called = [fn.coalesce(fn.nullif(who.name, ""), who.phone) for who in (Survivor, Customer)]
    return Case(None, [(Survivor.id.is_null(False), called[0])], called[1])


def survivor_key() -> Any:
    """By what they are put in order."""
    return fn.coalesce(Survivor.name_key, Customer.name_key)
