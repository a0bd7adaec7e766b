"""Receiving what customers owe, and the part by which a bill is put on credit."""

from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.receivables.models import Receipt
from meiping.domains.receivables.rules import RECEIVE, check_credit
from meiping.domains.till.slips import SlipKind
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.store.unit_of_work import Work, verb

RECEIPTS = SlipKind(Receipt, "收款", "SK", "receipt")


@verb(RECEIVE)
def receive(
    work: Work, *, key: str, customer_id: int, amount_fen: int, tender: str = "cash", note: str = ""
) -> str:
    """Take a payment against what a customer owes in the actor's company and give the slip's number.

    ``key`` is made when the window opens: pressed twice, the same slip comes back.
    """
    if posted := RECEIPTS.posted(key):
        return posted
    customer_id, paid_with = RECEIPTS.begin(work, customer_id, tender)
    debt_fen = balances_in(work.actor.company_id, customer_id).debt_fen
    if amount_fen <= 0:
        raise InputError("收款金额必须大于零。", field="amount_fen")
    if amount_fen > debt_fen:
        raise InputError(f"只欠 {show_fen(debt_fen)}，收款不能更多。", field="amount_fen")
    return RECEIPTS.book(
        work,
        [Line(paid_with.account, amount_fen), Line(Account.RECEIVABLE, -amount_fen, customer_id)],
        action="receivables.receive",
        key=key,
        customer_id=customer_id,
        tender=paid_with,
        note=note,
        amount_fen=amount_fen,
    )


def charge(work: Work, *, customer_id: int, amount_fen: int, limit_fen: int) -> Line:
    """The posting that puts ``amount_fen`` on credit. Raises InputError beyond the limit."""
    debt_fen = balances_in(work.actor.company_id, customer_id).debt_fen
    check_credit(amount_fen, debt_fen=debt_fen, limit_fen=limit_fen)
    return Line(Account.RECEIVABLE, amount_fen, customer_id)
