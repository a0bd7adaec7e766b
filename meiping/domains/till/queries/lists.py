"""The shifts there were, and the cash put into drawers and taken out of them: lists, and the slip."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from meiping.adapters.receipt_pdf import Block, Pair, Rule, Slip, Space, Text, Total
from meiping.domains.access.models import Company, Operator
from meiping.domains.till.models import CashMovement, Shift, ShiftCount
from meiping.domains.till.queries import shop_paper
from meiping.domains.till.queries.shifts import seen_shifts
from meiping.domains.till.rules import MOVE_CASH, SHIFT, Tender
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import show_moment
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing, within_days
from meiping.store.unit_of_work import query

# ---------------------------------------------------------------- all shifts
SHIFT_COLUMNS = (
    Column("number", "班次", Kind.CODE, width=18),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
    Column("operator", "开班人", width=8, stretch=True),
    Column("opened_at", "开班", Kind.MOMENT, width=16),
    Column("closed_at", "交班", Kind.MOMENT, width=16, hidden=True),
    Column("float_fen", "备用金", Kind.MONEY, width=11, hidden=True),
    Column("expected_fen", "应有现金", Kind.MONEY, width=12, sortable=False, hidden=True),
    Column("counted_fen", "清点现金", Kind.MONEY, width=12, sortable=False),
    Column("difference_fen", "长短款", Kind.MONEY, width=9),
    Column("left_fen", "留在钱箱", Kind.MONEY, width=11, hidden=True),
    Column("reason", "原因", width=14, sortable=False, hidden=True),
    Column("closed_by", "交班人", width=9, hidden=True, sortable=False),
    Column("company", "公司", width=12, hidden=True),
)


@dataclass(frozen=True, slots=True)
class ShiftFilter:
    """Which shifts: a part of the number or of a name, days of opening with both ends, only those that differ."""

    text: str = ""
    first_date: date | None = None
    last_date: date | None = None
    differing: bool = False


@query(SHIFT)
def shifts(actor: Actor, *, narrow: ShiftFilter | None = None) -> Listing:
    """The shifts the actor may see, the newest first; what an open one should hold is not told here."""
    narrow = narrow or ShiftFilter()
    select = _shift_rows().where(seen_shifts(actor))
    if text := narrow.text.strip():
        select = select.where(Shift.number.contains(text) | Operator.name.contains(text))
    select = within_days(select, Shift.business_date, narrow.first_date, narrow.last_date)
    if narrow.differing:
        select = select.where(Shift.difference_fen != 0)
    return SelectListing(
        select,
        identity=Shift.id,
        sorts={
            "number": Shift.number,
            "business_date": Shift.business_date,
            "operator": Operator.name,
            "opened_at": Shift.opened_at,
            "closed_at": Shift.closed_at,
            "float_fen": Shift.float_fen,
            "difference_fen": Shift.difference_fen,
            "left_fen": Shift.left_fen,
            "company": Company.name,
        },
        default=Sort("opened_at", descending=True),
        to_row=_shift_row,
        totals=lambda found: {
            "difference_fen": found.columns(fn.coalesce(fn.SUM(Shift.difference_fen), 0)).scalar()
        },
    )


def _shift_rows() -> Any:
    closer = Operator.alias()
    return (
        Shift.select(
            Shift.id,
            Shift.number,
            Shift.business_date,
            Shift.opened_at,
            Shift.closed_at,
            Shift.float_fen,
            Shift.difference_fen,
            Shift.left_fen,
            Shift.reason,
            Operator.name.alias("operator"),
            fn.coalesce(closer.name, "").alias("closed_by"),
            Company.name.alias("company"),
            ShiftCount.expected_fen,
            ShiftCount.counted_fen,
        )
        .join(Operator, on=(Shift.operator == Operator.id))
        .switch(Shift)
        .left_outer_join(closer, on=(Shift.closed_by == closer.id))
        .switch(Shift)
        .join(Company, on=(Shift.company == Company.id))
        .switch(Shift)
        .left_outer_join(
            ShiftCount,
            on=(ShiftCount.shift == Shift.id) & (ShiftCount.tender == Tender.CASH.key),
        )
    )


def _shift_row(row: Row) -> Row:
    tone = "danger" if (row["difference_fen"] or 0) < 0 else None
    return {**row, "tone": tone}


# ---------------------------------------------------------------- cash put in and taken out
MOVEMENT_COLUMNS = (
    Column("posted_at", "时间", Kind.MOMENT, width=16),
    Column("number", "单号", Kind.CODE, width=18),
    Column("amount_fen", "存入 / 取出", Kind.MONEY, width=13),
    Column("reason", "原因", width=20, stretch=True, sortable=False),
    Column("operator", "经手人", width=9),
    Column("shift", "班次", Kind.CODE, width=18),
    Column("business_date", "营业日", Kind.DATE, width=12, hidden=True),
)


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """Which movements: a part of number or reason, the way (``in``, ``out``), business days with both ends."""

    text: str = ""
    way: str | None = None
    first_date: date | None = None
    last_date: date | None = None


@query(MOVE_CASH)
def cash_movements(actor: Actor, *, narrow: MovementFilter | None = None) -> Listing:
    """Cash put into drawers and taken out in the actor's scope, the newest first; what comes in is positive."""
    narrow = narrow or MovementFilter()
    select = (
        CashMovement.select(
            CashMovement.id,
            CashMovement.posted_at,
            CashMovement.number,
            CashMovement.amount_fen,
            CashMovement.reason,
            CashMovement.business_date,
            Operator.name.alias("operator"),
            fn.coalesce(Shift.number, "").alias("shift"),
        )
        .join(Operator)
        .switch(CashMovement)
        .left_outer_join(Shift)
        .where(_seen_movements(actor))
    )
    if text := narrow.text.strip():
        select = select.where(CashMovement.number.contains(text) | CashMovement.reason.contains(text))
    if narrow.way is not None:
        came_in = CashMovement.amount_fen > 0
        select = select.where(came_in if narrow.way == "in" else ~came_in)
    select = within_days(select, CashMovement.business_date, narrow.first_date, narrow.last_date)
    return SelectListing(
        select,
        identity=CashMovement.id,
        sorts={
            "posted_at": CashMovement.id,
            "number": CashMovement.number,
            "amount_fen": CashMovement.amount_fen,
            "operator": Operator.name,
            "shift": Shift.number,
            "business_date": CashMovement.business_date,
        },
        default=Sort("posted_at", descending=True),
        totals=lambda found: {
            "amount_fen": found.columns(fn.coalesce(fn.SUM(CashMovement.amount_fen), 0)).scalar()
        },
    )


def _seen_movements(actor: Actor) -> Any:
    if actor.scope() is Scope.ALL:
        return CashMovement.id.is_null(False)
    mine = CashMovement.company == actor.company_id
    return mine if actor.scope() >= Scope.COMPANY else mine & (CashMovement.operator == actor.operator_id)


@query(MOVE_CASH)
def movement_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of cash put in or taken out, with room to sign. Raises NotFound outside the actor's scope."""
    row = CashMovement.get_or_none(CashMovement.number == number, _seen_movements(actor))
    if row is None:
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    shift = Shift.get_or_none(Shift.id == row.shift_id)
    came_in = row.amount_fen > 0
    body: list[Block] = [
        Rule(),
        Pair("单号", row.number),
        Pair("时间", show_moment(row.posted_at)),
        Pair("经手人", Operator.get_by_id(row.operator_id).name),
        *([Pair("班次", shift.number)] if shift is not None else []),
        Pair("原因", row.reason),
        Rule(),
        Total("存入" if came_in else "取出", abs(row.amount_fen)),
        Space(3.0),
        Text("签字：________________"),
        Space(3.0),
    ]
    return shop_paper(
        row.company_id,
        body,
        title="现金存入单" if came_in else "现金取出单",
        reprint=reprint,
        for_customer=False,
    )
