"""What passed the drawer in a shift: one set of sums for the look in between, the end of the shift and the reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meiping.domains.ledger.queries import KIND_WORDS, balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.settings.queries import option
from meiping.domains.till.models import Shift, ShiftCount
from meiping.domains.till.rules import (
    BIG_DIFFERENCE,
    MOVEMENT_WORDS,
    RECEIVING_TENDERS,
    SHIFT,
    Tender,
    load_notes,
)
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.money import show_fen
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import query

_REAL = tuple(tender.account.value for tender in RECEIVING_TENDERS)


# ---------------------------------------------------------------- which shift is open
@dataclass(frozen=True, slots=True)
class OpenShift:
    """The shift under way in a company."""

    id: int
    number: str
    opened_at: int
    business_date: date


def open_shift(company_id: int) -> OpenShift | None:
    """The shift open in a company. It holds no person and no money: everyone may know."""
    rows = fetch(
        "SELECT id, number, opened_at, business_date FROM shift WHERE company_id = ? AND closed_at IS NULL",
        company_id,
    )
    if not rows:
        return None
    (found,) = rows
    return OpenShift(found[0], found[1], found[2], date.fromisoformat(found[3]))


@dataclass(frozen=True, slots=True)
class FloatOffer:
    """What should lie in the drawer when a shift begins; ``number`` is the shift that left it, empty for the first."""

    float_fen: int
    number: str


@query(SHIFT)
def float_offer(actor: Actor) -> FloatOffer:
    """What the last shift left in the drawer of the actor's company, and what was taken without a shift since."""
    last = (
        Shift.select(Shift.number)
        .where(Shift.company == actor.company_id, Shift.closed_at.is_null(False))
        .order_by(Shift.id.desc())
        .first()
    )
    if last is None:
        return FloatOffer(0, "")
    return FloatOffer(max(balance_fen(Account.CASH, company_id=actor.company_id), 0), last.number)


# ---------------------------------------------------------------- the sums
@dataclass(frozen=True, slots=True)
class ShiftSum:
    """What entries of one kind in one shift moved on one account, in fen; 0 is no shift."""

    shift_id: int
    kind: str
    account: str
    in_fen: int
    out_fen: int


def shift_sums(where: str, values: Iterable[Any]) -> list[ShiftSum]:
    """What moved by shift, kind of document and account among the entries ``e`` that meet ``where``.

    Opening and closing of the shifts themselves are left out.
    """
    rows = fetch(
        "SELECT coalesce(e.shift_id, 0), e.source_kind, p.account, sum(max(p.amount_fen, 0)),"
        " sum(max(0 - p.amount_fen, 0)) FROM entry e JOIN posting p ON p.entry_id = e.id"
        f" WHERE e.source_kind <> 'shift' AND {where} GROUP BY 1, 2, 3",
        *values,
    )
    return [ShiftSum(*row) for row in rows]


def sums_of(shift_id: int) -> list[ShiftSum]:
    """What moved in one shift."""
    return shift_sums("e.shift_id = ?", [shift_id])


def expected_by_tender(shift_id: int) -> dict[str, int]:
    """What each tender of a shift should come to, cash with its float: for verbs that have checked who may know."""
    moved = dict.fromkeys(_REAL, 0)
    for one in sums_of(shift_id):
        if one.account in moved:
            moved[one.account] += one.in_fen - one.out_fen
    float_fen = int(fetch_value("SELECT float_fen FROM shift WHERE id = ?", shift_id))
    return {
        tender.key: moved[tender.account.value] + (float_fen if tender is Tender.CASH else 0)
        for tender in RECEIVING_TENDERS
    }


# ---------------------------------------------------------------- one shift
@dataclass(frozen=True, slots=True)
class ShiftHead:
    """Who opened and closed it and when; fen. What is not known before the end is None."""

    id: int
    number: str
    company_id: int
    operator: str
    opened_at: int
    business_date: date
    float_fen: int
    carried_fen: int
    closed_at: int | None
    closed_by: str
    difference_fen: int | None
    reason: str
    left_fen: int | None


@dataclass(frozen=True, slots=True)
class TenderFigures:
    """One tender of a shift, in fen; None where it is not told, or not counted."""

    key: str
    title: str
    in_fen: int | None
    out_fen: int | None
    expected_fen: int | None
    counted_fen: int | None

    @property
    def difference_fen(self) -> int | None:
        """Counted less expected."""
        if self.counted_fen is None or self.expected_fen is None:
            return None
        return self.counted_fen - self.expected_fen


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The documents of one kind in a shift and the money they moved by all tenders, in fen."""

    kind: str
    word: str
    documents: int
    in_fen: int | None
    out_fen: int | None


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """A shift and what passed its drawer. ``hidden``: the sums are not told before the count (blind)."""

    head: ShiftHead
    tenders: tuple[TenderFigures, ...]
    kinds: tuple[KindFigures, ...]
    notes: tuple[tuple[int, int], ...]
    stored_used_fen: int | None
    credit_fen: int | None
    hidden: bool


def figures_of(actor: Actor, shift_id: int) -> ShiftFigures:
    """The figures of a shift the actor may see: a part of queries with the right to. Raises NotFound."""
    head = _head(actor, shift_id)
    hidden = head.closed_at is None and bool(option("till.blind")) and not actor.can(BIG_DIFFERENCE)
    sums = sums_of(shift_id)
    counted = {row.tender: row for row in ShiftCount.select().where(ShiftCount.shift == shift_id)}
    expected = expected_by_tender(shift_id)

    def told(fen: int) -> int | None:
        return None if hidden else fen

    def moved(column: str, **met: str) -> int:
        rows = (one for one in sums if all(getattr(one, key) == value for key, value in met.items()))
        return sum(getattr(one, column) for one in rows if one.account in _REAL)

    tenders = tuple(
        TenderFigures(
            tender.key,
            tender.title,
            told(moved("in_fen", account=tender.account.value)),
            told(moved("out_fen", account=tender.account.value)),
            told(expected[tender.key]),
            counted[tender.key].counted_fen if tender.key in counted else None,
        )
        for tender in RECEIVING_TENDERS
    )
    kinds = tuple(
        KindFigures(
            kind,
            (KIND_WORDS | MOVEMENT_WORDS).get(kind, "其他"),
            documents,
            told(moved("in_fen", kind=kind)),
            told(moved("out_fen", kind=kind)),
        )
        for kind, documents in _documents(shift_id)
    )
    cash = counted.get(Tender.CASH.key)
    return ShiftFigures(
        head,
        tenders,
        kinds,
        load_notes(cash.notes) if cash is not None else (),
        told(_sold_by(sums, "stored_principal", "stored_bonus")),
        told(_sold_by(sums, "receivable")),
        hidden,
    )


def _sold_by(sums: Sequence[ShiftSum], *accounts: str) -> int:
    """What bills took by accounts that are no money, less what returns gave back to them."""
    return sum(one.in_fen - one.out_fen for one in sums if one.kind == "sale" and one.account in accounts)


def _documents(shift_id: int) -> list[tuple[str, int]]:
    """How many documents of each kind that moved money by a tender; bills come first."""
    marks = ", ".join("?" * len(_REAL))
    rows = fetch(
        "SELECT e.source_kind, count(DISTINCT e.source_id) FROM entry e WHERE e.shift_id = ?"
        " AND e.source_kind <> 'shift' AND EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id"
        f" AND p.account IN ({marks})) GROUP BY 1",
        shift_id,
        *_REAL,
    )
    order = [*KIND_WORDS, *MOVEMENT_WORDS]
    return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order))


def seen_shifts(actor: Actor) -> Any:
    """Which shifts the actor may see: his company's, in a narrower scope his own and the one under way."""
    if actor.scope() is Scope.ALL:
        return Shift.id.is_null(False)
    mine = Shift.company == actor.company_id
    if actor.scope() >= Scope.COMPANY:
        return mine
    me = actor.operator_id
    return mine & ((Shift.operator == me) | (Shift.closed_by == me) | Shift.closed_at.is_null())


def _head(actor: Actor, shift_id: int) -> ShiftHead:
    row = Shift.get_or_none(Shift.id == shift_id, seen_shifts(actor))
    if row is None:
        raise NotFound("没有找到这个班次，可能属于别的公司，或者不在您的查看范围内。")
    names = dict(fetch("SELECT id, name FROM operator WHERE id IN (?, ?)", row.operator_id, row.closed_by_id))
    return ShiftHead(
        row.id,
        row.number,
        row.company_id,
        names.get(row.operator_id, ""),
        row.opened_at,
        row.business_date,
        row.float_fen,
        row.carried_fen,
        row.closed_at,
        names.get(row.closed_by_id, ""),
        row.difference_fen,
        row.reason,
        row.left_fen,
    )


@query(SHIFT)
def shift_id_of(actor: Actor, *, number: str) -> int:
    """The shift with this number. Raises NotFound outside what the actor may see."""
    row = Shift.get_or_none(Shift.number == number, seen_shifts(actor))
    if row is None:
        raise NotFound("没有找到这个班次，可能属于别的公司，或者不在您的查看范围内。")
    return int(row.id)


def money_words(fen: int | None) -> str:
    """An amount; stars where it is not told."""
    return "***" if fen is None else show_fen(fen)
