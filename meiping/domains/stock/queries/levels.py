"""What lies where: products with their stock, the list of stock, what is low. Costs are blank without the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from peewee import JOIN, Case, ColumnBase, ModelSelect, fn

from meiping.domains.access.models import Company
from meiping.domains.access.queries import companies_of
from meiping.domains.catalog import queries as catalog
from meiping.domains.catalog.models import Product
from meiping.domains.catalog.queries import PRODUCT_COLUMNS, ProductFilter, ProductHit, State
from meiping.domains.catalog.rules import COST, VIEW
from meiping.domains.stock.models import Stock
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.moments import from_ms, local_day
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort, Table
from meiping.store.database import fetch
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

_ON_HAND = fn.COALESCE(Stock.qty_milli, 0)
_IS_LOW = Product.active & Product.low_stock_milli.is_null(False) & (Product.low_stock_milli >= _ON_HAND)
LOW_RULE = "现存 ≤ 下限"
"""The one rule of low stock, in words."""
_URGENCY = _ON_HAND * 1000 / fn.NULLIF(Product.low_stock_milli, 0)
"""What is left of the low mark, in thousandths: the less the more urgent; what is missing comes first."""

_UNIT_AT = next(place for place, column in enumerate(PRODUCT_COLUMNS) if column.key == "unit")
GOODS_COLUMNS = (
    *PRODUCT_COLUMNS[: _UNIT_AT + 1],
    Column("stock_milli", "库存", Kind.QUANTITY, width=8),
    *PRODUCT_COLUMNS[_UNIT_AT + 1 :],
)


@query(VIEW)
def find_products(actor: Actor, *, text: str, limit: int = 50) -> list[ProductHit]:
    """As the catalog finds them, with what lies in the actor's company."""
    return _with_stock(actor, catalog.find_products(actor, text=text, limit=limit))


@query(VIEW)
def by_code(actor: Actor, *, code: str) -> ProductHit | None:
    """As the catalog finds it, with what lies in the actor's company."""
    hit = catalog.by_code(actor, code=code)
    return _with_stock(actor, [hit])[0] if hit else None


@query(VIEW)
def hits_by_id(actor: Actor, *, product_ids: Sequence[int]) -> list[ProductHit]:
    """The products with these ids, whether in use or not, with what lies in the actor's company."""
    found = catalog.hits_by_id(actor, product_ids=list(product_ids))
    return _with_stock(actor, [found[one] for one in product_ids if one in found])


def _with_stock(actor: Actor, hits: Sequence[ProductHit]) -> list[ProductHit]:
    marks = ", ".join("?" * len(hits))
    on_hand = dict(
        fetch(
            f"SELECT product_id, qty_milli FROM stock WHERE company_id = ? AND product_id IN ({marks})",
            actor.company_id,
            *(hit.id for hit in hits),
        )
    )
    return [replace(hit, stock_milli=on_hand.get(hit.id, 0)) if hit.stocked else hit for hit in hits]


@query(COST)
def last_costs(actor: Actor, *, product_ids: Sequence[int]) -> dict[int, int]:
    """The fen a unit cost last in the actor's company; the purchase price where none came in yet."""
    select = (
        Product.select(Product.id, fn.COALESCE(Stock.last_cost_fen, Product.purchase_price_fen))
        .join(
            Stock,
            JOIN.LEFT_OUTER,
            on=(Stock.product == Product.id) & (Stock.company == actor.company_id),
        )
        .where(Product.id.in_(list(product_ids)))
    )
    return dict(cast("Iterable[tuple[int, int]]", select.tuples()))


@query(VIEW)
def product_list(actor: Actor, *, filter: ProductFilter) -> Listing:
    """The catalog's list with the stock of all companies together; blank without the right to see stock."""
    total = Stock.select(fn.SUM(Stock.qty_milli)).where(Stock.product == Product.id)
    on_hand = Case(None, [(Product.stocked, fn.COALESCE(total, 0))])
    more = {"stock_milli": on_hand} if actor.can(VIEW_STOCK) else {}
    return catalog.product_list(actor, filter=filter, more=more)


@query(VIEW_STOCK)
def stock_of_product(actor: Actor, *, product_id: int) -> Table:
    """Where a product lies, a row a company."""
    columns = tuple(
        c for c in STOCK_COLUMNS if c.key in ("company", "qty_milli", "unit_cost_fen", "value_fen")
    )
    listing = stock_list(actor, filter=StockFilter(product_id=product_id))
    return Table("库存", columns, listing.window(0, 100, Sort("company")))


STOCK_COLUMNS = (
    Column("name", "商品", width=18, stretch=True),
    Column("specification", "规格", width=10),
    Column("company", "公司", width=14),
    Column("qty_milli", "现存", Kind.QUANTITY, width=9),
    Column("low_stock_milli", "下限", Kind.QUANTITY, width=7),
    Column("unit_cost_fen", "成本单价", Kind.MONEY, width=10),
    Column("value_fen", "库存金额", Kind.MONEY, width=12),
    Column("last_move_date", "最近变动", Kind.DATE, width=11),
    Column("code", "编码", Kind.CODE, width=9, hidden=True),
    Column("unit", "单位", width=6, hidden=True),
)
COST_COLUMNS = frozenset({"unit_cost_fen", "value_fen"})
"""The columns that are blank without the right to see costs."""


@dataclass(frozen=True, slots=True)
class StockFilter:
    """What the list of stock is narrowed to; None and empty mean no bound."""

    text: str = ""
    company_id: int | None = None
    low_only: bool = False
    product_id: int | None = None


@query(VIEW_STOCK)
def stock_list(actor: Actor, *, filter: StockFilter) -> Listing:
    """Stock a product and company by name; the actor's own company shows what it has nothing of, too.

    What is out of use is listed only where some is left. Only low stock stands in the order of urgency: what is used
    up first, then what has least left of its low mark.
    """
    companies = [company_id for company_id, _ in companies_of(actor)]
    if filter.company_id is not None:
        companies = [one for one in companies if one == filter.company_id]
    home = filter.company_id or actor.company_id
    select = (
        Product.select(
            _pair().alias("id"),
            Product.id.alias("product_id"),
            Product.code,
            Product.name,
            Product.specification,
            Product.unit,
            Product.low_stock_milli,
            Company.id.alias("company_id"),
            Company.name.alias("company"),
            _ON_HAND.alias("qty_milli"),
            fn.COALESCE(Stock.value_fen, 0).alias("value_fen"),
            fn.COALESCE(Stock.last_cost_fen, Product.purchase_price_fen).alias("last_cost_fen"),
            Stock.last_move_at,
            _IS_LOW.alias("low"),
        )
        .join(Company, on=Company.id.in_(companies))
        .join(Stock, JOIN.LEFT_OUTER, on=(Stock.product == Product.id) & (Stock.company == Company.id))
        .where(Product.stocked, Stock.product.is_null(False) | (Company.id == home))
        .where(Product.active | (_ON_HAND != 0))
    )
    if filter.product_id is not None:
        select = select.where(Product.id == filter.product_id)
    if filter.low_only:
        select = select.where(_IS_LOW)
    return SelectListing(
        catalog.narrowed(select, ProductFilter(text=filter.text, state=State.ALL)),
        identity=_pair(),
        sorts=_stock_sorts(),
        default=Sort("urgency") if filter.low_only else Sort("name"),
        to_row=_stock_row(sees_cost=actor.can(COST)),
        totals=_total_value if actor.can(COST) else None,
    )


@query(VIEW_STOCK)
def low_stock(actor: Actor) -> Listing:
    """What is at or below its low mark in the actor's company, the most urgent first: for badge, list and desk."""
    return stock_list(actor, filter=StockFilter(company_id=actor.company_id, low_only=True))


def _pair() -> ColumnBase:
    """One number for a product in a company: there are at most 99 companies, ids are never given twice."""
    return Product.id * 100_000 + Company.id


def _stock_sorts() -> Mapping[str, ColumnBase]:
    per_unit = Stock.value_fen * 1000 / fn.NULLIF(Stock.qty_milli, 0)
    return {
        "code": Product.code,
        "name": Product.name_key,
        "specification": Product.specification,
        "company": Company.code,
        "qty_milli": _ON_HAND,
        "unit": Product.unit,
        "low_stock_milli": Product.low_stock_milli,
        "unit_cost_fen": fn.COALESCE(per_unit, Stock.last_cost_fen, Product.purchase_price_fen),
        "value_fen": fn.COALESCE(Stock.value_fen, 0),
        "last_move_date": Stock.last_move_at,
        "urgency": Case(None, [(_ON_HAND <= 0, _ON_HAND - 1_000_000_000)], fn.COALESCE(_URGENCY, 0)),
    }


def _stock_row(*, sees_cost: bool) -> Callable[[dict[str, Any]], Row]:
    def to_row(row: dict[str, Any]) -> Row:
        last_cost_fen = row.pop("last_cost_fen")
        quantity = row["qty_milli"]
        row["unit_cost_fen"] = (
            rounded_ratio(row["value_fen"] * 1000, quantity) if quantity > 0 else last_cost_fen
        )
        moved_at = row.pop("last_move_at")
        row["last_move_date"] = None if moved_at is None else local_day(from_ms(moved_at))
        row["tone"] = "danger" if quantity < 0 else "warning" if row["low"] else None
        return row if sees_cost else row | dict.fromkeys(COST_COLUMNS)

    return to_row


def _total_value(select: ModelSelect[Any]) -> Mapping[str, Any]:
    return {"value_fen": int(select.columns(fn.COALESCE(fn.SUM(Stock.value_fen), 0)).scalar())}
