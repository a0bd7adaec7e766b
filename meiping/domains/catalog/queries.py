"""Finding and listing products. Costs are blank for who may not see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import SQL, ColumnBase, ModelSelect, fn

from meiping.domains.audit import queries as audit_queries
from meiping.domains.catalog.models import Category, LevelPrice, Product, ProductBarcode
from meiping.domains.catalog.prices import level_prices_of
from meiping.domains.catalog.rules import (
    COST,
    IN_USE,
    INPUT_FIELDS,
    KIND,
    VIEW,
    ProductInput,
    barcode_spellings,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.money import show_fen
from meiping.kernel.search_terms import rank
from meiping.kernel.source import Source
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.kernel.text import plain
from meiping.store import search_index
from meiping.store.database import fetch
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

_Parent = Category.alias()
_CATEGORY_TITLE = fn.COALESCE(_Parent.name.concat(" / "), "").concat(fn.COALESCE(Category.name, ""))

PRODUCT_COLUMNS = (
    Column("code", "编码", Kind.CODE, width=8),
    Column("name", "商品", width=18, stretch=True),
    Column("specification", "规格", width=10),
    Column("category_title", "分类", width=14),
    Column("unit", "单位", width=5),
    Column("list_price_fen", "售价", Kind.MONEY, width=10),
    Column("purchase_price_fen", "进价", Kind.MONEY, width=10),
    Column("barcodes", "条码", Kind.CODE, width=15, sortable=False, hidden=True),
    Column("state", "状态", width=7, hidden=True),
    Column("brand", "品牌", width=10, hidden=True),
    Column("lowest_price_fen", "最低售价", Kind.MONEY, width=10, hidden=True),
    Column("level_prices", "会员价", width=24, sortable=False, hidden=True),
    Column("low_stock_milli", "库存下限", Kind.QUANTITY, width=10, hidden=True),
    Column("stocked", "管理库存", Kind.YES, width=9, hidden=True),
    Column("annual_fee_fen", "年费", Kind.MONEY, width=10, hidden=True),
    Column("service_term_months", "服务期（月）", Kind.NUMBER, width=11, hidden=True),
    Column("warranty_months", "质保（月）", Kind.NUMBER, width=10, hidden=True),
    Column("created_at", "建立时间", Kind.MOMENT, width=17, hidden=True),
    Column("notes", "备注", width=24, sortable=False, hidden=True),
)
COST_COLUMNS = frozenset({"purchase_price_fen"})
"""The columns that are blank without the right to see costs."""

_NONE_IF_ZERO = ("annual_fee_fen", "service_term_months", "warranty_months")
_SORTS: Mapping[str, ColumnBase] = {
    "code": Product.code,
    "name": Product.name_key,
    "category_title": _CATEGORY_TITLE,
    "specification": Product.specification,
    "unit": Product.unit,
    "list_price_fen": Product.list_price_fen,
    "purchase_price_fen": Product.purchase_price_fen,
    "state": Product.active + Product.active - Product.incomplete,
    "brand": Product.brand,
    "lowest_price_fen": Product.lowest_price_fen,
    "low_stock_milli": Product.low_stock_milli,
    "stocked": Product.stocked,
    "annual_fee_fen": Product.annual_fee_fen,
    "service_term_months": Product.service_term_months,
    "warranty_months": Product.warranty_months,
    "created_at": Product.id,
}


class State(StrEnum):
    """Which products a list shows."""

    ACTIVE = "active"
    INCOMPLETE = "incomplete"
    INACTIVE = "inactive"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What the list of products is narrowed to. A category takes its sub-categories along; ``ids`` None is no bound.

    ``sold_by_code`` leaves out what stands for amounts and fees, which nobody chooses.
    """

    text: str = ""
    category_id: int | None = None
    state: State = State.ACTIVE
    ids: tuple[int, ...] | None = None
    sold_by_code: bool = False


@dataclass(frozen=True, slots=True)
class ProductHit:
    """A product found for a bill. ``barcode`` is the one scanned, else its first, else empty.

    ``stock_milli`` is what lies in the actor's company where the stock room filled it in; None for a service.
    """

    id: int
    code: str
    name: str
    price_fen: int
    unit: str
    barcode: str
    specification: str
    lowest_price_fen: int
    quantity_decimals: int
    stocked: bool
    stock_milli: int | None = None


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """Everything about one product; the purchase price is None for who may not see it."""

    id: int
    product: ProductInput
    category: str
    active: bool
    incomplete: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class CategoryDetail:
    """A category; ``title`` has its parent in front (``饮料 / 茶``), ``products`` counts its own."""

    id: int
    name: str
    parent_id: int | None
    title: str
    products: int


_HIT = (
    "SELECT p.id, p.code, p.name, p.list_price_fen, p.unit, {barcode}, p.specification, p.lowest_price_fen,"
    " p.quantity_decimals, p.stocked FROM product p"
)
_HIT_AND_KEY = _HIT.replace("SELECT", "SELECT p.name_key,", 1)
_SOLD_BY_CODE = "p.active = 1 AND p.amount_only = 0 AND p.fee_line = 0"
_FIRST_BARCODE = "coalesce((SELECT min(barcode) FROM product_barcode WHERE product_id = p.id), '')"


def _hit(row: tuple[Any, ...]) -> ProductHit:
    values: list[Any] = [*row[:-1], bool(row[-1])]
    return ProductHit(*values)


@query(VIEW)
def by_code(actor: Actor, *, code: str) -> ProductHit | None:
    """The product in use that has this bar code, else this product code; None for an unknown one."""
    wanted = plain(code).upper()
    if wanted.isdigit():
        spellings = barcode_spellings(wanted)
        marks = ", ".join("?" * len(spellings))
        rows = fetch(
            _HIT.format(barcode="b.barcode")
            + f" JOIN product_barcode b ON b.product_id = p.id WHERE b.barcode IN ({marks}) AND {_SOLD_BY_CODE}",
            *spellings,
        )
        if rows:
            return _hit(rows[0])
    rows = fetch(_HIT.format(barcode=_FIRST_BARCODE) + f" WHERE p.code = ? AND {_SOLD_BY_CODE}", wanted)
    return _hit(rows[0]) if rows else None


@query(VIEW)
def find_products(actor: Actor, *, text: str, limit: int = 50) -> list[ProductHit]:
    """Products in use by name, pinyin initials, code or bar code: the exact code first, then by name.

    Names typed whole, or by all their initials, come before those that begin so, these before the rest.
    """
    exact = by_code(actor, code=text)
    hits = search_index.find(text, kinds=(KIND,), any_of=(IN_USE,), limit=limit)
    ids = [hit.record_id for hit in hits]
    if not ids:
        return [exact] if exact else []
    marks = ", ".join("?" * len(ids))
    rows = fetch(
        _HIT_AND_KEY.format(barcode=_FIRST_BARCODE) + f" WHERE p.id IN ({marks}) ORDER BY p.name_key, p.id",
        *ids,
    )
    found = [_hit(row[1:]) for row in sorted(rows, key=lambda row: rank(text, row[3], row[0]))]
    if exact:
        found = [exact, *(hit for hit in found if hit.id != exact.id)]
    return found[:limit]


@query(VIEW)
def hits_by_id(actor: Actor, *, product_ids: list[int]) -> dict[int, ProductHit]:
    """The products with these ids, whether in use or not."""
    marks = ", ".join("?" * len(product_ids))
    rows = fetch(_HIT.format(barcode=_FIRST_BARCODE) + f" WHERE p.id IN ({marks})", *product_ids)
    return {row[0]: _hit(row) for row in rows}


def narrowed(select: ModelSelect[Any], wanted: ProductFilter) -> ModelSelect[Any]:
    """A select over Product narrowed to the filter; for the lists of this room and of higher ones."""
    if wanted.state is State.ACTIVE:
        select = select.where(Product.active)
    elif wanted.state is State.INACTIVE:
        select = select.where(~Product.active)
    elif wanted.state is State.INCOMPLETE:
        select = select.where(Product.active, Product.incomplete)
    if wanted.sold_by_code:
        select = select.where(~Product.amount_only, ~Product.fee_line)
    if wanted.ids is not None:  # as one value: there may be more than a statement takes
        listed = json.dumps(wanted.ids)
        select = select.where(Product.id.in_(SQL("(SELECT value FROM json_each(?))", [listed])))
    if wanted.category_id is not None:
        below = Category.select(Category.id).where(
            (Category.id == wanted.category_id) | (Category.parent == wanted.category_id)
        )
        select = select.where(Product.category.in_(below))
    matching = search_index.records(wanted.text, kind=KIND)
    if matching is not None:
        select = select.where(Product.id.in_(matching))
    elif wanted.text.strip():
        select = select.where(Product.id == 0)
    return select


@query(VIEW)
def product_list(
    actor: Actor, *, filter: ProductFilter, more: Mapping[str, ColumnBase] | None = None
) -> Listing:
    """The products by name. ``more`` adds columns a higher room knows about, by key."""
    barcodes = (
        ProductBarcode.select(fn.GROUP_CONCAT(ProductBarcode.barcode, " "))
        .where(ProductBarcode.product == Product.id)
        .alias("barcodes")
    )
    level_prices = (
        LevelPrice.select(fn.GROUP_CONCAT(LevelPrice.level.concat(":").concat(LevelPrice.price_fen), " "))
        .where(LevelPrice.product == Product.id)
        .alias("level_prices")
    )
    levels = dict(fetch("SELECT id, name FROM level ORDER BY position"))
    more = more or {}
    select = (
        Product.select(
            Product,
            _CATEGORY_TITLE.alias("category_title"),
            barcodes,
            level_prices,
            *(expression.alias(key) for key, expression in more.items()),
        )
        .join(Category, "LEFT JOIN", on=(Category.id == Product.category))
        .join(_Parent, "LEFT JOIN", on=(_Parent.id == Category.parent))
    )
    sees_cost = actor.can(COST)

    def to_row(row: dict[str, Any]) -> Row:
        row["active"], row["incomplete"] = bool(row["active"]), bool(row["incomplete"])
        row["state"] = "停用" if not row["active"] else "待完善" if row["incomplete"] else "在售"
        row["tone"] = "muted" if not row["active"] else "warning" if row["incomplete"] else None
        row |= {key: row[key] or None for key in _NONE_IF_ZERO}
        row["level_prices"] = _level_words(row["level_prices"], levels)
        return row if sees_cost else row | dict.fromkeys(COST_COLUMNS)

    return SelectListing(
        narrowed(select, filter),
        identity=Product.id,
        sorts=dict(_SORTS) | dict(more),
        default=Sort("name"),
        to_row=to_row,
    )


def _level_words(kept: str | None, levels: Mapping[int, str]) -> str:
    """``银卡 ¥85.00，金卡 ¥80.00`` of ``3:8500 4:8000``, in the order of the levels."""
    pairs = (pair.partition(":") for pair in (kept or "").split())
    prices = {int(level): int(fen) for level, _, fen in pairs}
    return "，".join(f"{name} {show_fen(prices[level])}" for level, name in levels.items() if level in prices)


@query(VIEW)
def product_detail(actor: Actor, *, product_id: int) -> ProductDetail:
    """Everything about one product. Raises NotFound."""
    product = Product.get_or_none(Product.id == product_id)
    if product is None:
        raise NotFound("这个商品已经不在了，请刷新。")
    entered = stored_input(product)
    if not actor.can(COST):
        entered = ProductInput(**{**_as_dict(entered), "purchase_price_fen": None})
    return ProductDetail(
        product.id,
        entered,
        category_title(product.category_id),
        bool(product.active),
        bool(product.incomplete),
        product.created_at,
    )


def _as_dict(product: ProductInput) -> dict[str, Any]:
    return {key: getattr(product, key) for key in INPUT_FIELDS}


def stored_input(product: Product) -> ProductInput:
    """A stored product as what would be entered to get it."""
    elsewhere = ("barcodes", "level_prices")
    values = {key: getattr(product, key) for key in INPUT_FIELDS if key not in elsewhere}
    values["stocked"] = bool(product.stocked)
    values["level_prices"] = tuple(level_prices_of(product.id).items())
    return ProductInput(**values, barcodes=" ".join(barcodes_of(product.id)))


def barcodes_of(product_id: int) -> list[str]:
    """The bar codes of a product."""
    rows = fetch("SELECT barcode FROM product_barcode WHERE product_id = ? ORDER BY barcode", product_id)
    return [row[0] for row in rows]


def category_title(category_id: int | None) -> str:
    """``饮料 / 茶``; empty without a category."""
    return next((one.title for one in categories() if one.id == category_id), "")


def categories() -> list[CategoryDetail]:
    """Every category with its sub-categories behind it, by name. Everyone may read them."""
    counted = {
        row[0]: row[1]
        for row in fetch("SELECT category_id, count(*) FROM product WHERE category_id IS NOT NULL GROUP BY 1")
    }
    stored = sorted(Category.select(), key=lambda one: one.name.encode("gb18030"))  # GB order is pinyin order
    found: list[CategoryDetail] = []
    for top in (one for one in stored if one.parent_id is None):
        found.append(CategoryDetail(top.id, top.name, None, top.name, counted.get(top.id, 0)))
        found += [
            CategoryDetail(one.id, one.name, top.id, f"{top.name} / {one.name}", counted.get(one.id, 0))
            for one in stored
            if one.parent_id == top.id
        ]
    return found


@query(COST)
def product_changes(actor: Actor, *, product_id: int) -> Listing:
    """What was changed on a product, the newest first; old and new costs are among it."""
    return audit_queries.changes_of(Source(KIND, product_id))
