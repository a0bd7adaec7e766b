"""What is always true of shifts and of the cash that moves beside bills. Sums in fen."""

from meiping.domains.maintenance.findings import fen_line, place_line, rows
from meiping.store.inspection import Invariant

_TENDERS = ", ".join(f"('{tender}')" for tender in ("cash", "wechat", "alipay", "card"))
_EXPECTED = f"""
moved AS MATERIALIZED (
    SELECT e.shift_id, p.account, sum(p.amount_fen) AS fen FROM entry e JOIN posting p ON p.entry_id = e.id
    WHERE e.shift_id IS NOT NULL AND e.source_kind <> 'shift' GROUP BY 1, 2),
should AS MATERIALIZED (
    SELECT s.id AS shift_id, s.company_id, s.number, s.closed_at, t.column1 AS tender,
        coalesce(m.fen, 0) + CASE t.column1 WHEN 'cash' THEN s.float_fen ELSE 0 END AS fen
    FROM shift s JOIN (VALUES {_TENDERS}) t
    LEFT JOIN moved m ON m.shift_id = s.id AND m.account = t.column1)
"""
_COUNTED = f"""
WITH {_EXPECTED}
SELECT x.number || ' ' || x.tender, c.expected_fen, x.fen FROM should x
LEFT JOIN shift_count c ON c.shift_id = x.shift_id AND c.tender = x.tender
WHERE x.closed_at IS NOT NULL AND c.expected_fen IS NOT x.fen
UNION ALL
SELECT s.number, s.difference_fen, c.counted_fen - c.expected_fen FROM shift s
JOIN shift_count c ON c.shift_id = s.id AND c.tender = 'cash'
WHERE s.difference_fen IS NOT c.counted_fen - c.expected_fen
"""
_IN_HAND = f"""
WITH {_EXPECTED}
SELECT x.number, coalesce(b.amount_fen, 0), x.fen FROM should x
LEFT JOIN balance b ON b.account = 'cash' AND b.company_id = x.company_id AND b.party_id = 0
WHERE x.closed_at IS NULL AND x.tender = 'cash' AND coalesce(b.amount_fen, 0) <> x.fen
"""
_BOOKED = """
WITH booked AS MATERIALIZED (
    SELECT e.source_kind, e.source_id, sum(p.amount_fen * (p.account = 'cash')) AS cash,
        sum(p.amount_fen * (p.account = 'safe')) AS safe,
        sum(p.amount_fen * (p.account = 'cash_difference')) AS difference,
        sum(p.amount_fen * (p.account NOT IN ('cash', 'safe', 'cash_difference'))) AS strange, min(e.shift_id) AS shift_id
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind IN ('shift', 'cash_movement') GROUP BY 1, 2)
SELECT s.number FROM shift s LEFT JOIN shift_count c ON c.shift_id = s.id AND c.tender = 'cash'
LEFT JOIN booked b ON b.source_kind = 'shift' AND b.source_id = s.id
WHERE (s.closed_at IS NULL) <> (c.shift_id IS NULL)
    OR coalesce(b.cash, 0) <> s.float_fen - s.carried_fen + coalesce(s.left_fen - c.expected_fen, 0)
    OR coalesce(b.difference, 0) <> coalesce(-s.difference_fen, 0) OR coalesce(b.strange, 0) <> 0
UNION ALL
SELECT m.number FROM cash_movement m LEFT JOIN booked b ON b.source_kind = 'cash_movement' AND b.source_id = m.id
WHERE coalesce(b.cash, 0) <> m.amount_fen OR b.safe <> -m.amount_fen OR b.shift_id IS NOT m.shift_id
"""
_OF_SHIFT = """
SELECT '分录 ' || e.id FROM entry e JOIN shift s ON s.id = e.shift_id
WHERE e.company_id <> s.company_id OR e.business_date <> s.business_date
UNION ALL
SELECT b.number FROM sale b JOIN entry e ON e.source_kind = 'sale' AND e.source_id = b.id
WHERE b.shift_id IS NOT e.shift_id
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN shift s ON s.id = e.source_id
WHERE e.source_kind = 'shift' AND (s.id IS NULL OR e.shift_id IS NOT s.id)
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN cash_movement m ON m.id = e.source_id
WHERE e.source_kind = 'cash_movement' AND m.id IS NULL
"""
TILL = (
    Invariant("shifts_counted", "交班的应有金额等于当班收付之和", rows(_COUNTED, fen_line("金额"))),
    Invariant("drawer", "当班现金等于备用金加收付之和", rows(_IN_HAND, fen_line("现金余额"))),
    Invariant("till_booked", "开班、交班、现金收支与账目一致", rows(_BOOKED, place_line("与账目不符"))),
    Invariant("of_shift", "当班的账目属于同一公司和营业日", rows(_OF_SHIFT, place_line("与班次不符"))),
)
