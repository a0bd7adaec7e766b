"""Who owes the shop, since when, and what has become late: the list one collects from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.receivables.open_items import OPEN_ITEMS
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store import search_index
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

DEBTOR_COLUMNS = (
    Column("name", "客户", width=18, stretch=True),
    Column("phone", "电话", Kind.PHONE, width=14),
    Column("bills", "未付单据", Kind.NUMBER, width=10),
    Column("debt_fen", "欠款", Kind.MONEY, width=12),
    Column("overdue_fen", "其中逾期", Kind.MONEY, width=12),
    Column("due_date", "最早到期", Kind.DATE, width=12),
    Column("days", "逾期天数", Kind.NUMBER, width=10),
    Column("credit_left_fen", "还可赊", Kind.MONEY, width=12),
    Column("payment_days", "账期（天）", Kind.NUMBER, width=11, hidden=True),
    Column("credit_limit_fen", "信用额度", Kind.MONEY, width=12, hidden=True),
    Column("owner", "业务员", width=9),
)


LATE = "1"
"""What the list is narrowed to by ``late``: at least so many days."""


@dataclass(frozen=True, slots=True)
class DebtorFilter:
    """Which customers: words, salesperson, and late by at least ``least_days`` (0: late or not)."""

    text: str = ""
    owner_id: int | None = None
    least_days: int = 0


@query(VIEW_MONEY)
def debtors(actor: Actor, *, narrow: DebtorFilter | None = None) -> Table:
    """Who owes the actor's company something, in his scope; the latest first, then who owes most."""
    narrow = narrow or DebtorFilter()
    where, values = _where(actor, narrow)
    charges: dict[int, list[tuple[date, int]]] = {}
    items = OPEN_ITEMS.format(where=" AND ".join(where))
    for customer_id, day, fen in fetch(f"SELECT id, business_date, open_fen FROM ({items})", *values):
        charges.setdefault(customer_id, []).append((date.fromisoformat(day), fen))
    who = fetch(
        "SELECT c.id, c.name, c.phone, c.payment_days, c.credit_limit_fen, coalesce(o.name, '') FROM customer c"
        " LEFT JOIN operator o ON o.id = c.owner_id"
        " WHERE c.id IN (SELECT party_id FROM balance WHERE account = 'receivable' AND amount_fen > 0)"
    )
    rows = [_row(one, charges[one[0]], actor.today()) for one in who if one[0] in charges]
    rows = [row for row in rows if row["days"] >= narrow.least_days]
    rows.sort(key=lambda row: (-row["days"], -row["debt_fen"]))
    totals = {key: sum(row[key] for row in rows) for key in ("bills", "debt_fen", "overdue_fen")}
    return Table("应收欠款", DEBTOR_COLUMNS, rows, totals)


def _where(actor: Actor, narrow: DebtorFilter) -> tuple[list[str], list[Any]]:
    where: list[str] = ["b.company_id = ?"]
    values: list[Any] = [actor.company_id]
    if actor.scope() is not Scope.ALL:
        mine, known = visible_customers(actor).sql()
        where.append(f"c.id IN ({mine})")
        values += known
    if narrow.owner_id is not None:
        where.append("c.owner_id = ?")
        values.append(narrow.owner_id)
    if text := narrow.text.strip():
        matching = search_index.records(text, kind=CUSTOMER)
        where.append("instr(c.name, ?)" if matching is None else f"c.id IN {matching.sql}")
        values += [text] if matching is None else (matching.params or ())
    return where, values


def _row(one: tuple[Any, ...], charges: list[tuple[date, int]], today: date) -> dict[str, Any]:
    customer_id, name, phone, payment_days, limit_fen, owner = one
    due = [(day + timedelta(days=payment_days), fen) for day, fen in charges]
    debt_fen = sum(fen for _, fen in due)
    oldest = min(day for day, _ in due)
    days = max((today - oldest).days, 0)
    return {
        "id": customer_id,
        "name": shown_name(name, phone),
        "phone": phone,
        "bills": len(due),
        "debt_fen": debt_fen,
        "overdue_fen": sum(fen for day, fen in due if day < today),
        "due_date": oldest,
        "days": days,
        "credit_limit_fen": limit_fen,
        "credit_left_fen": max(limit_fen - debt_fen, 0),
        "payment_days": payment_days,
        "owner": owner,
    }
