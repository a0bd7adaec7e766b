"""How bills stand with their invoices: not made out, made out, or made out for more than is left of the bill."""

from collections.abc import Collection, Mapping
from typing import Any

from peewee import Case, fn

from meiping.domains.sales.invoice_rules import rate_words
from meiping.domains.sales.models import Invoice, Sale, SaleLine
from meiping.domains.settings.queries import option
from meiping.kernel.moments import show_date
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Row
from meiping.store.database import fetch

OPEN, MADE, TOO_MUCH = "open", "made", "too_much"
STATE_WORDS = {OPEN: "未开", MADE: "已开", TOO_MUCH: "要红冲"}
"""``TOO_MUCH``: goods of the bill came back after its invoice was made out."""
_STATES = """
SELECT s.id, i.amount_fen, (
    SELECT coalesce(sum(l.net_fen + coalesce(
        (SELECT sum(b.net_fen) FROM sale_line b WHERE b.returns_line_id = l.id), 0)), 0)
    FROM sale_line l WHERE l.sale_id = s.id AND l.qty_milli > 0)
FROM sale s LEFT JOIN invoice i ON i.sale_id = s.id AND i.cancelled_at IS NULL
WHERE s.kind <> 'return' AND s.id IN ({marks})
"""


def invoicing_on() -> bool:
    """Whether the shop deals with tax and invoices at all."""
    return bool(option("tax.percent"))


def usual_rate_bp() -> int:
    """The rate of tax the prices contain now, in basis points; 0 where the shop does not deal with it."""
    return int(option("tax.percent")) * 100


def left_fen(sale_ids: Collection[int]) -> dict[int, int]:
    """What an invoice for each of these bills would be about, in fen; returns have none."""
    return {sale_id: left for sale_id, _, left in _read_states(sale_ids)}


def states_of(sale_ids: Collection[int]) -> Mapping[int, Row]:
    """For a list of bills: how each stands, as ``invoice_state`` and in a word as ``invoice``."""
    found: dict[int, Row] = {}
    for sale_id, amount_fen, left in _read_states(sale_ids):
        state = _state(amount_fen, left)
        found[sale_id] = {"invoice_state": state, "invoice": STATE_WORDS.get(state, "")}
    return found


def _state(amount_fen: int | None, left: int) -> str:
    if amount_fen is None:
        return OPEN if left > 0 else ""
    return TOO_MUCH if amount_fen > left else MADE


def _read_states(sale_ids: Collection[int]) -> list[tuple[Any, ...]]:
    ids = list(sale_ids)
    return fetch(_STATES.format(marks=", ".join("?" * len(ids))), *ids)


def in_state(state: str) -> Any:
    """The condition on bills that stand so; MADE takes those with too much on their invoice too."""
    standing = Invoice.select(Invoice.sale).where(Invoice.cancelled_at.is_null())
    if state == MADE:
        return Sale.id.in_(standing)
    left = fn.coalesce(_left_of_bill(), 0).coerce(False)
    if state == OPEN:
        still: Any = Case(None, [(_kept_whole(), Sale.total_fen)], left)
        return (Sale.kind != "return") & Sale.id.not_in(standing) & (still > 0)
    mine = (Invoice.sale == Sale.id) & Invoice.cancelled_at.is_null()
    made_for = fn.coalesce(Invoice.select(Invoice.amount_fen).where(mine), 0).coerce(False)
    return Sale.id.in_(standing) & (made_for > left)


def _kept_whole() -> Any:
    """The condition on bills of which nothing came back: what is left of them is what they came to.

    Few are otherwise, and only their lines need to be added up.
    """
    bought: Any = SaleLine.alias("bought")
    back: Any = SaleLine.alias("back")
    touched = back.select(bought.sale).join(bought, on=(bought.id == back.returns_line))
    touched = touched.where(back.returns_line.is_null(False))
    return (Sale.kind == "sale") & Sale.id.not_in(touched)


def _left_of_bill() -> Any:
    """What was bought on the bill at hand, less what came back of it, in fen."""
    bought: Any = SaleLine.alias("bought")
    back: Any = SaleLine.alias("back")
    returned = fn.coalesce(back.select(fn.SUM(back.net_fen)).where(back.returns_line == bought.id), 0)
    of_bill = (bought.sale == Sale.id) & (bought.qty_milli > 0)
    return bought.select(fn.SUM(bought.net_fen + returned)).where(of_bill)


def numbered(text: str) -> Any:
    """The condition on bills that an invoice with this in its number was made out for."""
    return Sale.id.in_(Invoice.select(Invoice.sale).where(Invoice.number.contains(text)))


def told_invoices(sale: Sale) -> tuple[str, ...]:
    """A line for each invoice of a bill one may see, the cancelled ones too."""
    rows = Invoice.select().where(Invoice.sale == sale.id).order_by(Invoice.id)
    return tuple(_told(row, sale) for row in rows)


def _told(row: Invoice, sale: Sale) -> str:
    """Amount and tax are said where they are not those of the bill."""
    words = [row.number, show_date(row.invoiced_date), row.title or "抬头已隐去"]
    if (row.amount_fen, row.rate_bp) != (sale.total_fen, sale.tax_bp):
        words.append(f"{show_fen(row.amount_fen)}（含税 {rate_words(row.rate_bp)} {show_fen(row.tax_fen)}）")
    if row.note:
        words.append(row.note)
    if row.cancelled_at is not None:
        words.append(f"已作废：{row.cancel_reason}")
    return " · ".join(words)
