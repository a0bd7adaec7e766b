"""应收账龄: what customers owe by how long it has been due; what is paid pays the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.receivables.open_items import OPEN_ITEMS
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import Where, add_companies, whole
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store import search_index
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

AGES = (
    ("not_due_fen", "未到期", None),
    ("to_30_fen", "到期 0–30 天", 30),
    ("to_60_fen", "31–60 天", 60),
    ("to_90_fen", "61–90 天", 90),
    ("over_90_fen", "90 天以上", 10_000_000),
)
"""Key, title, and up to how many days after the day it fell due; None for what is not due yet."""
COLUMNS = (
    Column("name", "客户", width=20, stretch=True),
    Column("phone", "电话", Kind.PHONE, width=14),
    Column("owner", "业务员", width=9, hidden=True),
    Column("company", "公司", width=12, hidden=True),
    Column("payment_days", "账期（天）", Kind.NUMBER, width=11, hidden=True),
    Column("debt_fen", "欠款", Kind.MONEY, width=12),
    *(Column(key, title, Kind.MONEY, width=12) for key, title, _ in AGES),
    Column("oldest_date", "最早到期日", Kind.DATE, width=12),
    Column("credit_limit_fen", "信用额度", Kind.MONEY, width=12, hidden=True),
)
_WHO = """
SELECT c.id, c.name, c.phone, coalesce(o.name, ''), c.payment_days, c.credit_limit_fen
FROM customer c LEFT JOIN operator o ON o.id = c.owner_id
WHERE c.id IN (SELECT party_id FROM balance WHERE account = 'receivable' AND amount_fen > 0)
"""


@query(VIEW)
def ageing_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``ageing_report``."""
    return COLUMNS


@query(VIEW)
def ageing_report(actor: Actor, asked: ReportAsked) -> Table:
    """What each customer owes a company today by how long it has been due, the most first, with totals.

    What was put on credit falls due after the customer's days of payment; what was paid since is taken to have
    paid the oldest. Narrowed by ``company_id``, the customer's ``owner_id``, words, and to who owes something of one
    ``age`` (a key of ``AGES``).
    """
    where = _owing(actor, asked)
    today = actor.today()
    who = {row[0]: row[1:] for row in fetch(_WHO)}
    companies = dict(fetch("SELECT id, name FROM company"))
    left: dict[tuple[int, int], list[tuple[date, int]]] = {}
    charges = f"SELECT company_id, id, business_date, open_fen FROM ({OPEN_ITEMS.format(where=where.sql)})"
    for company_id, customer_id, day, fen in fetch(charges, *where.values):
        due = date.fromisoformat(day) + timedelta(days=who[customer_id][3])
        left.setdefault((company_id, customer_id), []).append((due, fen))
    rows = []
    for (company_id, customer_id), parts in left.items():
        name, phone, owner, payment_days, limit_fen = who[customer_id]
        rows.append(
            {
                "id": f"{company_id}-{customer_id}",
                "customer_id": customer_id,
                "company_id": company_id,
                "name": shown_name(name, phone),
                "phone": phone,
                "owner": owner,
                "company": companies[company_id],
                "payment_days": payment_days,
                "credit_limit_fen": limit_fen,
                **_ages(parts, today),
            }
        )
    age = asked.get("age")
    rows = [row for row in rows if age is None or row[age]]
    rows.sort(key=lambda row: (-row["debt_fen"], row["id"]))
    totals = {key: sum(row[key] for row in rows) for key in ("debt_fen", *(age[0] for age in AGES))}
    return Table("应收账龄", COLUMNS, rows, totals, f"截至 {today}")


def _owing(actor: Actor, asked: ReportAsked) -> Where:
    where = add_companies(Where(), actor, asked.get("company_id"), "b.company_id")
    if not whole(actor):
        where.add_select("c.id", visible_customers(actor))
    if asked.get("owner_id") is not None:
        where.add("c.owner_id = ?", asked.get("owner_id"))
    if text := asked.text.strip():
        matching = search_index.records(text, kind=CUSTOMER)
        if matching is None:
            where.add("instr(c.name, ?)", text)
        else:
            where.add(f"c.id IN {matching.sql}", *(matching.params or ()))
    return where


def _ages(parts: Iterable[tuple[date, int]], today: date) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys((key for key, _, _ in AGES), 0)
    oldest = date.max
    for due, fen in parts:
        days = (today - due).days
        key = next(
            key
            for key, _, most in AGES
            if (most is None and days < 0) or (most is not None and 0 <= days <= most)
        )
        found[key] += fen
        oldest = min(oldest, due)
    found["debt_fen"] = sum(found.values())
    overdue = found["to_60_fen"] + found["to_90_fen"] + found["over_90_fen"]
    return {
        **found,
        "oldest_date": oldest,
        "tone": "danger" if found["over_90_fen"] else "warning" if overdue else None,
    }
