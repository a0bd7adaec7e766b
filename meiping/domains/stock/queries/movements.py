"""Every move of a product, with running stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from peewee import fn

from meiping.domains.access.queries import companies_of
from meiping.domains.catalog.rules import COST
from meiping.domains.ledger.models import Entry
from meiping.domains.stock.models import StockDocument, StockMove
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import query

MOVEMENT_COLUMNS = (
    Column("business_date", "日期", Kind.DATE, width=11, sortable=False),
    Column("nature", "性质", width=9, stretch=True, sortable=False),
    Column("qty_milli", "数量", Kind.QUANTITY, width=8, sortable=False),
    Column("stock_milli", "结存", Kind.QUANTITY, width=8, sortable=False),
    Column("value_fen", "金额", Kind.MONEY, width=11, sortable=False, hidden=True),
    Column("number", "单号", Kind.CODE, width=19, sortable=False, hidden=True),
    Column("at", "时间", Kind.MOMENT, width=17, sortable=False, hidden=True),
)


class _Movements:
    """The moves of a product in a company, the newest first; the running stock counts back from what is there."""

    def __init__(self, product_id: int, company_id: int, *, sees_cost: bool) -> None:
        number = (
            Entry.select(Entry.memo)
            .where(Entry.source_kind == StockMove.source_kind, Entry.source_id == StockMove.source_id)
            .limit(1)
        )
        document = StockDocument.select(StockDocument.number).where(
            StockMove.source_kind == "stock_document", StockDocument.id == StockMove.source_id
        )
        self._moves = (
            StockMove.select(StockMove, fn.COALESCE(document, number, "").alias("number"))
            .where(StockMove.product == product_id, StockMove.company == company_id)
            .order_by(StockMove.id.desc())
        )
        self._pair = (company_id, product_id)
        self._sees_cost = sees_cost

    def count(self) -> int:
        """How many moves there were."""
        return int(self._moves.columns(StockMove.id).count())

    def window(self, first: int, size: int, sort: Sort | None) -> Sequence[Row]:
        """Moves ``first`` to ``first + size`` from the newest; there is no other order."""
        left = (
            fetch_value("SELECT qty_milli FROM stock WHERE company_id = ? AND product_id = ?", *self._pair)
            or 0
        )
        if first:
            newer = self._moves.columns(StockMove.qty_milli).limit(first)
            left -= newer.select_from(fn.SUM(newer.c.qty_milli)).scalar() or 0
        rows = []
        shown = cast("Iterable[dict[str, Any]]", self._moves.limit(size).offset(first).dicts())
        for row in shown:
            cost = {} if self._sees_cost else {"value_fen": None}
            rows.append({**row, "stock_milli": left, **cost})
            left -= row["qty_milli"]
        return rows

    def summary(self) -> Mapping[str, Any]:
        """Nothing to add up."""
        return {}


@query(VIEW_STOCK)
def movements(actor: Actor, *, product_id: int, company_id: int | None = None) -> Listing:
    """Every move of a product in a company (the actor's own unless named), with running stock."""
    wanted = company_id or actor.company_id
    if wanted not in dict(companies_of(actor)):
        raise NotFound("没有这个公司，或不在您的范围内。")
    return _Movements(product_id, wanted, sees_cost=actor.can(COST))
