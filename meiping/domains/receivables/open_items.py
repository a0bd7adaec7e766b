"""What is still to be paid of each charge: the one rule under receipts, ages, due dates, statements and letters.

A charge is an entry that put something on credit. What was paid for it by name is taken off it; the rest of what
was paid has paid the oldest charges. So the newest charges are open, up to the balance: the sum is always the debt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meiping.domains.customers.models import Customer
from meiping.domains.ledger.queries import KIND_WORDS
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work

OPEN_ITEMS = """
WITH owing AS MATERIALIZED (
    SELECT b.company_id, c.id, b.amount_fen AS debt FROM balance b CROSS JOIN customer c ON c.id = b.party_id
    WHERE b.account = 'receivable' AND b.amount_fen > 0 AND {where}),
charged AS MATERIALIZED (
    SELECT w.company_id, w.id, w.debt, p.entry_id, p.amount_fen AS charged_fen, p.amount_fen - coalesce((
        SELECT sum(m.amount_fen) FROM receivable_match m WHERE m.charge_entry_id = p.entry_id), 0) AS fen
    FROM owing w CROSS JOIN customer k ON k.id = w.id OR k.merged_into_id = w.id
    CROSS JOIN posting p ON p.party_id = k.id AND p.account = 'receivable' AND p.company_id = w.company_id
    WHERE p.amount_fen > 0),
ranked AS (
    SELECT g.*, e.business_date, e.source_kind, e.source_id, e.memo,
        sum(g.fen) OVER (PARTITION BY g.company_id, g.id ORDER BY g.entry_id DESC) AS so_far
    FROM charged g CROSS JOIN entry e ON e.id = g.entry_id WHERE g.fen > 0 AND e.source_kind <> 'merge')
SELECT company_id, id, entry_id, business_date, source_kind, source_id, memo, charged_fen,
    min(fen, debt - so_far + fen) AS open_fen FROM ranked WHERE so_far - fen < debt
UNION ALL
SELECT w.company_id, w.id, 0, (
        SELECT max(e.business_date) FROM posting p JOIN entry e ON e.id = p.entry_id
        WHERE p.account = 'receivable' AND p.party_id = w.id), 'opening', 0, '',
    w.debt - coalesce(sum(r.fen), 0), w.debt - coalesce(sum(r.fen), 0)
FROM owing w LEFT JOIN ranked r ON r.company_id = w.company_id AND r.id = w.id
GROUP BY w.company_id, w.id HAVING w.debt > coalesce(sum(r.fen), 0)
"""
"""Open charges of the balances that ``where`` (on ``b`` and the customer ``c``) names, in no order.

What no charge explains stands under entry 0: a debt that came back when two customers were taken apart again.
"""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A charge that is not paid whole: its document, and in fen what it was and what is left; due on ``due_date``."""

    entry_id: int
    business_date: date
    due_date: date
    source_kind: str
    source_id: int
    number: str
    charged_fen: int
    open_fen: int


def items_of(company_id: int, customer_id: int, *, payment_days: int) -> list[OpenItem]:
    """What a customer has still to pay in one company, the oldest first; who asks has checked who may know."""
    rows = fetch(
        OPEN_ITEMS.format(where="b.company_id = ? AND b.party_id = ?") + " ORDER BY entry_id",
        company_id,
        customer_id,
    )
    return [_item(row[2:], payment_days) for row in rows]


def _item(row: Sequence[Any], payment_days: int) -> OpenItem:
    entry_id, day, source_kind, source_id, memo, charged_fen, open_fen = row
    business_date = date.fromisoformat(day)
    due_date = business_date + timedelta(days=payment_days)
    return OpenItem(entry_id, business_date, due_date, source_kind, source_id, memo, charged_fen, open_fen)


def shares_of(
    items: Sequence[OpenItem], amount_fen: int, chosen: Sequence[int]
) -> list[tuple[OpenItem, int]]:
    """How ``amount_fen`` falls on the charges: on the ``chosen`` entries only, the oldest first, or on all.

    Raises InputError where the chosen ones come to less.
    """
    wanted = [item for item in items if not chosen or item.entry_id in set(chosen)]
    if len(wanted) < len(set(chosen)):
        raise InputError("勾选的单据已经付清，请重新打开。", field="bills")
    left, shares = amount_fen, []
    for item in wanted:
        part = min(item.open_fen, left)
        if part:
            shares.append((item, part))
            left -= part
    if left and chosen:
        raise InputError(
            f"勾选的单据只欠 {show_fen(amount_fen - left)}，请改金额或多勾几张。", field="amount_fen"
        )
    return shares


def match(work: Work, paying_entry_id: int, shares: Sequence[tuple[OpenItem, int]]) -> None:
    """Write down which charges an entry paid: a part of the verbs that take a debt down."""
    for item, fen in (share for share in shares if share[0].entry_id):
        work.execute(
            "INSERT INTO receivable_match (charge_entry_id, paying_entry_id, amount_fen) VALUES (?, ?, ?)",
            item.entry_id,
            paying_entry_id,
            fen,
        )


OPEN_COLUMNS = (
    Column("number", "单号", Kind.CODE, width=20, stretch=True),
    Column("business_date", "日期", Kind.DATE, width=12),
    Column("due_date", "到期日", Kind.DATE, width=12),
    Column("days", "逾期天数", Kind.NUMBER, width=10),
    Column("charged_fen", "赊账金额", Kind.MONEY, width=12),
    Column("open_fen", "未付", Kind.MONEY, width=12),
)


def items_table(actor: Actor, customer_id: int) -> Table:
    """``items_of`` in the actor's company as a table with how late each is, for who has checked who may know."""
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
