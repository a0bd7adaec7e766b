"""Count cards on bills: made of the lines sold, taken back with the lines returned."""

from collections.abc import Sequence
from datetime import date

from meiping.domains.ledger.rules import Line
from meiping.domains.loyalty import cards
from meiping.domains.sales.posting import BillLine
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work


def issue_cards(work: Work, sale_id: int, *, customer_id: int | None, day: date) -> list[Line]:
    """Make the cards sold on a bill just written; gives the postings that put off what was paid for them."""
    rows = fetch(
        "SELECT l.id, l.product_id, l.product_name, l.qty_milli, l.net_fen FROM sale_line l"
        " JOIN card_kind k ON k.product_id = l.product_id WHERE l.sale_id = ? AND l.qty_milli > 0 AND k.active",
        sale_id,
    )
    if not rows:
        return []
    return cards.issue(work, [cards.CardLine(*row) for row in rows], customer_id=customer_id, day=day)


def bring_cards_back(work: Work, parts: Sequence[BillLine]) -> list[Line]:
    """Take the cards among goods that come back; gives the postings that undo the putting off."""
    lines = [
        cards.CardLine(part.returns_line_id, part.product_id, part.product_name, part.qty_milli, part.net_fen)
        for part in parts
        if part.returns_line_id is not None
    ]
    return cards.bring_back(work, lines)
