"""Reading points."""

from dataclasses import dataclass
from datetime import date

from meiping.domains.access.models import Company
from meiping.domains.customers.queries import family_ids, require_visible, survivor_of
from meiping.domains.customers.rules import VIEW
from meiping.domains.loyalty.models import PointMove
from meiping.domains.loyalty.rules import KIND_WORDS, NEVER, lots_left, worth_fen
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import query

POINT_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("kind", "类型", width=10),
    Column("number", "单号", Kind.CODE, width=20),
    Column("change", "变动", Kind.NUMBER, width=9),
    Column("points", "结余", Kind.NUMBER, width=9),
    Column("expires_date", "到期", Kind.DATE, width=11),
    Column("company", "公司", width=12, hidden=True),
    Column("note", "说明", width=18, stretch=True),
)
_DUE = """
SELECT coalesce(sum(points), 0) FROM point_move
WHERE (expires_date <= ? OR expires_date IS NULL) AND customer_id = ?
"""


def points_on() -> bool:
    """Whether the shop gives points."""
    return bool(option("points.on"))


def points_due(customer_id: int, day: date) -> int:
    """The points of a customer that have lapsed by this day and are not written off yet."""
    return max(int(fetch_value(_DUE, day.isoformat(), customer_id)), 0)


def balance_of(customer_id: int) -> int:
    """A customer's points as they are booked; below zero where more was taken back than was left."""
    return int(fetch_value("SELECT points FROM customer WHERE id = ?", customer_id) or 0)


def points_left(customer_id: int, day: date) -> int:
    """What a customer may use on this day."""
    return balance_of(customer_id) - points_due(customer_id, day)


@dataclass(frozen=True, slots=True)
class BillPoints:
    """What a bill did to its customer's points: got and taken back, used and given back; both as they moved."""

    earned: int
    used: int


def points_of_bill(sale_id: int) -> BillPoints:
    """The points that moved with a bill, for verbs that have checked who may see it."""
    found = dict(
        fetch(
            "SELECT kind IN ('spend', 'giveback'), sum(points) FROM point_move"
            " WHERE source_kind = 'sale' AND source_id = ? GROUP BY 1",
            sale_id,
        )
    )
    return BillPoints(int(found.get(0, 0)), int(found.get(1, 0)))


@dataclass(frozen=True, slots=True)
class CustomerPoints:
    """A customer's points on a day: what may be used, what that pays in fen, and what lapses next, and when."""

    points: int
    worth_fen: int
    lapsing: int
    lapse_date: date | None


@query(VIEW)
def customer_points(actor: Actor, *, customer_id: int) -> CustomerPoints:
    """The points of a customer, over all companies."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    today = actor.today()
    points = points_left(customer_id, today)
    moves = PointMove.select(PointMove.points, PointMove.expires_date).where(
        PointMove.customer == customer_id
    )
    dated = [
        (lot, day)
        for lot, day in lots_left((move.points, move.expires_date) for move in moves)
        if day not in (None, NEVER) and day > today and lot > 0
    ]
    lapsing, lapse_date = dated[0] if dated else (0, None)
    return CustomerPoints(points, worth_fen(points, per_yuan=option("points.per_yuan")), lapsing, lapse_date)


@query(VIEW)
def point_moves(actor: Actor, *, customer_id: int) -> Table:
    """Every move of a customer's points, the newest first, with what was left after it."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    numbers = dict(
        fetch(
            "SELECT s.id, s.number FROM point_move m JOIN sale s ON s.id = m.source_id"
            f" WHERE m.source_kind = 'sale' AND m.customer_id IN ({', '.join('?' * len(family_ids(customer_id)))})",
            *family_ids(customer_id),
        )
    )
    companies = {row.id: row.name for row in Company.select()}
    rows, left = [], 0
    for move in PointMove.select().where(PointMove.customer == customer_id).order_by(PointMove.id):
        left += move.points
        rows.append(
            {
                "id": move.id,
                "at": move.at,
                "kind": KIND_WORDS[move.kind],
                "number": numbers.get(move.source_id, "") if move.source_kind == "sale" else "",
                "change": move.points,
                "points": left,
                "expires_date": None if move.expires_date == NEVER else move.expires_date,
                "company": companies.get(move.company_id, ""),
                "note": move.note,
                "tone": "danger" if move.points < 0 else None,
            }
        )
    return Table("积分", POINT_COLUMNS, rows[::-1])
