"""The slips of recharges and refunds, made from what is stored: the same the second time, only marked 补打."""

from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.domains.wallet.models import Recharge, Refund
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import query


@query(VIEW_MONEY)
def recharge_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a recharge. Raises NotFound outside the actor's scope."""
    slip = cast("Recharge", seen_slip(actor, Recharge, number))
    amounts = [("充值", slip.principal_fen)]
    if slip.bonus_fen:
        amounts.append(("赠送", slip.bonus_fen))
    return money_slip_paper(
        slip, title="充值单", amounts=amounts, total=("实收", slip.principal_fen), reprint=reprint
    )


@query(VIEW_MONEY)
def refund_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a refund, with room for the customer to sign. Raises NotFound outside the actor's scope."""
    slip = cast("Refund", seen_slip(actor, Refund, number))
    amounts = [("退储值本金", slip.principal_fen)]
    if slip.lapsed_bonus_fen:
        amounts.append(("赠送作废", slip.lapsed_bonus_fen))
    total = ("退款", slip.principal_fen)
    return money_slip_paper(
        slip, title="储值退款单", amounts=amounts, total=total, reprint=reprint, signed=True
    )
