"""A customer's statement (对账单): what was owed before, each dealing of the days asked for, and what is owed after."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import shown_name
from meiping.domains.ledger.queries import statement
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.receivables.queries import open_items
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.moments import from_ms, local_day, show_date
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.store.unit_of_work import query

COLUMNS = (
    Column("day", "日期", Kind.DATE, width=12),
    Column("kind", "摘要", width=8),
    Column("number", "单号", Kind.CODE, width=20),
    Column("amount_fen", "金额", Kind.MONEY, width=12),
    Column("charged_fen", "记入欠款", Kind.MONEY, width=12),
    Column("paid_fen", "冲减欠款", Kind.MONEY, width=12),
    Column("debt_fen", "欠款余额", Kind.MONEY, width=12),
    Column("stored_fen", "储值余额", Kind.MONEY, width=12),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The table, whose it is, and lines to stand below it."""

    customer: str
    first_date: date
    last_date: date
    table: Table
    below: tuple[str, ...]


@query(VIEW_MONEY)
def customer_statement(actor: Actor, *, customer_id: int, first_date: date, last_date: date) -> Statement:
    """The statement for business with the actor's company from ``first_date`` to ``last_date``, both included.

    The days are those of the clock on which something was booked. Raises InputError for days in the wrong order.
    """
    if first_date > last_date:
        raise InputError("开始日期不能晚于结束日期。", field="first_date")
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    customer = Customer.get_by_id(customer_id)
    dealings = [
        (local_day(from_ms(row["posted_at"])), row)
        for row in reversed(statement(actor, customer_id=customer_id).rows)
    ]
    before = [row for day, row in dealings if day < first_date]
    within = [(day, row) for day, row in dealings if first_date <= day <= last_date]
    rows = [
        _opening(first_date, before[-1] if before else None),
        *(_row(number, day, row) for number, (day, row) in enumerate(within, 1)),
    ]
    charged, paid = (sum(row[key] or 0 for row in rows) for key in ("charged_fen", "paid_fen"))
    last = rows[-1]
    totals = {
        "charged_fen": charged,
        "paid_fen": paid,
        "debt_fen": last["debt_fen"],
        "stored_fen": last["stored_fen"],
    }
    name = shown_name(customer.name, customer.phone)
    return Statement(
        name,
        first_date,
        last_date,
        Table("对账单", COLUMNS, rows, totals, f"{show_date(first_date)} 至 {show_date(last_date)}"),
        _below(actor, customer_id, last_date),
    )


def _opening(day: date, row: Row | None) -> dict[str, Any]:
    return {
        "id": 0,
        "day": day,
        "kind": "上期余额",
        "number": "",
        "amount_fen": None,
        "charged_fen": None,
        "paid_fen": None,
        "debt_fen": row["debt_fen"] if row else 0,
        "stored_fen": row["stored_fen"] if row else 0,
    }


def _row(number: int, day: date, row: Row) -> dict[str, Any]:
    change_fen = row["debt_change_fen"] or 0
    return {
        "id": number,
        "day": day,
        "kind": row["kind"],
        "number": row["number"],
        "amount_fen": row["amount_fen"],
        "charged_fen": change_fen if change_fen > 0 else None,
        "paid_fen": -change_fen if change_fen < 0 else None,
        "debt_fen": row["debt_fen"],
        "stored_fen": row["stored_fen"],
    }


def _below(actor: Actor, customer_id: int, last_date: date) -> tuple[str, ...]:
    """The bills that are open now, where the statement reaches to today."""
    if last_date < actor.today():
        return ()
    items = open_items(actor, customer_id=customer_id).rows
    if not items:
        return ("到今天没有欠款。",)
    told = "；".join(
        f"{row['number']}（{show_date(row['business_date'])}）{show_fen(row['open_fen'])}" for row in items
    )
    return (f"未付单据 {len(items)} 张：{told}。", "请核对，如有不符请与我们联系。")
