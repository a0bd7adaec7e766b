"""By which tenders a bill stands paid, after wrong ones were put right."""

from collections.abc import Sequence

from meiping.domains.access.models import Operator
from meiping.domains.sales.models import SaleTender, TenderChange
from meiping.domains.till.rules import TENDER_BY_KEY
from meiping.kernel.money import show_fen


def tenders_standing(sale_id: int) -> tuple[tuple[tuple[str, int, int], ...], tuple[str, ...]]:
    """The tenders of a bill one may see as (word, amount fen, received fen), and a line for each that was put right."""
    changes = list(
        TenderChange.select(TenderChange, Operator)
        .join(Operator)
        .where(TenderChange.sale == sale_id)
        .order_by(TenderChange.id)
    )
    return _tenders_now(sale_id, changes), tuple(_told_change(change) for change in changes)


def _tenders_now(sale_id: int, changes: Sequence[TenderChange]) -> tuple[tuple[str, int, int], ...]:
    """By which tenders a bill stands paid; what was taken by another one than was pressed was taken without change."""
    rows = SaleTender.select().where(SaleTender.sale == sale_id).order_by(SaleTender.id)
    standing = [[row.tender, row.amount_fen, row.received_fen] for row in rows]
    for change in changes:
        left_fen = change.amount_fen
        for one in standing:
            moved_fen = min(left_fen, one[1]) if one[0] == change.from_tender else 0
            if moved_fen > 0:
                one[1], one[2] = one[1] - moved_fen, max(one[2] - moved_fen, 0)
                left_fen -= moved_fen
        standing.append([change.to_tender, change.amount_fen, change.amount_fen])
    return tuple(
        (TENDER_BY_KEY[tender].title, amount_fen, received_fen)
        for tender, amount_fen, received_fen in standing
        if amount_fen
    )


def _told_change(change: TenderChange) -> str:
    wrong, right = TENDER_BY_KEY[change.from_tender].title, TENDER_BY_KEY[change.to_tender].title
    said = f"：{change.reason}" if change.reason else ""
    return f"收款方式更正：{wrong} → {right} {show_fen(change.amount_fen)}（{change.operator.name}）{said}"
