"""收款方式: the money that came in and went out by each tender, by day, shift, company or person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from meiping.domains.access.models import Company, Operator
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import Where, add_companies, days_of, sums_where, whole
from meiping.domains.reports.rules import MONEY_KINDS, VIEW, money_figures
from meiping.domains.sales.queries import visible_sales
from meiping.domains.till.queries.shifts import shift_sums
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.kernel.titled import Titled
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


class MoneyGroup(Titled):
    """What is added up to one row."""

    DAY = ("day", "按日")
    SHIFT = ("shift", "按班次")
    COMPANY = ("company", "按公司")
    PERSON = ("person", "按操作员")


COLUMNS = (
    Column("name", "日期 / 名称", Kind.CODE, width=14, stretch=True),
    Column("received_fen", "实收合计", Kind.MONEY, width=14),
    Column("cash_fen", "现金", Kind.MONEY, width=13),
    Column("wechat_fen", "微信", Kind.MONEY, width=13),
    Column("alipay_fen", "支付宝", Kind.MONEY, width=13),
    Column("card_fen", "银行卡", Kind.MONEY, width=13),
    Column("of_sales_fen", "其中销售", Kind.MONEY, width=13),
    Column("of_others_fen", "其中充值收款", Kind.MONEY, width=13),
    Column("paid_out_fen", "其中退出", Kind.MONEY, width=12),
    Column("stored_used_fen", "储值消费", Kind.MONEY, width=13),
    Column("credit_fen", "赊账", Kind.MONEY, width=12),
)
_OF_SALES = ("sale", "tender_change")
_REAL = ("cash", "wechat", "alipay", "card")
_KEYS = tuple(column.key for column in COLUMNS[1:])
_GROUPS = {
    MoneyGroup.DAY: ("business_date", "e.business_date"),
    MoneyGroup.COMPANY: ("company_id", "e.company_id"),
    MoneyGroup.PERSON: ("operator_id", "e.operator_id"),
}
_BY_KEY = {group.key: group for group in MoneyGroup}
Sums = dict[tuple[str, str], tuple[int, int]]


@query(VIEW)
def tender_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``tender_report``."""
    return COLUMNS


@query(VIEW)
def tender_report(actor: Actor, asked: ReportAsked) -> Table:
    """The money by tender, by day or shift (the newest first), company or operator (``by``), with totals.

    All that came in less what went back, for bills, recharges, refunds and receipts; ``paid_out_fen`` is what
    went back. Narrowed by ``company_id`` and the operator ``person_id``. Rows of days name theirs in ``day``.
    """
    group = _BY_KEY[asked.get("by") or MoneyGroup.DAY.key]
    sums: dict[Any, Sums] = {}
    for key, kind, account, in_fen, out_fen in _rows(actor, asked, group):
        sums.setdefault(key, {})[kind, account] = (in_fen, out_fen)
    names = _names(group)
    days = {key: date.fromisoformat(key) for key in sums} if group is MoneyGroup.DAY else {}
    rows = [
        {"id": key, "name": names.get(key, str(key)), "day": days.get(key), **_figures(one)}
        for key, one in sums.items()
    ]
    newest = group in (MoneyGroup.DAY, MoneyGroup.SHIFT)
    rows.sort(key=lambda row: row["id"] if newest else row["received_fen"], reverse=True)
    totals = {key: sum(row[key] for row in rows) for key in _KEYS}
    return Table("收款方式", COLUMNS, rows, totals, asked.period.show())


def _names(group: MoneyGroup) -> dict[Any, str]:
    if group is MoneyGroup.DAY:
        return {}
    if group is MoneyGroup.SHIFT:
        return {0: "没有班次", **dict(fetch("SELECT id, number FROM shift"))}
    model: Any = Company if group is MoneyGroup.COMPANY else Operator
    return {row.id: row.name for row in model.select(model.id, model.name)}


def _figures(sums: Sums) -> dict[str, int]:
    found = money_figures({key: came - went for key, (came, went) in sums.items()})
    real = {key: pair for key, pair in sums.items() if key[1] in _REAL}
    of_sales = sum(came - went for (kind, _), (came, went) in real.items() if kind in _OF_SALES)
    received = sum(came - went for came, went in real.values())
    return {
        **{key: found[key] for key in _KEYS if key in found},
        "received_fen": received,
        "of_sales_fen": of_sales,
        "of_others_fen": received - of_sales,
        "paid_out_fen": sum(went for (kind, _), (_, went) in real.items() if kind != "tender_change"),
    }


def _rows(actor: Actor, asked: ReportAsked, group: MoneyGroup) -> Iterable[tuple[Any, str, str, int, int]]:
    if group is MoneyGroup.SHIFT:
        return _by_shift(actor, asked)
    kept_column, column = _GROUPS[group]
    company_id, person_id = asked.get("company_id"), asked.get("person_id")
    kinds = ", ".join(f"'{kind}'" for kind in MONEY_KINDS)
    if whole(actor):
        where = sums_where(actor, "business_date", days_of(asked.period), company_id=company_id)
        where.add(f"source_kind IN ({kinds})")
        if person_id is not None:
            where.add("operator_id = ?", person_id)
        return fetch(
            f"SELECT {kept_column}, source_kind, account, sum(in_fen), sum(out_fen) FROM money_day"
            f" WHERE {where.sql} GROUP BY 1, 2, 3",
            *where.values,
        )
    where = _taken(actor).add("e.business_date BETWEEN ? AND ?", *days_of(asked.period))
    if person_id is not None:
        where.add("e.operator_id = ?", person_id)
    return fetch(
        f"SELECT {column}, e.source_kind, p.account, sum(max(p.amount_fen, 0)), sum(max(0 - p.amount_fen, 0))"
        f" FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind IN ({kinds}) AND {where.sql}"
        " GROUP BY 1, 2, 3",
        *where.values,
    )


def _by_shift(actor: Actor, asked: ReportAsked) -> Iterable[tuple[Any, str, str, int, int]]:
    """From the same sums as the look into a shift and its end."""
    where = (
        add_companies(Where(), actor, asked.get("company_id"), "e.company_id")
        if whole(actor)
        else _taken(actor)
    )
    where.add("e.business_date BETWEEN ? AND ?", *days_of(asked.period))
    where.add(f"e.source_kind IN ({', '.join('?' * len(MONEY_KINDS))})", *MONEY_KINDS)
    if asked.get("person_id") is not None:
        where.add("e.operator_id = ?", asked.get("person_id"))
    for one in shift_sums(where.sql, where.values):
        yield one.shift_id, one.kind, one.account, one.in_fen, one.out_fen


def _taken(actor: Actor) -> Where:
    """The money of the bills in the scope, and of what else the actor took or gave himself."""
    sql, values = visible_sales(actor).sql()
    return (
        Where()
        .add("e.company_id = ?", actor.company_id)
        .add(
            f"(e.source_kind = 'sale' AND e.source_id IN ({sql}) OR e.source_kind <> 'sale' AND e.operator_id = ?)",
            *values,
            actor.operator_id,
        )
    )
