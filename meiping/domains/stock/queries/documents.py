"""The documents that moved stock, with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from meiping.domains.access.models import Company, Operator
from meiping.domains.access.queries import companies_of
from meiping.domains.catalog.models import Product
from meiping.domains.catalog.rules import COST
from meiping.domains.stock.models import StockDocument, StockDocumentLine
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort, Table
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

DOCUMENT_COLUMNS = (
    Column("number", "单号", Kind.CODE, width=18),
    Column("nature", "性质", width=10),
    Column("line_count", "行数", Kind.NUMBER, width=6),
    Column("value_fen", "金额", Kind.MONEY, width=13),
    Column("posted_at", "时间", Kind.MOMENT, width=16),
    Column("note", "备注", width=10, stretch=True, sortable=False),
    Column("direction", "类型", width=9, hidden=True),
    Column("operator_name", "操作员", width=10, hidden=True),
    Column("company_name", "公司", width=14, hidden=True),
)
LINE_COLUMNS = (
    Column("code", "编码", Kind.CODE, width=9),
    Column("name", "商品", width=18, stretch=True),
    Column("specification", "规格", width=10),
    Column("qty_milli", "数量", Kind.QUANTITY, width=9),
    Column("unit", "单位", width=6),
    Column("unit_cost_fen", "成本单价", Kind.MONEY, width=10),
    Column("value_fen", "金额", Kind.MONEY, width=11),
)


@dataclass(frozen=True, slots=True)
class StockDocumentDetail:
    """A posted document with its lines; amounts are None for who may not see costs."""

    id: int
    number: str
    incoming: bool
    nature: str
    note: str
    company: str
    operator: str
    posted_at: int
    value_fen: int | None
    lines: Table

    @property
    def title(self) -> str:
        """The word for what it did."""
        return direction(incoming=self.incoming)


def direction(*, incoming: bool) -> str:
    """库存增加 or 库存减少."""
    return "库存增加" if incoming else "库存减少"


@query(VIEW_STOCK)
def documents(actor: Actor, *, text: str = "", incoming: bool | None = None) -> Listing:
    """The stock documents, the newest first, narrowed to those whose number, nature or note holds ``text``."""
    lines = StockDocumentLine.select(fn.COUNT(StockDocumentLine.id)).where(
        StockDocumentLine.document == StockDocument.id
    )
    select = (
        StockDocument.select(
            StockDocument,
            Company.name.alias("company_name"),
            Operator.name.alias("operator_name"),
            lines.alias("line_count"),
        )
        .join(Company, on=(Company.id == StockDocument.company))
        .join(Operator, on=(Operator.id == StockDocument.operator))
        .where(StockDocument.company.in_([company_id for company_id, _ in companies_of(actor)]))
    )
    if incoming is not None:
        select = select.where(StockDocument.incoming == incoming)
    if word := text.strip():
        select = select.where(
            StockDocument.number.contains(word)
            | StockDocument.nature.contains(word)
            | StockDocument.note.contains(word)
        )
    sees_cost = actor.can(COST)

    def to_row(row: dict[str, Any]) -> Row:
        row["direction"] = direction(incoming=bool(row["incoming"]))
        return row if sees_cost else row | {"value_fen": None}

    return SelectListing(
        select,
        identity=StockDocument.id,
        sorts={
            "number": StockDocument.number,
            "direction": StockDocument.incoming,
            "nature": StockDocument.nature,
            "line_count": fn.COALESCE(lines, 0),
            "value_fen": StockDocument.value_fen,
            "posted_at": StockDocument.id,
            "operator_name": Operator.name,
            "company_name": Company.code,
        },
        default=Sort("posted_at", descending=True),
        to_row=to_row,
    )


@query(VIEW_STOCK)
def document_detail(actor: Actor, *, document_id: int) -> StockDocumentDetail:
    """One document with its lines. Raises NotFound, also for a company out of reach."""
    document = StockDocument.get_or_none(StockDocument.id == document_id)
    companies = dict(companies_of(actor))
    if document is None or document.company_id not in companies:
        raise NotFound("没有这张单，或不在您的范围内。")
    sees_cost = actor.can(COST)
    rows = []
    stored = (
        StockDocumentLine.select(StockDocumentLine, Product)
        .join(Product)
        .where(StockDocumentLine.document == document_id)
        .order_by(StockDocumentLine.position)
    )
    for line in stored:
        value_fen = line.value_fen if sees_cost else None
        rows.append(
            {
                "id": line.id,
                "code": line.product.code,
                "name": line.product.name,
                "specification": line.product.specification,
                "qty_milli": line.qty_milli,
                "unit": line.product.unit,
                "unit_cost_fen": rounded_ratio(line.value_fen * 1000, line.qty_milli) if sees_cost else None,
                "value_fen": value_fen,
            }
        )
    total_fen = document.value_fen if sees_cost else None
    return StockDocumentDetail(
        document.id,
        document.number,
        bool(document.incoming),
        document.nature,
        document.note,
        companies[document.company_id],
        Operator.get_by_id(document.operator_id).name,
        document.posted_at,
        total_fen,
        Table(document.number, LINE_COLUMNS, rows, {"value_fen": total_fen} if sees_cost else {}),
    )
