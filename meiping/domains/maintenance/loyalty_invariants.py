"""What is always true of points and of count cards."""

from meiping.domains.maintenance.findings import count_line, fen_line, place_line, rows
from meiping.store.inspection import Invariant

_POINTS = """
WITH moved AS MATERIALIZED (SELECT customer_id, sum(points) AS points FROM point_move GROUP BY 1)
SELECT '客户 ' || c.code, c.points, coalesce(m.points, 0) FROM customer c LEFT JOIN moved m ON m.customer_id = c.id
WHERE c.points <> coalesce(m.points, 0)
"""
_SIGNS = """
SELECT '积分变动 ' || id FROM point_move WHERE NOT CASE
    WHEN kind IN ('earn', 'giveback') THEN points > 0 AND expires_date IS NOT NULL
    WHEN kind IN ('spend', 'takeback', 'expire') THEN points < 0 AND expires_date IS NULL
    ELSE 1 END
UNION ALL
SELECT '客户 ' || code FROM customer WHERE merged_into_id IS NOT NULL AND points <> 0
"""
_BILLS = """
WITH moved AS MATERIALIZED (
    SELECT m.source_id AS id, sum(m.points) FILTER (WHERE m.kind = 'earn') AS earned,
        -sum(m.points) FILTER (WHERE m.kind = 'spend') AS spent FROM point_move m WHERE m.source_kind = 'sale' GROUP BY 1),
back AS MATERIALIZED (
    SELECT s.original_id AS id, -sum(m.points) FILTER (WHERE m.kind = 'takeback') AS taken,
        sum(m.points) FILTER (WHERE m.kind = 'giveback') AS given
    FROM sale s JOIN point_move m ON m.source_kind = 'sale' AND m.source_id = s.id
    WHERE s.kind = 'return' GROUP BY 1),
paid AS MATERIALIZED (SELECT DISTINCT sale_id AS id FROM sale_tender WHERE tender = 'points' AND amount_fen > 0)
SELECT s.number FROM paid p JOIN sale s ON s.id = p.id LEFT JOIN moved m ON m.id = p.id WHERE coalesce(m.spent, 0) <= 0
UNION ALL
SELECT s.number FROM back b JOIN sale s ON s.id = b.id LEFT JOIN moved m ON m.id = b.id
WHERE coalesce(b.taken, 0) > coalesce(m.earned, 0) OR coalesce(b.given, 0) > coalesce(m.spent, 0)
UNION ALL
SELECT '积分变动 ' || m.id FROM moved m LEFT JOIN sale s ON s.id = m.id WHERE s.id IS NULL
"""
_CARDS = """
WITH taken AS MATERIALIZED (SELECT card_id, sum(uses) AS uses, sum(amount_fen) AS fen FROM card_use GROUP BY 1),
left AS MATERIALIZED (
    SELECT c.company_id, c.customer_id, sum(c.net_fen - coalesce(t.fen, 0)) AS fen
    FROM count_card c LEFT JOIN taken t ON t.card_id = c.id GROUP BY 1, 2),
booked AS MATERIALIZED (
    SELECT company_id, party_id, -sum(amount_fen) AS fen FROM posting WHERE account = 'card_liability' GROUP BY 1, 2)
SELECT '客户 ' || coalesce(c.code, x.party), sum(x.booked), sum(x.owed) FROM (
    SELECT company_id, customer_id AS party, 0 AS booked, fen AS owed FROM left
    UNION ALL SELECT company_id, party_id, fen, 0 FROM booked) x
LEFT JOIN customer c ON c.id = x.party GROUP BY x.company_id, x.party HAVING sum(x.booked) <> sum(x.owed)
UNION ALL
SELECT '次卡 ' || c.id, t.fen, c.net_fen FROM count_card c JOIN taken t ON t.card_id = c.id
WHERE t.fen NOT BETWEEN 0 AND c.net_fen OR (t.uses = c.uses) <> (t.fen = c.net_fen AND t.uses = c.uses)
    OR t.uses NOT BETWEEN 0 AND c.uses
"""
LOYALTY = (
    Invariant("points", "积分等于变动之和", rows(_POINTS, count_line("积分"))),
    Invariant("point_signs", "积分变动的方向正确", rows(_SIGNS, place_line("方向不对，或并入后还有积分"))),
    Invariant("count_cards", "次卡余值等于账上次卡未用", rows(_CARDS, fen_line("次卡"))),
    Invariant("bill_points", "积分与业务单相符", rows(_BILLS, place_line("积分与单据不符"))),
)
