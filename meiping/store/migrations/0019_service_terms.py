"""Annual fees of products, and the terms of service that were sold with them."""

from typing import Any

STATEMENTS = (
    (
        "ALTER TABLE product ADD COLUMN annual_fee_fen INTEGER NOT NULL DEFAULT 0"
        " CHECK (typeof(annual_fee_fen) = 'integer' AND annual_fee_fen >= 0)"
    ),
    (
        "ALTER TABLE product ADD COLUMN service_term_months INTEGER NOT NULL DEFAULT 0"
        " CHECK (typeof(service_term_months) = 'integer' AND service_term_months BETWEEN 0 AND 600)"
    ),
    (
        "ALTER TABLE product ADD COLUMN warranty_months INTEGER NOT NULL DEFAULT 0"
        " CHECK (typeof(warranty_months) = 'integer' AND warranty_months BETWEEN 0 AND 600)"
    ),
    "ALTER TABLE product ADD COLUMN fee_line INTEGER NOT NULL DEFAULT 0 CHECK (fee_line IN (0, 1))",
    "CREATE UNIQUE INDEX product_fee_line ON product (fee_line) WHERE fee_line = 1",
    """CREATE TABLE service_term (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_line_id INTEGER NOT NULL UNIQUE REFERENCES sale_line (id),
        root_line_id INTEGER NOT NULL REFERENCES sale_line (id),
        renews_id INTEGER REFERENCES service_term (id),
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        product_id INTEGER NOT NULL REFERENCES product (id),
        start_date TEXT NOT NULL,
        end_date TEXT NOT NULL,
        anchor_day INTEGER NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
        months INTEGER NOT NULL CHECK (typeof(months) = 'integer' AND months BETWEEN 1 AND 600),
        fee_fen INTEGER NOT NULL CHECK (typeof(fee_fen) = 'integer' AND fee_fen >= 0),
        closed_at INTEGER CHECK (closed_at IS NULL OR typeof(closed_at) = 'integer'),
        closed_reason TEXT NOT NULL DEFAULT '',
        CHECK (start_date <= end_date),
        CHECK ((renews_id IS NULL) = (sale_line_id = root_line_id)))""",
    "CREATE INDEX service_term_end ON service_term (end_date)",
    "CREATE INDEX service_term_customer ON service_term (customer_id)",
    "CREATE INDEX service_term_product ON service_term (product_id)",
    "CREATE INDEX service_term_root ON service_term (root_line_id)",
    "CREATE INDEX service_term_renews ON service_term (renews_id) WHERE renews_id IS NOT NULL",
)
"""``fee_line`` marks the one product that renewals are sold as; ``root_line_id`` is the line the service began with."""


def up(migrator: object, db: Any) -> None:
    """Add the columns and the table."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 19")
