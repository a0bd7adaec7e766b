"""What is always true of money taken beforehand for bills. Sums in fen."""

from meiping.domains.maintenance.findings import fen_line, place_line, rows
from meiping.store.inspection import Invariant

_BOOKED = """
WITH booked AS MATERIALIZED (
    SELECT e.source_id AS id, count(DISTINCT e.id) AS entries, count(*) AS postings, max(p.party_id) AS party_id,
        sum(p.amount_fen * (p.account = 'deposit')) AS held, sum(max(p.amount_fen, 0)) AS fen,
        min(CASE WHEN p.account <> 'deposit' THEN p.account END) AS tender
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind = 'deposit' GROUP BY 1)
SELECT d.number FROM deposit d LEFT JOIN booked b ON b.id = d.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.postings <> 2 OR b.party_id <> d.customer_id
   OR b.held <> -d.amount_fen OR b.fen <> abs(d.amount_fen) OR b.tender <> d.tender
"""
_USED = """
WITH held AS MATERIALIZED (
    SELECT cart_key, min(number) AS number, sum(amount_fen) AS fen, max(sale_id) AS sale_id FROM deposit GROUP BY 1),
used AS MATERIALIZED (
    SELECT sale_id, sum(amount_fen) AS fen FROM sale_tender WHERE tender = 'deposit' GROUP BY 1)
SELECT h.number FROM held h LEFT JOIN sale s ON s.key = h.cart_key LEFT JOIN used u ON u.sale_id = s.id
LEFT JOIN cart c ON c.key = h.cart_key
WHERE h.fen < 0 OR (s.id IS NULL AND h.fen > 0 AND c.id IS NULL) OR (h.sale_id IS NOT NULL AND s.id IS NOT h.sale_id)
   OR (s.id IS NOT NULL AND h.fen <> coalesce(u.fen, 0))
UNION ALL
SELECT s.number FROM used u JOIN sale s ON s.id = u.sale_id
WHERE u.fen <= 0 OR NOT EXISTS (SELECT 1 FROM held h WHERE h.cart_key = s.key)
"""
_OPEN = """
WITH held AS (
    SELECT d.company_id, coalesce(c.merged_into_id, c.id) AS party_id, sum(d.amount_fen) AS fen
    FROM deposit d JOIN customer c ON c.id = d.customer_id
    WHERE NOT EXISTS (SELECT 1 FROM sale s WHERE s.key = d.cart_key) GROUP BY 1, 2)
SELECT '客户 ' || coalesce(c.code, party_id), booked, fen FROM (
    SELECT company_id, party_id, sum(booked) AS booked, sum(fen) AS fen FROM (
        SELECT company_id, party_id, -amount_fen AS booked, 0 AS fen FROM balance WHERE account = 'deposit'
        UNION ALL SELECT company_id, party_id, 0, fen FROM held)
    GROUP BY company_id, party_id HAVING sum(booked) <> sum(fen)) x
LEFT JOIN customer c ON c.id = x.party_id
"""
DEPOSITS = (
    Invariant("deposits_booked", "定金单与账目一致", rows(_BOOKED, place_line("与账目不符"))),
    Invariant("deposits_used", "定金用在所付的单上", rows(_USED, place_line("定金与业务单不符"))),
    Invariant("deposits_open", "定金余额等于未结的定金", rows(_OPEN, fen_line("定金余额"))),
)
