"""Points earned, used, taken back, lapsed and put right by hand."""

from dataclasses import replace
from datetime import date

from meiping.domains.audit import service as audit
from meiping.domains.customers.cards import require_card
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.loyalty.cards import expire_cards
from meiping.domains.loyalty.models import PointMove
from meiping.domains.loyalty.queries import points_due, points_left
from meiping.domains.loyalty.rules import (
    ADJUST,
    MOST_POINTS,
    expiry_of,
    part_of,
    points_earned,
    points_needed,
    worth_fen,
)
from meiping.domains.settings.queries import option
from meiping.domains.till.service import business_date
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import Work, verb

_AT_ONCE = 500
_AUTOMATIC = "程序自动"
_LAPSED = """
SELECT c.id FROM customer c JOIN point_move m ON m.customer_id = c.id WHERE c.points > 0
AND (m.expires_date <= ? OR m.expires_date IS NULL) GROUP BY c.id HAVING sum(m.points) > 0 ORDER BY c.id LIMIT ?
"""


@verb(ADJUST)
def adjust_points(work: Work, *, key: str, customer_id: int, points: int, reason: str) -> int:
    """Give a customer points (positive) or take some away, with a reason; gives what is left.

    ``key`` is made when the window opens: pressed twice, it is done once. Raises InputError for nothing, without a
    reason, and for more than there is.
    """
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    if PointMove.select().where(PointMove.key == key).exists():
        return points_left(customer_id, work.day)
    why = clean(reason, name="原因", limit=60)
    if not points or abs(points) > MOST_POINTS:
        raise InputError("请填写要增加或减少的积分，例如 100 或 -100。", field="points")
    if not why:
        raise InputError("请填写原因。", field="reason")
    expire_points(work, customer_id)
    left = points_left(customer_id, work.day)
    if points < 0 and left + points < 0:
        raise InputError(f"只有 {left:,} 分，不能减少更多。", field="points")
    _move(work, customer_id, points, "adjust", Source(CUSTOMER, customer_id), note=why, key=key)
    audit.record(work, "points.adjust", f"手动调整积分 {points:+,}", Source(CUSTOMER, customer_id))
    work.changed(Topic.CUSTOMERS)
    return left + points


@verb(ADJUST)
def expire_due_points(work: Work) -> int:
    """Write off points that have lapsed, of some hundred customers at once; gives how many customers lost some."""
    rows = work.execute(_LAPSED, work.day.isoformat(), _AT_ONCE).fetchall()
    lost = sum(expire_points(work, customer_id) > 0 for (customer_id,) in rows)
    if lost:
        audit.record(work, "points.expire", f"{lost} 位客户的积分到期")
        work.changed(Topic.CUSTOMERS)
    return lost


def daily_pass(actor: Actor) -> int:
    """What happens once a day whoever logs in, and needs no right: points and count cards lapse.

    Gives how many customers lost points.
    """
    by_itself = replace(actor, operator_id=0, name=_AUTOMATIC, rights=AllRights())
    lost = 0
    while some := expire_due_points(by_itself):
        lost += some
    while expire_cards(by_itself):
        pass
    return lost


# ---------------------------------------------------------------- parts of other rooms' verbs


def earn(work: Work, *, customer_id: int, sale_id: int, paid_fen: int) -> int:
    """Points for what was paid on a bill other than by points and bonus; gives how many. None while points are off."""
    if not option("points.on"):
        return 0
    points = points_earned(paid_fen, yuan_each=option("points.yuan_each"))
    _move(work, customer_id, points, "earn", Source("sale", sale_id))
    return points


def spend(work: Work, *, customer_id: int, sale_id: int, amount_fen: int) -> int:
    """Pay ``amount_fen`` of a bill with points; gives how many went. Raises InputError where they are not enough."""
    if not (option("points.on") and option("points.pay")):
        raise InputError("本店没有开通积分付款。", field="points")
    require_card(work, customer_id)
    expire_points(work, customer_id)
    per_yuan = option("points.per_yuan")
    needed, left = points_needed(amount_fen, per_yuan=per_yuan), points_left(customer_id, work.day)
    if needed > left:
        most = show_fen(worth_fen(left, per_yuan=per_yuan))
        raise InputError(f"积分不够：现有 {left:,} 分，最多抵 {most}。", field="points")
    _move(work, customer_id, -needed, "spend", Source("sale", sale_id))
    return needed


def take_back(
    work: Work,
    *,
    customer_id: int,
    sale_id: int,
    return_id: int,
    whole_fen: int,
    before_fen: int,
    now_fen: int,
) -> int:
    """Take back what a bill earned, in the part that ``now_fen`` of its ``whole_fen`` comes back; gives how many points.

    ``before_fen`` came back earlier: all parts together take back exactly what was earned.
    """
    earned = _moved(sale_id, "earn")
    points = part_of(earned, whole_fen, before_fen=before_fen, now_fen=now_fen)
    _move(work, customer_id, -points, "takeback", Source("sale", return_id))
    return points


def give_back(
    work: Work,
    *,
    customer_id: int,
    sale_id: int,
    return_id: int,
    whole_fen: int,
    before_fen: int,
    now_fen: int,
) -> int:
    """Give back what a bill was paid with points, in the part ``now_fen`` of ``whole_fen``; gives how many points.

    They are as good as new: they lapse as if they were got today.
    """
    points = part_of(-_moved(sale_id, "spend"), whole_fen, before_fen=before_fen, now_fen=now_fen)
    _move(work, customer_id, points, "giveback", Source("sale", return_id))
    return points


def spend_again(work: Work, *, customer_id: int, sale_id: int, points: int) -> None:
    """Points given back with goods of one bill pay for those of another, taken instead."""
    _move(work, customer_id, -points, "spend", Source("sale", sale_id))


def open_points(work: Work, *, customer_id: int, points: int, source: Source) -> int | None:
    """Points a customer had elsewhere before; negative takes such back. Gives the move's id, None for no points."""
    return _move(work, customer_id, points, "opening", source)


def expire_points(work: Work, customer_id: int) -> int:
    """Write off what of a customer's points has lapsed by the day of this work; gives how many."""
    due = points_due(customer_id, work.day)
    if due:
        write_move(work, customer_id, -due, "expire", Source(CUSTOMER, customer_id), expires_date=None)
    return due


def _moved(sale_id: int, kind: str) -> int:
    return int(
        fetch_value(
            "SELECT coalesce(sum(points), 0) FROM point_move"
            " WHERE source_kind = 'sale' AND source_id = ? AND kind = ?",
            sale_id,
            kind,
        )
    )


def _move(
    work: Work,
    customer_id: int,
    points: int,
    kind: str,
    source: Source,
    *,
    note: str = "",
    key: str | None = None,
) -> int | None:
    if not points:
        return None
    if points < 0:
        expire_points(work, customer_id)  # what has lapsed can't be used up any more
    day = expiry_of(work.day, option("points.months")) if points > 0 else None
    return write_move(work, customer_id, points, kind, source, expires_date=day, note=note, key=key)


def write_move(
    work: Work,
    customer_id: int,
    points: int,
    kind: str,
    source: Source,
    *,
    expires_date: date | None,
    note: str = "",
    key: str | None = None,
) -> int:
    """Add one move, in the words of ``PointMove``; gives its id."""
    added = work.execute(
        "INSERT INTO point_move (key, at, business_date, company_id, operator_id, customer_id, source_kind, source_id,"
        " kind, points, expires_date, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key,
        work.at,
        business_date(work).isoformat(),
        work.actor.company_id,
        work.actor.operator_id,
        customer_id,
        source.kind,
        source.id,
        kind,
        points,
        expires_date.isoformat() if expires_date else None,
        note,
    )
    return int(added.lastrowid)
