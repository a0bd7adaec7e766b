"""What a customer has still to pay, and the slip of a receipt: made from what is stored, always the same."""

from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.receivables.models import Receipt
from meiping.domains.receivables.open_items import items_table
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Table
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

_MOST_BILLS = 8
"""A receipt that paid more bills says so in a sum only."""


@query(VIEW_MONEY)
def payment_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of money received against a debt. Raises NotFound outside the actor's scope."""
    slip = cast("Receipt", seen_slip(actor, Receipt, number))
    amounts = [*_paid_by(number), ("收回欠款", slip.amount_fen)]
    return money_slip_paper(
        slip, title="收款单", amounts=amounts, total=("实收", slip.amount_fen), reprint=reprint
    )


def _paid_by(number: str) -> list[tuple[str, int]]:
    """The bills a receipt paid, by number; nothing where it went to what has none, or where it paid many."""
    bills = fetch(
        "SELECT c.memo, m.amount_fen FROM receipt r"
        " JOIN entry p ON p.source_kind = 'receipt' AND p.source_id = r.id"
        " JOIN receivable_match m ON m.paying_entry_id = p.id JOIN entry c ON c.id = m.charge_entry_id"
        " WHERE r.number = ? AND c.memo <> '' ORDER BY m.id",
        number,
    )
    return [] if len(bills) > _MOST_BILLS else bills


@query(VIEW_MONEY)
def open_items(actor: Actor, *, customer_id: int) -> Table:
    """What a customer has still to pay in the actor's company, the oldest first; ``id`` is the charge's entry."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    return items_table(actor, customer_id)
