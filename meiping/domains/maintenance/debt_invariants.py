"""What is always true of debts, of what paid them and of those written off. Sums in fen."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.domains.receivables.open_items import OPEN_ITEMS
from meiping.store.inspection import Invariant

_OPEN = f"""
WITH open AS MATERIALIZED ({OPEN_ITEMS.format(where="1")})
SELECT '客户 ' || c.code FROM balance b JOIN customer c ON c.id = b.party_id
LEFT JOIN (SELECT company_id, id, sum(open_fen) AS fen, min(open_fen) AS least FROM open GROUP BY 1, 2) o
    ON o.company_id = b.company_id AND o.id = b.party_id
WHERE b.account = 'receivable' AND b.amount_fen > 0 AND (o.fen IS NOT b.amount_fen OR o.least <= 0)
"""
_MATCHES = """
WITH charged AS MATERIALIZED (
    SELECT m.charge_entry_id AS id, sum(m.amount_fen) AS fen FROM receivable_match m GROUP BY 1),
paid AS MATERIALIZED (SELECT m.paying_entry_id AS id, sum(m.amount_fen) AS fen FROM receivable_match m GROUP BY 1),
moved AS MATERIALIZED (
    SELECT entry_id, sum(amount_fen) AS fen FROM posting WHERE account = 'receivable' GROUP BY 1)
SELECT e.memo FROM charged c JOIN entry e ON e.id = c.id LEFT JOIN moved m ON m.entry_id = c.id
WHERE coalesce(m.fen, 0) < c.fen
UNION ALL
SELECT e.memo FROM paid p JOIN entry e ON e.id = p.id LEFT JOIN moved m ON m.entry_id = p.id
WHERE coalesce(-m.fen, 0) < p.fen
UNION ALL
SELECT c.memo FROM receivable_match m JOIN entry c ON c.id = m.charge_entry_id JOIN entry p ON p.id = m.paying_entry_id
WHERE c.company_id <> p.company_id OR p.id < c.id
"""
_WRITTEN_OFF = """
WITH booked AS MATERIALIZED (
    SELECT e.source_id AS id, count(DISTINCT e.id) AS entries, max(p.party_id) AS party_id,
        sum(p.amount_fen * (p.account = 'receivable')) AS debt, sum(p.amount_fen * (p.account = 'bad_debt')) AS loss
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind = 'write_off' GROUP BY 1)
SELECT w.number FROM write_off w LEFT JOIN booked b ON b.id = w.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.debt <> -w.amount_fen OR b.loss <> w.amount_fen
   OR b.party_id <> w.customer_id
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN write_off w ON w.id = e.source_id
WHERE e.source_kind = 'write_off' AND w.id IS NULL
"""
DEBTS = (
    Invariant("open_items", "未付单据合计等于欠款", rows(_OPEN, place_line("未付单据与欠款不符"))),
    Invariant("matches", "付款不超过所付的单据", rows(_MATCHES, place_line("付款与单据不符"))),
    Invariant("write_offs", "核销单与账目一致", rows(_WRITTEN_OFF, place_line("与账目不符"))),
)
