"""What bills and returns do to their customer's points."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from meiping.domains.ledger.rules import Account, Line
from meiping.domains.loyalty import service as loyalty
from meiping.domains.loyalty.rules import part_of
from meiping.domains.sales.models import ExchangeCredit, Sale
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.refunds import Purse, purses_of
from meiping.domains.till.rules import Tender
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import Work

_POINTS = Tender.POINTS


def earn_on_bill(
    work: Work,
    sale_id: int,
    *,
    customer_id: int,
    taken_fen: int,
    payments: Sequence[Payment],
    money: Sequence[Line],
    kept: Sequence[tuple[Tender, Purse]] = (),
) -> None:
    """Give points for ``taken_fen`` of goods taken, less what was paid for them by points and with bonus.

    ``kept`` is what goods brought back pay for, by tender.
    """
    by_points = sum(payment.amount_fen for payment in payments if payment.tender == _POINTS.key)
    by_points += sum(purse.amount_fen for tender, purse in kept if tender is _POINTS)
    bonus = sum(line.amount_fen for line in money if line.account is Account.STORED_BONUS)
    bonus = max(bonus, 0) + sum(purse.bonus_fen for _, purse in kept)
    loyalty.earn(work, customer_id=customer_id, sale_id=sale_id, paid_fen=taken_fen - by_points - bonus)


def take_back_points(
    work: Work,
    original: Sale,
    return_id: int,
    *,
    customer_id: int,
    returned_fen: int,
    gone: Mapping[Tender, Purse],
    kept: Mapping[Tender, Purse] = MappingProxyType({}),
) -> None:
    """Take back what ``returned_fen`` of a bill's goods earned, and give back points it was paid with.

    Called once the return or exchange ``return_id`` is written. ``gone`` is what leaves the original by tender; points
    ``kept`` of it pay for the exchange.
    """
    whole_fen = _fen_of("SELECT sum(net_fen) FROM sale_line WHERE sale_id = ? AND qty_milli > 0", original.id)
    back_fen = _fen_of(
        "SELECT -sum(net_fen) FROM sale_line WHERE returns_line_id IN (SELECT id FROM sale_line WHERE sale_id = ?)",
        original.id,
    )
    loyalty.take_back(
        work,
        customer_id=customer_id,
        sale_id=original.id,
        return_id=return_id,
        whole_fen=whole_fen,
        before_fen=back_fen - returned_fen,
        now_fen=returned_fen,
    )
    now_fen = gone.get(_POINTS, Purse(0)).amount_fen
    if not now_fen:
        return
    paid_fen = _paid_with_points(original.id)
    left_fen = purses_of(original).get(_POINTS, Purse(0)).amount_fen
    points = loyalty.give_back(
        work,
        customer_id=customer_id,
        sale_id=original.id,
        return_id=return_id,
        whole_fen=paid_fen,
        before_fen=paid_fen - left_fen - now_fen,
        now_fen=now_fen,
    )
    stays_fen = kept.get(_POINTS, Purse(0)).amount_fen
    again = part_of(points, now_fen, before_fen=now_fen - stays_fen, now_fen=stays_fen)
    loyalty.spend_again(work, customer_id=customer_id, sale_id=return_id, points=again)


def _paid_with_points(sale_id: int) -> int:
    """What points paid for a bill: by its own tenders, and kept of what came back with it."""
    own = _fen_of(
        "SELECT sum(amount_fen) FROM sale_tender WHERE sale_id = ? AND amount_fen > 0 AND tender = 'points'",
        sale_id,
    )
    met = (ExchangeCredit.sale == sale_id) & (ExchangeCredit.tender == _POINTS.key)
    return own + sum(int(credit.kept_fen) for credit in ExchangeCredit.select().where(met))


def _fen_of(sql: str, record_id: int) -> int:
    return int(fetch_value(sql, record_id) or 0)
