"""The slip of a receipt, made from what is stored: the same the second time, only marked 补打."""

from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.receivables.models import Receipt
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import query


@query(VIEW_MONEY)
def payment_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of money received against a debt. Raises NotFound outside the actor's scope."""
    slip = cast("Receipt", seen_slip(actor, Receipt, number))
    amounts = [("收回欠款", slip.amount_fen)]
    return money_slip_paper(
        slip, title="收款单", amounts=amounts, total=("实收", slip.amount_fen), reprint=reprint
    )
