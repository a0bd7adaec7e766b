"""Reports: read from the sums of days where whole companies are asked for, from the rows in narrower scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import Case, Expression, Field, fn

from meiping.domains.catalog.rules import COST
from meiping.domains.customers import queries as customers
from meiping.domains.customers.queries import Share
from meiping.domains.ledger.models import Entry, LedgerDay, Posting
from meiping.domains.reports.queries.spending import sees_expenses, spent
from meiping.domains.reports.rules import MONEY_KINDS, VIEW, Figures, Period, Unit, money_figures
from meiping.domains.sales.models import Sale, SaleLine, SalesDay
from meiping.domains.sales.queries import visible_sales
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import snapshot
from meiping.store.unit_of_work import query

SUMMARY_COLUMNS = (
    Column("label", "日期", Kind.CODE, width=12),
    Column("bills", "单数", Kind.NUMBER, width=7),
    Column("sales_fen", "销售额", Kind.MONEY, width=14),
    Column("returns_fen", "退货", Kind.MONEY, width=12),
    Column("net_fen", "净销售额", Kind.MONEY, width=14),
    Column("discount_fen", "优惠", Kind.MONEY, width=12),
    Column("cost_fen", "成本", Kind.MONEY, width=14),
    Column("profit_fen", "毛利", Kind.MONEY, width=14),
    Column("margin_bp", "毛利率", Kind.PERCENT, width=8),
    Column("expense_fen", "费用", Kind.MONEY, width=12),
    Column("result_fen", "净利", Kind.MONEY, width=14),
    Column("average_fen", "客单价", Kind.MONEY, width=11),
    Column("received_fen", "实收", Kind.MONEY, width=14),
    Column("cash_fen", "现金", Kind.MONEY, width=13),
    Column("wechat_fen", "微信", Kind.MONEY, width=13),
    Column("alipay_fen", "支付宝", Kind.MONEY, width=13),
    Column("card_fen", "银行卡", Kind.MONEY, width=13),
    Column("stored_used_fen", "储值消费", Kind.MONEY, width=13),
    Column("credit_fen", "赊账", Kind.MONEY, width=12),
    Column("recharge_fen", "充值", Kind.MONEY, width=13),
    Column("refund_fen", "储值退款", Kind.MONEY, width=12),
    Column("receipts_fen", "收款", Kind.MONEY, width=12),
)
_COST_KEYS = frozenset({"cost_fen", "profit_fen", "margin_bp", "result_fen"})
_EXPENSE_KEYS = frozenset({"expense_fen", "result_fen"})

Labels = dict[str, Figures]


@query(VIEW)
def summary_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``summary``: those of cost, profit and expenses only for those who may see them."""
    hidden = (frozenset() if actor.can(COST) else _COST_KEYS) | (
        frozenset() if sees_expenses(actor) else _EXPENSE_KEYS
    )
    return tuple(column for column in SUMMARY_COLUMNS if column.key not in hidden)


@query(VIEW)
def summary(actor: Actor, period: Period, by: Unit = Unit.DAY, *, company_id: int | None = None) -> Table:
    """Sales, returns, profit, expenses and tenders by day, month or year, the newest first, with totals.

    Over all companies in the scope, or one of them. Cost and profit are there only for those who may see costs,
    expenses for those who may see them, and what is left of the profit after them for who may see both.
    Rows name their days in ``first`` and ``last``.
    """
    with snapshot():
        found = _figures(actor, period, by, company_id)
    columns = summary_columns(actor)
    rows = []
    for label in sorted(found, reverse=True):
        days = by.days(label)
        rows.append(
            {
                "id": label,
                "label": label,
                "first": days.first,
                "last": days.last,
                **_row(columns, found[label]),
            }
        )
    totals = _row(columns, sum(found.values(), Figures()))
    return Table("汇总统计", columns, rows, totals, period.show())


def _row(columns: Iterable[Column], figures: Figures) -> dict[str, Any]:
    return {column.key: getattr(figures, column.key) for column in columns if column.key != "label"}


@dataclass(frozen=True, slots=True)
class DaySales:
    """Net sales in fen and the number of bills of one day."""

    day: date
    net_fen: int
    bills: int


@query(VIEW)
def sales_by_day(actor: Actor, first: date, last: date) -> list[DaySales]:
    """Every day from first to last with its net sales, zero where there were none."""
    found = _bill_figures(actor, Period(first, last), Unit.DAY, None)
    days = [date.fromisoformat(label) for label in Unit.DAY.labels(first, last)]
    sums = [found.get(day.isoformat(), {}) for day in days]
    return [
        DaySales(day, one.get("sales_fen", 0) - one.get("returns_fen", 0), one.get("bills", 0))
        for day, one in zip(days, sums, strict=True)
    ]


@query(VIEW)
def customers_by(actor: Actor, by: str) -> list[Share]:
    """The customers the actor sees, counted by level, source or another of ``COMPOSITION_TITLES``."""
    return customers.customer_composition(actor, by)


# ------------------------------------------------------------------ where the sums come from
def _figures(actor: Actor, period: Period, by: Unit, company_id: int | None) -> Labels:
    """The figures by label; the cost stays zero for those who may not see costs."""
    bills = _bill_figures(actor, period, by, company_id)
    if not actor.can(COST):
        bills = {label: one | {"cost_fen": 0} for label, one in bills.items()}
    money = _money_sums(actor, period, by, company_id)
    expenses = spent(actor, period, by, company_id)
    return {
        label: Figures(
            **bills.get(label, {}),
            **money_figures(money.get(label, {})),
            expense_fen=expenses.get(label, 0),
        )
        for label in bills.keys() | money.keys() | expenses.keys()
    }


def _label(day: Field, by: Unit) -> Any:
    return fn.substr(day, 1, by.letters).coerce(False)


def _within(period: Period, day: Field) -> list[Any]:
    return [day >= (period.first or date.min), day <= (period.last or date.max)]


def _bill_figures(
    actor: Actor, period: Period, by: Unit, company_id: int | None
) -> Mapping[str, dict[str, int]]:
    if actor.scope() < Scope.COMPANY:
        return _bill_figures_of_rows(actor, period, by)
    label = _label(SalesDay.business_date, by).alias("label")
    keys = ("bills", "sales_fen", "returns_fen", "discount_fen", "cost_fen")
    rows = (
        SalesDay.select(label, *(fn.SUM(getattr(SalesDay, key)).alias(key) for key in keys))
        .where(*_within(period, SalesDay.business_date), *_companies(actor, SalesDay.company, company_id))
        .group_by(label)
    )
    return {row.pop("label"): row for row in cast("Iterable[dict[str, Any]]", rows.dicts())}


def _companies(actor: Actor, column: Field, company_id: int | None) -> list[Expression]:
    """The company asked for; without one all there are, or the actor's own in a company's scope."""
    wanted = company_id if actor.scope() is Scope.ALL else actor.company_id
    return [column == wanted] if wanted is not None else []


def _bill_figures_of_rows(actor: Actor, period: Period, by: Unit) -> Mapping[str, dict[str, int]]:
    label = _label(Sale.business_date, by).alias("label")
    met = (*_within(period, Sale.business_date), Sale.id.in_(visible_sales(actor)))
    bills = (
        Sale.select(
            label,
            fn.SUM(Sale.kind != "return").alias("bills"),
            fn.SUM(Sale.discount_fen - Sale.rounding_fen).alias("discount_fen"),
            fn.SUM(Sale.cost_fen).alias("cost_fen"),
        )
        .where(*met)
        .group_by(label)
    )
    lines = (
        SaleLine.select(
            label,
            fn.SUM(Case(None, [(SaleLine.qty_milli > 0, SaleLine.net_fen)], 0)).alias("sales_fen"),
            fn.SUM(Case(None, [(SaleLine.qty_milli < 0, 0 - SaleLine.net_fen)], 0)).alias("returns_fen"),
        )
        .join(Sale)
        .where(*met)
        .group_by(label)
    )
    found = {row.pop("label"): row for row in cast("Iterable[dict[str, Any]]", bills.dicts())}
    for row in cast("Iterable[dict[str, Any]]", lines.dicts()):
        found[row.pop("label")].update(row)
    return found


def _money_sums(
    actor: Actor, period: Period, by: Unit, company_id: int | None
) -> dict[str, dict[tuple[str, str], int]]:
    if actor.scope() < Scope.COMPANY:
        rows = _money_of_rows(actor, period, by)
    else:
        label = _label(LedgerDay.business_date, by)
        companies = _companies(actor, LedgerDay.company, company_id)
        rows = (
            LedgerDay.select(label, LedgerDay.source_kind, LedgerDay.account, fn.SUM(LedgerDay.amount_fen))
            .where(*_within(period, LedgerDay.business_date), *companies)
            .where(LedgerDay.source_kind.in_(MONEY_KINDS))
            .group_by(label, LedgerDay.source_kind, LedgerDay.account)
        )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for day, kind, account, fen in cast("Iterable[tuple[str, str, str, int]]", rows.tuples()):
        found.setdefault(day, {})[kind, account] = fen
    return found


def _money_of_rows(actor: Actor, period: Period, by: Unit) -> Any:
    """The money of the bills in the scope, and of the recharges, refunds and receipts made by the actor himself."""
    label = _label(Entry.business_date, by)
    of_bills = (Entry.source_kind == "sale") & Entry.source_id.in_(visible_sales(actor))
    others = [kind for kind in MONEY_KINDS if kind != "sale"]
    taken = Entry.source_kind.in_(others) & (Entry.operator_id == actor.operator_id)
    return (
        Posting.select(label, Entry.source_kind, Posting.account, fn.SUM(Posting.amount_fen))
        .join(Entry)
        .where(*_within(period, Entry.business_date), Entry.company == actor.company_id)
        .where(of_bills | taken)
        .group_by(label, Entry.source_kind, Posting.account)
    )
