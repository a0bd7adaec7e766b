"""The lists of cases, what is counted beside them, and the search for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import fn

from meiping.domains.access.models import Department
from meiping.domains.catalog.models import Product
from meiping.domains.customers.queries import or_customer_found, require_visible
from meiping.domains.settings.numbers import number_typed
from meiping.domains.support.models import ServiceCase
from meiping.domains.support.queries.reach import NOBODY, OPEN_KEYS, overdue, seen_cases, to_do
from meiping.domains.support.queries.rows import NEWEST, case_listing, select_cases, to_row
from meiping.domains.support.rules import (
    PREFIX,
    VIEW,
)
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Listing, Row, Sort
from meiping.kernel.text import plain
from meiping.store.unit_of_work import query

_handler = fn.coalesce(ServiceCase.done_by, ServiceCase.person, NOBODY)


@query(VIEW)
def cases_of(actor: Actor, *, customer_id: int) -> Listing:
    """The cases of one customer by ``CASE_COLUMNS`` the newest first. Raises NotFound outside the scope."""
    require_visible(actor, customer_id)
    his = (ServiceCase.customer == customer_id) & ServiceCase.deleted_at.is_null()
    return case_listing(actor, select_cases().where(his))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: words in number, subject, content or of the customer; how far they are; ``open`` those not dealt with.

    ``mine`` are the actor's own, ``overdue`` those open after their term. ``handler_id`` did it or is to do it,
    ``NOBODY`` for none of such, as for ``product_id``. Days are those of the registration, both ends included.
    """

    text: str = ""
    status: str | None = None
    open: bool = False
    mine: bool = False
    overdue: bool = False
    type_id: int | None = None
    handler_id: int | None = None
    product_id: int | None = None
    company_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    in_bin: bool = False


@query(VIEW)
def case_list(actor: Actor, narrowed: CaseFilter | None = None) -> Listing:
    """The cases the actor may see, the newest first; of the recycle bin the last deleted."""
    wanted = narrowed or CaseFilter()
    select = select_cases().where(*_conditions(actor, wanted))
    return case_listing(actor, select, Sort("deleted_at", descending=True) if wanted.in_bin else NEWEST)


def _conditions(actor: Actor, wanted: CaseFilter) -> list[Any]:
    met: list[Any] = [seen_cases(actor, in_bin=wanted.in_bin)]
    if text := wanted.text.strip():
        within = ServiceCase.number.contains(plain(text))
        within |= ServiceCase.subject.contains(text) | ServiceCase.content.contains(text)
        met.append(or_customer_found(within, ServiceCase.customer, text))
    if wanted.status is not None:
        met.append(ServiceCase.status == wanted.status)
    if wanted.open:
        met.append(ServiceCase.status.in_(OPEN_KEYS))
    if wanted.mine:
        met.append(to_do(actor))
    if wanted.overdue:
        met.append(overdue(actor.today()))
    if wanted.type_id is not None:
        met.append(ServiceCase.type == wanted.type_id)
    if wanted.handler_id is not None:
        met.append(_handler == wanted.handler_id)
    if wanted.product_id is not None:
        met.append(fn.coalesce(ServiceCase.product, NOBODY) == wanted.product_id)
    if wanted.company_id is not None and actor.scope() is Scope.ALL:
        met.append(ServiceCase.company == wanted.company_id)
    if wanted.first_date is not None:
        met.append(ServiceCase.registered_date >= wanted.first_date.isoformat())
    if wanted.last_date is not None:
        met.append(ServiceCase.registered_date <= wanted.last_date.isoformat())
    return met


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases the actor sees: all, those still open, waiting for him, overdue, his overdue ones, by status key."""

    all: int
    open: int
    mine: int
    overdue: int
    mine_overdue: int
    by_status: Mapping[str, int]


@query(VIEW)
def case_counts(actor: Actor) -> CaseCounts:
    """What stands beside the list."""
    seen = ServiceCase.select().where(seen_cases(actor))
    rows = seen.columns(ServiceCase.status, fn.COUNT(ServiceCase.id)).group_by(ServiceCase.status)
    by_status = dict(cast("Iterable[tuple[str, int]]", rows.tuples()))
    late, waiting = overdue(actor.today()), to_do(actor)
    return CaseCounts(
        all=sum(by_status.values()),
        open=sum(by_status.get(key, 0) for key in OPEN_KEYS),
        mine=seen.where(waiting).count(),
        overdue=seen.where(late).count(),
        mine_overdue=seen.where(late, waiting).count(),
        by_status=by_status,
    )


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A found case."""

    id: int
    number: str
    customer_id: int
    customer: str
    subject: str
    status: str
    registered_date: date


@query(VIEW)
def find_cases(actor: Actor, text: str, *, limit: int = 20) -> list[CaseHit]:
    """The latest cases in the actor's scope with what was typed in their subject, or in their number.

    Of a number three characters are enough, its end as well as its beginning, with or without dashes.
    """
    typed = text.strip()
    if not typed:
        return []
    met: Any = ServiceCase.subject.contains(typed)
    if (numbered := number_typed(ServiceCase.number, typed, prefix=PREFIX)) is not None:
        met |= numbered
    select = select_cases().where(met, seen_cases(actor)).order_by(ServiceCase.id.desc()).limit(limit)
    today = actor.today()
    rows = (to_row(row, today) for row in cast("Iterable[dict[str, Any]]", select.dicts()))
    return [_hit(row) for row in rows]


def _hit(row: Row) -> CaseHit:
    return CaseHit(**{key: row[key] for key in CaseHit.__slots__})


# ------------------------------------------------------------------- what there is to choose
@query(VIEW)
def products_with_cases(actor: Actor) -> list[tuple[int, str]]:
    """The products that cases in the actor's scope are about, as (id, name); last ``NOBODY`` for none."""
    rows = (
        ServiceCase.select(Product.id, Product.name)
        .join(Product, on=(ServiceCase.product == Product.id))
        .where(seen_cases(actor))
        .order_by(Product.name_key, Product.id)
        .distinct()
    )
    named = list(cast("Iterable[tuple[int, str]]", rows.tuples()))
    return [*named, (NOBODY, "没有商品")] if named else []


def department_choices() -> list[tuple[int, str]]:
    """The departments as (id, name)."""
    return [(row.id, row.name) for row in Department.select().order_by(Department.name, Department.id)]
