"""动态: everything that happened with one customer in one list, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from meiping.domains.customers.queries import require_visible
from meiping.domains.customers.queries.kin import family_ids
from meiping.domains.customers.rules import VIEW
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.office.people import seen_clause
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.stewardship.timeline_events import EVENTS
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

TIMELINE_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=16, sortable=False),
    Column("kind", "类型", width=6, sortable=False),
    Column("text", "内容", width=44, stretch=True, sortable=False),
    Column("amount_fen", "金额", Kind.MONEY, width=12, sortable=False),
    Column("operator", "操作员", width=9, sortable=False),
)
TIMELINE_GROUPS = (
    ("bills", "业务"),
    ("money", "充值收款"),
    ("records", "联系"),
    ("reminders", "提醒"),
    ("tasks", "任务"),
    ("documents", "资料"),
    ("quotes", "报价"),
    ("cases", "服务"),
    ("changes", "变动"),
)
"""What the list can be narrowed to: key and word on screen."""


@query(VIEW)
def timeline(actor: Actor, *, customer_id: int, groups: Collection[str] = ()) -> Listing:
    """What happened with a customer and with those merged into him, narrowed to ``TIMELINE_GROUPS`` if given.

    Kinds the actor has no right to are left out; amounts are blank without the right to see money. A row has
    ``source`` and ``record_id`` besides its columns: what it is about. Raises NotFound outside the scope.
    """
    require_visible(actor, customer_id)
    marks = ", ".join(str(one) for one in family_ids(customer_id))
    bound = "" if actor.scope() is Scope.ALL else f" AND company_id = {actor.company_id:d}"
    tasks = seen_clause(actor) if actor.can(USE_TASKS) else ""
    parts = [
        f"SELECT at, {place}, id FROM ({event.found_by.format(ids=marks, bound=bound, tasks=tasks)})"
        for place, event in enumerate(EVENTS)
        if actor.can(event.permission) and (not groups or event.group in groups)
    ]
    events = fetch(" UNION ALL ".join(parts) + " ORDER BY 1 DESC, 2, 3 DESC") if parts else []
    return _Timeline(events, with_money=actor.can(VIEW_MONEY))


class _Timeline:
    """The listing: times and ids are at hand, the rest is read for the rows in sight."""

    def __init__(self, events: Sequence[tuple[int, int, int]], *, with_money: bool) -> None:
        self._events, self._with_money = events, with_money

    def count(self) -> int:
        """How many events there are."""
        return len(self._events)

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Events ``first`` to ``first + size``, always the newest first."""
        wanted = self._events[first : first + size]
        by_place: dict[int, list[int]] = {}
        for _at, place, record_id in wanted:
            by_place.setdefault(place, []).append(record_id)
        told: dict[tuple[int, int], Row] = {}
        for place, ids in by_place.items():
            event = EVENTS[place]
            for record_id, kind, text, amount_fen, operator in event.details(ids, ", ".join("?" * len(ids))):
                told[place, record_id] = {
                    "kind": kind,
                    "text": text,
                    "amount_fen": amount_fen if self._with_money else None,
                    "operator": operator,
                    "source": event.source,
                }
        return [
            {
                "id": record_id * len(EVENTS) + place,
                "record_id": record_id,
                "at": at,
                **told[place, record_id],
            }
            for at, place, record_id in wanted
            if (place, record_id) in told
        ]

    def summary(self) -> Mapping[str, Any]:
        """Nothing to add up."""
        return {}
