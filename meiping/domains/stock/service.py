"""Verbs about stock: documents that bring goods in or take them out, several lines posted at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Product
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.settings.service import next_number
from meiping.domains.stock import moves
from meiping.domains.stock.models import StockDocument, StockDocumentLine
from meiping.domains.stock.rules import ISSUE_GOODS, RECEIVE_GOODS
from meiping.domains.till.service import business_date
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN, line_amount
from meiping.kernel.quantity import MAX_MILLI, show_milli
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb

KIND = "stock_document"
"""The document's kind in the journal, the stock moves and the log."""
MAX_LINES = 500
_ACCOUNT_OF = {"采购入库": Account.PURCHASES, "期初": Account.OPENING}
"""Where goods came from by nature; anything else is a difference in stock."""


@dataclass(frozen=True, slots=True)
class StockLine:
    """One product of a document. ``unit_cost_fen`` counts for goods coming in; None takes the last cost."""

    product_id: int
    qty_milli: int
    unit_cost_fen: int | None = None


@dataclass(frozen=True, slots=True)
class StockDocumentResult:
    """The posted document; ``value_fen`` is what came in or went out at cost."""

    number: str
    id: int
    value_fen: int


@verb(RECEIVE_GOODS)
def receive_goods(
    work: Work, *, key: str, nature: str, lines: Sequence[StockLine], note: str = ""
) -> StockDocumentResult:
    """Bring goods in (库存增加) in one document. The same ``key`` posts once and gives the first result.

    Raises InputError; its field is ``line.0``, ``line.1`` ... for what is wrong with one line.
    """
    return _post(work, key, incoming=True, nature=nature, lines=lines, note=note)


@verb(ISSUE_GOODS)
def issue_goods(
    work: Work, *, key: str, nature: str, lines: Sequence[StockLine], note: str = ""
) -> StockDocumentResult:
    """Take goods out (库存减少) in one document, never below zero; else as ``receive_goods``."""
    return _post(work, key, incoming=False, nature=nature, lines=lines, note=note)


def _post(
    work: Work, key: str, *, incoming: bool, nature: str, lines: Sequence[StockLine], note: str
) -> StockDocumentResult:
    posted = StockDocument.get_or_none(StockDocument.key == key)
    if posted is not None:
        return StockDocumentResult(posted.number, posted.id, posted.value_fen)
    wanted = clean(nature, name="性质", limit=30)
    if not wanted:
        raise InputError("请选择性质。", field="nature")
    remark = clean(note, name="备注", limit=500, lines=True)
    lines = _checked(work, lines, incoming=incoming)
    day = business_date(work)
    document = StockDocument(
        id=work.next_id("stock_document"),
        key=key,
        number=next_number(work, "RK" if incoming else "CK", day=day),
        incoming=incoming,
        company=work.actor.company_id,
        nature=wanted,
        note=remark,
        operator=work.actor.operator_id,
        posted_at=work.at,
        business_date=day,
    )
    moved = _move(work, document, lines)
    document.value_fen = sum(moved)
    document.save(force_insert=True)
    for position, (line, line_fen) in enumerate(zip(lines, moved, strict=True)):
        StockDocumentLine.create(
            document=document.id,
            position=position,
            product=line.product_id,
            qty_milli=line.qty_milli,
            value_fen=line_fen,
        )
    word = "库存增加" if incoming else "库存减少"
    audit.record(
        work, f"stock.{'in' if incoming else 'out'}", f"{word} {document.number}", Source(KIND, document.id)
    )
    work.changed(Topic.STOCK)
    return StockDocumentResult(document.number, document.id, document.value_fen)


def _checked(work: Work, lines: Sequence[StockLine], *, incoming: bool) -> list[StockLine]:
    if not lines:
        raise InputError("还没有商品，请先扫码或选择商品。", field="lines")
    if len(lines) > MAX_LINES:
        raise InputError(f"一张单最多 {MAX_LINES} 行，请分成几张。", field="lines")
    products = {
        row.id: row for row in Product.select().where(Product.id.in_([line.product_id for line in lines]))
    }
    going: defaultdict[int, int] = defaultdict(int)
    checked = []
    for position, line in enumerate(lines):
        field = f"line.{position}"
        product = products.get(line.product_id)
        if product is None:
            raise InputError("有商品已经被删除，请移除这一行。", field=field)
        if not product.stocked:
            raise InputError(f"“{product.name}”是服务，不管理库存。", field=field)
        _check_quantity(product, line.qty_milli, field)
        if incoming:
            line = _priced(work, line, product.name, field)
        else:
            going[product.id] += line.qty_milli
            _refuse_below_zero(work, product, going[product.id], field)
        checked.append(line)
    return checked


def _check_quantity(product: Product, qty_milli: int, field: str) -> None:
    if not 0 < qty_milli <= MAX_MILLI:
        raise InputError(f"“{product.name}”的数量必须大于零。", field=field)
    if qty_milli % 10 ** (3 - product.quantity_decimals):
        allowed = f"最多 {product.quantity_decimals} 位小数" if product.quantity_decimals else "必须是整数"
        raise InputError(f"“{product.name}”的数量{allowed}。", field=field)


def _priced(work: Work, line: StockLine, name: str, field: str) -> StockLine:
    cost_fen = line.unit_cost_fen
    if cost_fen is None:
        cost_fen = max(moves.holding(work, line.product_id).last_cost_fen, 0)
    if cost_fen < 0 or line_amount(cost_fen, line.qty_milli) > MAX_FEN:
        raise InputError(f"“{name}”的成本单价不对，请检查。", field=field)
    return replace(line, unit_cost_fen=cost_fen)


def _refuse_below_zero(work: Work, product: Product, qty_milli: int, field: str) -> None:
    there = moves.holding(work, product.id).qty_milli
    if qty_milli > there:
        has, takes = (f"{show_milli(milli)} {product.unit}".rstrip() for milli in (there, qty_milli))
        raise InputError(f"“{product.name}”现存 {has}，不能减少 {takes}。", field=field)


def _move(work: Work, document: StockDocument, lines: Sequence[StockLine]) -> list[int]:
    """Move the goods and book them; gives the fen at cost of each line."""
    source = Source(KIND, document.id)
    moved: list[int] = []
    gap_fen = 0
    for line in lines:
        what = {
            "product_id": line.product_id,
            "qty_milli": line.qty_milli,
            "nature": document.nature,
            "source": source,
            "business_date": document.business_date,
        }
        if document.incoming:
            moved.append(line_amount(line.unit_cost_fen or 0, line.qty_milli))
            gap_fen += moves.receive(work, value_fen=moved[-1], **what)
        else:
            moved.append(moves.issue(work, **what))
    value_fen = sum(moved)
    other = _ACCOUNT_OF.get(document.nature, Account.STOCK_DIFFERENCE)
    if document.incoming:
        postings = [
            Line(Account.INVENTORY, value_fen - gap_fen),
            Line(other, -value_fen),
            Line(Account.STOCK_DIFFERENCE, gap_fen),
        ]
    else:
        postings = [Line(Account.INVENTORY, -value_fen), Line(Account.STOCK_DIFFERENCE, value_fen)]
    ledger.post(
        work, memo=document.number, source=source, business_date=document.business_date, lines=postings
    )
    return moved
