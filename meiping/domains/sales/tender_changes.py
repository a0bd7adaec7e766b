"""A wrongly pressed tender put right: within its shift, by a counter-entry; the bill itself stays as it was posted."""

from meiping.domains.audit import service as audit
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Line
from meiping.domains.sales.models import Sale, SaleTender, TenderChange
from meiping.domains.sales.queries import visible_sales
from meiping.domains.sales.refunds import purses_of
from meiping.domains.sales.rules import CHANGE_TENDER
from meiping.domains.till import events
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.rules import Tender, receiving_tender
from meiping.domains.till.service import Session, session
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, query, verb

SOURCE = "tender_change"
_WHAT = "更正收款方式"


@query(CHANGE_TENDER)
def tenders_to_change(actor: Actor, *, sale_id: int) -> list[tuple[str, str, int]]:
    """How a bill stands paid with real money, as (key, word, fen): what may turn out to have come otherwise."""
    return [(tender.key, tender.title, fen) for tender, fen in _standing(_bill(actor, sale_id)).items()]


@verb(CHANGE_TENDER)
def change_tender(
    work: Work, *, key: str, sale_id: int, from_tender: str, to_tender: str, amount_fen: int, reason: str = ""
) -> None:
    """Say that ``amount_fen`` of a bill came by another tender. ``key`` is made when the window opens.

    Raises InputError for a bill of another shift (of another day where there are no shifts), for tenders that are no
    real money, and for more than stands paid by the wrong one.
    """
    if TenderChange.select().where(TenderChange.key == key).exists():
        return
    sale = _bill(work.actor, sale_id)
    now = session(work)
    _require_same_shift(sale, now)
    wrong, right = receiving_tender(from_tender, _WHAT), receiving_tender(to_tender, _WHAT)
    if wrong is right:
        raise InputError("请选择另一种收款方式。", field="to_tender")
    most = _standing(sale).get(wrong, 0)
    if not 0 < amount_fen <= most:
        raise InputError(f"这张单{wrong.title}收款最多可更正 {show_fen(most)}。", field="amount_fen")
    change = TenderChange.create(
        key=key,
        sale=sale.id,
        operator=work.actor.operator_id,
        posted_at=work.at,
        business_date=now.business_date,
        from_tender=wrong.key,
        to_tender=right.key,
        amount_fen=amount_fen,
        reason=clean(reason, name="原因", limit=60),
    )
    ledger.post(
        work,
        memo=sale.number,
        source=Source(SOURCE, change.id),
        business_date=now.business_date,
        lines=[Line(wrong.account, -amount_fen), Line(right.account, amount_fen)],
        shift_id=now.shift_id,
    )
    told = f"{sale.number} {wrong.title} → {right.title}"
    said = f"{told}：{change.reason}" if change.reason else told
    source = Source("sale", sale.id)
    events.note(work, EventKind.TENDER_CHANGED, amount_fen=amount_fen, detail=said, source=source)
    audit.record(work, "sale.change_tender", f"更正收款方式 {told}", source)
    work.changed(Topic.SALES)


def _bill(actor: Actor, sale_id: int) -> Sale:
    mine = Sale.id.in_(visible_sales(actor))
    sale = Sale.get_or_none(Sale.id == sale_id, Sale.company == actor.company_id, mine)
    if sale is None:
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    if sale.kind == "return":
        raise InputError("退货单的退款方式不能更正。")
    return sale


def _require_same_shift(sale: Sale, now: Session) -> None:
    if sale.shift_id != now.shift_id:
        raise InputError("只能更正本班次的单；已经交班的请用退货更正。")
    if now.shift_id is None and sale.business_date != now.business_date:
        raise InputError("只能更正当天的单；以前的请用退货更正。")


def _standing(sale: Sale) -> dict[Tender, int]:
    paid = {tender: purse.amount_fen for tender, purse in purses_of(sale).items() if tender.real_money}
    beforehand = SaleTender.sale == sale.id, SaleTender.tender == Tender.DEPOSIT.key
    for row in SaleTender.select().where(*beforehand):
        paid[Tender.CASH] -= row.amount_fen
    return {tender: fen for tender, fen in paid.items() if fen > 0}
