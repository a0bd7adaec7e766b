"""The one door through which stock moves: parts of the verbs that buy, sell, return and count."""

from collections.abc import Collection
from datetime import date

from meiping.domains.stock.rules import Holding, cost_of, received, taken
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def holding(work: Work, product_id: int) -> Holding:
    """What lies in the actor's company now; the last cost is the purchase price until goods came in."""
    row = work.execute(
        "SELECT qty_milli, value_fen, last_cost_fen FROM stock WHERE company_id = ? AND product_id = ?",
        work.actor.company_id,
        product_id,
    ).fetchone()
    if row is not None:
        return Holding(*row)
    cost = work.execute("SELECT purchase_price_fen FROM product WHERE id = ?", product_id).fetchone()
    return Holding(last_cost_fen=cost[0] if cost else 0)


def there_now(work: Work, product_ids: Collection[int]) -> dict[int, int]:
    """How much of each product lies in the actor's company, in thousandths; 0 where it never lay there."""
    found = work.execute(
        f"SELECT product_id, qty_milli FROM stock WHERE company_id = ? AND product_id IN ({', '.join('?' * len(product_ids))})",
        work.actor.company_id,
        *product_ids,
    ).fetchall()
    return dict.fromkeys(product_ids, 0) | dict(found)


def ever_counted(work: Work, product_id: int) -> bool:
    """Whether a product ever came into the actor's company, but by customers who brought it back."""
    row = work.execute(
        "SELECT EXISTS (SELECT 1 FROM stock_move WHERE product_id = ? AND company_id = ? AND qty_milli > 0"
        " AND source_kind <> 'sale')",
        product_id,
        work.actor.company_id,
    ).fetchone()
    return bool(row[0])


def issue(
    work: Work, *, product_id: int, qty_milli: int, nature: str, source: Source, business_date: date
) -> int:
    """Take goods out and give the cost in fen they take along; the caller books it."""
    before = holding(work, product_id)
    cost_fen = cost_of(before, qty_milli)
    _write(work, product_id, taken(before, qty_milli))
    _add_move(work, product_id, -qty_milli, -cost_fen, nature, source, business_date)
    return cost_fen


def receive(
    work: Work,
    *,
    product_id: int,
    qty_milli: int,
    value_fen: int,
    nature: str,
    source: Source,
    business_date: date,
) -> int:
    """Bring goods in at ``value_fen`` for the whole quantity.

    Gives the fen by which stock below zero had been valued too high: the caller books them from inventory
    to stock differences in the same entry (mostly 0).
    """
    receipt = received(holding(work, product_id), qty_milli, value_fen)
    _write(work, product_id, receipt.after)
    _add_move(work, product_id, qty_milli, value_fen, nature, source, business_date)
    if receipt.difference_fen:
        _add_move(work, product_id, 0, -receipt.difference_fen, "成本调整", source, business_date)
    return receipt.difference_fen


def _write(work: Work, product_id: int, after: Holding) -> None:
    work.execute(
        "INSERT INTO stock (company_id, product_id, qty_milli, value_fen, last_cost_fen, last_move_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (company_id, product_id) DO UPDATE SET"
        " qty_milli = excluded.qty_milli, value_fen = excluded.value_fen,"
        " last_cost_fen = excluded.last_cost_fen, last_move_at = excluded.last_move_at",
        work.actor.company_id,
        product_id,
        after.qty_milli,
        after.value_fen,
        after.last_cost_fen,
        work.at,
    )


def _add_move(
    work: Work, product_id: int, qty_milli: int, value_fen: int, nature: str, source: Source, day: date
) -> None:
    work.execute(
        "INSERT INTO stock_move (at, business_date, company_id, product_id, qty_milli, value_fen, nature,"
        " source_kind, source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        work.at,
        day.isoformat(),
        work.actor.company_id,
        product_id,
        qty_milli,
        value_fen,
        nature,
        source.kind,
        source.id,
    )
    work.changed(Topic.STOCK)
