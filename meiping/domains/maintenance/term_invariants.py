"""What is always true of service terms: they come from bills, and follow each other day by day."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_SOLD = """
SELECT '服务期 ' || t.id FROM service_term t LEFT JOIN sale_line l ON l.id = t.sale_line_id
LEFT JOIN sale s ON s.id = l.sale_id LEFT JOIN sale_line r ON r.id = t.root_line_id
WHERE l.id IS NULL OR l.qty_milli <= 0 OR s.company_id <> t.company_id OR r.product_id <> t.product_id
   OR (t.renews_id IS NULL AND t.start_date <> s.business_date)
"""
_FOLLOWS = """
SELECT '服务期 ' || t.id FROM service_term t LEFT JOIN service_term b ON b.id = t.renews_id
WHERE t.renews_id IS NOT NULL AND (b.id IS NULL OR t.start_date <> date(b.end_date, '+1 day')
   OR t.root_line_id <> b.root_line_id OR t.anchor_day <> b.anchor_day OR t.customer_id <> b.customer_id)
"""
TERMS = (
    Invariant("terms_sold", "服务期都来自业务单", rows(_SOLD, place_line("与业务单不符"))),
    Invariant("terms_follow", "续费的服务期首尾相接", rows(_FOLLOWS, place_line("与上一期不相接"))),
)
