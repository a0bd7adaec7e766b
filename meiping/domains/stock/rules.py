"""Moving average cost, exact to the fen: what an issue takes and what a receipt leaves."""

from dataclasses import dataclass

from meiping.kernel.money import rounded_ratio
from meiping.kernel.permissions import permission

VIEW_STOCK = permission("stock.view", "查看库存", group="商品")
RECEIVE_GOODS = permission("stock.receive", "库存增加", group="商品")
ISSUE_GOODS = permission("stock.issue", "库存减少", group="商品")


@dataclass(frozen=True, slots=True)
class Holding:
    """What lies in one company: quantity, value, and the last unit cost in fen."""

    qty_milli: int = 0
    value_fen: int = 0
    last_cost_fen: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The holding after goods came in, and the gap written off because stock had been below zero."""

    after: Holding
    difference_fen: int


def cost_of(holding: Holding, qty_milli: int) -> int:
    """The value fen that ``qty_milli`` going out takes along.

    In proportion while there is enough, the last piece takes the rest; what goes below zero is taken at
    the last cost.
    """
    if qty_milli == holding.qty_milli:
        return holding.value_fen
    if 0 < qty_milli < holding.qty_milli:
        return rounded_ratio(holding.value_fen * qty_milli, holding.qty_milli)
    there = max(holding.qty_milli, 0)
    missing = rounded_ratio((qty_milli - there) * holding.last_cost_fen, 1000)
    return (holding.value_fen if there else 0) + missing


def taken(holding: Holding, qty_milli: int) -> Holding:
    """The holding after an issue."""
    return Holding(
        holding.qty_milli - qty_milli,
        holding.value_fen - cost_of(holding, qty_milli),
        holding.last_cost_fen,
    )


def received(holding: Holding, qty_milli: int, value_fen: int) -> Receipt:
    """The holding after ``qty_milli`` worth ``value_fen`` came in.

    Filling a hole leaves the rest at the new cost; the gap against the last cost is the difference.
    """
    quantity = holding.qty_milli + qty_milli
    last_cost = rounded_ratio(value_fen * 1000, qty_milli)
    if holding.qty_milli >= 0:
        return Receipt(Holding(quantity, holding.value_fen + value_fen, last_cost), 0)
    value = rounded_ratio(value_fen * quantity, qty_milli)
    return Receipt(Holding(quantity, value, last_cost), holding.value_fen + value_fen - value)
