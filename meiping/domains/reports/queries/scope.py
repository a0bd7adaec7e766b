"""Which rows count for whom: sums of months and days for whole companies, the bills themselves in narrower scopes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from meiping.domains.catalog.rules import COST
from meiping.domains.reports.rules import Period
from meiping.domains.sales.cart import NOBODY
from meiping.domains.sales.queries import visible_sales
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.tabular import Column

COST_KEYS = frozenset({"cost_fen", "profit_fen", "margin_bp"})
_FEW_DAYS = 92
_FIRST, _LAST = "0000-01", "9999-12"


@dataclass(slots=True)
class Where:
    """Conditions that must all hold, with their values."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> Where:
        """One more condition."""
        self.parts.append(condition)
        self.values += values
        return self

    def add_select(self, column: str, select: Any) -> Where:
        """The column is among what a peewee select gives."""
        sql, values = select.sql()
        return self.add(f"{column} IN ({sql})", *values)

    @property
    def sql(self) -> str:
        """All of them."""
        return " AND ".join(self.parts) or "1"


@dataclass(frozen=True, slots=True)
class Parts:
    """A period as whole months, first and last included, and the days before and after them."""

    months: tuple[str, str] | None
    days: tuple[Period, ...]


def parts_of(period: Period) -> Parts:
    """The whole months of a period, and the days left over at both ends."""
    first, last = period.first, period.last
    after_last = last + timedelta(days=1) if last is not None else None
    begin = first if first is None or first.day == 1 else first.replace(day=1) + relativedelta(months=1)
    end = after_last.replace(day=1) if after_last is not None else None
    if begin is not None and end is not None and begin >= end:
        return Parts(None, (period,))
    days = []
    if first is not None and begin is not None and first < begin:
        days.append(Period(first, begin - timedelta(days=1)))
    if last is not None and end is not None and end <= last:
        days.append(Period(end, last))
    until = _LAST if end is None else month_of(end - timedelta(days=1))
    return Parts((_FIRST if begin is None else month_of(begin), until), tuple(days))


@dataclass(frozen=True, slots=True)
class SignedParts:
    """A period as whole months, and days that are added to them or (``sign`` -1) taken off again."""

    months: tuple[str, str] | None
    days: tuple[tuple[int, Period], ...]


def nearest_parts(period: Period) -> SignedParts:
    """As ``parts_of`` for sums that add up: where few days of a month are missing, all of it less these."""
    first, last = period.first, period.last
    if first is not None and last is not None and 2 * (last - first).days + 2 <= _days_in_month(first):
        return SignedParts(None, ((1, period),))
    taken_off = []
    if first is not None and first.day > 1 and 2 * first.day - 2 <= _days_in_month(first):
        taken_off.append(Period(first.replace(day=1), first - timedelta(days=1)))
        first = first.replace(day=1)
    if last is not None and 2 * last.day >= _days_in_month(last) > last.day:
        taken_off.append(Period(last + timedelta(days=1), last.replace(day=_days_in_month(last))))
        last = last.replace(day=_days_in_month(last))
    parts = parts_of(Period(first, last))
    added = [(1, days) for days in parts.days]
    return SignedParts(parts.months, (*added, *((-1, days) for days in taken_off)))


def _days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def spans_of(months: tuple[str, str] | None) -> list[tuple[str, tuple[str, str]]]:
    """Months as whole years and the months before and after them: ``year`` or ``month``, with first and last of it."""
    if months is None:
        return []
    (first, first_month), (last, last_month) = (month.split("-") for month in months)
    begin = int(first) + (first_month > "01")
    end = int(last) - (last_month < "12")
    if begin > end:
        return [("month", months)]
    spans = [("year", (f"{begin:04d}", f"{end:04d}"))]
    if begin > int(first):
        spans.append(("month", (months[0], f"{first}-12")))
    if end < int(last):
        spans.append(("month", (f"{last}-01", months[1])))
    return spans


def month_of(day: date) -> str:
    """``2026-11``."""
    return day.isoformat()[:7]


def days_of(period: Period) -> tuple[str, str]:
    """First and last day as the file writes them."""
    return (period.first or date.min).isoformat(), (period.last or date.max).isoformat()


def few_days(period: Period) -> bool:
    """Whether its rows are found sooner by their days than by reading all there are."""
    first, last = period.first, period.last
    return first is not None and last is not None and (last - first).days <= _FEW_DAYS


def whole(actor: Actor) -> bool:
    """Whether the actor sees all of a company, so that its sums may be read."""
    return actor.scope() >= Scope.COMPANY


def add_companies(where: Where, actor: Actor, company_id: int | None, column: str = "company_id") -> Where:
    """The company asked for or all there are; below the scope of all the actor's own, whatever is asked.

    All companies are named one by one, so that the key's order helps.
    """
    wanted = company_id if actor.scope() is Scope.ALL else actor.company_id
    if wanted is None:
        return where.add(f"{column} IN (SELECT id FROM company)")
    return where.add(f"{column} = ?", wanted)


def bills_where(
    actor: Actor, period: Period, *, company_id: int | None = None, person_id: int | None = None
) -> Where:
    """Which bills (``sale s``) count: in the actor's scope, of the period, of a company and a salesperson."""
    where = Where()
    if (
        period.first is not None or period.last is not None
    ):  # all there are is read as it lies, not by its days
        where.add("s.business_date BETWEEN ? AND ?", *days_of(period))
    if actor.scope() is not Scope.ALL or company_id is not None:
        add_companies(where, actor, company_id, "s.company_id")
    if not whole(actor):
        where.add_select("s.id", visible_sales(actor))
    if person_id is not None:
        add_person(where, person_id)
    return where


def add_person(where: Where, person_id: int) -> Where:
    """Bills (``sale s``) that count for a salesperson, NOBODY for those that count for none."""
    if person_id == NOBODY:
        return where.add("s.salesperson_id IS NULL")
    return where.add("s.salesperson_id = ?", person_id)


def sums_where(actor: Actor, time: str, between: tuple[str, str], *, company_id: int | None = None) -> Where:
    """Which rows of a table of sums count: its companies, and ``time`` (a column) from one to another."""
    return add_companies(Where(), actor, company_id).add(f"{time} BETWEEN ? AND ?", *between)


def together(selects: Iterable[tuple[str, Where]]) -> tuple[str, list[Any]]:
    """Several selects as one; each with its conditions at ``{where}``."""
    texts, values = [], []
    for text, where in selects:
        texts.append(text.format(where=where.sql))
        values += where.values
    return " UNION ALL ".join(texts), values


def shown_columns(actor: Actor, columns: Iterable[Column]) -> tuple[Column, ...]:
    """Those of cost and profit only for those who may see costs."""
    return tuple(column for column in columns if column.key not in COST_KEYS or actor.can(COST))


def ratio_bp(part: int, whole_fen: int) -> int | None:
    """A part in basis points; unknown where there is nothing to be a part of."""
    return rounded_ratio(part * WHOLE_BP, whole_fen) if whole_fen > 0 else None


def with_profit(sums: Mapping[str, Any], *, sees_cost: bool) -> dict[str, Any]:
    """``net_fen``, ``returns_fen`` and ``cost_fen`` with sales, and with profit and margin for who sees costs."""
    found = {**sums, "sales_fen": sums["net_fen"] + sums["returns_fen"]}
    cost_fen = found.pop("cost_fen")
    if sees_cost:
        profit_fen = found["net_fen"] - cost_fen
        found |= {"cost_fen": cost_fen, "profit_fen": profit_fen}
        found["margin_bp"] = ratio_bp(profit_fen, found["net_fen"])
    return found


def added_up(rows: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> dict[str, int]:
    """The sums of some keys over rows."""
    wanted = tuple(keys)
    totals = dict.fromkeys(wanted, 0)
    for row in rows:
        for key in wanted:
            totals[key] += row[key]
    return totals
