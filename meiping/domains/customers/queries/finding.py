"""Finding customers as one types, and those that may be the same as another."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import Expression

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.scope import (
    require_visible,
    scope_bound,
    scope_words,
    visible_customers,
)
from meiping.domains.customers.rules import EDIT, FIND_ANY, KIND, VIEW, name_key, shown_name
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.phones import parse_phone
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
    """The head fields of one customer. Raises NotFound outside the scope."""
    if any_customer:
        actor.require(FIND_ANY)
    require_visible(actor, customer_id, any_customer=any_customer)
    return _hits([customer_id])[0][0]


def _exact_ids(actor: Actor, text: str, *, any_customer: bool) -> set[int]:
    """Customers whose card, phone or code is just what was typed."""
    written = _digits(text)
    if len(written) < 3:
        return set()
    same = (Customer.card_number == written) | has_phone(written) | (Customer.code == written.upper())
    select = Customer.select(Customer.id).where(same, Customer.deleted_at.is_null())
    bound = None if any_customer else scope_bound(actor)
    if bound is not None:
        select = select.where(bound)
    return {row[0] for row in cast("Iterable[tuple[int]]", select.limit(20).tuples())}


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


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", plain(text))


@dataclass(frozen=True, slots=True)
class Twin:
    """A customer that may be the one being entered, and why; ``serious`` where more than the name is the same."""

    id: int
    name: str
    reason: str
    serious: bool


@query(EDIT)
def likely_twins(
    actor: Actor,
    *,
    name: str = "",
    phone: str = "",
    card_number: str = "",
    customer_id: int | None = None,
) -> list[Twin]:
    """Customers in the actor's scope that share the card, phone or name being typed."""
    card, digits, named = _digits(card_number), _phone_digits(phone), name.strip()
    tests: list[tuple[Expression, str, bool]] = []
    if card:
        tests.append((Customer.card_number == card, "卡号相同", True))
    if digits:
        tests.append((has_phone(digits), "电话相同", True))
    if len(named) > 1:
        same_name = (Customer.name_key == name_key(named, "")) & (Customer.name == named)
        tests.append((same_name, "名称相同", False))
    twins: dict[int, Twin] = {}
    for same, reason, serious in tests:
        seen = visible_customers(actor).columns(Customer.id, Customer.name, Customer.phone)
        for row in seen.where(same, Customer.deleted_at.is_null(), Customer.id != (customer_id or 0)).limit(
            3
        ):
            twins.setdefault(row.id, Twin(row.id, shown_name(row.name, row.phone), reason, serious))
    return list(twins.values())


def _phone_digits(text: str) -> str:
    try:
        return parse_phone(text).digits if plain(text) else ""
    except InputError:
        return ""
