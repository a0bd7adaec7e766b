"""Receiving what customers owe, and the part by which a bill is put on credit."""

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.receivables.models import Receipt
from meiping.domains.receivables.rules import RECEIVE, check_credit
from meiping.domains.settings.service import next_number
from meiping.domains.till.rules import receiving_tender
from meiping.domains.till.service import business_date
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


@verb(RECEIVE)
def receive(
    work: Work, *, key: str, customer_id: int, amount_fen: int, tender: str = "cash", note: str = ""
) -> str:
    """Take a payment against what a customer owes in the actor's company and give the slip's number.

    ``key`` is made when the window opens: pressed twice, the same slip comes back.
    """
    posted = Receipt.get_or_none(Receipt.key == key)
    if posted is not None:
        return str(posted.number)
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    paid_with = receiving_tender(tender, "收款")
    debt_fen = balances_in(work.actor.company_id, customer_id).debt_fen
    if amount_fen <= 0:
        raise InputError("收款金额必须大于零。", field="amount_fen")
    if amount_fen > debt_fen:
        raise InputError(f"只欠 {show_fen(debt_fen)}，收款不能更多。", field="amount_fen")
    day = business_date(work)
    number = next_number(work, "SK", day=day)
    slip = Receipt.create(
        key=key,
        number=number,
        company=work.actor.company_id,
        customer=customer_id,
        operator=work.actor.operator_id,
        posted_at=work.at,
        business_date=day,
        amount_fen=amount_fen,
        tender=paid_with.key,
        note=note,
    )
    source = Source("receipt", slip.id)
    lines = [Line(paid_with.account, amount_fen), Line(Account.RECEIVABLE, -amount_fen, customer_id)]
    ledger.post(work, memo=number, source=source, business_date=day, lines=lines)
    audit.record(work, "receivables.receive", f"收款 {number}", source)
    return number


def charge(work: Work, *, customer_id: int, amount_fen: int, limit_fen: int) -> Line:
    """The posting that puts ``amount_fen`` on credit. Raises InputError beyond the limit."""
    debt_fen = balances_in(work.actor.company_id, customer_id).debt_fen
    check_credit(amount_fen, debt_fen=debt_fen, limit_fen=limit_fen)
    return Line(Account.RECEIVABLE, amount_fen, customer_id)
