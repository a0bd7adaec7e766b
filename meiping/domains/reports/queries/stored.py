"""储值: what customers have left with the shop, and what became of it, by day, month or customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import Where, add_companies, days_of, whole
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.kernel.titled import Titled
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


class StoredGroup(Titled):
    """What is added up to one row."""

    DAY = ("day", "按日")
    MONTH = ("month", "按月")
    CUSTOMER = ("customer", "按客户")


COLUMNS = (
    Column("name", "日期 / 客户", Kind.CODE, width=15, stretch=True),
    Column("opening_fen", "期初余额", Kind.MONEY, width=13),
    Column("recharged_fen", "充值", Kind.MONEY, width=13),
    Column("bonus_fen", "赠送", Kind.MONEY, width=12),
    Column("used_fen", "消费", Kind.MONEY, width=13),
    Column("returned_fen", "退货退回", Kind.MONEY, width=12),
    Column("refunded_fen", "退款", Kind.MONEY, width=12),
    Column("lapsed_fen", "赠送作废", Kind.MONEY, width=12),
    Column("other_fen", "其他", Kind.MONEY, width=11, hidden=True),
    Column("closing_fen", "期末余额", Kind.MONEY, width=13),
)
_MOVES = ("recharged_fen", "bonus_fen", "used_fen", "returned_fen", "refunded_fen", "lapsed_fen", "other_fen")
_ACCOUNTS = "('stored_principal', 'stored_bonus')"
_LETTERS = {StoredGroup.DAY.key: 10, StoredGroup.MONTH.key: 7}
Sums = dict[tuple[str, str], tuple[int, int]]


@query(VIEW)
def stored_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``stored_report``."""
    return COLUMNS


@query(VIEW)
def stored_report(actor: Actor, asked: ReportAsked) -> Table:
    """Stored value by day or month (the newest first) or customer (who has most first), ``by``, with totals.

    What was there before, what came and went, what is there after. Narrowed by ``company_id``. Rows of days name
    theirs in ``day``.
    """
    by = asked.get("by") or StoredGroup.MONTH.key
    by_customer = by == StoredGroup.CUSTOMER.key
    rows = _by_customer(actor, asked) if by_customer else _by_time(actor, asked, _LETTERS[by])
    totals = {key: sum(row[key] for row in rows) for key in _MOVES}
    totals["opening_fen"] = _opening(actor, asked)
    totals["closing_fen"] = totals["opening_fen"] + _change(totals)
    return Table("储值统计", COLUMNS, rows, totals, asked.period.show())


def _moves(sums: Sums) -> dict[str, int]:
    """What the sums of debits and credits by kind of document and account mean."""

    def up(kind: str, account: str) -> int:
        went, came = sums.get((kind, account), (0, 0))
        return came - went

    sales = [pair for (kind, _), pair in sums.items() if kind == "sale"]
    named = ("recharge", "refund", "sale")
    return {
        "recharged_fen": up("recharge", "stored_principal"),
        "bonus_fen": up("recharge", "stored_bonus"),
        "used_fen": sum(went for went, _ in sales),
        "returned_fen": sum(came for _, came in sales),
        "refunded_fen": -up("refund", "stored_principal"),
        "lapsed_fen": -up("refund", "stored_bonus"),
        "other_fen": sum(came - went for (kind, _), (went, came) in sums.items() if kind not in named),
    }


def _change(moves: dict[str, int]) -> int:
    came = moves["recharged_fen"] + moves["bonus_fen"] + moves["returned_fen"] + moves["other_fen"]
    return came - moves["used_fen"] - moves["refunded_fen"] - moves["lapsed_fen"]


def _gathered(rows: Iterable[tuple[Any, str, str, int, int]]) -> dict[Any, Sums]:
    found: dict[Any, Sums] = {}
    for key, kind, account, went, came in rows:
        found.setdefault(key, {})[kind, account] = (went, came)
    return found


# ------------------------------------------------------------------ by time
def _by_time(actor: Actor, asked: ReportAsked, letters: int) -> list[dict[str, Any]]:
    found = _gathered(_over_time(actor, asked, letters))
    balance = _opening(actor, asked)
    rows: list[dict[str, Any]] = []
    for label in sorted(found):
        moves = _moves(found[label])
        closing = balance + _change(moves)
        day = date.fromisoformat(label) if letters == _LETTERS[StoredGroup.DAY.key] else None
        named = {"id": label, "name": label, "day": day}
        rows.append({**named, "opening_fen": balance, **moves, "closing_fen": closing})
        balance = closing
    return rows[::-1]


def _over_time(actor: Actor, asked: ReportAsked, letters: int) -> list[tuple[Any, ...]]:
    if whole(actor):
        where = add_companies(Where(), actor, asked.get("company_id"))
        where.add("business_date BETWEEN ? AND ?", *days_of(asked.period))
        return fetch(
            f"SELECT substr(business_date, 1, {letters}), source_kind, account, sum(in_fen), sum(out_fen)"
            f" FROM money_day WHERE account IN {_ACCOUNTS} AND {where.sql} GROUP BY 1, 2, 3",
            *where.values,
        )
    return _posted(actor, asked, f"substr(e.business_date, 1, {letters})")


def _opening(actor: Actor, asked: ReportAsked) -> int:
    """All that was there before the period."""
    first, _ = days_of(asked.period)
    if whole(actor):
        where = add_companies(Where(), actor, asked.get("company_id")).add("business_date < ?", first)
        rows = fetch(
            f"SELECT coalesce(sum(out_fen - in_fen), 0) FROM money_day WHERE account IN {_ACCOUNTS} AND {where.sql}",
            *where.values,
        )
    else:
        where = _whose(actor, asked).add("e.business_date < ?", first)
        rows = fetch(
            "SELECT coalesce(0 - sum(p.amount_fen), 0) FROM posting p JOIN entry e ON e.id = p.entry_id"
            f" WHERE p.account IN {_ACCOUNTS} AND {where.sql}",
            *where.values,
        )
    return int(rows[0][0])


# ------------------------------------------------------------------ by customer
def _whose(actor: Actor, asked: ReportAsked) -> Where:
    where = add_companies(Where(), actor, asked.get("company_id"), "p.company_id")
    if not whole(actor):
        where.add_select("p.party_id", visible_customers(actor))
    return where


def _posted(actor: Actor, asked: ReportAsked, key: str) -> list[tuple[Any, ...]]:
    where = _whose(actor, asked).add("e.business_date BETWEEN ? AND ?", *days_of(asked.period))
    return fetch(
        f"SELECT {key}, e.source_kind, p.account, sum(max(p.amount_fen, 0)), sum(max(0 - p.amount_fen, 0))"
        " FROM posting p JOIN entry e ON e.id = p.entry_id LEFT JOIN customer c ON c.id = p.party_id"
        f" WHERE p.account IN {_ACCOUNTS} AND {where.sql} GROUP BY 1, 2, 3",
        *where.values,
    )


def _by_customer(actor: Actor, asked: ReportAsked) -> list[dict[str, Any]]:
    """What one merged into another had and did is the other's."""
    whose = "coalesce(c.merged_into_id, c.id)"
    found = _gathered(_posted(actor, asked, whose))
    where = _whose(actor, asked).add("e.business_date < ?", days_of(asked.period)[0])
    opening = dict(
        fetch(
            f"SELECT {whose}, 0 - sum(p.amount_fen) FROM posting p JOIN entry e ON e.id = p.entry_id"
            " LEFT JOIN customer c ON c.id = p.party_id"
            f" WHERE p.account IN {_ACCOUNTS} AND {where.sql} GROUP BY 1",
            *where.values,
        )
    )
    names = {
        key: shown_name(name, phone)
        for key, name, phone in fetch(
            f"SELECT id, name, phone FROM customer WHERE id IN (SELECT {whose} FROM balance"
            f" JOIN customer c ON c.id = party_id WHERE account IN {_ACCOUNTS})"
        )
    }
    rows = []
    for key in found.keys() | opening.keys():
        moves, before = _moves(found.get(key, {})), opening.get(key, 0)
        row = {"id": key, "name": names[key], "opening_fen": before, **moves}
        row["closing_fen"] = before + _change(moves)
        if before or any(moves.values()):
            rows.append(row)
    return sorted(rows, key=lambda row: (-row["closing_fen"], row["id"]))
