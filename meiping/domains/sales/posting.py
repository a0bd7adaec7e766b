"""Writing a bill down: the rows, the goods, the money, in plain SQL on the transaction's connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.sales.invoice_state import usual_rate_bp
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work

_LINE_COLUMNS = (
    "sale_id, position, product_id, product_name, unit, qty_milli, list_price_fen, price_fen, discount_bp,"
    " bill_discount_fen, rounding_fen, net_fen, cost_fen, gift, note, returns_line_id, salesperson_id"
)
_LINE_MARKS = "(" + ", ".join("?" * 17) + ")"


@dataclass(frozen=True, slots=True)
class BillHead:
    """The frozen head of a bill."""

    key: str
    number: str
    kind: str
    customer_id: int | None
    salesperson_id: int | None
    original_id: int | None
    business_date: date
    shift_id: int | None
    list_fen: int
    discount_fen: int
    rounding_fen: int
    cost_fen: int
    note: str

    @property
    def total_fen(self) -> int:
        """What the bill comes to; negative for a return."""
        return self.list_fen - self.discount_fen + self.rounding_fen


@dataclass(frozen=True, slots=True)
class BillLine:
    """One frozen line; negative quantities and fen in a return.

    ``salesperson_id`` is who gets the credit: None the bill's salesperson, 0 nobody.
    """

    product_id: int
    product_name: str
    unit: str
    qty_milli: int
    list_price_fen: int
    price_fen: int
    discount_bp: int
    bill_discount_fen: int
    rounding_fen: int
    net_fen: int
    cost_fen: int
    gift: bool
    note: str
    returns_line_id: int | None = None
    salesperson_id: int | None = None


def write_bill(
    work: Work,
    sale_id: int,
    head: BillHead,
    lines: Sequence[BillLine],
    tenders: Sequence[tuple[str, int, int]],
) -> None:
    """Insert the bill, its lines and its tenders (key, amount fen, received fen)."""
    work.execute(
        "INSERT INTO sale (id, key, number, kind, company_id, customer_id, operator_id, salesperson_id, original_id,"
        " shift_id, posted_at, business_date, list_fen, discount_fen, rounding_fen, total_fen, cost_fen, line_count, note,"
        " tax_bp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sale_id,
        head.key,
        head.number,
        head.kind,
        work.actor.company_id,
        head.customer_id,
        work.actor.operator_id,
        head.salesperson_id,
        head.original_id,
        head.shift_id,
        work.at,
        head.business_date.isoformat(),
        head.list_fen,
        head.discount_fen,
        head.rounding_fen,
        head.total_fen,
        head.cost_fen,
        len(lines),
        head.note,
        _tax_bp(work, head),
    )
    of_bill = head.salesperson_id or 0
    values: list[Any] = []
    for position, line in enumerate(lines, start=1):
        values += (
            sale_id,
            position,
            line.product_id,
            line.product_name,
            line.unit,
            line.qty_milli,
            line.list_price_fen,
            line.price_fen,
            line.discount_bp,
            line.bill_discount_fen,
            line.rounding_fen,
            line.net_fen,
            line.cost_fen,
            int(line.gift),
            line.note,
            line.returns_line_id,
            None if line.salesperson_id == of_bill else line.salesperson_id,
        )
    work.execute(
        f"INSERT INTO sale_line ({_LINE_COLUMNS}) VALUES " + ", ".join([_LINE_MARKS] * len(lines)), *values
    )
    if tenders:
        work.execute(
            "INSERT INTO sale_tender (sale_id, tender, amount_fen, received_fen) VALUES "
            + ", ".join(["(?, ?, ?, ?)"] * len(tenders)),
            *(value for tender in tenders for value in (sale_id, *tender)),
        )


def _tax_bp(work: Work, head: BillHead) -> int:
    """The rate of tax the prices contain: now, or when what comes back was sold."""
    if head.original_id is None:
        return usual_rate_bp()
    return int(work.execute("SELECT tax_bp FROM sale WHERE id = ?", head.original_id).fetchone()[0])


def post_bill(
    work: Work, sale_id: int, head: BillHead, money: Sequence[Line], *, stock_difference_fen: int = 0
) -> None:
    """Book a bill: the money lines against sales and rounding, the cost against inventory, in one entry."""
    party = head.customer_id or 0
    lines = [
        *money,
        Line(Account.SALES, -(head.total_fen - head.rounding_fen), party),
        Line(Account.ROUNDING, -head.rounding_fen, party),
        Line(Account.COST_OF_SALES, head.cost_fen),
        Line(Account.STOCK_DIFFERENCE, stock_difference_fen),
        Line(Account.INVENTORY, -head.cost_fen - stock_difference_fen),
    ]
    ledger.post(
        work,
        memo=head.number,
        source=Source("sale", sale_id),
        business_date=head.business_date,
        lines=lines,
        shift_id=head.shift_id,
    )
