"""Recharging stored value, and the parts by which bills spend it and returns put it back."""

from collections.abc import Sequence

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.settings.service import next_number
from meiping.domains.till.rules import receiving_tender
from meiping.domains.till.service import business_date
from meiping.domains.wallet.models import Recharge
from meiping.domains.wallet.rules import RECHARGE, split_spending
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN, share_out
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


@verb(RECHARGE)
def recharge(
    work: Work,
    *,
    key: str,
    customer_id: int,
    principal_fen: int,
    bonus_fen: int = 0,
    tender: str = "cash",
    note: str = "",
) -> str:
    """Put money into a customer's stored value in the actor's company and give the slip's number.

    ``key`` is made when the window opens: pressed twice, the same slip comes back.
    """
    posted = Recharge.get_or_none(Recharge.key == key)
    if posted is not None:
        return str(posted.number)
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    paid_with = receiving_tender(tender, "充值")
    if not 0 < principal_fen <= MAX_FEN:
        raise InputError("充值金额必须大于零。", field="principal_fen")
    if not 0 <= bonus_fen <= MAX_FEN:
        raise InputError("赠送金额不能小于零。", field="bonus_fen")
    day = business_date(work)
    number = next_number(work, "CZ", day=day)
    slip = Recharge.create(
        key=key,
        number=number,
        company=work.actor.company_id,
        customer=customer_id,
        operator=work.actor.operator_id,
        posted_at=work.at,
        business_date=day,
        principal_fen=principal_fen,
        bonus_fen=bonus_fen,
        tender=paid_with.key,
        note=note,
    )
    source = Source("recharge", slip.id)
    lines = [
        Line(paid_with.account, principal_fen),
        Line(Account.STORED_PRINCIPAL, -principal_fen, customer_id),
        Line(Account.PROMOTION, bonus_fen),
        Line(Account.STORED_BONUS, -bonus_fen, customer_id),
    ]
    ledger.post(work, memo=number, source=source, business_date=day, lines=lines)
    audit.record(work, "wallet.recharge", f"充值 {number}", source)
    return number


def spend(work: Work, *, customer_id: int, amount_fen: int) -> Sequence[Line]:
    """The postings that pay ``amount_fen`` from stored value, principal first. Raises InputError if short."""
    there = balances_in(work.actor.company_id, customer_id)
    principal, bonus = split_spending(
        amount_fen, principal_fen=there.stored_principal_fen, bonus_fen=there.stored_bonus_fen
    )
    return (
        Line(Account.STORED_PRINCIPAL, principal, customer_id),
        Line(Account.STORED_BONUS, bonus, customer_id),
    )


def put_back(work: Work, *, customer_id: int, amount_fen: int, sale_ids: Sequence[int]) -> Sequence[Line]:
    """The postings that give ``amount_fen`` back to stored value, as the bills in ``sale_ids`` left it.

    Bonus that was spent comes back as bonus, in proportion to what is still to be given back. The bills are the
    customer's or those of one merged into him.
    """
    marks = ", ".join("?" * len(sale_ids))
    left = dict(
        work.execute(
            "SELECT p.account, SUM(p.amount_fen) FROM posting p JOIN entry e ON e.id = p.entry_id"
            f" WHERE e.source_kind = 'sale' AND e.source_id IN ({marks})"
            " AND p.account IN ('stored_principal', 'stored_bonus') GROUP BY p.account",
            *sale_ids,
        ).fetchall()
    )
    weights = [
        max(left.get(Account.STORED_PRINCIPAL.value, 0), 0),
        max(left.get(Account.STORED_BONUS.value, 0), 0),
    ]
    principal, bonus = share_out(amount_fen, weights)
    return (
        Line(Account.STORED_PRINCIPAL, -principal, customer_id),
        Line(Account.STORED_BONUS, -bonus, customer_id),
    )
