"""Lines of posted bills that count for another salesperson than the bill does."""

from collections.abc import Collection, Mapping
from typing import Any

from peewee import Case, fn

from meiping.domains.sales.cart import NOBODY
from meiping.domains.sales.models import Sale, SaleLine
from meiping.store.database import fetch, fetch_value


def people_beside(sale_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """For lists of bills: ``line_people``, the names of those whom single lines count for, of the bills that have any."""
    marks = ", ".join("?" * len(sale_ids))
    rows = fetch(
        "SELECT DISTINCT l.sale_id, o.name FROM sale_line l INDEXED BY sale_line_own JOIN operator o"
        f" ON o.id = l.salesperson_id WHERE l.sale_id IN ({marks}) AND l.salesperson_id IS NOT NULL ORDER BY 1, o.id",
        *sale_ids,
    )
    found: dict[int, dict[str, Any]] = {}
    for sale_id, name in rows:
        found.setdefault(sale_id, {"line_people": []})["line_people"].append(name)
    return found


def people_words(row: Mapping[str, Any]) -> str:
    """The salespersons of a row of a list of bills: the bill's, then those of single lines."""
    return "、".join(name for name in (row["salesperson"], *row.get("line_people", ())) if name)


def lines_count_apart(operator_id: int | None = None) -> bool:
    """Whether any line counts for another salesperson than its bill; for this one, where one is named."""
    whose, values = ("IS NOT NULL", ()) if operator_id is None else ("= ?", (operator_id,))
    return bool(fetch_value(f"SELECT EXISTS (SELECT 1 FROM sale_line WHERE salesperson_id {whose})", *values))


def of_person(operator_id: int) -> Any:
    """The condition on bills that a salesperson (NOBODY for none) has a share in: the bill's, or a line's."""
    if not lines_count_apart(operator_id):
        return _counts_for(operator_id)  # twice as quick over many bills
    lines = SaleLine.select(SaleLine.sale).where(SaleLine.salesperson_id == operator_id)
    return _counts_for(operator_id) | Sale.id.in_(lines)


def _counts_for(operator_id: int) -> Any:
    return Sale.salesperson.is_null() if operator_id == NOBODY else Sale.salesperson == operator_id


_LIST_FEN = (
    SaleLine.list_price_fen * SaleLine.qty_milli + Case(None, [(SaleLine.qty_milli < 0, -500)], 500)
) / 1000
"""A line at list price, rounded as money is."""


def parts_of_person(operator_id: int) -> tuple[Any, Any, Any]:
    """What of a bill (``Sale``) counts for a salesperson, as columns: net, discount (with what was rounded off), cost."""

    def part(of_bill: Any, of_line: Any) -> Any:
        own = SaleLine.select(fn.COALESCE(fn.SUM(of_line), 0)).where(SaleLine.sale == Sale.id)
        moved = own.where(SaleLine.salesperson_id.is_null(False))
        his = own.where(SaleLine.salesperson_id == operator_id)
        return Case(None, [(_counts_for(operator_id), of_bill - moved)], his)

    return (
        part(Sale.total_fen, SaleLine.net_fen),
        part(Sale.discount_fen - Sale.rounding_fen, _LIST_FEN - SaleLine.net_fen),
        part(Sale.cost_fen, SaleLine.cost_fen),
    )
