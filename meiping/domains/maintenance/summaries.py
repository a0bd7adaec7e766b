"""The tables of sums that reports read, and what each is made of: said once, for proving them and for making them anew."""

from dataclasses import dataclass

from meiping.store.inspection import Invariant
from meiping.store.schema import Fetch


@dataclass(frozen=True, slots=True)
class Summary:
    """A table of sums: ``posted`` selects its ``keys`` and then its ``sums`` from the rows they are sums of.

    ``key`` is that of the check that proves it.
    """

    key: str
    title: str
    table: str
    keys: str
    sums: str
    posted: str

    @property
    def columns(self) -> str:
        """Keys and sums as a list for SQL."""
        return ", ".join((*self.keys.split(), *self.sums.split()))

    def invariant(self) -> Invariant:
        """That the table holds what ``posted`` comes to, and nothing else."""
        keys = ", ".join(self.keys.split())
        statement = (
            f"WITH posted ({self.columns}) AS MATERIALIZED ({self.posted}), kept AS (SELECT {self.columns} FROM {self.table})"
            f" SELECT DISTINCT {keys} FROM (SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM posted)"
            " UNION ALL SELECT * FROM (SELECT * FROM posted EXCEPT SELECT * FROM kept))"
        )

        def check(fetch: Fetch) -> list[str]:
            return [f"{'，'.join(str(part) for part in row)}：汇总不符" for row in fetch(statement)]

        return Invariant(self.key, self.title, check, derived=True)


_RETURNS = "sum(CASE WHEN l.qty_milli < 0 THEN 0 - l.net_fen ELSE 0 END)"
_PRODUCTS = f"""
SELECT s.company_id, {{days}}, l.product_id, sum(l.qty_milli), 0 - sum(min(l.qty_milli, 0)), sum(l.net_fen),
    {_RETURNS}, sum(l.cost_fen)
FROM sale_line l JOIN sale s ON s.id = l.sale_id GROUP BY 1, 2, 3
"""
_PRODUCT_SUMS = "qty_milli returned_milli net_fen returns_fen cost_fen"
_BILLS = """
SELECT {keys}, {more} sum(s.kind <> 'return'), sum(s.total_fen), coalesce(sum(r.fen), 0),
    sum(s.discount_fen - s.rounding_fen), sum(s.cost_fen)
FROM sale s LEFT JOIN (
    SELECT sale_id, 0 - sum(net_fen) AS fen FROM sale_line WHERE qty_milli < 0 GROUP BY sale_id) r ON r.sale_id = s.id
GROUP BY {keys}
"""
_WITH_OWN_LINES = """
SELECT {keys}, sum(b.bills), sum(b.net), sum(b.returns), sum(b.discount), sum(b.cost) FROM (
    SELECT s.id, coalesce(s.salesperson_id, 0) AS person_id, s.kind <> 'return' AS bills, s.total_fen AS net,
        coalesce(r.fen, 0) AS returns, s.discount_fen - s.rounding_fen AS discount, s.cost_fen AS cost
    FROM sale s LEFT JOIN (
        SELECT sale_id, 0 - sum(net_fen) AS fen FROM sale_line WHERE qty_milli < 0 GROUP BY sale_id) r ON r.sale_id = s.id
    UNION ALL
    SELECT s.id, CASE t.sign WHEN 1 THEN l.salesperson_id ELSE coalesce(s.salesperson_id, 0) END, 0, t.sign * l.net_fen,
        CASE WHEN l.qty_milli < 0 THEN 0 - t.sign * l.net_fen ELSE 0 END,
        t.sign * ((l.list_price_fen * l.qty_milli + CASE WHEN l.qty_milli < 0 THEN 0 - 500 ELSE 500 END) / 1000
            - l.net_fen),
        t.sign * l.cost_fen
    FROM sale_line l JOIN sale s ON s.id = l.sale_id JOIN (SELECT 1 AS sign UNION ALL SELECT 0 - 1) t
    WHERE l.salesperson_id IS NOT NULL) b
JOIN sale s ON s.id = b.id GROUP BY {keys}
"""
"""A line with a salesperson of its own counts for him, and no longer for the bill's."""
_BILL_SUMS = "bills net_fen returns_fen discount_fen cost_fen"
_COMPANY, _MONTH = "s.company_id", "substr(s.business_date, 1, 7)"
_PERSON, _CUSTOMER = "b.person_id", "coalesce(s.customer_id, 0)"
_BOUGHT_ON = "CASE WHEN s.kind <> 'return' THEN s.business_date END"
_FLOW = """CASE WHEN m.nature = '成本调整' THEN 'adjusted'
    WHEN m.source_kind = 'sale' AND m.nature <> '退货报损' THEN 'sold' WHEN m.qty_milli > 0 THEN 'in' ELSE 'out' END"""
_MONEY = "('cash', 'wechat', 'alipay', 'card', 'receivable', 'stored_principal', 'stored_bonus')"


def _products(key: str, title: str, table: str, unit: str, days: str) -> Summary:
    keys = f"company_id {unit} product_id"
    return Summary(key, title, table, keys, _PRODUCT_SUMS, _PRODUCTS.format(days=days))


def _bills(key: str, title: str, table: str, columns: str, keys: tuple[str, ...], more: str = "") -> Summary:
    posted = (_WITH_OWN_LINES if _PERSON in keys else _BILLS).format(keys=", ".join(keys), more=more)
    return Summary(
        key, title, table, columns, f"{'first_date last_date days ' if more else ''}{_BILL_SUMS}", posted
    )


def _stock(key: str, title: str, table: str, unit: str, letters: int) -> Summary:
    posted = (
        f"SELECT m.company_id, substr(m.business_date, 1, {letters}), m.product_id, {_FLOW}, sum(m.qty_milli),"
        " sum(m.value_fen) FROM stock_move m GROUP BY 1, 2, 3, 4"
    )
    return Summary(key, title, table, f"company_id {unit} product_id flow", "qty_milli value_fen", posted)


SUMMARIES = (
    _products(
        "product_days", "商品每日汇总等于业务单之和", "product_day", "business_date", "s.business_date"
    ),
    _products("product_months", "商品每月汇总等于业务单之和", "product_month", "month", _MONTH),
    _products(
        "product_years", "商品每年汇总等于业务单之和", "product_year", "year", "substr(s.business_date, 1, 4)"
    ),
    _bills(
        "customer_months",
        "客户每月汇总等于业务单之和",
        "customer_month",
        "company_id month salesperson_id customer_id",
        (_COMPANY, _MONTH, _PERSON, _CUSTOMER),
    ),
    _bills(
        "customer_totals",
        "客户累计等于业务单之和",
        "customer_total",
        "customer_id company_id",
        (_CUSTOMER, _COMPANY),
        f"min({_BOUGHT_ON}), max({_BOUGHT_ON}), count(DISTINCT {_BOUGHT_ON}),",
    ),
    _bills(
        "person_months",
        "业务员每月汇总等于业务单之和",
        "person_month",
        "company_id month salesperson_id",
        (_COMPANY, _MONTH, _PERSON),
    ),
    Summary(
        "money_days",
        "每日收付汇总等于分录之和",
        "money_day",
        "company_id business_date operator_id source_kind account",
        "in_fen out_fen",
        "SELECT p.company_id, e.business_date, e.operator_id, e.source_kind, p.account, sum(max(p.amount_fen, 0)),"
        " sum(max(0 - p.amount_fen, 0)) FROM posting p JOIN entry e ON e.id = p.entry_id"
        f" WHERE p.account IN {_MONEY} GROUP BY 1, 2, 3, 4, 5",
    ),
    _stock("stock_months", "进销存每月汇总等于出入库之和", "stock_month", "month", 7),
    _stock("stock_years", "进销存每年汇总等于出入库之和", "stock_year", "year", 4),
    Summary(
        "ledger_days",
        "每日账目汇总等于分录之和",
        "ledger_day",
        "company_id business_date source_kind account",
        "amount_fen",
        "SELECT p.company_id, e.business_date, e.source_kind, p.account, sum(p.amount_fen)"
        " FROM posting p JOIN entry e ON e.id = p.entry_id GROUP BY 1, 2, 3, 4",
    ),
    Summary(
        "sales_days",
        "每日汇总等于业务单之和",
        "sales_day",
        "company_id business_date",
        "bills sales_fen returns_fen discount_fen cost_fen",
        "SELECT s.company_id, s.business_date, sum(s.kind <> 'return'), sum(l.sales), sum(l.returns),"
        " sum(s.discount_fen - s.rounding_fen), sum(l.cost) FROM sale s JOIN ("
        " SELECT l.sale_id, sum(CASE WHEN l.qty_milli > 0 THEN l.net_fen ELSE 0 END) AS sales,"
        f" {_RETURNS} AS returns, sum(l.cost_fen) AS cost FROM sale_line l GROUP BY l.sale_id) l ON l.sale_id = s.id"
        " GROUP BY 1, 2",
    ),
)
SUMMARY_BY_KEY = {summary.key: summary for summary in SUMMARIES}
