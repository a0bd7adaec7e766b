"""What is always true of the salespersons of single lines."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_NOBODY_KNOWN = """
SELECT s.number || ' 第 ' || l.position || ' 行' FROM sale_line l JOIN sale s ON s.id = l.sale_id
WHERE l.salesperson_id IS NOT NULL AND (l.salesperson_id = coalesce(s.salesperson_id, 0)
    OR (l.salesperson_id <> 0 AND NOT EXISTS (SELECT 1 FROM operator o WHERE o.id = l.salesperson_id)))
"""
_TAKEN_FROM_ANOTHER = """
SELECT s.number || ' 第 ' || l.position || ' 行' FROM sale_line l JOIN sale s ON s.id = l.sale_id
JOIN sale_line o ON o.id = l.returns_line_id JOIN sale b ON b.id = o.sale_id
WHERE l.salesperson_id IS NOT NULL AND l.salesperson_id <> coalesce(o.salesperson_id, b.salesperson_id, 0)
"""
PEOPLE = (
    Invariant("line_people", "商品行的业务员另有其人", rows(_NOBODY_KNOWN, place_line("业务员不对"))),
    Invariant(
        "returned_people",
        "退回的商品算在卖出的业务员名下",
        rows(_TAKEN_FROM_ANOTHER, place_line("业务员与卖出时不同")),
    ),
)
