"""What is always true of exchanges and of prices by rule. Sums in fen."""

from meiping.store.inspection import Invariant
from meiping.store.schema import Fetch

_BOTH_WAYS = """
SELECT s.number FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE s.kind = 'exchange'
GROUP BY s.id HAVING sum(l.qty_milli < 0) = 0 OR sum(l.qty_milli > 0) = 0
    OR sum(l.qty_milli < 0 AND l.returns_line_id IS NULL) > 0
"""
_CREDITS = """
WITH credit AS (
    SELECT sale_id, sum(amount_fen) AS gone, sum(kept_fen) AS kept FROM exchange_credit GROUP BY sale_id),
worth AS (
    SELECT sale_id, -sum(min(net_fen, 0)) AS back, sum(max(net_fen, 0)) AS bought FROM sale_line
    WHERE sale_id IN (SELECT sale_id FROM credit) GROUP BY sale_id)
SELECT s.number FROM credit c JOIN sale s ON s.id = c.sale_id JOIN worth w ON w.sale_id = c.sale_id
WHERE s.kind <> 'exchange' OR c.gone > w.back OR c.kept > w.bought
UNION ALL
SELECT s.number FROM exchange_credit c JOIN sale s ON s.id = c.sale_id WHERE NOT EXISTS (
    SELECT 1 FROM sale_line l JOIN sale_line o ON o.id = l.returns_line_id
    WHERE l.sale_id = c.sale_id AND o.sale_id = c.original_id)
"""


def _both_ways(fetch: Fetch) -> list[str]:
    return [f"{number}：换货单要有退回的和换走的商品" for (number,) in fetch(_BOTH_WAYS)]


def _credits(fetch: Fetch) -> list[str]:
    return [f"{number}：抵用的钱与退回的商品不符" for (number,) in fetch(_CREDITS)]


EXCHANGES = (
    Invariant("exchanges", "换货单有退有换", _both_ways),
    Invariant("exchange_credits", "换货抵用的钱不超过退回的商品", _credits),
)
