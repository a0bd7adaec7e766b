"""Customers, products, reminders."""

from typing import Any

STATEMENTS = (
    # ----------------------------------------------------------- customers
    """CREATE TABLE customer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        firm INTEGER NOT NULL DEFAULT 0 CHECK (firm IN (0, 1)),
        keyword TEXT NOT NULL DEFAULT '',
        short_name TEXT NOT NULL DEFAULT '',
        phone TEXT NOT NULL DEFAULT '',
        phone2 TEXT NOT NULL DEFAULT '',
        card_number TEXT,
        gender TEXT NOT NULL DEFAULT '' CHECK (gender IN ('', '男', '女')),
        birth_date TEXT,
        birthday_lunar INTEGER NOT NULL DEFAULT 0 CHECK (birthday_lunar IN (0, 1)),
        level_id INTEGER REFERENCES level (id),
        type_id INTEGER REFERENCES dictionary_item (id),
        status_id INTEGER REFERENCES dictionary_item (id),
        source_id INTEGER REFERENCES dictionary_item (id),
        industry_id INTEGER REFERENCES dictionary_item (id),
        email TEXT NOT NULL DEFAULT '',
        address TEXT NOT NULL DEFAULT '',
        credit_limit_fen INTEGER NOT NULL DEFAULT 0
            CHECK (typeof(credit_limit_fen) = 'integer' AND credit_limit_fen >= 0),
        payment_days INTEGER NOT NULL DEFAULT 0 CHECK (payment_days >= 0),
        notes TEXT NOT NULL DEFAULT '',
        owner_id INTEGER REFERENCES operator (id),
        company_id INTEGER NOT NULL REFERENCES company (id),
        department_id INTEGER REFERENCES department (id),
        created_date TEXT NOT NULL,
        next_contact_date TEXT,
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '')""",
    "CREATE UNIQUE INDEX customer_card ON customer (card_number) WHERE card_number IS NOT NULL",
    "CREATE INDEX customer_phone ON customer (phone)",
    "CREATE INDEX customer_phone2 ON customer (phone2) WHERE phone2 <> ''",
    "CREATE INDEX customer_name ON customer (name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_created ON customer (created_date, id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_level ON customer (level_id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_status ON customer (status_id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_source ON customer (source_id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_owner ON customer (owner_id)",
    "CREATE INDEX customer_deleted ON customer (deleted_at) WHERE deleted_at IS NOT NULL",
    # ------------------------------------------------------------- catalog
    """CREATE TABLE category (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        parent_id INTEGER REFERENCES category (id))""",
    "CREATE UNIQUE INDEX category_name ON category (coalesce(parent_id, 0), name)",
    """CREATE TABLE product (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        category_id INTEGER REFERENCES category (id),
        brand TEXT NOT NULL DEFAULT '',
        unit TEXT NOT NULL DEFAULT '',
        quantity_decimals INTEGER NOT NULL DEFAULT 0 CHECK (quantity_decimals BETWEEN 0 AND 3),
        specification TEXT NOT NULL DEFAULT '',
        purchase_price_fen INTEGER NOT NULL DEFAULT 0
            CHECK (typeof(purchase_price_fen) = 'integer' AND purchase_price_fen >= 0),
        list_price_fen INTEGER NOT NULL CHECK (typeof(list_price_fen) = 'integer' AND list_price_fen >= 0),
        lowest_price_fen INTEGER NOT NULL DEFAULT 0
            CHECK (typeof(lowest_price_fen) = 'integer' AND lowest_price_fen >= 0),
        stocked INTEGER NOT NULL DEFAULT 1 CHECK (stocked IN (0, 1)),
        low_stock_milli INTEGER CHECK (low_stock_milli >= 0),
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        incomplete INTEGER NOT NULL DEFAULT 0 CHECK (incomplete IN (0, 1)),
        notes TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL)""",
    "CREATE INDEX product_name ON product (name_key, id)",
    "CREATE INDEX product_category ON product (category_id)",
    """CREATE TABLE product_barcode (
        barcode TEXT PRIMARY KEY NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id)) WITHOUT ROWID""",
    "CREATE INDEX product_barcode_product ON product_barcode (product_id)",
    # ----------------------------------------------------------- reminders
    """CREATE TABLE reminder (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER REFERENCES customer (id),
        subject TEXT NOT NULL,
        content TEXT NOT NULL DEFAULT '',
        first_date TEXT NOT NULL,
        time_of_day TEXT NOT NULL,
        repeat TEXT NOT NULL CHECK (repeat IN ('once', 'daily', 'weekly', 'monthly', 'yearly')),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        occurrence INTEGER NOT NULL DEFAULT 0 CHECK (occurrence >= 0),
        due_at INTEGER NOT NULL,
        snoozed_until_at INTEGER,
        notified_at INTEGER,
        done_at INTEGER,
        created_at INTEGER NOT NULL)""",
    "CREATE INDEX reminder_due ON reminder (coalesce(snoozed_until_at, due_at)) WHERE done_at IS NULL",
    "CREATE INDEX reminder_customer ON reminder (customer_id)",
)


def up(migrator: object, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 2")
