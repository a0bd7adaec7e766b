"""What is always true of invoices and of the bills they were made out for. Sums in fen."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_FIT = """
WITH bought AS MATERIALIZED (
    SELECT l.sale_id AS id, sum(l.net_fen) AS fen FROM sale_line l
    WHERE l.qty_milli > 0 AND l.sale_id IN (SELECT sale_id FROM invoice) GROUP BY 1)
SELECT s.number FROM invoice i JOIN sale s ON s.id = i.sale_id LEFT JOIN bought b ON b.id = s.id
WHERE s.kind = 'return' OR i.amount_fen > coalesce(b.fen, 0) OR i.made_at < s.posted_at
   OR i.tax_fen <> (2 * i.amount_fen * i.rate_bp + 10000 + i.rate_bp) / (2 * (10000 + i.rate_bp))
"""
_ONE_PAPER = """
SELECT '发票 ' || min(i.number) FROM invoice i JOIN sale s ON s.id = i.sale_id GROUP BY i.key
HAVING count(DISTINCT i.number) > 1 OR count(DISTINCT i.invoiced_date) > 1 OR count(DISTINCT s.company_id) > 1
    OR count(i.cancelled_at) NOT IN (0, count(*))
UNION ALL
SELECT '发票 ' || i.number FROM invoice i JOIN sale s ON s.id = i.sale_id WHERE i.cancelled_at IS NULL
GROUP BY i.number, s.company_id HAVING count(DISTINCT i.key) > 1
UNION ALL
SELECT s.number FROM invoice i JOIN sale s ON s.id = i.sale_id WHERE i.cancelled_at IS NULL
GROUP BY i.sale_id HAVING count(*) > 1
"""
INVOICES = (
    Invariant("invoices", "开票金额不超过业务单", rows(_FIT, place_line("开票金额或税额不符"))),
    Invariant("invoices_once", "一张发票一个号码，一张单只开一次", rows(_ONE_PAPER, place_line("重复开票"))),
)
