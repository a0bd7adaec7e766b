"""A shift with its bills: looked at in between, ended, and told on paper."""

from collections.abc import Mapping
from dataclasses import dataclass

from meiping.adapters.receipt_pdf import Align, Block, Pair, Rule, Slip, Space, Text, Total
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.till.queries import shop_paper
from meiping.domains.till.queries.shifts import (
    ShiftFigures,
    TenderFigures,
    figures_of,
    money_words,
    shift_id_of,
)
from meiping.domains.till.rules import SHIFT, Tender, note_words
from meiping.domains.till.service import check_end, counted_shift, end_shift
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work, query, verb

UNFINISHED = "unfinished_bills"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Bills of a company that are not settled: how many are held, and how many lines stand on the counter."""

    held: int
    lines: int

    @property
    def words(self) -> str:
        """What there is, in words; empty for nothing."""
        held = f"还有 {self.held} 张挂单" if self.held else ""
        lines = f"收银台上有没结完的单（{self.lines} 种商品）" if self.lines else ""
        return "，".join(part for part in (held, lines) if part)


def _unfinished_in(company_id: int) -> Unfinished:
    """What is unfinished in a company."""
    rows = list(CartRow.select().where(CartRow.company == company_id))
    held = sum(row.held_at is not None for row in rows)
    lines = sum(len(Cart.from_json(row.body).lines) for row in rows if row.held_at is None)
    return Unfinished(held, lines)


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """What a shift came to. Sums are fen, None where they are not told before the count."""

    figures: ShiftFigures
    bills: int
    sales_fen: int | None
    returns: int
    returns_fen: int | None
    unfinished: Unfinished


@query(SHIFT)
def shift_report(actor: Actor, *, shift_id: int) -> ShiftReport:
    """A shift as it stands, or as it was ended. Raises NotFound outside what the actor may see."""
    figures = figures_of(actor, shift_id)
    ((bills, sales_fen, returns, returns_fen),) = fetch(
        "SELECT coalesce(sum(kind <> 'return'), 0), coalesce(sum(CASE WHEN kind <> 'return' THEN total_fen END), 0),"
        " coalesce(sum(kind = 'return'), 0), coalesce(sum(CASE WHEN kind = 'return' THEN 0 - total_fen END), 0)"
        " FROM sale WHERE shift_id = ?",
        shift_id,
    )
    hidden = figures.hidden
    ended = figures.head.closed_at is not None
    return ShiftReport(
        figures,
        bills,
        None if hidden else sales_fen,
        returns,
        None if hidden else returns_fen,
        Unfinished(0, 0) if ended else _unfinished_in(figures.head.company_id),
    )


@verb(SHIFT)
def close_shift(
    work: Work,
    *,
    shift_id: int,
    counted: Mapping[str, int],
    notes: Mapping[int, int] | None = None,
    left_fen: int = 0,
    reason: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> str:
    """End a shift for good and give its number; a second call finds it ended.

    ``counted`` is fen by tender, cash among it; ``notes`` pieces by note and coin; ``left_fen`` stays in the drawer.
    Raises NeedsConfirmation while bills are unfinished, InputError for a difference without a reason.
    """
    shift = counted_shift(work, shift_id)
    if shift.closed_at is not None:
        return str(shift.number)
    if Tender.CASH.key not in counted or not set(counted) <= {t.key for t in Tender if t.real_money}:
        raise InputError("请清点钱箱里的现金。", field="cash_fen")
    check_end(shift, counted=counted, notes=notes or {}, left_fen=left_fen, reason=reason)
    unfinished = _unfinished_in(shift.company_id)
    if unfinished.words and UNFINISHED not in confirmed:
        raise NeedsConfirmation(UNFINISHED, f"{unfinished.words}，仍要交班吗？", verb="仍要交班")
    end_shift(work, shift, counted=counted, notes=notes or {}, left_fen=left_fen, reason=reason)
    return str(shift.number)


# ---------------------------------------------------------------- on paper
@query(SHIFT)
def shift_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The report of a shift, with room to sign. Raises NotFound outside what the actor may see."""
    report = shift_report(actor, shift_id=shift_id_of(actor, number=number))
    figures, head = report.figures, report.figures.head
    ended = head.closed_at is not None
    blocks: list[Block] = [
        Rule(),
        Pair("班次", head.number),
        Pair("营业日", head.business_date.isoformat()),
        Pair("开班", f"{show_moment(head.opened_at)} {head.operator}"),
    ]
    if ended:
        blocks.append(Pair("交班", f"{show_moment(head.closed_at)} {head.closed_by}"))
    blocks += [Rule(), *_traded(report), Rule(), *_tenders(figures), Rule(), *_drawer(figures)]
    if ended:
        blocks += [
            Space(3.0),
            Text("交班人：____________"),
            Space(3.0),
            Text("接班人：____________"),
            Space(3.0),
        ]
    title = "交班单" if ended else "班中查看"
    return shop_paper(head.company_id, blocks, title=title, reprint=reprint, for_customer=False)


def _traded(report: ShiftReport) -> list[Block]:
    blocks: list[Block] = [
        Pair(f"销售 {report.bills} 单", money_words(report.sales_fen)),
    ]
    if report.returns:
        back = None if report.returns_fen is None else -report.returns_fen
        blocks.append(Pair(f"退货 {report.returns} 单", money_words(back)))
    for word, fen in (
        ("其中储值消费", report.figures.stored_used_fen),
        ("其中赊账", report.figures.credit_fen),
    ):
        if fen:
            blocks.append(Pair(word, money_words(fen)))
    for one in report.figures.kinds:
        if one.kind != "sale":
            net = None if one.in_fen is None or one.out_fen is None else one.in_fen - one.out_fen
            blocks.append(Pair(f"{one.word} {one.documents} 笔", money_words(net)))
    return blocks


def _tenders(figures: ShiftFigures) -> list[Block]:
    blocks: list[Block] = []
    for one in figures.tenders:
        if one.key == Tender.CASH.key or one.in_fen or one.out_fen or one.counted_fen is not None:
            blocks += _tender(one)
    return blocks


def _tender(one: TenderFigures) -> list[Block]:
    blocks: list[Block] = [Pair(f"{one.title}收入", money_words(one.in_fen))]
    if one.out_fen:
        blocks.append(Pair(f"{one.title}支出", show_fen(-one.out_fen)))
    if one.key != Tender.CASH.key and one.counted_fen is not None:
        blocks.append(Pair(f"{one.title}清点", show_fen(one.counted_fen)))
        if one.difference_fen:
            blocks.append(Pair(f"{one.title}差额", show_fen(one.difference_fen), bold=True))
    return blocks


def _drawer(figures: ShiftFigures) -> list[Block]:
    head = figures.head
    cash = next(one for one in figures.tenders if one.key == Tender.CASH.key)
    blocks: list[Block] = [
        Pair("备用金", show_fen(head.float_fen)),
        Pair("应有现金", money_words(cash.expected_fen)),
    ]
    if cash.counted_fen is None:
        return blocks
    for note, pieces in figures.notes:
        blocks.append(Pair(f"  {note_words(note)} × {pieces}", show_fen(note * pieces)))
    blocks.append(Total("清点现金", cash.counted_fen))
    blocks.append(Pair("长短款", show_fen(head.difference_fen), bold=bool(head.difference_fen)))
    if head.reason:
        blocks.append(Text(f"原因：{head.reason}", Align.LEFT))
    left_fen = head.left_fen or 0
    blocks.append(Pair("留在钱箱", show_fen(left_fen)))
    blocks.append(Pair("放入保险柜", show_fen(cash.counted_fen - left_fen)))
    return blocks
