"""Sums over years, over all time and of salespersons, so that long periods cost no more than short ones."""

from typing import Any

TABLES = (
    """CREATE TABLE product_year (
        company_id INTEGER NOT NULL REFERENCES company (id),
        year TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        qty_milli INTEGER NOT NULL,
        returned_milli INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, year, product_id)) WITHOUT ROWID""",
    """CREATE TABLE stock_year (
        company_id INTEGER NOT NULL REFERENCES company (id),
        year TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        flow TEXT NOT NULL CHECK (flow IN ('in', 'sold', 'out', 'adjusted')),
        qty_milli INTEGER NOT NULL,
        value_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, year, product_id, flow)) WITHOUT ROWID""",
    """CREATE TABLE person_month (
        company_id INTEGER NOT NULL REFERENCES company (id),
        month TEXT NOT NULL,
        salesperson_id INTEGER NOT NULL,
        bills INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        discount_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (company_id, month, salesperson_id)) WITHOUT ROWID""",
    """CREATE TABLE customer_total (
        customer_id INTEGER NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        first_date TEXT,
        last_date TEXT,
        days INTEGER NOT NULL,
        bills INTEGER NOT NULL,
        net_fen INTEGER NOT NULL,
        returns_fen INTEGER NOT NULL,
        discount_fen INTEGER NOT NULL,
        cost_fen INTEGER NOT NULL,
        PRIMARY KEY (customer_id, company_id)) WITHOUT ROWID""",
)
"""0 stands for nobody: no customer, no salesperson.

In ``customer_total`` the first and last day, and the number of ``days``, are those on which something was bought: bills
that only bring something back leave them alone.
"""

_LINE = """{row}.qty_milli, CASE WHEN {row}.qty_milli < 0 THEN 0 - {row}.qty_milli ELSE 0 END, {row}.net_fen,
    CASE WHEN {row}.qty_milli < 0 THEN 0 - {row}.net_fen ELSE 0 END, {row}.cost_fen"""
_FLOW = """CASE WHEN {row}.nature = '成本调整' THEN 'adjusted'
    WHEN {row}.source_kind = 'sale' AND {row}.nature <> '退货报损' THEN 'sold'
    WHEN {row}.qty_milli > 0 THEN 'in' ELSE 'out' END"""
_BOUGHT_ON = "CASE WHEN {row}.kind <> 'return' THEN {row}.business_date END"


def _added(*columns: str) -> str:
    return ", ".join(f"{column} = {column} + excluded.{column}" for column in columns)


TRIGGERS = (
    f"""CREATE TRIGGER sale_line_year AFTER INSERT ON sale_line BEGIN
        INSERT INTO product_year
        SELECT company_id, substr(business_date, 1, 4), new.product_id, {_LINE.format(row="new")}
        FROM sale WHERE id = new.sale_id
        ON CONFLICT (company_id, year, product_id)
        DO UPDATE SET {_added("qty_milli", "returned_milli", "net_fen", "returns_fen", "cost_fen")};
    END""",
    f"""CREATE TRIGGER stock_move_year AFTER INSERT ON stock_move BEGIN
        INSERT INTO stock_year VALUES (new.company_id, substr(new.business_date, 1, 4), new.product_id,
            {_FLOW.format(row="new")}, new.qty_milli, new.value_fen)
        ON CONFLICT (company_id, year, product_id, flow) DO UPDATE SET {_added("qty_milli", "value_fen")};
    END""",
    f"""CREATE TRIGGER sale_person AFTER INSERT ON sale BEGIN
        INSERT INTO person_month VALUES (new.company_id, substr(new.business_date, 1, 7),
            coalesce(new.salesperson_id, 0), new.kind <> 'return', new.total_fen, 0,
            new.discount_fen - new.rounding_fen, new.cost_fen)
        ON CONFLICT (company_id, month, salesperson_id)
        DO UPDATE SET {_added("bills", "net_fen", "discount_fen", "cost_fen")};
    END""",
    f"""CREATE TRIGGER sale_total AFTER INSERT ON sale BEGIN
        INSERT INTO customer_total VALUES (coalesce(new.customer_id, 0), new.company_id,
            {_BOUGHT_ON.format(row="new")}, {_BOUGHT_ON.format(row="new")}, new.kind <> 'return',
            new.kind <> 'return', new.total_fen, 0, new.discount_fen - new.rounding_fen, new.cost_fen)
        ON CONFLICT (customer_id, company_id) DO UPDATE SET
            days = days + CASE WHEN excluded.days = 0 OR excluded.last_date = last_date THEN 0
                WHEN last_date IS NULL OR excluded.last_date > last_date THEN 1
                ELSE NOT EXISTS (SELECT 1 FROM sale WHERE customer_id IS new.customer_id AND kind <> 'return'
                    AND company_id = new.company_id AND business_date = new.business_date AND id <> new.id) END,
            first_date = min(coalesce(first_date, excluded.first_date), coalesce(excluded.first_date, first_date)),
            last_date = max(coalesce(last_date, excluded.last_date), coalesce(excluded.last_date, last_date)),
            {_added("bills", "net_fen", "discount_fen", "cost_fen")};
    END""",
    """CREATE TRIGGER sale_line_total AFTER INSERT ON sale_line WHEN new.qty_milli < 0 BEGIN
        UPDATE person_month SET returns_fen = returns_fen - new.net_fen
        WHERE (company_id, month, salesperson_id) = (
            SELECT company_id, substr(business_date, 1, 7), coalesce(salesperson_id, 0)
            FROM sale WHERE id = new.sale_id);
        UPDATE customer_total SET returns_fen = returns_fen - new.net_fen
        WHERE (customer_id, company_id) = (
            SELECT coalesce(customer_id, 0), company_id FROM sale WHERE id = new.sale_id);
    END""",
)

_SUMS = "sum(bills), sum(net_fen), sum(returns_fen), sum(discount_fen), sum(cost_fen)"
BACKFILL = (
    """INSERT INTO product_year SELECT company_id, substr(month, 1, 4), product_id, sum(qty_milli),
        sum(returned_milli), sum(net_fen), sum(returns_fen), sum(cost_fen) FROM product_month GROUP BY 1, 2, 3""",
    """INSERT INTO stock_year SELECT company_id, substr(month, 1, 4), product_id, flow, sum(qty_milli), sum(value_fen)
        FROM stock_month GROUP BY 1, 2, 3, 4""",
    f"INSERT INTO person_month SELECT company_id, month, salesperson_id, {_SUMS} FROM customer_month GROUP BY 1, 2, 3",
    f"""INSERT INTO customer_total
        SELECT customer_id, company_id, min(first_date), max(last_date), sum(days), {_SUMS} FROM (
            SELECT customer_id, company_id, NULL AS first_date, NULL AS last_date, 0 AS days, bills, net_fen,
                returns_fen, discount_fen, cost_fen FROM customer_month
            UNION ALL SELECT coalesce(b.customer_id, 0), b.company_id, min({_BOUGHT_ON.format(row="b")}),
                max({_BOUGHT_ON.format(row="b")}), count(DISTINCT {_BOUGHT_ON.format(row="b")}), 0, 0, 0, 0, 0
            FROM sale b GROUP BY 1, 2)
        GROUP BY 1, 2""",
)


def up(migrator: object, db: Any) -> None:
    """Make the tables, fill them from what was posted, and keep them from now on."""
    for statement in (*TABLES, *BACKFILL, *TRIGGERS):
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 9")
