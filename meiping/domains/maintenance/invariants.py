"""What is always true of a sound shop, said in SQL over whole tables; nothing here changes anything.

Each statement gives the rows that break the promise: the first column names the place, further ones what was
found there and what should be. Sums are in fen, quantities in thousandths.
"""

import json

from meiping.domains.maintenance.case_invariants import CASES
from meiping.domains.maintenance.customer_invariants import CARE, CONTACTS, FILES, IMPORTS, MERGES, OWN_FIELDS
from meiping.domains.maintenance.debt_invariants import DEBTS
from meiping.domains.maintenance.deposit_invariants import DEPOSITS
from meiping.domains.maintenance.exchange_invariants import EXCHANGES
from meiping.domains.maintenance.expense_invariants import EXPENSES
from meiping.domains.maintenance.findings import count_line, fen_line, place_line, rows
from meiping.domains.maintenance.invoice_invariants import INVOICES
from meiping.domains.maintenance.loyalty_invariants import LOYALTY
from meiping.domains.maintenance.person_invariants import PEOPLE
from meiping.domains.maintenance.quote_invariants import QUOTES
from meiping.domains.maintenance.summary_invariants import SUMMARIES
from meiping.domains.maintenance.tender_invariants import TENDERS
from meiping.domains.maintenance.term_invariants import TERMS
from meiping.domains.maintenance.till_invariants import TILL
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.store.inspection import Invariant, Knowledge
from meiping.store.schema import Fetch

# --------------------------------------------------------------------- ledger
_ENTRIES = """
SELECT '分录 ' || e.id, coalesce(sum(p.amount_fen), 0), 0 FROM entry e LEFT JOIN posting p ON p.entry_id = e.id
GROUP BY e.id HAVING count(p.id) < 2 OR sum(p.amount_fen) <> 0 OR sum(p.company_id <> e.company_id)
"""
_BALANCES = """
WITH summed AS MATERIALIZED (
    SELECT account, company_id, party_id, sum(amount_fen) AS fen FROM posting GROUP BY 1, 2, 3)
SELECT a.name || CASE party_id WHEN 0 THEN '' ELSE '，客户 ' || coalesce(c.code, party_id) END, kept, fen FROM (
    SELECT account, company_id, party_id, sum(kept) AS kept, sum(fen) AS fen FROM (
        SELECT account, company_id, party_id, amount_fen AS kept, 0 AS fen FROM balance
        UNION ALL SELECT account, company_id, party_id, 0, fen FROM summed)
    GROUP BY account, company_id, party_id HAVING sum(kept) <> sum(fen)) x
LEFT JOIN account a ON a.key = x.account LEFT JOIN customer c ON c.id = x.party_id
"""
_NEGATIVE = """
SELECT '客户 ' || coalesce(c.code, party_id), CASE account WHEN 'receivable' THEN amount_fen ELSE -amount_fen END, 0
FROM balance LEFT JOIN customer c ON c.id = party_id
WHERE (account IN ('stored_principal', 'stored_bonus') AND amount_fen > 0)
   OR (account = 'receivable' AND amount_fen < 0)
"""
LEDGER = (
    Invariant("entries_balanced", "每笔分录借贷相等", rows(_ENTRIES, fen_line("借贷之差"))),
    Invariant("balances", "余额等于往来之和", rows(_BALANCES, fen_line("余额"))),
    Invariant("not_negative", "储值与欠款不为负", rows(_NEGATIVE, fen_line("余额"))),
)

# ---------------------------------------------------------------------- stock
# Without its index: row after row as they lie is quicker than product after product.
_STOCK = """
WITH moved AS MATERIALIZED (
    SELECT company_id, product_id, sum(qty_milli) AS qty, sum(value_fen) AS fen
    FROM stock_move NOT INDEXED GROUP BY product_id, company_id)
SELECT '商品 ' || coalesce(p.code || ' ' || p.name, product_id), qty, moved, fen, worth FROM (
    SELECT product_id, sum(qty) AS qty, sum(moved) AS moved, sum(fen) AS fen, sum(worth) AS worth FROM (
        SELECT company_id, product_id, qty_milli AS qty, 0 AS moved, value_fen AS fen, 0 AS worth FROM stock
        UNION ALL SELECT company_id, product_id, 0, qty, 0, fen FROM moved)
    GROUP BY company_id, product_id HAVING sum(qty) <> sum(moved) OR sum(fen) <> sum(worth)) x
LEFT JOIN product p ON p.id = x.product_id
"""
_EMPTY_STOCK = """
SELECT '商品 ' || p.code || ' ' || p.name, value_fen, 0 FROM stock s JOIN product p ON p.id = s.product_id
WHERE s.qty_milli = 0 AND s.value_fen <> 0
"""
_INVENTORY = """
SELECT c.name, booked, worth FROM (
    SELECT company_id, sum(booked) AS booked, sum(worth) AS worth FROM (
        SELECT company_id, amount_fen AS booked, 0 AS worth FROM posting WHERE account = 'inventory'
        UNION ALL SELECT company_id, 0, value_fen FROM stock)
    GROUP BY company_id HAVING sum(booked) <> sum(worth)) x
LEFT JOIN company c ON c.id = x.company_id
"""


def _stock_line(place: str, qty: int, moved: int, fen: int, worth: int) -> str:
    return (
        f"{place}：库存 {show_milli(qty)} 值 {show_fen(fen)}，应为 {show_milli(moved)} 值 {show_fen(worth)}"
    )


STOCK = (
    Invariant("stock", "库存等于出入库之和", rows(_STOCK, _stock_line)),
    Invariant("stock_empty", "库存为零时价值为零", rows(_EMPTY_STOCK, fen_line("价值"))),
    Invariant("inventory", "库存商品科目等于库存价值", rows(_INVENTORY, fen_line("科目余额"))),
)

# ---------------------------------------------------------------------- bills
_LINES = """
WITH summed AS MATERIALIZED (
    SELECT sale_id, count(*) AS lines, sum(net_fen) AS net, sum(rounding_fen) AS rounding, sum(cost_fen) AS cost,
        sum((list_price_fen * qty_milli + 500) / 1000) AS list
    FROM sale_line GROUP BY sale_id)
SELECT s.number FROM sale s LEFT JOIN summed l ON l.sale_id = s.id
WHERE l.sale_id IS NULL OR l.lines <> s.line_count OR l.net <> s.total_fen OR l.rounding <> s.rounding_fen
   OR l.cost <> s.cost_fen OR s.total_fen <> s.list_fen - s.discount_fen + s.rounding_fen
   OR (s.kind = 'sale' AND l.list <> s.list_fen)
"""
_NET = """
SELECT s.number, l.net_fen,
    (l.price_fen * l.qty_milli * l.discount_bp + 5000000) / 10000000 - l.bill_discount_fen + l.rounding_fen AS wanted
FROM sale_line l JOIN sale s ON s.id = l.sale_id
WHERE l.qty_milli > 0 AND l.price_fen * l.qty_milli < 900000000000000 AND l.net_fen <> wanted
"""
_TENDERS = """
WITH paid AS MATERIALIZED (SELECT sale_id, sum(amount_fen) AS fen FROM sale_tender GROUP BY sale_id)
SELECT s.number, coalesce(p.fen, 0), s.total_fen FROM sale s LEFT JOIN paid p ON p.sale_id = s.id
WHERE coalesce(p.fen, 0) <> s.total_fen
"""


def _sum_of(column: str, values: dict[str, str], fen: str) -> str:
    """Sums of ``fen`` by what stands in ``column``, each under a name of its own."""
    return ",\n".join(f"sum({fen}) FILTER (WHERE {column} {values[name]}) AS {name}" for name in values)


_ACCOUNTS = {
    "sales": "= 'sales'",
    "rounding": "= 'rounding'",
    "cost": "= 'cost_of_sales'",
    "inventory": "= 'inventory'",
}
_PAID_TO = {name: f"= '{name}'" for name in ("cash", "wechat", "alipay", "card", "deposit")}
_BOOKED = f"""
WITH booked AS MATERIALIZED (
    SELECT e.source_id AS id, {_sum_of("p.account", _ACCOUNTS | _PAID_TO, "p.amount_fen")},
        sum(p.amount_fen) FILTER (WHERE p.account = 'receivable') AS credit,
        sum(p.amount_fen) FILTER (WHERE p.account IN ('stored_principal', 'stored_bonus')) AS stored
    FROM entry e JOIN posting p ON p.entry_id = e.id WHERE e.source_kind = 'sale' GROUP BY e.source_id),
paid AS MATERIALIZED (
    SELECT sale_id AS id, {_sum_of("tender", _PAID_TO, "amount_fen")},
        sum(amount_fen) FILTER (WHERE tender = 'credit') AS credit,
        sum(amount_fen) FILTER (WHERE tender = 'stored_value') AS stored
    FROM sale_tender GROUP BY sale_id),
moved AS MATERIALIZED (
    SELECT source_id AS id, sum(value_fen) AS fen FROM stock_move WHERE source_kind = 'sale' GROUP BY source_id)
SELECT s.number FROM sale s LEFT JOIN booked b ON b.id = s.id LEFT JOIN paid p ON p.id = s.id
LEFT JOIN moved m ON m.id = s.id
WHERE coalesce(b.sales, 0) <> s.rounding_fen - s.total_fen OR coalesce(b.rounding, 0) <> -s.rounding_fen
   OR coalesce(b.cost, 0) <> s.cost_fen OR coalesce(b.inventory, 0) <> coalesce(m.fen, 0)
   OR (s.kind = 'sale' AND s.cost_fen <> -coalesce(m.fen, 0))
   OR {" OR ".join(f"coalesce(b.{name}, 0) <> coalesce(p.{name}, 0)" for name in (*_PAID_TO, "credit", "stored"))}
"""
_RETURNED = """
WITH given_back AS MATERIALIZED (
    SELECT returns_line_id AS id, -sum(qty_milli) AS qty, -sum(net_fen) AS net, count(DISTINCT product_id) AS products,
        min(product_id) AS product_id
    FROM sale_line WHERE returns_line_id IS NOT NULL GROUP BY returns_line_id)
SELECT s.number FROM sale_line l JOIN sale s ON s.id = l.sale_id LEFT JOIN given_back g ON g.id = l.id
WHERE (l.returned_milli <> 0 OR g.id IS NOT NULL) AND (
    l.returned_milli <> coalesce(g.qty, 0) OR l.returned_milli > l.qty_milli OR g.net > l.net_fen
    OR g.products <> 1 OR g.product_id <> l.product_id)
"""
BILLS = (
    Invariant("bill_lines", "业务单等于各行之和", rows(_LINES, place_line("合计与各行不符"))),
    Invariant("line_amounts", "每行金额等于单价×数量×折扣", rows(_NET, fen_line("一行金额"))),
    Invariant("bill_tenders", "付款等于应付", rows(_TENDERS, fen_line("付款合计"))),
    Invariant("bills_booked", "业务单与账目、出库一致", rows(_BOOKED, place_line("与账目或出库不符"))),
    Invariant("returned", "退货不超过所售", rows(_RETURNED, place_line("退货数量或金额不符"))),
)

# ------------------------------------------------------------------ documents
_SLIPS = """
WITH booked AS MATERIALIZED (
    SELECT e.source_kind AS kind, e.source_id AS id, count(DISTINCT e.id) AS entries,
        sum(p.amount_fen * (p.account = 'stored_principal')) AS principal,
        sum(p.amount_fen * (p.account = 'stored_bonus')) AS bonus,
        sum(p.amount_fen * (p.account = 'receivable')) AS debt,
        sum(p.amount_fen * (p.account = 'inventory')) AS inventory,
        sum(p.amount_fen * (p.account IN ('cash', 'wechat', 'alipay', 'card'))) AS money,
        max(p.party_id) AS party_id
    FROM entry e JOIN posting p ON p.entry_id = e.id
    WHERE e.source_kind IN ('recharge', 'refund', 'receipt', 'stock_document') GROUP BY 1, 2),
moved AS MATERIALIZED (
    SELECT source_id AS id, sum(qty_milli) AS qty, sum(value_fen) AS fen FROM stock_move
    WHERE source_kind = 'stock_document' GROUP BY source_id),
lines AS MATERIALIZED (
    SELECT document_id AS id, sum(qty_milli) AS qty, sum(value_fen) AS fen FROM stock_document_line GROUP BY 1)
SELECT r.number FROM recharge r LEFT JOIN booked b ON b.kind = 'recharge' AND b.id = r.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.principal <> -r.principal_fen OR b.bonus <> -r.bonus_fen
   OR b.money <> r.principal_fen OR b.party_id <> r.customer_id
UNION ALL
SELECT r.number FROM refund r LEFT JOIN booked b ON b.kind = 'refund' AND b.id = r.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.principal <> r.principal_fen OR b.bonus <> r.lapsed_bonus_fen
   OR b.money <> -r.principal_fen OR b.party_id <> r.customer_id
UNION ALL
SELECT r.number FROM receipt r LEFT JOIN booked b ON b.kind = 'receipt' AND b.id = r.id
WHERE b.id IS NULL OR b.entries <> 1 OR b.debt <> -r.amount_fen OR b.money <> r.amount_fen
   OR b.party_id <> r.customer_id
UNION ALL
SELECT d.number FROM stock_document d LEFT JOIN booked b ON b.kind = 'stock_document' AND b.id = d.id
LEFT JOIN moved m ON m.id = d.id LEFT JOIN lines l ON l.id = d.id
WHERE l.id IS NULL OR l.fen <> d.value_fen OR coalesce(m.qty, 0) <> l.qty * (2 * d.incoming - 1)
   OR coalesce(b.inventory, 0) <> coalesce(m.fen, 0) OR (d.value_fen <> 0 AND coalesce(b.entries, 0) <> 1)
"""
_ENTRY_A_BILL = """
SELECT s.number, (SELECT count(*) FROM entry e WHERE e.source_kind = 'sale' AND e.source_id = s.id) AS entries, 1
FROM sale s WHERE entries <> 1 AND NOT (entries = 0 AND s.total_fen = 0 AND s.cost_fen = 0 AND s.rounding_fen = 0)
"""
_ORPHANS = "\nUNION ALL\n".join(
    f"SELECT '{word} ' || x.id FROM {table} x LEFT JOIN {kind} d ON d.id = x.source_id"
    f" WHERE x.source_kind = '{kind}' AND d.id IS NULL"
    for table, word in (("entry", "分录"), ("stock_move", "出入库"))
    for kind in ("sale", "recharge", "refund", "receipt", "stock_document", "card_use", "deposit")
)
# Quotes and service cases are records that may go for good: their numbers may have gaps.
_NUMBERS = """
WITH documents AS (
    SELECT number, company_id, business_date FROM sale UNION ALL
    SELECT number, company_id, business_date FROM recharge UNION ALL
    SELECT number, company_id, business_date FROM refund UNION ALL
    SELECT u.number, c.company_id, u.business_date FROM card_use u JOIN count_card c ON c.id = u.card_id
        WHERE u.number <> '' UNION ALL
    SELECT number, company_id, business_date FROM receipt UNION ALL
    SELECT number, company_id, business_date FROM write_off UNION ALL
    SELECT number, company_id, business_date FROM deposit UNION ALL
    SELECT number, company_id, business_date FROM expense UNION ALL
    SELECT number, company_id, business_date FROM advance_settlement UNION ALL
    SELECT number, company_id, business_date FROM shift UNION ALL
    SELECT number, company_id, business_date FROM cash_movement UNION ALL
    SELECT number, company_id, business_date FROM stock_document),
heads AS MATERIALIZED (
    SELECT d.number, substr(d.number, 1, 2) AS kind, d.company_id, replace(d.business_date, '-', '') AS day,
        substr(d.number, 1, 2) || '-' || CASE c.code WHEN '01' THEN '' ELSE c.code || '-' END
            || replace(d.business_date, '-', '') || '-' AS head
    FROM documents d JOIN company c ON c.id = d.company_id),
given AS MATERIALIZED (
    SELECT kind, company_id, day, count(*) AS documents, count(DISTINCT number) AS numbers,
        max(CAST(substr(number, length(head) + 1) AS INTEGER)) AS last,
        sum(substr(number, 1, length(head)) <> head) AS strange
    FROM heads GROUP BY kind, company_id, day)
SELECT kind || '-' || day || '（公司 ' || company_id || '）', sum(documents), sum(last) FROM (
    SELECT kind, company_id, day, documents, numbers, last, last AS top, strange, 0 AS counted FROM given
    UNION ALL SELECT kind, company_id, day, 0, 0, 0, 0, 0, last FROM number_counter
        WHERE kind NOT IN ('BJ', 'FW'))
GROUP BY kind, company_id, day
HAVING sum(documents) <> sum(counted) OR sum(numbers) <> sum(documents) OR sum(last) <> sum(counted)
    OR sum(strange) <> 0
"""
DOCUMENTS = (
    Invariant("slips_booked", "充值、退款、收款、出入库单与账目一致", rows(_SLIPS, place_line("与账目不符"))),
    Invariant("one_entry", "每张业务单一笔分录", rows(_ENTRY_A_BILL, count_line("分录数"))),
    Invariant("sources", "分录与出入库都有来由", rows(_ORPHANS, place_line("找不到对应的单据"))),
    Invariant("numbers", "单号连续不重复", rows(_NUMBERS, count_line("单据数"))),
)

# --------------------------------------------------------------------- search
_SEARCH = """
SELECT '客户 ' || c.code FROM customer c LEFT JOIN search_entry s ON s.kind = 'customer' AND s.record_id = c.id
WHERE (c.deleted_at IS NULL) = (s.id IS NULL)
UNION ALL
SELECT '商品 ' || p.code FROM product p LEFT JOIN search_entry s ON s.kind = 'product' AND s.record_id = p.id
WHERE s.id IS NULL
UNION
SELECT '登记 ' || s.id FROM search_entry s LEFT JOIN customer c ON s.kind = 'customer' AND c.id = s.record_id
LEFT JOIN product p ON s.kind = 'product' AND p.id = s.record_id
WHERE s.kind IN ('customer', 'product') AND c.id IS NULL AND p.id IS NULL
UNION
SELECT '登记 ' || s.id FROM search_entry s LEFT JOIN search_words w ON w.entry_id = s.id WHERE w.entry_id IS NULL
"""
_ADMINISTRATORS = """
SELECT '操作员' WHERE EXISTS (SELECT 1 FROM operator) AND NOT EXISTS (
    SELECT 1 FROM operator o JOIN operator_role x ON x.operator_id = o.id JOIN role r ON r.id = x.role_id
    WHERE o.active AND r.administrator)
"""
OTHERS = (
    Invariant("search", "客户和商品都能搜到", rows(_SEARCH, place_line("与搜索登记不符")), derived=True),
    Invariant(
        "administrator", "有在用的系统管理员", rows(_ADMINISTRATORS, place_line("没有在用的系统管理员"))
    ),
)

INVARIANTS: tuple[Invariant, ...] = (
    *STOCK,
    *LEDGER,
    *BILLS,
    *DOCUMENTS,
    *DEBTS,
    *DEPOSITS,
    *EXPENSES,
    *TENDERS,
    *INVOICES,
    *TILL,
    *CONTACTS,
    *CARE,
    *FILES,
    *OTHERS,
    *IMPORTS,
    *MERGES,
    *OWN_FIELDS,
    *QUOTES,
    *TERMS,
    *CASES,
    *EXCHANGES,
    *PEOPLE,
    *LOYALTY,
    *SUMMARIES,
)


# ------------------------------------------------- what a backup writes down
def figures(fetch: Fetch) -> dict[str, int]:
    """Sums by which two states are compared: each account in fen, stock, and the newest operation (UTC ms)."""
    found = {
        f"account.{key}": int(fen)
        for key, fen in fetch("SELECT account, sum(amount_fen) FROM posting GROUP BY 1")
    }
    quantity, value = fetch("SELECT coalesce(sum(qty_milli), 0), coalesce(sum(value_fen), 0) FROM stock")[0]
    newest = fetch("SELECT coalesce(max(at), 0) FROM operation")[0][0]
    return {
        **found,
        "stock.qty_milli": int(quantity),
        "stock.value_fen": int(value),
        "newest_at": int(newest),
    }


def shop_name(fetch: Fetch) -> str:
    """The shop's name; empty before it is founded."""
    found = fetch("SELECT value FROM option WHERE key = 'shop.name'")
    return str(json.loads(found[0][0])) if found else ""


KNOWLEDGE = Knowledge(INVARIANTS, figures, shop_name)
"""What backup, restore and check know of a shop's file."""
