"""Terms of service that begin with the lines of a bill."""

from datetime import date

from meiping.domains.sales.cart import Cart
from meiping.domains.service_terms.service import SoldLine, begin_terms
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work


def begin_service(work: Work, sale_id: int, cart: Cart, *, customer_id: int | None, day: date) -> None:
    """Begin the terms of the products sold on a bill just written, and those its lines pay the fee of."""
    renewed = {place: line.renews_id for place, line in enumerate(cart.lines, start=1) if line.renews_id}
    if customer_id is None and not renewed:
        return
    rows = fetch(
        "SELECT l.position, l.id, l.product_id, p.service_term_months FROM sale_line l"
        " JOIN product p ON p.id = l.product_id WHERE l.sale_id = ? AND l.qty_milli > 0 ORDER BY l.position",
        sale_id,
    )
    lines = [
        SoldLine(line_id, product_id, renewed.get(position))
        for position, line_id, product_id, months in rows
        if months or position in renewed
    ]
    begin_terms(work, lines, customer_id=customer_id, day=day)
