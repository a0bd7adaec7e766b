"""When the shop is busy, and which goods go well or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from peewee import fn

from meiping.domains.desk.rules import GOODS_DAYS, GOODS_SHOWN, busy_days
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import product_report
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.sales.models import Sale
from meiping.domains.sales.queries import in_scope, made_at
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.moments import to_ms
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


@query(VIEW)
def busy_hours(actor: Actor) -> dict[tuple[int, int], int]:
    """Bills by weekday (Monday 0) and hour on the shop's clock in the last ``WEEKS``; hours without any are not there."""
    today = actor.today()
    weekday, hour = made_at("%w"), made_at("%H")
    select = in_scope(actor, Sale.select(weekday, hour, fn.COUNT(Sale.id))).where(
        Sale.business_date.between(*busy_days(today)),
        Sale.kind != "return",
    )
    rows = cast("Iterable[tuple[str, str, int]]", select.group_by(weekday, hour).tuples())
    return {((int(day) - 1) % 7, int(at)): bills for day, at, bills in rows}


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A product: net fen and quantity sold lately; or what lies there, and since which day nothing of it was sold."""

    id: int
    code: str
    name: str
    unit: str
    net_fen: int
    qty_milli: int
    last_sold: date | None = None


@query(VIEW)
def best_goods(actor: Actor) -> list[GoodsLine]:
    """What brought most in the last ``GOODS_DAYS``, returns taken off: how the report of these days begins."""
    today = actor.today()
    days = Period(today - timedelta(days=GOODS_DAYS - 1), today)
    rows = product_report(actor, ReportAsked(days)).window(0, GOODS_SHOWN, None)
    return [
        GoodsLine(row["id"], row["code"], row["name"], row["unit"], row["net_fen"], row["qty_milli"])
        for row in rows
        if row["net_fen"] > 0
    ]


_SLOW = """
SELECT p.id, p.code, p.name, p.unit, s.qty_milli,
    (SELECT b.business_date FROM sale b WHERE b.id = (
        SELECT l.sale_id FROM sale_line l WHERE l.product_id = p.id AND l.qty_milli > 0 ORDER BY l.id DESC LIMIT 1))
    AS sold
FROM stock s CROSS JOIN product p ON p.id = s.product_id
WHERE s.company_id = ? AND s.qty_milli > 0 AND p.active = 1 AND p.stocked = 1 AND p.created_at < ?
    AND (sold IS NULL OR sold < ?)
ORDER BY s.value_fen DESC, p.id LIMIT ?
"""


@query(VIEW_STOCK)
def slow_goods(actor: Actor) -> list[GoodsLine]:
    """What lies in the actor's company and was not sold for ``GOODS_DAYS``: what ties up most money first."""
    before = actor.now() - timedelta(days=GOODS_DAYS)
    first = actor.today() - timedelta(days=GOODS_DAYS - 1)
    rows = fetch(_SLOW, actor.company_id, to_ms(before), first.isoformat(), GOODS_SHOWN)
    return [
        GoodsLine(one, code, name, unit, 0, qty, None if sold is None else date.fromisoformat(sold))
        for one, code, name, unit, qty, sold in rows
    ]
