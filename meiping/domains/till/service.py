"""Shifts at the drawer: opened, counted, ended; and which business day and shift a movement belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from meiping.domains.audit import service as audit
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.settings.options import SHIFTS_REQUIRED
from meiping.domains.settings.queries import option
from meiping.domains.settings.service import next_number
from meiping.domains.till.models import Shift, ShiftCount
from meiping.domains.till.queries.shifts import expected_by_tender, open_shift
from meiping.domains.till.rules import (
    BIG_DIFFERENCE,
    RECEIVING_TENDERS,
    SHIFT,
    TENDER_BY_KEY,
    Tender,
    counted_cash,
    difference_words,
    dump_notes,
)
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import MAX_FEN, show_fen
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb


@dataclass(frozen=True, slots=True)
class Session:
    """The day money counts for, and the shift whose drawer it passes; None where nobody has opened one."""

    business_date: date
    shift_id: int | None


def session(work: Work) -> Session:
    """The shift open in the actor's company with the day it was opened on, else the calendar day and no shift.

    Raises InputError without a shift where the shop takes money in shifts only.
    """
    now = present_session(work)
    if now.shift_id is None and option("till.shifts") == SHIFTS_REQUIRED:
        raise InputError("还没有开班，不能收付款。请在收银台按 F11 开班。")
    return now


def present_session(work: Work) -> Session:
    """The same for what moves no money: never refused."""
    now = open_shift(work.actor.company_id)
    return Session(work.day, None) if now is None else Session(now.business_date, now.id)


def business_date(work: Work) -> date:
    """The day a document counts for: the open shift's, else the calendar day of the shop's clock."""
    return present_session(work).business_date


@verb(SHIFT)
def begin_shift(work: Work, *, key: str, float_fen: int) -> str:
    """Open the drawer of the actor's company with ``float_fen`` counted in it; gives the shift's number.

    What the books had in it instead moves to or from the safe. ``key`` is made when the window opens: pressed twice,
    the same shift comes back. Raises InputError while another shift is open.
    """
    posted = Shift.get_or_none(Shift.key == key)
    if posted is not None:
        return str(posted.number)
    company_id = work.actor.company_id
    there = open_shift(company_id)
    if there is not None:
        raise InputError(f"班次 {there.number} 还没有交班，请先交班再开班。")
    if not 0 <= float_fen <= MAX_FEN:
        raise InputError("备用金不能小于零，也不能太大。", field="float_fen")
    carried_fen = balance_fen(Account.CASH, company_id=company_id)
    number = next_number(work, "JB", day=work.day)
    shift = Shift.create(
        key=key,
        number=number,
        company=company_id,
        operator=work.actor.operator_id,
        opened_at=work.at,
        business_date=work.day,
        float_fen=float_fen,
        carried_fen=carried_fen,
    )
    brought_fen = float_fen - carried_fen
    _book(work, shift, [Line(Account.CASH, brought_fen), Line(Account.SAFE, -brought_fen)])
    audit.record(work, "till.begin_shift", f"开班 {number}", Source("shift", shift.id))
    work.changed(Topic.MONEY)
    return number


def _book(work: Work, shift: Shift, lines: list[Line]) -> None:
    ledger.post(
        work,
        memo=shift.number,
        source=Source("shift", shift.id),
        business_date=shift.business_date,
        lines=lines,
        shift_id=shift.id,
    )


def counted_shift(work: Work, shift_id: int) -> Shift:
    """The shift of the actor's company that is to be counted, open or not. Raises NotFound."""
    shift = Shift.get_or_none(Shift.id == shift_id, Shift.company == work.actor.company_id)
    if shift is None:
        raise NotFound("没有找到这个班次，请重新打开。")
    return shift


@verb(SHIFT)
def count_shift(work: Work, *, shift_id: int, counted: Mapping[str, int]) -> dict[str, int]:
    """Give what was counted (fen by tender) in before the expected is known: it is written down.

    Gives by how much each tender differs from what it should be.
    """
    shift = counted_shift(work, shift_id)
    expected = expected_by_tender(shift.id)
    said = "、".join(f"{TENDER_BY_KEY[key].title} {show_fen(fen)}" for key, fen in counted.items())
    audit.record(work, "till.count_shift", f"清点 {shift.number}：{said}", Source("shift", shift.id))
    return {key: fen - expected[key] for key, fen in counted.items()}


def end_shift(
    work: Work,
    shift: Shift,
    *,
    counted: Mapping[str, int],
    notes: Mapping[int, int],
    left_fen: int,
    reason: str,
) -> None:
    """Close an open shift for good: a part of the verb that looks at what is left undone.

    ``counted`` is fen by tender, cash among it, ``notes`` the pieces by note and coin if it was counted so. The
    difference of cash is booked, ``left_fen`` stays in the drawer, the rest goes to the safe. Raises InputError for a
    difference without a reason, PermissionDenied for a large one.
    """
    reason = check_end(shift, counted=counted, notes=notes, left_fen=left_fen, reason=reason)
    cash_fen = counted[Tender.CASH.key]
    expected = expected_by_tender(shift.id)
    _require_right(work, {key: fen - expected[key] for key, fen in counted.items()}, reason)
    difference_fen = cash_fen - expected[Tender.CASH.key]
    rest_fen = cash_fen - left_fen
    lines = [
        Line(Account.CASH, difference_fen - rest_fen),
        Line(Account.CASH_DIFFERENCE, -difference_fen),
        Line(Account.SAFE, rest_fen),
    ]
    _book(work, shift, lines)
    for tender in RECEIVING_TENDERS:
        ShiftCount.create(
            shift=shift.id,
            tender=tender.key,
            expected_fen=expected[tender.key],
            counted_fen=counted.get(tender.key),
            notes=dump_notes(notes) if tender is Tender.CASH else "",
        )
    Shift.update(
        closed_at=work.at,
        closed_by=work.actor.operator_id,
        difference_fen=difference_fen,
        reason=reason,
        left_fen=left_fen,
        blind=bool(option("till.blind")),
    ).where(Shift.id == shift.id).execute()
    audit.record(work, "till.end_shift", f"交班 {shift.number}", Source("shift", shift.id))
    work.changed(Topic.MONEY)


def check_end(
    shift: Shift, *, counted: Mapping[str, int], notes: Mapping[int, int], left_fen: int, reason: str
) -> str:
    """The reason as it is kept. Raises InputError for what ``end_shift`` would not take from anybody."""
    cash_fen = counted_cash(counted[Tender.CASH.key], notes)
    expected = expected_by_tender(shift.id)
    reason = clean(reason, name="原因", limit=100)
    differing = _differing({key: fen - expected[key] for key, fen in counted.items()})
    if differing and not reason:
        raise InputError(f"{differing}，请填写原因。", field="reason")
    if not 0 <= left_fen <= cash_fen:
        raise InputError(f"留在钱箱的钱不能多于清点的 {show_fen(cash_fen)}。", field="left_fen")
    return reason


def _differing(differences: Mapping[str, int]) -> str:
    return "，".join(filter(None, (difference_words(key, fen) for key, fen in differences.items())))


def _require_right(work: Work, differences: Mapping[str, int], reason: str) -> None:
    if max(map(abs, differences.values())) > option("till.difference_limit") * 100:
        about = f"{BIG_DIFFERENCE.title}：{_differing(differences)}\n原因：{reason}"
        work.actor.require(BIG_DIFFERENCE, about=about)
