"""Receiving what customers owe, giving debts up, and the part by which a bill is put on credit."""

from collections.abc import Sequence

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.receivables.models import Receipt, WriteOff
from meiping.domains.receivables.open_items import items_of, match, shares_of
from meiping.domains.receivables.rules import RECEIVE, WRITE_OFF, check_against_debt, check_credit
from meiping.domains.settings.service import next_number
from meiping.domains.till.service import present_session
from meiping.domains.till.slips import SlipKind
from meiping.kernel.errors import InputError
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb

RECEIPTS = SlipKind(Receipt, "收款", "SK", "receipt")


@verb(RECEIVE)
def receive(
    work: Work,
    *,
    key: str,
    customer_id: int,
    amount_fen: int,
    tender: str = "cash",
    note: str = "",
    bills: Sequence[int] = (),
) -> str:
    """Take a payment against what a customer owes in the actor's company and give the slip's number.

    It pays the charges whose entries are in ``bills``, else the oldest first. ``key`` is made when the window opens:
    pressed twice, the same slip comes back. Raises InputError for more than is owed.
    """
    if posted := RECEIPTS.posted(key):
        return posted
    customer_id, paid_with = RECEIPTS.begin(work, customer_id, tender)
    company_id = work.actor.company_id
    check_against_debt(amount_fen, debt_fen=balances_in(company_id, customer_id).debt_fen, what="收款")
    shares = shares_of(items_of(company_id, customer_id, payment_days=0), amount_fen, bills)
    number = RECEIPTS.book(
        work,
        [Line(paid_with.account, amount_fen), Line(Account.RECEIVABLE, -amount_fen, customer_id)],
        action="receivables.receive",
        key=key,
        customer_id=customer_id,
        tender=paid_with,
        note=note,
        amount_fen=amount_fen,
    )
    entry = work.execute(
        "SELECT e.id FROM entry e JOIN receipt r ON r.id = e.source_id WHERE e.source_kind = 'receipt' AND r.key = ?",
        key,
    ).fetchone()
    match(work, entry[0], shares)
    return number


@verb(WRITE_OFF)
def write_off(
    work: Work, *, key: str, customer_id: int, amount_fen: int, reason: str, bills: Sequence[int] = ()
) -> str:
    """Give up what a customer owes in the actor's company, as a loss; gives the document's number.

    ``bills`` and ``key`` are as in ``receive``. Raises InputError for more than is owed and without a reason.
    """
    posted = WriteOff.get_or_none(WriteOff.key == key)
    if posted is not None:
        return str(posted.number)
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    reason = clean(reason, name="原因", limit=200)
    if not reason:
        raise InputError("请填写核销的原因。", field="reason")
    company_id = work.actor.company_id
    check_against_debt(amount_fen, debt_fen=balances_in(company_id, customer_id).debt_fen, what="核销")
    shares = shares_of(items_of(company_id, customer_id, payment_days=0), amount_fen, bills)
    now = present_session(work)
    number = next_number(work, "HX", day=now.business_date)
    row = WriteOff.create(
        key=key,
        number=number,
        company=company_id,
        customer=customer_id,
        operator=work.actor.operator_id,
        posted_at=work.at,
        business_date=now.business_date,
        amount_fen=amount_fen,
        reason=reason,
    )
    source = Source("write_off", row.id)
    entry_id = ledger.post(
        work,
        memo=number,
        source=source,
        business_date=now.business_date,
        shift_id=now.shift_id,
        lines=[Line(Account.BAD_DEBT, amount_fen), Line(Account.RECEIVABLE, -amount_fen, customer_id)],
    )
    assert entry_id is not None
    match(work, entry_id, shares)
    audit.record(work, "receivables.write_off", f"坏账核销 {number}", source)
    return number


def charge(work: Work, *, customer_id: int, amount_fen: int, limit_fen: int) -> Line:
    """The posting that puts ``amount_fen`` on credit. Raises InputError beyond the limit."""
    debt_fen = balances_in(work.actor.company_id, customer_id).debt_fen
    check_credit(amount_fen, debt_fen=debt_fen, limit_fen=limit_fen)
    return Line(Account.RECEIVABLE, amount_fen, customer_id)


def took_off(work: Work, *, paying: Source, charged: Source, amount_fen: int) -> None:
    """Note that a document took its own charge off again, as far as that is still open: a return of its bill."""
    row = work.execute(
        "SELECT p.entry_id, p.amount_fen - coalesce((SELECT sum(m.amount_fen) FROM receivable_match m"
        " WHERE m.charge_entry_id = e.id), 0), (SELECT x.id FROM entry x WHERE x.source_kind = ? AND x.source_id = ?)"
        " FROM entry e JOIN posting p ON p.entry_id = e.id AND p.account = 'receivable' AND p.amount_fen > 0"
        " WHERE e.source_kind = ? AND e.source_id = ?",
        paying.kind,
        paying.id,
        charged.kind,
        charged.id,
    ).fetchone()
    if row and min(row[1], amount_fen) > 0:
        work.execute(
            "INSERT INTO receivable_match (charge_entry_id, paying_entry_id, amount_fen) VALUES (?, ?, ?)",
            row[0],
            row[2],
            min(row[1], amount_fen),
        )
