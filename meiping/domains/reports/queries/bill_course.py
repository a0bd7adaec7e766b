"""When the bills of a report brought their money: by hour of one day, by day, by month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from peewee import fn

from meiping.domains.reports.asking import ListedTable
from meiping.domains.reports.queries.scope import days_of, sums_where
from meiping.domains.reports.rules import Period, Unit
from meiping.domains.sales.models import Sale
from meiping.domains.sales.queries import made_at
from meiping.kernel.actor import Actor
from meiping.store.database import fetch

MOST_DAYS = 62
"""A longer period is told by months."""


@dataclass(frozen=True, slots=True)
class Course:
    """Net fen by hour (``unit`` None; keys such as ``09``), day or month; those without a bill are not there."""

    unit: Unit | None
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BillTable(ListedTable):
    """The bills with a way to read their course, for who draws it."""

    course: Callable[[], Course] = lambda: Course(None, {})


def unit_of(period: Period) -> Unit | None:
    """What tells a period best: hours (None) of one day, days of some weeks, else months."""
    first, last = period.first, period.last
    if first is None or last is None:
        return Unit.MONTH
    if first == last:
        return None
    return Unit.DAY if (last - first).days < MOST_DAYS else Unit.MONTH


def kept_course(actor: Actor, period: Period, unit: Unit, *, company_id: int | None) -> Course:
    """Of all bills of companies: from the sums of days."""
    where = sums_where(actor, "business_date", days_of(period), company_id=company_id)
    rows = fetch(
        f"SELECT substr(business_date, 1, {unit.letters}), sum(sales_fen - returns_fen) FROM sales_day"
        f" WHERE {where.sql} GROUP BY 1",
        *where.values,
    )
    return Course(unit, dict(rows))


def course_of(select: Any, unit: Unit | None, net: Any) -> Course:
    """Of the bills of a select, ``net`` being the column that is summed up."""
    label = made_at("%H") if unit is None else fn.substr(Sale.business_date, 1, unit.letters).coerce(False)
    rows = select.columns(label, fn.SUM(net)).group_by(label).tuples()
    return Course(unit, dict(cast("Iterable[tuple[str, int]]", rows)))
