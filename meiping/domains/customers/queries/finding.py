"""Finding customers as one types."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import ColumnBase, Expression, fn

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.kin import survivor_of
from meiping.domains.customers.queries.scope import (
    require_visible,
    scope_bound,
    scope_words,
)
from meiping.domains.customers.rules import FIND_ANY, KIND, VIEW, shown_name
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.search_terms import rank
from meiping.kernel.text import plain
from meiping.store import search_index
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A found customer: what a picker and the head of a bill show. ``name`` is the phone where there is none."""

    id: int
    name: str
    code: str
    phone: str
    level: str
    card: str


@query(VIEW)
def find_customers(
    actor: Actor, text: str, *, limit: int = 50, any_customer: bool = False
) -> list[CustomerHit]:
    """The first customers that match what was typed; an exact card, phone or code comes first, then the
    name or initials typed whole, then those that begin so.

    ``any_customer`` looks beyond the actor's scope and needs the right to do so.
    """
    if any_customer:
        actor.require(FIND_ANY)
    exact = _exact_ids(actor, text, any_customer=any_customer)
    words = () if any_customer else scope_words(actor)
    found = search_index.find(text, kinds=(KIND,), any_of=words, limit=limit)
    hits = _hits(exact | {hit.record_id for hit in found})
    hits.sort(key=lambda hit: (hit[0].id not in exact, rank(text, hit[0].name, hit[1]), hit[1], hit[0].id))
    return [hit for hit, _name_key in hits[:limit]]


@query(VIEW)
def customer_hit(actor: Actor, customer_id: int, *, any_customer: bool = False) -> CustomerHit:
    """The head fields of one customer, or of the one it was merged into. Raises NotFound outside the scope."""
    if any_customer:
        actor.require(FIND_ANY)
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=any_customer)
    return _hits([customer_id])[0][0]


def _exact_ids(actor: Actor, text: str, *, any_customer: bool) -> set[int]:
    """Customers whose card, phone or code is just what was typed."""
    written = bare_digits(text)
    if len(written) < 3:
        return set()
    same = (Customer.card_number == written) | has_phone(written) | (Customer.code == written.upper())
    standing = fn.coalesce(Customer.merged_into, Customer.id)
    found = Customer.select(standing).where(same, standing_for_somebody()).limit(20).tuples()
    ids = [row[0] for row in cast("Iterable[tuple[int]]", found)]
    select = Customer.select(Customer.id).where(Customer.id.in_(ids), Customer.deleted_at.is_null())
    bound = None if any_customer else scope_bound(actor)
    if bound is not None:
        select = select.where(bound)
    return {row[0] for row in cast("Iterable[tuple[int]]", select.tuples())}


def _hits(ids: Collection[int]) -> list[tuple[CustomerHit, str]]:
    rows = (
        Customer.select(
            Customer.id,
            Customer.name,
            Customer.code,
            Customer.phone,
            Level.name,
            Customer.card_number,
            Customer.name_key,
        )
        .left_outer_join(Level, on=(Customer.level == Level.id))
        .where(Customer.id.in_(list(ids)))
        .tuples()
    )
    return [
        (CustomerHit(customer_id, shown_name(name, phone), code, phone, level or "", card or ""), name_key)
        for customer_id, name, code, phone, level, card, name_key in cast("Iterable[tuple[Any, ...]]", rows)
    ]


def has_phone(digits: str) -> Expression:
    """The condition on customers with this phone in either field, on an index each."""
    return (Customer.phone == digits) | ((Customer.phone2 == digits) & (Customer.phone2 != ""))


def standing_for_somebody() -> Expression:
    """The condition on rows that lead to a customer: not in the recycle bin, or merged into another."""
    return Customer.deleted_at.is_null() | Customer.merged_into.is_null(False)


def bare_digits(text: str) -> str:
    """What was typed without the blanks and hyphens between digits."""
    return re.sub(r"[\s-]", "", plain(text))


def or_customer_found(within: Expression, customer: ColumnBase, words: str) -> Expression:
    """``within``, or that the words find the customer in this column by all that he is found by in a search."""
    found = search_index.records(words, kind=KIND)
    return within if found is None else within | customer.in_(found)
