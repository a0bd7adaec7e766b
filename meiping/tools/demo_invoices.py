"""Invoices of the demonstration shop: firms get one for their latest bills, some other customers for one."""

import uuid

from meiping.domains.sales.invoice_rules import InvoiceInput
from meiping.domains.sales.invoice_state import left_fen
from meiping.domains.sales.invoices import cancel_invoice, invoice_bills, invoice_draft
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work, batch
from meiping.tools.demo_bills import return_one
from meiping.tools.demo_maker import Maker

TAX_PERCENT = 13
"""What the prices of the demonstration shop contain."""
_NUMBERED_FROM = 26_442_000_000_000_318_001
_FIRMS, _OTHERS = 6, 12
_OF_FIRMS = """
SELECT s.customer_id, group_concat(s.id) FROM (
    SELECT id, customer_id FROM sale s WHERE kind = 'sale' AND total_fen > 0
        AND NOT EXISTS (SELECT 1 FROM sale_line l WHERE l.sale_id = s.id AND l.returned_milli > 0)
    ORDER BY id DESC LIMIT 400) s
JOIN customer c ON c.id = s.customer_id WHERE c.firm GROUP BY 1 ORDER BY max(s.id) DESC LIMIT ?
"""
_OF_OTHERS = """
SELECT s.id FROM sale s LEFT JOIN customer c ON c.id = s.customer_id
WHERE s.kind = 'sale' AND s.total_fen > 20000 AND NOT coalesce(c.firm, 0)
    AND NOT EXISTS (SELECT 1 FROM sale_line l WHERE l.sale_id = s.id AND l.returned_milli > 0)
ORDER BY s.id DESC LIMIT ?
"""


def make_invoices(maker: Maker) -> None:
    """Several bills on one paper for firms, one each for others; one is cancelled, of one the goods come back."""
    papers = [[int(one) for one in ids.split(",")][:3] for _, ids in fetch(_OF_FIRMS, _FIRMS)]
    papers += [[sale_id] for (sale_id,) in fetch(_OF_OTHERS, _OTHERS)]
    with batch() as begin:
        work = begin(maker.actors["林静"])
        for place, sale_ids in enumerate(papers):
            _make_out(maker, work, place, sale_ids)
        if papers:
            cancel_invoice(work, sale_id=papers[-1][0], reason="抬头写错")
        invoiced = {sale_id for paper in papers for sale_id in paper}
        coming_back = maker.to_return[0] if maker.to_return else None
        if (
            coming_back is not None
            and coming_back not in invoiced
            and left_fen([coming_back])[coming_back] > 0
        ):
            _make_out(maker, work, len(papers), [coming_back])
            return_one(maker, work)


def _make_out(maker: Maker, work: Work, place: int, sale_ids: list[int]) -> None:
    draft = invoice_draft(work.actor, sale_ids=sale_ids)
    entered = InvoiceInput(str(_NUMBERED_FROM + 7 * place), draft.title or "个人", work.day, draft.tax_number)
    key = str(uuid.UUID(int=maker.random.getrandbits(128), version=4))
    invoice_bills(work, key=key, sale_ids=sale_ids, invoice=entered)
