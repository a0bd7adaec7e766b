"""What is always true of expenses, of advances and of how they are settled. Sums in fen."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_BOOKED = """
WITH booked AS MATERIALIZED (
    SELECT e.source_kind, e.source_id, count(DISTINCT e.id) AS entries,
        sum(p.amount_fen * (p.account = 'expense')) AS expense, sum(p.amount_fen * (p.account = 'advance')) AS advance,
        sum(p.amount_fen * (p.account IN ('cash', 'wechat', 'alipay', 'card'))) AS money
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind IN ('expense', 'advance_settlement')
    GROUP BY 1, 2)
SELECT x.number FROM expense x LEFT JOIN booked b ON b.source_kind = 'expense' AND b.source_id = x.id
WHERE CASE WHEN x.status = 'paid' AND x.tender <> '' THEN b.entries IS NOT 1 OR b.money <> -x.amount_fen
    OR b.expense <> x.amount_fen * (x.kind = 'expense') OR b.advance <> x.amount_fen * (x.kind = 'advance')
    ELSE b.entries IS NOT NULL END
UNION ALL
SELECT s.number FROM advance_settlement s
LEFT JOIN booked b ON b.source_kind = 'advance_settlement' AND b.source_id = s.id
WHERE b.entries IS NOT 1 OR b.advance <> -s.amount_fen
   OR b.expense <> s.amount_fen * (s.expense_id IS NOT NULL) OR b.money <> s.amount_fen * (s.expense_id IS NULL)
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN expense x ON e.source_kind = 'expense' AND x.id = e.source_id
LEFT JOIN advance_settlement s ON e.source_kind = 'advance_settlement' AND s.id = e.source_id
WHERE e.source_kind IN ('expense', 'advance_settlement') AND x.id IS NULL AND s.id IS NULL
"""
_SETTLED = """
WITH settled AS MATERIALIZED (SELECT advance_id AS id, sum(amount_fen) AS fen FROM advance_settlement GROUP BY 1)
SELECT x.number FROM settled s JOIN expense x ON x.id = s.id
WHERE x.kind <> 'advance' OR x.status <> 'paid' OR s.fen > x.amount_fen
   OR EXISTS (SELECT 1 FROM expense r WHERE r.reverses_id = x.id)
UNION ALL
SELECT x.number FROM expense x LEFT JOIN advance_settlement s ON s.expense_id = x.id
WHERE x.status = 'paid' AND (x.tender = '') <> (s.id IS NOT NULL)
UNION ALL
SELECT x.number FROM expense x JOIN expense r ON r.id = x.reverses_id
WHERE x.amount_fen <> -r.amount_fen OR x.tender <> r.tender OR x.kind <> r.kind OR x.company_id <> r.company_id
"""
EXPENSES = (
    Invariant("expenses_booked", "费用、借支与账目一致", rows(_BOOKED, place_line("与账目不符"))),
    Invariant("advances_settled", "借支的还款不超过借支", rows(_SETTLED, place_line("还款或冲销不符"))),
)
