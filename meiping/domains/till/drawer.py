"""Cash put into the drawer and taken out of it beside bills, and the drawer opened for neither."""

from meiping.domains.audit import service as audit
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.settings.service import next_number
from meiping.domains.till import events
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.models import CashMovement
from meiping.domains.till.rules import MOVE_CASH, OPEN_DRAWER
from meiping.domains.till.service import session
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.kernel.money import MAX_FEN
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb

MORE_THAN_THERE = "more_cash_than_there"


@verb(MOVE_CASH)
def move_cash(
    work: Work, *, key: str, amount_fen: int, reason: str, confirmed: frozenset[str] = frozenset()
) -> str:
    """Put cash from the safe into the drawer (positive) or take it out with a reason; gives the slip's number.

    ``key`` is made when the window opens: pressed twice, the same slip comes back. Raises NeedsConfirmation where
    more is taken out than the drawer of an open shift should hold.
    """
    posted = CashMovement.get_or_none(CashMovement.key == key)
    if posted is not None:
        return str(posted.number)
    if not 0 < abs(amount_fen) <= MAX_FEN:
        raise InputError("金额必须大于零。", field="amount_fen")
    reason = clean(reason, name="原因", limit=60)
    if not reason:
        raise InputError("请填写原因。", field="reason")
    now = session(work)
    there_fen = balance_fen(Account.CASH, company_id=work.actor.company_id)
    if now.shift_id is not None and -amount_fen > max(there_fen, 0) and MORE_THAN_THERE not in confirmed:
        raise NeedsConfirmation(MORE_THAN_THERE, "钱箱里不应有这么多现金，确定要取出吗？", verb="仍要取出")
    number = next_number(work, "XJ", day=now.business_date)
    movement = CashMovement.create(
        key=key,
        number=number,
        company=work.actor.company_id,
        operator=work.actor.operator_id,
        shift=now.shift_id,
        posted_at=work.at,
        business_date=now.business_date,
        amount_fen=amount_fen,
        reason=reason,
    )
    source = Source("cash_movement", movement.id)
    ledger.post(
        work,
        memo=number,
        source=source,
        business_date=now.business_date,
        lines=[Line(Account.CASH, amount_fen), Line(Account.SAFE, -amount_fen)],
        shift_id=now.shift_id,
    )
    audit.record(work, "till.move_cash", f"{'现金存入' if amount_fen > 0 else '现金取出'} {number}", source)
    return number


@verb(OPEN_DRAWER)
def open_drawer(work: Work, *, reason: str = "") -> None:
    """Write down that the drawer is opened without money being taken or given, for those who watch the till."""
    reason = clean(reason, name="原因", limit=60)
    events.note(work, EventKind.DRAWER, detail=reason)
    audit.record(work, "till.open_drawer", "开钱箱（没有收付款）")
