"""Points of a customer who is merged go to the survivor as they are, with the days they lapse, and come back so."""

from meiping.domains.loyalty.models import PointMove
from meiping.domains.loyalty.queries import balance_of
from meiping.domains.loyalty.rules import lots_left
from meiping.domains.loyalty.service import expire_points, write_move
from meiping.kernel.errors import UserError
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work

SOURCE = "merge"


def carry_over(work: Work, merge_id: int, *, from_id: int, to_id: int) -> None:
    """Move what a customer has, or owes, to another."""
    for customer_id in (from_id, to_id):
        expire_points(work, customer_id)
    moves = PointMove.select(PointMove.points, PointMove.expires_date).where(PointMove.customer == from_id)
    source = Source(SOURCE, merge_id)
    for points, day in lots_left((move.points, move.expires_date) for move in moves):
        write_move(work, from_id, -points, "merge", source, expires_date=day)
        write_move(work, to_id, points, "merge", source, expires_date=day)


def carry_back(work: Work, merge_id: int, *, from_id: int) -> None:
    """Move back what came over. Raises UserError where less of it is left with the survivor ``from_id``."""
    met = (PointMove.source_kind == SOURCE) & (PointMove.source_id == merge_id)
    moves = list(PointMove.select().where(met).order_by(PointMove.id))
    came = sum(move.points for move in moves if move.customer_id == from_id)
    expire_points(work, from_id)
    left = balance_of(from_id)
    if came > 0 and left < came:
        raise UserError(
            f"合并时转来的积分是 {came:,} 分，现在只剩 {left:,} 分，已经用掉或到期，不能撤销合并。"
        )
    for move in moves:
        write_move(
            work,
            move.customer_id,
            -move.points,
            "merge",
            Source(SOURCE, merge_id),
            expires_date=move.expires_date,
        )
