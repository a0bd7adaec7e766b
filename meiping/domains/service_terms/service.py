"""Writing terms down with the bill that sells them: parts of other rooms' verbs.

A term is written in the bill's own transaction and keeps what was agreed then, whatever the product says later. What comes
back of its line is not written here: it is read from the line, so that no return can be forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meiping.domains.catalog.models import Product
from meiping.domains.service_terms.models import ServiceTerm
from meiping.domains.service_terms.rules import TermDays, first_term
from meiping.kernel.errors import InputError
from meiping.store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a bill just written: its id, its product, and the term it pays the next one of, if any."""

    id: int
    product_id: int
    renews_id: int | None = None


def begin_terms(work: Work, lines: Sequence[SoldLine], *, customer_id: int | None, day: date) -> None:
    """Begin the terms of lines sold to a named customer on ``day``, and those that follow the terms paid for.

    Several pieces of a line are one term. Whoever pays for a renewal, the service stays the customer's whose it is; paid
    for twice, it goes on twice as long. Raises InputError for a renewal of what is not there.
    """
    for line in lines:
        if line.renews_id is not None:
            _follow(work, line, line.renews_id)
        elif customer_id is not None:
            product = Product.get_by_id(line.product_id)
            _write(work, line, product, first_term(day, product.service_term_months), customer_id)


def _follow(work: Work, line: SoldLine, renews_id: int) -> None:
    earlier = ServiceTerm.get_or_none(ServiceTerm.id == last_of_chain(work, renews_id))
    if earlier is None:
        raise InputError("要续的服务已经不在了，请从单里删除这一行。")
    product = Product.get_by_id(earlier.product_id)
    days = TermDays(earlier.start_date, earlier.end_date, earlier.anchor_day)
    following = days.following(product.service_term_months or earlier.months)
    _write(work, line, product, following, earlier.customer_id, earlier)


def last_of_chain(work: Work, term_id: int) -> int:
    """The last term that stands of those that follow a term; itself where none does."""
    while True:
        row = work.execute(
            "SELECT t.id FROM service_term t JOIN sale_line l ON l.id = t.sale_line_id"
            " WHERE t.renews_id = ? AND l.qty_milli > l.returned_milli ORDER BY t.id DESC LIMIT 1",
            term_id,
        ).fetchone()
        if row is None:
            return term_id
        term_id = row[0]


def _write(
    work: Work,
    line: SoldLine,
    product: Product,
    days: TermDays,
    customer_id: int,
    earlier: ServiceTerm | None = None,
) -> None:
    ServiceTerm.create(
        sale_line_id=line.id,
        root_line_id=line.id if earlier is None else earlier.root_line_id,
        renews=None if earlier is None else earlier.id,
        company=work.actor.company_id,
        customer=customer_id,
        product=product.id,
        start_date=days.start,
        end_date=days.end,
        anchor_day=days.anchor_day,
        months=product.service_term_months or (earlier.months if earlier is not None else 0),
        fee_fen=product.annual_fee_fen or (earlier.fee_fen if earlier is not None else 0),
    )


def set_closed(work: Work, term_id: int, *, at: int | None, reason: str) -> None:
    """Write down since when a term is not wanted to go on, and why; ``at`` None takes it back."""
    ServiceTerm.update(closed_at=at, closed_reason=reason).where(ServiceTerm.id == term_id).execute()
