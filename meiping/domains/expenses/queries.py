"""Reading expenses and advances: the lists, what is outstanding, and the slip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import fn

from meiping.adapters.receipt_pdf import Block, Pair, Rule, Slip, Space, Text, Total
from meiping.domains.access.models import Operator
from meiping.domains.expenses.models import AdvanceSettlement, Expense
from meiping.domains.expenses.rules import ADVANCE, APPROVE, EXPENSE, KINDS, STATUS_BY_KEY, VIEW, Status
from meiping.domains.settings.models import DictionaryItem
from meiping.domains.till.queries import shop_paper
from meiping.domains.till.rules import TENDER_BY_KEY
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Column, Kind, Listing, Sort
from meiping.store.listing import SelectListing, within_days
from meiping.store.unit_of_work import query

_SHARED = (
    Column("business_date", "日期", Kind.DATE, width=12),
    Column("number", "单号", Kind.CODE, width=19),
)
_STATE = (
    Column("status", "状态", width=8),
    Column("tender", "方式", width=8),
    Column("note", "说明", width=20, stretch=True, sortable=False),
    Column("operator", "登记人", width=9, hidden=True),
)
EXPENSE_COLUMNS = (
    *_SHARED,
    Column("category", "类别", width=10),
    Column("payee", "收款方", width=14),
    Column("amount_fen", "金额", Kind.MONEY, width=12),
    Column("person", "经手人", width=9),
    *_STATE,
)
ADVANCE_COLUMNS = (
    *_SHARED,
    Column("person", "借支人", width=9),
    Column("amount_fen", "金额", Kind.MONEY, width=12),
    Column("left_fen", "还没还", Kind.MONEY, width=12),
    *_STATE,
)
_Person: Any = Operator.alias()
_Writer: Any = Operator.alias()
_LEFT = fn.COALESCE(
    AdvanceSettlement.select(fn.SUM(AdvanceSettlement.amount_fen)).where(
        AdvanceSettlement.advance == Expense.id
    ),
    0,
)


@dataclass(frozen=True, slots=True)
class ExpenseFilter:
    """Which ones: words in number, payee and note, status, category, person, and days with both ends."""

    text: str = ""
    status: str | None = None
    category_id: int | None = None
    person_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None


def outstanding_fen(advance_id: int) -> int:
    """What is left of a paid advance, for verbs that have checked who may know."""
    paid = Expense.select(fn.SUM(Expense.amount_fen)).where(
        (Expense.id == advance_id) | (Expense.reverses == advance_id), Expense.status == Status.PAID.key
    )
    settled = AdvanceSettlement.select(fn.SUM(AdvanceSettlement.amount_fen)).where(
        AdvanceSettlement.advance == advance_id
    )
    return int(paid.scalar() or 0) - int(settled.scalar() or 0)


@query(VIEW)
def expenses(actor: Actor, *, narrow: ExpenseFilter | None = None, kind: str = EXPENSE) -> Listing:
    """The expenses or advances in the actor's scope, the newest first, with their sum.

    With the scope own one sees those one wrote down or that are for oneself. What was refused counts in no sum.
    """
    narrow = narrow or ExpenseFilter()
    return SelectListing(
        _narrowed(actor, _rows(kind), narrow),
        identity=Expense.id,
        sorts={
            "business_date": Expense.id,
            "number": Expense.number,
            "category": DictionaryItem.position,
            "payee": Expense.payee,
            "amount_fen": Expense.amount_fen,
            "left_fen": Expense.amount_fen - _LEFT,
            "person": _Person.name,
            "status": Expense.status,
            "tender": Expense.tender,
            "operator": _Writer.name,
        },
        default=Sort("business_date", descending=True),
        to_row=_to_row,
        totals=_totals,
    )


def _rows(kind: str) -> Any:
    taken_back = Expense.alias()
    return (
        Expense.select(
            Expense.id,
            Expense.number,
            Expense.business_date,
            Expense.amount_fen,
            Expense.payee,
            Expense.note,
            Expense.reason,
            Expense.status,
            Expense.tender,
            Expense.reverses.alias("reverses"),
            taken_back.id.alias("taken_back"),
            fn.COALESCE(DictionaryItem.name, "").alias("category"),
            _Person.name.alias("person"),
            _Writer.name.alias("operator"),
            (Expense.amount_fen - _LEFT).alias("unsettled_fen"),
        )
        .join(_Person, on=(Expense.person == _Person.id))
        .switch(Expense)
        .join(_Writer, on=(Expense.operator == _Writer.id))
        .switch(Expense)
        .left_outer_join(DictionaryItem, on=(Expense.category == DictionaryItem.id))
        .switch(Expense)
        .left_outer_join(taken_back, on=(taken_back.reverses == Expense.id))
        .where(Expense.kind == kind)
    )


def _narrowed(actor: Actor, select: Any, narrow: ExpenseFilter) -> Any:
    if actor.scope() is not Scope.ALL:
        select = select.where(Expense.company == actor.company_id)
    if actor.scope() < Scope.COMPANY:
        mine = (Expense.operator == actor.operator_id) | (Expense.person == actor.operator_id)
        select = select.where(mine)
    if text := narrow.text.strip():
        called = Expense.number.contains(text) | Expense.payee.contains(text) | Expense.note.contains(text)
        select = select.where(called)
    if narrow.status:
        select = select.where(Expense.status == narrow.status)
    if narrow.category_id is not None:
        select = select.where(Expense.category == narrow.category_id)
    if narrow.person_id is not None:
        select = select.where(Expense.person == narrow.person_id)
    return within_days(select, Expense.business_date, narrow.first_date, narrow.last_date)


def _totals(found: Any) -> dict[str, int]:
    counted = found.where(Expense.status != Status.REFUSED.key)
    paid = found.where(Expense.status == Status.PAID.key)
    return {
        "amount_fen": counted.columns(fn.SUM(Expense.amount_fen)).scalar() or 0,
        "left_fen": paid.columns(fn.SUM(Expense.amount_fen - _LEFT)).scalar() or 0,
    }


def _to_row(row: dict[str, Any]) -> dict[str, Any]:
    status = STATUS_BY_KEY[row["status"]]
    gone = row["taken_back"] is not None or row["reverses"] is not None
    word = "已冲销" if gone else status.title
    left_fen = 0 if gone else row["unsettled_fen"]
    settled = status is Status.PAID and not gone and left_fen <= 0
    tender = TENDER_BY_KEY.get(row["tender"])
    return {
        **row,
        "state": row["status"],
        "gone": gone,
        "status": word,
        "left_fen": left_fen if status is Status.PAID else None,
        "settled": settled,
        "note": " · ".join(part for part in (row["note"], row["reason"]) if part),
        "tender": tender.title if tender is not None else "",
        "tone": "muted" if gone or status is Status.REFUSED else None,
    }


@query(VIEW)
def expense_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of an expense or an advance, with room to sign. Raises NotFound outside the actor's scope."""
    row = _narrowed(actor, Expense.select().where(Expense.number == number), ExpenseFilter()).first()
    if row is None:
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    tender = TENDER_BY_KEY.get(row.tender)
    about = [
        ("单号", row.number),
        ("时间", show_moment(row.created_at)),
        ("登记人", row.operator.name),
        ("借支人" if row.kind == ADVANCE else "经手人", row.person.name),
        ("类别", row.category.name if row.category_id else ""),
        ("收款方", row.payee),
        ("状态", STATUS_BY_KEY[row.status].title),
        ("方式", tender.title if tender is not None else ""),
        ("说明", row.note),
    ]
    body: list[Block] = [
        Rule(),
        *(Pair(word, value) for word, value in about if value),
        Rule(),
        Total("金额", row.amount_fen),
        Space(3.0),
        Text("签字：________________"),
        Space(3.0),
    ]
    return shop_paper(row.company_id, body, title=f"{KINDS[row.kind]}单", reprint=reprint, for_customer=False)


@query(APPROVE)
def undecided(actor: Actor) -> dict[str, int]:
    """How many expenses and advances of each kind the actor sees that wait for a decision."""
    found = _narrowed(actor, Expense.select(Expense.kind), ExpenseFilter(status=Status.REQUESTED.key))
    kinds = [row[0] for row in cast("Iterable[tuple[str]]", found.tuples())]
    return {kind: kinds.count(kind) for kind in KINDS}


@query(VIEW)
def to_set_off(actor: Actor) -> list[tuple[int, str]]:
    """Approved expenses of the actor's company that an advance may pay: id, and number with sum."""
    rows = (
        Expense.select()
        .where(
            Expense.company == actor.company_id,
            Expense.kind == EXPENSE,
            Expense.status == Status.APPROVED.key,
        )
        .order_by(Expense.id)
    )
    return [(row.id, f"{row.number} {row.person.name} {show_fen(row.amount_fen)}") for row in rows]
