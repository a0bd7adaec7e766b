"""What is always true of wrong tenders put right. Sums in fen."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_CHANGES = """
WITH booked AS MATERIALIZED (
    SELECT e.source_id AS id, count(DISTINCT e.id) AS entries, count(*) AS postings, min(e.memo) AS memo,
        min(CASE WHEN p.amount_fen < 0 THEN p.account END) AS came_from, sum(max(p.amount_fen, 0)) AS fen,
        min(CASE WHEN p.amount_fen > 0 THEN p.account END) AS came_to
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind = 'tender_change' GROUP BY 1)
SELECT s.number FROM tender_change t JOIN sale s ON s.id = t.sale_id LEFT JOIN booked b ON b.id = t.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.postings <> 2 OR b.memo <> s.number OR b.fen <> t.amount_fen
   OR b.came_from <> t.from_tender OR b.came_to <> t.to_tender
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN tender_change t ON t.id = e.source_id
WHERE e.source_kind = 'tender_change' AND t.id IS NULL
"""
_PAID = """
SELECT s.number FROM sale_paid p JOIN sale s ON s.id = p.sale_id
WHERE p.sale_id IN (SELECT sale_id FROM tender_change) GROUP BY p.sale_id, p.tender
HAVING s.kind = 'sale' AND sum(p.amount_fen) < 0
"""
TENDERS = (
    Invariant(
        "tender_changes", "更正收款方式与账目一致", rows(_CHANGES, place_line("更正收款方式与账目不符"))
    ),
    Invariant("tenders_standing", "更正不超过所收", rows(_PAID, place_line("更正的金额多于所收"))),
)
