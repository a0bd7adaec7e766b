"""Quotes: prices told to a customer before he buys."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE quote (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        contact_id INTEGER REFERENCES contact (id),
        contact_name TEXT NOT NULL DEFAULT '',
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        quoted_date TEXT NOT NULL,
        valid_until_date TEXT,
        subject TEXT NOT NULL DEFAULT '',
        notes TEXT NOT NULL DEFAULT '',
        total_fen INTEGER NOT NULL CHECK (typeof(total_fen) = 'integer' AND total_fen >= 0),
        line_count INTEGER NOT NULL CHECK (line_count > 0),
        cart_key TEXT,
        given_up_at INTEGER,
        created_at INTEGER NOT NULL CHECK (typeof(created_at) = 'integer'),
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '',
        CHECK (valid_until_date IS NULL OR valid_until_date >= quoted_date))""",
    "CREATE INDEX quote_customer ON quote (customer_id)",
    "CREATE INDEX quote_contact ON quote (contact_id) WHERE contact_id IS NOT NULL",
    "CREATE INDEX quote_cart ON quote (cart_key) WHERE cart_key IS NOT NULL",
    "CREATE INDEX quote_deleted ON quote (deleted_at) WHERE deleted_at IS NOT NULL",
    """CREATE TABLE quote_line (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        quote_id INTEGER NOT NULL REFERENCES quote (id),
        position INTEGER NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        product_name TEXT NOT NULL,
        unit TEXT NOT NULL,
        qty_milli INTEGER NOT NULL CHECK (typeof(qty_milli) = 'integer' AND qty_milli > 0),
        price_fen INTEGER NOT NULL CHECK (typeof(price_fen) = 'integer' AND price_fen >= 0),
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen >= 0),
        note TEXT NOT NULL DEFAULT '',
        UNIQUE (quote_id, product_id))""",
    "CREATE INDEX quote_line_product ON quote_line (product_id)",
)


def up(migrator: object, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 7")
