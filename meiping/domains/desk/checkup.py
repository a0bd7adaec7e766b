"""What is missing or odd among goods and customers, a line each; only what the actor may see is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import JOIN, fn

from meiping.domains.catalog.models import Product, ProductBarcode
from meiping.domains.catalog.rules import COST
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import CustomerFilter, customer_list, find_duplicates
from meiping.domains.customers.rules import MERGE
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.reports.rules import VIEW
from meiping.domains.stock.models import Stock
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.permissions import Permission
from meiping.store.database import snapshot
from meiping.store.unit_of_work import query

Ids = tuple[int, ...]
NO_PHONE = (Condition("phone", Operator.EMPTY), Condition("phone2", Operator.EMPTY))
"""Customers who can't be called."""
DUPLICATES, WITHOUT_PHONE = "duplicates", "no_phone"
"""The lines about customers, by their keys; all others are about products."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing looked for: ``count`` says how many there are; ``ids`` are the products, where it is about those."""

    key: str
    title: str
    rule: str
    count: int
    ids: Ids = ()


@query(VIEW)
def data_faults(actor: Actor) -> list[Fault]:
    """Everything that is looked for, found or not. Comparing all customers takes seconds in a large shop: for workers."""
    with snapshot():
        found = []
        for key, title, rule, rights, read in _GOODS:
            if all(actor.can(right) for right in rights):
                ids = tuple(sorted(set(read(actor))))
                found.append(Fault(key, title, rule, len(ids), ids))
        if actor.can(VIEW_CUSTOMERS):
            count = customer_list(actor, CustomerFilter(conditions=NO_PHONE)).count()
            found.append(Fault(WITHOUT_PHONE, "客户没有电话", "两个电话都没填，联系不上", count))
        if actor.can(MERGE):
            pairs = find_duplicates(actor).count()
            found.append(Fault(DUPLICATES, "可能重复的客户", "电话相同，或者名称相同、相近的两位", pairs))
    return found


def _products(*met: Any) -> list[int]:
    """Products in use but for the program's own, of which nothing is to be put right."""
    shops = (Product.active, ~Product.amount_only, ~Product.fee_line)
    return [row.id for row in Product.select(Product.id).where(*shops, *met)]


def _under_cost(actor: Actor) -> list[int]:
    cost = fn.COALESCE(Stock.last_cost_fen, Product.purchase_price_fen)
    here = (Stock.product == Product.id) & (Stock.company == actor.company_id)
    select = Product.select(Product.id).join(Stock, JOIN.LEFT_OUTER, on=here)
    return [
        row.id
        for row in select.where(Product.active, Product.list_price_fen > 0, Product.list_price_fen < cost)
    ]


def _twice_labelled(_actor: Actor) -> list[int]:
    """Products whose bar code is another's too, once scanners' habit of adding a zero is taken into account."""
    owners: dict[str, set[int]] = defaultdict(set)
    rows = (
        ProductBarcode.select(ProductBarcode.barcode, ProductBarcode.product)
        .join(Product)
        .where(Product.active)
        .tuples()
    )
    for barcode, product_id in cast("Iterable[tuple[str, int]]", rows):
        owners[barcode.zfill(13)].add(product_id)
    return [one for shared in owners.values() if len(shared) > 1 for one in shared]


def _below_zero(actor: Actor) -> list[int]:
    rows = Stock.select(Stock.product).where(Stock.company == actor.company_id, Stock.qty_milli < 0)
    return [row[0] for row in cast("Iterable[tuple[int]]", rows.tuples())]


_Read = Callable[[Actor], Iterable[int]]
_GOODS: tuple[tuple[str, str, str, tuple[Permission, ...], _Read], ...] = (
    (
        "no_price",
        "商品没有售价",
        "在售，售价是零",
        (VIEW_PRODUCTS,),
        lambda _actor: _products(Product.list_price_fen == 0),
    ),
    ("under_cost", "售价低于成本", "售价 < 最近进价", (VIEW_PRODUCTS, COST), _under_cost),
    (
        "no_category",
        "商品没有分类",
        "在售，没有选分类",
        (VIEW_PRODUCTS,),
        lambda _actor: _products(Product.category.is_null()),
    ),
    (
        "barcodes",
        "条码重复",
        "两种商品的条码只差开头的零，扫码会认错",
        (VIEW_PRODUCTS,),
        _twice_labelled,
    ),
    (
        "incomplete",
        "商品待完善",
        "收银时临时建的，资料还没补全",
        (VIEW_PRODUCTS,),
        lambda _actor: _products(Product.incomplete),
    ),
    ("below_zero", "库存少于零", "现存 < 0，要盘点", (VIEW_PRODUCTS, VIEW_STOCK), _below_zero),
)
