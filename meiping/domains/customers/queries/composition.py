"""How many customers there are, by level, source and so on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import ModelSelect, fn

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.lists import CustomerFilter, conditions
from meiping.domains.customers.rules import DICTIONARY_OF, VIEW
from meiping.domains.settings.models import Level
from meiping.domains.settings.queries import words
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import query

COMPOSITION_TITLES = {
    "level": "等级",
    "source": "来源",
    "type": "类型",
    "status": "状态",
    "industry": "行业",
    "nature": "单位性质",
    "region": "区域",
    "gender": "性别",
    "owner": "业务员",
    "month": "建档月份",
}
"""By what customers can be counted, with the word on screen."""


@dataclass(frozen=True, slots=True)
class Share:
    """One group of customers. ``id`` is None for those without, and where a group has no record."""

    id: int | None
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class CustomerCounts:
    """The facts in the head of the list."""

    total: int
    new_this_month: int
    in_bin: int


@query(VIEW)
def customer_counts(actor: Actor) -> CustomerCounts:
    """How many customers the actor sees, how many of them new in this month, how many in the recycle bin."""
    month = CustomerFilter(created_from=actor.today().replace(day=1))
    return CustomerCounts(
        _count(actor, CustomerFilter()), _count(actor, month), _count(actor, CustomerFilter(in_bin=True))
    )


def _count(actor: Actor, wanted: CustomerFilter) -> int:
    return Customer.select(Customer.id).where(*conditions(actor, wanted)).count()


@dataclass(frozen=True, slots=True)
class SideCounts:
    """Who stands at the left of the list beside the statuses: the actor's own customers, and those overdue."""

    own: int
    overdue: int


@query(VIEW)
def side_counts(actor: Actor) -> SideCounts:
    """How many customers the actor looks after, and how many of all he sees should have been contacted by now."""
    own = CustomerFilter(owner_id=actor.operator_id)
    return SideCounts(_count(actor, own), _count(actor, CustomerFilter(overdue=True)))


@query(VIEW)
def counts_by_status(actor: Actor) -> list[Share]:
    """Every status in the shop's own order with its customers, those without one last."""
    return _by_word(actor, "status")


@query(VIEW)
def customer_composition(actor: Actor, by: str) -> list[Share]:
    """The customers the actor sees, counted by one of ``COMPOSITION_TITLES``; groups of nobody are left out.

    Months run from the oldest; salespersons from the one with most; the rest stands in the shop's own order.
    """
    if by == "level":
        shares = _by_id(actor, Customer.level, [(row.id, row.name) for row in _levels()])
    elif by == "owner":
        people = [(row.id, row.name) for row in Operator.select(Operator.id, Operator.name)]
        shares = sorted(_by_id(actor, Customer.owner, people), key=lambda share: -share.count)
    elif by == "gender":
        shares = [Share(None, key or "未填写", count) for key, count in _grouped(actor, Customer.gender)]
    elif by == "month":
        shares = [
            Share(None, key, count) for key, count in _grouped(actor, fn.substr(Customer.created_date, 1, 7))
        ]
    else:
        shares = _by_word(actor, by)
    return [share for share in shares if share.count]


def _levels() -> ModelSelect[Level]:
    return Level.select(Level.id, Level.name).order_by(Level.position, Level.id)


def _by_word(actor: Actor, by: str) -> list[Share]:
    named = [(word.id, word.name) for word in words(DICTIONARY_OF[f"{by}_id"], with_inactive=True)]
    return _by_id(actor, getattr(Customer, by), named)


def _by_id(actor: Actor, column: Any, named: list[tuple[int, str]]) -> list[Share]:
    counted = dict(_grouped(actor, column))
    shares = [Share(key, name, counted.get(key, 0)) for key, name in named]
    return [*shares, Share(None, "未填写", counted.get(None, 0))]


def _grouped(actor: Actor, column: Any) -> list[tuple[Any, int]]:
    rows = (
        Customer.select(column, fn.count(Customer.id))
        .where(*conditions(actor, CustomerFilter()))
        .group_by(column)
        .order_by(column)
        .tuples()
    )
    return list(cast("Iterable[tuple[Any, int]]", rows))
