"""收银监督: how often each operator did what an owner wants to know of, and what it came to."""

from __future__ import annotations

from typing import Any

from meiping.domains.access.models import Operator
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import Where, days_of
from meiping.domains.till.event_rules import WATCH, EventKind
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

_COUNTED = (
    *(EventKind.TENDER_CHANGED, EventKind.DRAWER, EventKind.APPROVED, EventKind.REFUSED),
    *(EventKind.PIN_WRONG, EventKind.PIN_CLEARED),
)
"""Kinds of which only the number says something."""
_LESS = (EventKind.BILL_CLEARED, EventKind.CREDIT)
"""Kinds whose sum is not shown to begin with."""
_SUMMED = tuple(kind for kind in EventKind if kind not in _COUNTED)


def _columns() -> tuple[Column, ...]:
    columns = [Column("name", "操作员", width=12, stretch=True)]
    for kind in _SUMMED:
        columns.append(Column(kind.key, f"{kind.title}次", Kind.NUMBER, width=10))
        columns.append(
            Column(f"{kind.key}_fen", f"{kind.title}额", Kind.MONEY, width=11, hidden=kind in _LESS)
        )
    columns += [Column(kind.key, f"{kind.title}次", Kind.NUMBER, width=14) for kind in _COUNTED]
    return tuple(columns)


COLUMNS = _columns()


@query(WATCH)
def watch_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``watch_report``."""
    return COLUMNS


@query(WATCH)
def watch_report(actor: Actor, asked: ReportAsked) -> Table:
    """A row an operator who did any of it, with totals; narrowed by ``company_id``. ``events`` counts all of it."""
    where = Where().add("business_date BETWEEN ? AND ?", *days_of(asked.period))
    company_id = asked.get("company_id") if actor.scope() is Scope.ALL else actor.company_id
    if company_id is not None:
        where.add("company_id = ?", company_id)
    found = fetch(
        f"SELECT operator_id, kind, count(*), sum(amount_fen) FROM till_event WHERE {where.sql} GROUP BY 1, 2",
        *where.values,
    )
    names = {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
    rows: dict[int, dict[str, Any]] = {}
    for person, kind, times, amount_fen in found:
        row = rows.setdefault(person, {"id": person, "name": names.get(person, ""), **_nothing()})
        row[kind] = times
        row[f"{kind}_fen"] = amount_fen
    ordered = sorted(rows.values(), key=lambda row: str(row["name"]))
    totals = {key: sum(row[key] for row in ordered) for key in _nothing()}
    return Table("收银监督", COLUMNS, ordered, totals, asked.period.show())


def _nothing() -> dict[str, int]:
    return {column.key: 0 for column in COLUMNS[1:]} | {f"{kind.key}_fen": 0 for kind in _COUNTED}
