"""Sums that reports read instead of a million lines, kept by triggers; targets of salespersons."""

from typing import Any

TABLES = (
    """CREATE TABLE product_day (
        company_id INTEGER NOT NULL REFERENCES company (id),
        business_date TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL,
        returned_milli INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, business_date, product_id)) WITHOUT ROWID""",
    """CREATE TABLE product_month (
        company_id INTEGER NOT NULL REFERENCES company (id),
        month TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL,
        returned_milli INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, month, product_id)) WITHOUT ROWID""",
    """CREATE TABLE customer_month (
        company_id INTEGER NOT NULL REFERENCES company (id),
        month TEXT NOT NULL,
        salesperson_id INTEGER NOT NULL,
        customer_id INTEGER NOT NULL,
        bills INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        discount_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, month, salesperson_id, customer_id)) WITHOUT ROWID""",
    """CREATE TABLE money_day (
        company_id INTEGER NOT NULL REFERENCES company (id),
        business_date TEXT NOT NULL,
        operator_id INTEGER NOT NULL,
        source_kind TEXT NOT NULL,
        account TEXT NOT NULL REFERENCES account (key),
        in_fen INTEGER NOT NULL,
        out_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, business_date, operator_id, source_kind, account)) WITHOUT ROWID""",
    """CREATE TABLE stock_month (
        company_id INTEGER NOT NULL REFERENCES company (id),
        month TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        flow TEXT NOT NULL CHECK (flow IN ('in', 'sold', 'out', 'adjusted')),
        qty_milli INTEGER NOT NULL,
        value_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, month, product_id, flow)) WITHOUT ROWID""",
    """CREATE TABLE sales_target (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        month TEXT NOT NULL CHECK (length(month) = 7),
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        UNIQUE (operator_id, month))""",
    "CREATE INDEX stock_move_date ON stock_move (business_date)",
    """CREATE INDEX posting_stored ON posting (account, party_id, entry_id, amount_fen)
        WHERE account IN ('stored_principal', 'stored_bonus')""",
)
"""In ``customer_month`` 0 stands for nobody: no customer, no salesperson."""

_LINE = """{row}.qty_milli, CASE WHEN {row}.qty_milli < 0 THEN 0 - {row}.qty_milli ELSE 0 END, {row}.net_fen,
    CASE WHEN {row}.qty_milli < 0 THEN 0 - {row}.net_fen ELSE 0 END, {row}.cost_fen"""
_FLOW = """CASE WHEN {row}.nature = '成本调整' THEN 'adjusted'
    WHEN {row}.source_kind = 'sale' AND {row}.nature <> '退货报损' THEN 'sold'
    WHEN {row}.qty_milli > 0 THEN 'in' ELSE 'out' END"""
_MONEY = "('cash', 'wechat', 'alipay', 'card', 'receivable', 'stored_principal', 'stored_bonus')"


def _added(*columns: str) -> str:
    return ", ".join(f"{column} = {column} + excluded.{column}" for column in columns)


_OF_PRODUCT = _added("qty_milli", "returned_milli", "net_fen", "returns_fen", "cost_fen")

TRIGGERS = (
    f"""CREATE TRIGGER sale_line_product AFTER INSERT ON sale_line BEGIN
        INSERT INTO product_day SELECT company_id, business_date, new.product_id, {_LINE.format(row="new")}
        FROM sale WHERE id = new.sale_id
        ON CONFLICT (company_id, business_date, product_id) DO UPDATE SET {_OF_PRODUCT};
        INSERT INTO product_month
        SELECT company_id, substr(business_date, 1, 7), new.product_id, {_LINE.format(row="new")}
        FROM sale WHERE id = new.sale_id
        ON CONFLICT (company_id, month, product_id) DO UPDATE SET {_OF_PRODUCT};
    END""",
    f"""CREATE TRIGGER sale_customer AFTER INSERT ON sale BEGIN
        INSERT INTO customer_month VALUES (new.company_id, substr(new.business_date, 1, 7),
            coalesce(new.salesperson_id, 0), coalesce(new.customer_id, 0), new.kind <> 'return', new.total_fen, 0,
            new.discount_fen - new.rounding_fen, new.cost_fen)
        ON CONFLICT (company_id, month, salesperson_id, customer_id)
        DO UPDATE SET {_added("bills", "net_fen", "discount_fen", "cost_fen")};
    END""",
    """CREATE TRIGGER sale_line_customer AFTER INSERT ON sale_line WHEN new.qty_milli < 0 BEGIN
        UPDATE customer_month SET returns_fen = returns_fen - new.net_fen
        WHERE (company_id, month, salesperson_id, customer_id) = (
            SELECT company_id, substr(business_date, 1, 7), coalesce(salesperson_id, 0), coalesce(customer_id, 0)
            FROM sale WHERE id = new.sale_id);
    END""",
    f"""CREATE TRIGGER posting_money AFTER INSERT ON posting WHEN new.account IN {_MONEY} BEGIN
        INSERT INTO money_day SELECT new.company_id, business_date, operator_id, source_kind, new.account,
            max(new.amount_fen, 0), max(0 - new.amount_fen, 0) FROM entry WHERE id = new.entry_id
        ON CONFLICT (company_id, business_date, operator_id, source_kind, account)
        DO UPDATE SET {_added("in_fen", "out_fen")};
    END""",
    f"""CREATE TRIGGER stock_move_month AFTER INSERT ON stock_move BEGIN
        INSERT INTO stock_month VALUES (new.company_id, substr(new.business_date, 1, 7), new.product_id,
            {_FLOW.format(row="new")}, new.qty_milli, new.value_fen)
        ON CONFLICT (company_id, month, product_id, flow) DO UPDATE SET {_added("qty_milli", "value_fen")};
    END""",
)

BACKFILL = (
    *(
        f"""INSERT INTO {table} SELECT s.company_id, {days}, l.product_id, sum(l.qty_milli),
            0 - sum(min(l.qty_milli, 0)), sum(l.net_fen),
            sum(CASE WHEN l.qty_milli < 0 THEN 0 - l.net_fen ELSE 0 END), sum(l.cost_fen)
            FROM sale_line l JOIN sale s ON s.id = l.sale_id GROUP BY 1, 2, 3"""
        for table, days in (
            ("product_day", "s.business_date"),
            ("product_month", "substr(s.business_date, 1, 7)"),
        )
    ),
    """INSERT INTO customer_month SELECT s.company_id, substr(s.business_date, 1, 7), coalesce(s.salesperson_id, 0),
        coalesce(s.customer_id, 0), sum(s.kind <> 'return'), sum(s.total_fen), coalesce(sum(r.returns_fen), 0),
        sum(s.discount_fen - s.rounding_fen), sum(s.cost_fen)
        FROM sale s LEFT JOIN (SELECT sale_id, 0 - sum(net_fen) AS returns_fen FROM sale_line WHERE qty_milli < 0
            GROUP BY sale_id) r ON r.sale_id = s.id GROUP BY 1, 2, 3, 4""",
    f"""INSERT INTO money_day SELECT p.company_id, e.business_date, e.operator_id, e.source_kind, p.account,
        sum(max(p.amount_fen, 0)), sum(max(0 - p.amount_fen, 0)) FROM posting p JOIN entry e ON e.id = p.entry_id
        WHERE p.account IN {_MONEY} GROUP BY 1, 2, 3, 4, 5""",
    f"""INSERT INTO stock_month SELECT m.company_id, substr(m.business_date, 1, 7), m.product_id,
        {_FLOW.format(row="m")}, sum(m.qty_milli), sum(m.value_fen) FROM stock_move m GROUP BY 1, 2, 3, 4""",
)


def up(migrator: object, db: Any) -> None:
    """Make the tables, fill them from what was posted, and keep them from now on."""
    for statement in (*TABLES, *BACKFILL, *TRIGGERS):
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 5")
