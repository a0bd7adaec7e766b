"""Customers that may be the one being typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import fn

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.finding import bare_digits, has_phone, standing_for_somebody
from meiping.domains.customers.queries.scope import scope_bound, scope_words
from meiping.domains.customers.rules import EDIT, KIND, name_key, shown_name
from meiping.domains.customers.twins import (
    NEAR_FROM,
    core_name,
    name_reason,
    pieces,
    sounds,
    swapped,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.phones import parse_phone
from meiping.kernel.text import plain
from meiping.store import search_index
from meiping.store.unit_of_work import query

_CANDIDATES = 60
"""So many are looked at for each way in which a name can be near."""
_SHOWN = 5
_SAME_CARD, _SAME_PHONE = "卡号相同", "电话相同"
_SERIOUS = (_SAME_CARD, _SAME_PHONE)


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
    keyword: str = "",
    phone2: str = "",
    customer_id: int | None = None,
) -> list[Twin]:
    """Customers in the actor's scope that share the card or a phone being typed, or whose name is near, the surest first.

    A name is near if it is the same, the same without place and form of firm, sounds the same, differs by one
    character, or holds the other's keyword. One merged into another counts as the survivor.
    """
    reasons: dict[int, str] = {}
    for row_id, reason in _by_numbers(card_number, (phone, phone2)):
        reasons.setdefault(row_id, reason)
    for row_id, reason in _by_name(actor, name.strip()):
        reasons.setdefault(row_id, reason)
    for row_id, reason in _by_keywords(actor, name.strip(), keyword.strip()):
        reasons.setdefault(row_id, reason)
    reasons.pop(customer_id or 0, None)
    return _seen(actor, reasons)


def _seen(actor: Actor, reasons: dict[int, str]) -> list[Twin]:
    """Those found whom the actor may see, in the order of finding."""
    select = Customer.select(Customer.id, Customer.name, Customer.phone).where(
        Customer.id.in_(list(reasons)), Customer.deleted_at.is_null()
    )
    if (bound := scope_bound(actor)) is not None:
        select = select.where(bound)
    rows = {row.id: row for row in select}
    found = [
        Twin(row_id, shown_name(rows[row_id].name, rows[row_id].phone), reason, reason in _SERIOUS)
        for row_id, reason in reasons.items()
        if row_id in rows
    ]
    return found[:_SHOWN]


_STANDING = fn.coalesce(Customer.merged_into, Customer.id)


def _by_numbers(card_number: str, phones: Iterable[str]) -> Iterable[tuple[int, str]]:
    tests: list[tuple[Any, str]] = []
    if card := bare_digits(card_number):
        tests.append((Customer.card_number == card, _SAME_CARD))
    tests += [(has_phone(digits), _SAME_PHONE) for text in phones if (digits := _phone_digits(text))]
    for same, reason in tests:
        rows = Customer.select(_STANDING).where(same, standing_for_somebody()).limit(_CANDIDATES).tuples()
        for (row_id,) in list(cast("Iterable[tuple[int]]", rows)):
            yield row_id, reason


def _by_name(actor: Actor, name: str) -> list[tuple[int, str]]:
    """Those whose name is near, the nearest first; a merged one's name counts for the survivor."""
    core, sound = core_name(name), sounds(name)
    if len(core) < 2:
        return []
    keys = {name_key(one, "") for one in (name, *swapped(name))}
    alike = Customer.select(Customer.id).where(
        Customer.name_key.in_(sorted(keys)), Customer.deleted_at.is_null()
    )
    ids = {row[0] for row in cast("Iterable[tuple[int]]", alike.limit(_CANDIDATES).tuples())}
    half = len(core) // 2
    sought = [core, *((core[:half], core[half:]) if len(core) >= NEAR_FROM else ())]
    for words in sought:
        hits = search_index.find(words, kinds=(KIND,), any_of=scope_words(actor), limit=_CANDIDATES)
        ids |= {hit.record_id for hit in hits}
    rows = (
        Customer.select(_STANDING, Customer.name)
        .where(Customer.id.in_(sorted(ids)) | Customer.merged_into.in_(sorted(ids)))
        .tuples()
    )
    found = [
        (row_id, reason)
        for row_id, other in cast("Iterable[tuple[int, str]]", rows)
        if (reason := name_reason(name, core, sound, other))
    ]
    order = ("名称相同", "主要名称相同", "读音相同", "名称相近")
    return sorted(found, key=lambda one: order.index(one[1]))


def _by_keywords(actor: Actor, name: str, keyword: str) -> Iterable[tuple[int, str]]:
    """Those whose keyword the name holds, and those whose name or keyword is the keyword."""
    held = pieces(name)
    if held:
        rows = (
            Customer.select(Customer.id, Customer.keyword)
            .where(Customer.keyword != "", Customer.keyword.in_(held), Customer.deleted_at.is_null())
            .limit(_CANDIDATES)
        )
        yield from ((row.id, f"名称含其关键字“{row.keyword}”") for row in list(rows))
    if len(keyword) > 1:
        same = (Customer.keyword != "") & (Customer.keyword == keyword) & Customer.deleted_at.is_null()
        yield from ((row.id, "关键字相同") for row in list(Customer.select(Customer.id).where(same).limit(3)))
        hits = search_index.find(keyword, kinds=(KIND,), any_of=scope_words(actor), limit=3)
        yield from ((hit.record_id, "名称含此关键字") for hit in hits if keyword in hit.title)


def _phone_digits(text: str) -> str:
    try:
        return parse_phone(text).digits if plain(text) else ""
    except InputError:
        return ""
