"""The ledgers: journal, stock, bills, stored value, receipts; rows that are added and never changed."""

from typing import Any

ACCOUNTS = (
    ("cash", "现金", "asset"),
    ("wechat", "微信", "asset"),
    ("alipay", "支付宝", "asset"),
    ("card", "银行卡", "asset"),
    ("receivable", "应收账款", "asset"),
    ("inventory", "库存商品", "asset"),
    ("stored_principal", "储值本金", "liability"),
    ("stored_bonus", "储值赠送", "liability"),
    ("sales", "销售收入", "income"),
    ("rounding", "抹零", "income"),
    ("cost_of_sales", "销售成本", "expense"),
    ("promotion", "促销费用", "expense"),
    ("stock_difference", "库存差异", "expense"),
    ("opening", "期初", "equity"),
    ("purchases", "进货往来", "liability"),
)

STATEMENTS = (
    # -------------------------------------------------------------- ledger
    """CREATE TABLE account (
        key TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('asset', 'liability', 'income', 'expense', 'equity'))) WITHOUT ROWID""",
    """CREATE TABLE entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL,
        source_kind TEXT NOT NULL,
        source_id INTEGER NOT NULL,
        memo TEXT NOT NULL DEFAULT '',
        reverses_id INTEGER REFERENCES entry (id))""",
    "CREATE INDEX entry_source ON entry (source_kind, source_id)",
    "CREATE INDEX entry_date ON entry (business_date, company_id)",
    """CREATE TABLE posting (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        entry_id INTEGER NOT NULL REFERENCES entry (id),
        account TEXT NOT NULL REFERENCES account (key),
        company_id INTEGER NOT NULL REFERENCES company (id),
        party_id INTEGER NOT NULL DEFAULT 0,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen <> 0))""",
    "CREATE INDEX posting_entry ON posting (entry_id)",
    "CREATE INDEX posting_party ON posting (party_id, account) WHERE party_id <> 0",
    """CREATE TABLE balance (
        account TEXT NOT NULL REFERENCES account (key),
        company_id INTEGER NOT NULL REFERENCES company (id),
        party_id INTEGER NOT NULL,
        amount_fen INTEGER NOT NULL,
        PRIMARY KEY (account, company_id, party_id),
        CHECK (account NOT IN ('stored_principal', 'stored_bonus') OR amount_fen <= 0),
        CHECK (account <> 'receivable' OR amount_fen >= 0)) WITHOUT ROWID""",
    """CREATE TRIGGER posting_balance AFTER INSERT ON posting BEGIN
        INSERT INTO balance (account, company_id, party_id, amount_fen)
        VALUES (new.account, new.company_id, new.party_id, 0) ON CONFLICT DO NOTHING;
        UPDATE balance SET amount_fen = amount_fen + new.amount_fen
        WHERE account = new.account AND company_id = new.company_id AND party_id = new.party_id;
    END""",
    """CREATE TABLE ledger_day (
        company_id INTEGER NOT NULL REFERENCES company (id),
        business_date TEXT NOT NULL,
        source_kind TEXT NOT NULL,
        account TEXT NOT NULL REFERENCES account (key),
        amount_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, business_date, source_kind, account)) WITHOUT ROWID""",
    """CREATE TRIGGER posting_day AFTER INSERT ON posting BEGIN
        INSERT INTO ledger_day (company_id, business_date, source_kind, account, amount_fen)
        SELECT new.company_id, business_date, source_kind, new.account, new.amount_fen FROM entry
        WHERE id = new.entry_id
        ON CONFLICT (company_id, business_date, source_kind, account)
        DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen;
    END""",
    # --------------------------------------------------------------- stock
    """CREATE TABLE stock (
        company_id INTEGER NOT NULL REFERENCES company (id),
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL CHECK (typeof(qty_milli) = 'integer'),
        value_fen INTEGER NOT NULL CHECK (typeof(value_fen) = 'integer'),
        last_cost_fen INTEGER NOT NULL DEFAULT 0,
        last_move_at INTEGER NOT NULL,
        PRIMARY KEY (company_id, product_id)) WITHOUT ROWID""",
    "CREATE INDEX stock_product ON stock (product_id)",
    """CREATE TABLE stock_move (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        business_date TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL CHECK (typeof(qty_milli) = 'integer'),
        value_fen INTEGER NOT NULL CHECK (typeof(value_fen) = 'integer'),
        nature TEXT NOT NULL,
        source_kind TEXT NOT NULL,
        source_id INTEGER NOT NULL,
        CHECK (qty_milli <> 0 OR value_fen <> 0))""",
    "CREATE INDEX stock_move_product ON stock_move (product_id, company_id, id)",
    "CREATE INDEX stock_move_source ON stock_move (source_kind, source_id)",
    """CREATE TABLE stock_document (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        incoming INTEGER NOT NULL CHECK (incoming IN (0, 1)),
        company_id INTEGER NOT NULL REFERENCES company (id),
        nature TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        value_fen INTEGER NOT NULL)""",
    """CREATE TABLE stock_document_line (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id INTEGER NOT NULL REFERENCES stock_document (id),
        position INTEGER NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
        value_fen INTEGER NOT NULL)""",
    "CREATE INDEX stock_document_line_document ON stock_document_line (document_id)",
    # --------------------------------------------------------------- sales
    """CREATE TABLE cart (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        held_at INTEGER,
        note TEXT NOT NULL DEFAULT '',
        body TEXT NOT NULL,
        changed_at INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX cart_open ON cart (company_id) WHERE held_at IS NULL",
    """CREATE TABLE sale (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('sale', 'return', 'exchange')),
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        salesperson_id INTEGER REFERENCES operator (id),
        original_id INTEGER REFERENCES sale (id),
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        list_fen INTEGER NOT NULL CHECK (typeof(list_fen) = 'integer'),
        discount_fen INTEGER NOT NULL CHECK (typeof(discount_fen) = 'integer'),
        rounding_fen INTEGER NOT NULL CHECK (typeof(rounding_fen) = 'integer'),
        total_fen INTEGER NOT NULL CHECK (typeof(total_fen) = 'integer'),
        cost_fen INTEGER NOT NULL CHECK (typeof(cost_fen) = 'integer'),
        line_count INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        CHECK (total_fen = list_fen - discount_fen + rounding_fen))""",
    "CREATE INDEX sale_date ON sale (business_date, company_id)",
    "CREATE INDEX sale_customer ON sale (customer_id, id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX sale_original ON sale (original_id) WHERE original_id IS NOT NULL",
    """CREATE TABLE sale_line (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        position INTEGER NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        product_name TEXT NOT NULL,
        unit TEXT NOT NULL,
        qty_milli INTEGER NOT NULL CHECK (typeof(qty_milli) = 'integer' AND qty_milli <> 0),
        list_price_fen INTEGER NOT NULL CHECK (typeof(list_price_fen) = 'integer'),
        price_fen INTEGER NOT NULL CHECK (typeof(price_fen) = 'integer'),
        discount_bp INTEGER NOT NULL,
        bill_discount_fen INTEGER NOT NULL,
        rounding_fen INTEGER NOT NULL,
        net_fen INTEGER NOT NULL CHECK (typeof(net_fen) = 'integer'),
        cost_fen INTEGER NOT NULL CHECK (typeof(cost_fen) = 'integer'),
        gift INTEGER NOT NULL DEFAULT 0 CHECK (gift IN (0, 1)),
        note TEXT NOT NULL DEFAULT '',
        returns_line_id INTEGER REFERENCES sale_line (id),
        returned_milli INTEGER NOT NULL DEFAULT 0,
        CHECK (returned_milli = 0 OR returned_milli BETWEEN 0 AND qty_milli))""",
    "CREATE INDEX sale_line_sale ON sale_line (sale_id)",
    "CREATE INDEX sale_line_product ON sale_line (product_id)",
    "CREATE INDEX sale_line_returns ON sale_line (returns_line_id) WHERE returns_line_id IS NOT NULL",
    """CREATE TABLE sale_tender (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        tender TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen <> 0),
        received_fen INTEGER NOT NULL,
        CHECK (tender = 'cash' OR received_fen = amount_fen))""",
    "CREATE INDEX sale_tender_sale ON sale_tender (sale_id)",
    """CREATE TABLE sales_day (
        company_id INTEGER NOT NULL REFERENCES company (id),
        business_date TEXT NOT NULL,
        bills INTEGER NOT NULL,
        sales_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        discount_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, business_date)) WITHOUT ROWID""",
    """CREATE TRIGGER sale_summary AFTER INSERT ON sale BEGIN
        INSERT INTO sales_day (company_id, business_date, bills, sales_fen, returns_fen, discount_fen, cost_fen)
        VALUES (new.company_id, new.business_date, new.kind <> 'return', 0, 0, new.discount_fen - new.rounding_fen, 0)
        ON CONFLICT (company_id, business_date) DO UPDATE SET
            bills = bills + excluded.bills, discount_fen = discount_fen + excluded.discount_fen;
    END""",
    """CREATE TRIGGER sale_line_summary AFTER INSERT ON sale_line BEGIN
        UPDATE sales_day SET
            sales_fen = sales_fen + CASE WHEN new.qty_milli > 0 THEN new.net_fen ELSE 0 END,
            returns_fen = returns_fen - CASE WHEN new.qty_milli < 0 THEN new.net_fen ELSE 0 END,
            cost_fen = cost_fen + new.cost_fen
        WHERE (company_id, business_date) = (SELECT company_id, business_date FROM sale WHERE id = new.sale_id);
    END""",
    # ---------------------------------------------------- wallet, receipts
    """CREATE TABLE recharge (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        principal_fen INTEGER NOT NULL CHECK (typeof(principal_fen) = 'integer' AND principal_fen > 0),
        bonus_fen INTEGER NOT NULL CHECK (typeof(bonus_fen) = 'integer' AND bonus_fen >= 0),
        tender TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX recharge_customer ON recharge (customer_id)",
    """CREATE TABLE receipt (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        tender TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX receipt_customer ON receipt (customer_id)",
)

APPEND_ONLY = (
    "entry",
    "posting",
    "stock_move",
    "stock_document",
    "stock_document_line",
    "sale",
    "sale_tender",
    "recharge",
    "receipt",
)

FROZEN_LINE_COLUMNS = (
    "sale_id, position, product_id, product_name, unit, qty_milli, list_price_fen, price_fen, discount_bp,"
    " bill_discount_fen, rounding_fen, net_fen, cost_fen, gift, note, returns_line_id"
)


def up(migrator: object, db: Any) -> None:
    """Make the tables, the chart of accounts, and guard the ledgers against change."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for account in ACCOUNTS:
        db.execute_sql("INSERT INTO account (key, name, kind) VALUES (?, ?, ?)", account)
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    db.execute_sql(
        f"CREATE TRIGGER sale_line_no_update BEFORE UPDATE OF {FROZEN_LINE_COLUMNS} ON sale_line BEGIN"
        " SELECT RAISE(ABORT, 'sale_line rows are never changed'); END"
    )
    db.execute_sql(
        "CREATE TRIGGER sale_line_no_delete BEFORE DELETE ON sale_line BEGIN"
        " SELECT RAISE(ABORT, 'sale_line rows are never changed'); END"
    )
    db.execute_sql("PRAGMA user_version = 3")
