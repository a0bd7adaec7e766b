"""What is always true of quotes. Sums in fen, quantities in thousandths."""

from meiping.kernel.money import show_fen
from meiping.store.inspection import Invariant
from meiping.store.schema import Fetch

_SUMS = """
WITH told AS MATERIALIZED (
    SELECT quote_id, count(*) AS many, sum(amount_fen) AS fen,
        sum(amount_fen <> (price_fen * qty_milli * 2 + 1000) / 2000) AS off FROM quote_line GROUP BY quote_id)
SELECT '报价 ' || q.number, q.total_fen, coalesce(t.fen, 0) FROM quote q LEFT JOIN told t ON t.quote_id = q.id
WHERE t.quote_id IS NULL OR t.many <> q.line_count OR t.fen <> q.total_fen OR t.off
"""
_PEOPLE = """
SELECT '报价 ' || q.number FROM quote q JOIN contact c ON c.id = q.contact_id WHERE c.customer_id <> q.customer_id
"""


def _sums(fetch: Fetch) -> list[str]:
    return [
        f"{place}：金额 {show_fen(found)}，各行合计 {show_fen(told)}" for place, found, told in fetch(_SUMS)
    ]


def _people(fetch: Fetch) -> list[str]:
    return [f"{place}：联系人是别的客户的" for (place,) in fetch(_PEOPLE)]


QUOTES = (
    Invariant("quote_sums", "报价金额等于各行之和", _sums),
    Invariant("quote_people", "报价的联系人属于同一位客户", _people),
)
