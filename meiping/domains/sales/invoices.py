"""Invoices (发票) for posted bills: written down with the number printed on them, and cancelled when they are void."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import standing, survivor_of
from meiping.domains.sales.invoice_rules import MOST_BILLS, InvoiceInput, check_invoice, contained_tax_fen
from meiping.domains.sales.invoice_state import invoicing_on, left_fen, usual_rate_bp
from meiping.domains.sales.models import Invoice, Sale
from meiping.domains.sales.queries import visible_sales
from meiping.domains.sales.rules import INVOICE
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.entered import text_field
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """What an invoice for some bills would say: their numbers, fen with the tax in it, and to whom.

    ``rates_bp`` are the rates of tax that occur, the title and tax number those of the customer's record.
    """

    numbers: tuple[str, ...]
    amount_fen: int
    tax_fen: int
    rates_bp: tuple[int, ...]
    title: str
    tax_number: str


@query(INVOICE)
def invoice_draft(actor: Actor, *, sale_ids: Collection[int]) -> InvoiceDraft:
    """What an invoice for these bills would say. Raises InputError where none can be made out, as ``invoice_bills``."""
    parts = _parts(actor, sale_ids)
    whose = standing(parts[0].sale.customer)
    return InvoiceDraft(
        numbers=tuple(part.sale.number for part in parts),
        amount_fen=sum(part.amount_fen for part in parts),
        tax_fen=sum(part.tax_fen for part in parts),
        rates_bp=tuple(sorted({part.rate_bp for part in parts})),
        title=whose.name if whose is not None else "",
        tax_number=whose.tax_number if whose is not None else "",
    )


@verb(INVOICE)
def invoice_bills(work: Work, *, key: str, sale_ids: Collection[int], invoice: InvoiceInput) -> None:
    """Write down one invoice for what is left of some bills of one customer. ``key`` is made when the window opens.

    Raises InputError while the shop has set no rate, for bills of several customers, for one that is a return, has
    come back whole or has its invoice already, and for a number that another invoice bears.
    """
    if Invoice.select().where(Invoice.key == key).exists():
        return
    checked = check_invoice(invoice, today=work.day)
    parts = _parts(work.actor, sale_ids)
    _require_new_number(work.actor, checked.number)
    for part in parts:
        Invoice.create(
            key=key,
            sale=part.sale.id,
            number=checked.number,
            title=checked.title,
            tax_number=checked.tax_number,
            amount_fen=part.amount_fen,
            tax_fen=part.tax_fen,
            rate_bp=part.rate_bp,
            invoiced_date=checked.invoiced_date,
            operator=work.actor.operator_id,
            made_at=work.at,
            note=checked.note,
        )
        told = f"开票 {checked.number}：{part.sale.number}"
        audit.record(work, "sale.invoice", told, Source("sale", part.sale.id))
    work.changed(Topic.SALES)


@query(INVOICE)
def standing_invoice(actor: Actor, *, sale_id: int) -> tuple[str, list[str]]:
    """The number of a bill's invoice, and all bills on it. Raises InputError where the bill has none."""
    rows = _on_one_paper(actor, sale_id)
    return rows[0].number, [row.sale.number for row in rows]


@verb(INVOICE)
def cancel_invoice(work: Work, *, sale_id: int, reason: str) -> list[str]:
    """Cancel the invoice of a bill (作废、红冲), for all bills on it, and give their numbers.

    Raises InputError where the bill has none or no reason is given.
    """
    said = text_field(reason, field="reason", title="原因", limit=60)
    if not said:
        raise InputError("请填写作废的原因。", field="reason")
    rows = _on_one_paper(work.actor, sale_id)
    values = {"cancelled_at": work.at, "cancelled_by": work.actor.operator_id, "cancel_reason": said}
    Invoice.update(values).where(Invoice.id.in_([row.id for row in rows])).execute()
    for row in rows:
        told = f"作废发票 {row.number}：{row.sale.number}"
        audit.record(work, "sale.cancel_invoice", told, Source("sale", row.sale_id))
    work.changed(Topic.SALES)
    return [row.sale.number for row in rows]


def forget_titles(work: Work, customer_ids: Collection[int]) -> None:
    """Take out of these customers' invoices to whom they were made out; number, amount and tax stay."""
    theirs = Sale.select(Sale.id).where(Sale.customer.in_(list(customer_ids)))
    Invoice.update(title="", tax_number="", note="").where(Invoice.sale.in_(theirs)).execute()
    work.changed(Topic.SALES)


# ------------------------------------------------------------------ inside
@dataclass(frozen=True, slots=True)
class _Part:
    """A bill as it stands on an invoice."""

    sale: Sale
    amount_fen: int
    rate_bp: int

    @property
    def tax_fen(self) -> int:
        return contained_tax_fen(self.amount_fen, self.rate_bp)


def _parts(actor: Actor, sale_ids: Collection[int]) -> list[_Part]:
    if not invoicing_on():
        raise InputError("店里还没有填写售价含多少税，请先在“系统 → 设置 → 开票”里填写。")
    rows = _sales(actor, sale_ids)
    _require_one_customer(rows)
    ids = [row.id for row in rows]
    made = Invoice.select(Invoice.sale).where(Invoice.sale.in_(ids), Invoice.cancelled_at.is_null())
    invoiced = {row.sale_id for row in made}
    left = left_fen(ids)
    for row in rows:
        if row.kind == "return":
            raise InputError(f"{row.number} 是退货单，不能开票；退的货请在原单上红冲。")
        if row.id in invoiced:
            raise InputError(f"{row.number} 已经开过票，要重开请先作废。")
        if left[row.id] <= 0:
            raise InputError(f"{row.number} 没有可以开票的金额，或者已经全部退货。")
    return [_Part(row, left[row.id], row.tax_bp or usual_rate_bp()) for row in rows]


def _sales(actor: Actor, sale_ids: Collection[int]) -> Sequence[Sale]:
    ids = list(dict.fromkeys(sale_ids))
    if len(ids) > MOST_BILLS:
        raise InputError(f"一张发票最多开 {MOST_BILLS} 张单。")
    mine = Sale.id.in_(visible_sales(actor))
    rows = list(
        Sale.select().where(Sale.id.in_(ids), Sale.company == actor.company_id, mine).order_by(Sale.id)
    )
    if not rows or len(rows) < len(ids):
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    return rows


def _require_one_customer(rows: Sequence[Sale]) -> None:
    named = {row.customer_id for row in rows}
    if len({None if one is None else survivor_of(one) for one in named}) > 1:
        raise InputError("选中的单不是同一位客户的，请分开开票。")


def _require_new_number(actor: Actor, number: str) -> None:
    taken = (
        Invoice.select(Sale.number)
        .join(Sale)
        .where(Invoice.number == number, Invoice.cancelled_at.is_null(), Sale.company == actor.company_id)
        .tuples()
        .first()
    )
    if taken is not None:
        raise InputError(f"号码 {number} 的发票已经登记在 {taken[0]} 上。", field="number")


def _on_one_paper(actor: Actor, sale_id: int) -> list[Invoice]:
    """The rows of the standing invoice of a bill the actor may see."""
    (sale,) = _sales(actor, [sale_id])
    row = Invoice.get_or_none(Invoice.sale == sale.id, Invoice.cancelled_at.is_null())
    if row is None:
        raise InputError(f"{sale.number} 没有开票，或者发票已经作废。")
    return list(Invoice.select().where(Invoice.key == row.key, Invoice.cancelled_at.is_null()))
