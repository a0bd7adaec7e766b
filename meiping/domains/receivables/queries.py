"""What a customer has still to pay, and the slip of a receipt: made from what is stored, always the same."""

from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger.queries import KIND_WORDS
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.receivables.models import Receipt
from meiping.domains.receivables.open_items import items_of
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.unit_of_work import query


@query(VIEW_MONEY)
def payment_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of money received against a debt. Raises NotFound outside the actor's scope."""
    slip = cast("Receipt", seen_slip(actor, Receipt, number))
    amounts = [("收回欠款", slip.amount_fen)]
    return money_slip_paper(
        slip, title="收款单", amounts=amounts, total=("实收", slip.amount_fen), reprint=reprint
    )


OPEN_COLUMNS = (
    Column("number", "单号", Kind.CODE, width=20, stretch=True),
    Column("business_date", "日期", Kind.DATE, width=12),
    Column("due_date", "到期日", Kind.DATE, width=12),
    Column("days", "逾期天数", Kind.NUMBER, width=10),
    Column("charged_fen", "赊账金额", Kind.MONEY, width=12),
    Column("open_fen", "未付", Kind.MONEY, width=12),
)


@query(VIEW_MONEY)
def open_items(actor: Actor, *, customer_id: int) -> Table:
    """What a customer has still to pay in the actor's company, the oldest first; ``id`` is the charge's entry."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    days = Customer.get_by_id(customer_id).payment_days
    today = actor.today()
    rows = [
        {
            "id": item.entry_id,
            "source": item.source_kind,
            "number": item.number or KIND_WORDS.get(item.source_kind, "期初"),
            "business_date": item.business_date,
            "due_date": item.due_date,
            "days": max((today - item.due_date).days, 0),
            "charged_fen": item.charged_fen,
            "open_fen": item.open_fen,
        }
        for item in items_of(actor.company_id, customer_id, payment_days=days)
    ]
    return Table("未付单据", OPEN_COLUMNS, rows, {"open_fen": sum(row["open_fen"] for row in rows)})
