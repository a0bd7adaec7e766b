"""What is watched at the till: a list of events, the newest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from meiping.domains.access.models import Company, Operator
from meiping.domains.till.event_rules import EVENT_BY_KEY, WATCH
from meiping.domains.till.models import TillEvent
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing, within_days
from meiping.store.unit_of_work import query

EVENT_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("operator", "操作员", width=10),
    Column("kind", "动作", width=12),
    Column("amount_fen", "金额", Kind.MONEY, width=12),
    Column("detail", "说明", width=36, stretch=True, sortable=False),
    Column("approver", "批准人", width=10, sortable=False),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
    Column("company", "公司", width=12, hidden=True),
)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: a part of what is told of them, days with both ends, whose, of which kind."""

    text: str = ""
    first_date: date | None = None
    last_date: date | None = None
    person_id: int | None = None
    kind: str | None = None


@query(WATCH)
def till_events(actor: Actor, *, narrow: EventFilter | None = None) -> Listing:
    """The events of the actor's company, of all companies in the widest scope; ``sale_id`` where a bill is meant."""
    narrow = narrow or EventFilter()
    giver = Operator.alias()
    select = (
        TillEvent.select(
            TillEvent,
            Operator.name.alias("operator_name"),
            fn.coalesce(giver.name, "").alias("approver_name"),
            Company.name.alias("company_name"),
        )
        .join(Operator, on=(TillEvent.operator == Operator.id))
        .switch(TillEvent)
        .left_outer_join(giver, on=(TillEvent.approver == giver.id))
        .switch(TillEvent)
        .join(Company, on=(TillEvent.company == Company.id))
    )
    if actor.scope() is not Scope.ALL:
        select = select.where(TillEvent.company == actor.company_id)
    if narrow.text.strip():
        select = select.where(TillEvent.detail.contains(narrow.text.strip()))
    select = within_days(select, TillEvent.business_date, narrow.first_date, narrow.last_date)
    if narrow.person_id is not None:
        select = select.where(TillEvent.operator == narrow.person_id)
    if narrow.kind is not None:
        select = select.where(TillEvent.kind == narrow.kind)
    return SelectListing(
        select,
        identity=TillEvent.id,
        sorts={
            "at": TillEvent.id,
            "operator": Operator.name,
            "kind": TillEvent.kind,
            "amount_fen": TillEvent.amount_fen,
            "business_date": TillEvent.business_date,
            "company": Company.name,
        },
        default=Sort("at", descending=True),
        to_row=_row,
    )


def _row(row: dict[str, Any]) -> Row:
    kind = EVENT_BY_KEY[row["kind"]]
    of_bill = row["source_kind"] == "sale"
    return {
        **row,
        "kind": kind.title,
        "operator": row["operator_name"],
        "approver": row["approver_name"],
        "company": row["company_name"],
        "amount_fen": row["amount_fen"] or None,
        "sale_id": row["source_id"] if of_bill else None,
        "tone": "danger" if row["kind"] == "refused" else None,
    }
