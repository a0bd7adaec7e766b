"""The sums that reports read equal what was posted: said in SQL over whole tables, as in ``invariants``."""

from collections.abc import Callable

from meiping.store.inspection import Invariant
from meiping.store.schema import Fetch


def _compared(table: str, key: str, sums: str, posted: str) -> Callable[[Fetch], list[str]]:
    """Rows of a table of sums that differ from what ``posted`` (a select of key and sums) comes to."""
    keys, columns = key.split(), sums.split()
    kept = ", ".join([*keys, *columns])
    taken = ", ".join([*keys, *(f"0 - {column}" for column in columns)])
    statement = (
        f"WITH posted ({kept}) AS MATERIALIZED ({posted})"
        f" SELECT {', '.join(keys)} FROM (SELECT {kept} FROM {table} UNION ALL SELECT {taken} FROM posted)"
        f" GROUP BY {', '.join(keys)} HAVING {' OR '.join(f'sum({column}) <> 0' for column in columns)}"
    )
    return lambda fetch: [
        f"{row[1]}（{'，'.join(str(part) for part in row[2:])}）：汇总不符" for row in fetch(statement)
    ]


_PRODUCTS = """
SELECT s.company_id, {days}, l.product_id, sum(l.qty_milli), 0 - sum(min(l.qty_milli, 0)), sum(l.net_fen),
    sum(CASE WHEN l.qty_milli < 0 THEN 0 - l.net_fen ELSE 0 END), sum(l.cost_fen)
FROM sale_line l JOIN sale s ON s.id = l.sale_id GROUP BY 1, 2, 3
"""
_PRODUCT_SUMS = "qty_milli returned_milli net_fen returns_fen cost_fen"
_CUSTOMERS = """
SELECT s.company_id, substr(s.business_date, 1, 7), coalesce(s.salesperson_id, 0), coalesce(s.customer_id, 0),
    sum(s.kind <> 'return'), sum(s.total_fen), coalesce(sum(r.fen), 0), sum(s.discount_fen - s.rounding_fen),
    sum(s.cost_fen)
FROM sale s LEFT JOIN (
    SELECT sale_id, 0 - sum(net_fen) AS fen FROM sale_line WHERE qty_milli < 0 GROUP BY sale_id) r ON r.sale_id = s.id
GROUP BY 1, 2, 3, 4
"""
_MONEY = """
SELECT p.company_id, e.business_date, e.operator_id, e.source_kind, p.account,
    sum(max(p.amount_fen, 0)), sum(max(0 - p.amount_fen, 0))
FROM posting p JOIN entry e ON e.id = p.entry_id
WHERE p.account IN ('cash', 'wechat', 'alipay', 'card', 'receivable', 'stored_principal', 'stored_bonus')
GROUP BY 1, 2, 3, 4, 5
"""
_STOCK = """
SELECT m.company_id, substr(m.business_date, 1, 7), m.product_id, CASE WHEN m.nature = '成本调整' THEN 'adjusted'
    WHEN m.source_kind = 'sale' AND m.nature <> '退货报损' THEN 'sold' WHEN m.qty_milli > 0 THEN 'in' ELSE 'out' END,
    sum(m.qty_milli), sum(m.value_fen)
FROM stock_move m GROUP BY 1, 2, 3, 4
"""
SUMMARIES = (
    Invariant(
        "product_days",
        "商品每日汇总等于业务单之和",
        _compared(
            "product_day",
            "company_id business_date product_id",
            _PRODUCT_SUMS,
            _PRODUCTS.format(days="s.business_date"),
        ),
        derived=True,
    ),
    Invariant(
        "product_months",
        "商品每月汇总等于业务单之和",
        _compared(
            "product_month",
            "company_id month product_id",
            _PRODUCT_SUMS,
            _PRODUCTS.format(days="substr(s.business_date, 1, 7)"),
        ),
        derived=True,
    ),
    Invariant(
        "customer_months",
        "客户每月汇总等于业务单之和",
        _compared(
            "customer_month",
            "company_id month salesperson_id customer_id",
            "bills net_fen returns_fen discount_fen cost_fen",
            _CUSTOMERS,
        ),
        derived=True,
    ),
    Invariant(
        "money_days",
        "每日收付汇总等于分录之和",
        _compared(
            "money_day",
            "company_id business_date operator_id source_kind account",
            "in_fen out_fen",
            _MONEY,
        ),
        derived=True,
    ),
    Invariant(
        "stock_months",
        "进销存每月汇总等于出入库之和",
        _compared("stock_month", "company_id month product_id flow", "qty_milli value_fen", _STOCK),
        derived=True,
    ),
)
