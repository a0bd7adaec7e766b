"""Slips on which money of a customer moves outside a bill: found by their key, numbered, written, booked."""

from collections.abc import Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Line
from meiping.domains.settings.service import next_number
from meiping.domains.till.models import MoneySlip
from meiping.domains.till.rules import Tender, receiving_tender
from meiping.domains.till.service import session
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class SlipKind:
    """A kind of slip: where it is kept, its word, what its numbers begin with, and its kind in the journal."""

    model: type[MoneySlip]
    title: str
    prefix: str
    source: str

    def posted(self, key: str) -> str | None:
        """The number of the slip that was posted under this key."""
        row = self.model.get_or_none(self.model.key == key)
        return None if row is None else str(row.number)

    def begin(self, work: Work, customer_id: int, tender: str) -> tuple[int, Tender]:
        """Whose slip it becomes, and by which tender. Raises InputError, NotFound."""
        customer_id = survivor_of(customer_id)
        require_visible(work.actor, customer_id, any_customer=True)
        return customer_id, receiving_tender(tender, self.title)

    def book(
        self,
        work: Work,
        lines: Sequence[Line],
        *,
        action: str,
        key: str,
        customer_id: int,
        tender: Tender,
        note: str,
        **amounts: int | str | None,
    ) -> str:
        """Write the slip with its ``amounts`` and what else it names, and its one entry; gives its number."""
        note = clean(note, name="备注")
        now = session(work)
        day = now.business_date
        number = next_number(work, self.prefix, day=day)
        slip = self.model.create(
            key=key,
            number=number,
            company=work.actor.company_id,
            customer=customer_id,
            operator=work.actor.operator_id,
            posted_at=work.at,
            business_date=day,
            tender=tender.key,
            note=note,
            **amounts,
        )
        source = Source(self.source, slip.id)
        ledger.post(work, memo=number, source=source, business_date=day, lines=lines, shift_id=now.shift_id)
        audit.record(work, action, f"{self.title} {number}", source)
        return number
