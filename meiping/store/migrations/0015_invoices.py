"""The rate of tax a bill was made at, and the invoices made out for bills."""

from typing import Any

_FROZEN = (
    "id",
    "key",
    "sale_id",
    "number",
    "amount_fen",
    "tax_fen",
    "rate_bp",
    "invoiced_date",
    "operator_id",
    "made_at",
)
_CANCELLING = ("cancelled_at", "cancelled_by_id", "cancel_reason")
_WORDS = ("title", "tax_number", "note")
STATEMENTS = (
    "ALTER TABLE sale ADD COLUMN tax_bp INTEGER NOT NULL DEFAULT 0 CHECK (typeof(tax_bp) = 'integer' AND tax_bp >= 0)",
    """CREATE TABLE invoice (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        number TEXT NOT NULL CHECK (number <> ''),
        title TEXT NOT NULL,
        tax_number TEXT NOT NULL DEFAULT '',
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        tax_fen INTEGER NOT NULL CHECK (typeof(tax_fen) = 'integer' AND tax_fen >= 0),
        rate_bp INTEGER NOT NULL CHECK (typeof(rate_bp) = 'integer' AND rate_bp > 0),
        invoiced_date TEXT NOT NULL,
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        made_at INTEGER NOT NULL CHECK (typeof(made_at) = 'integer'),
        note TEXT NOT NULL DEFAULT '',
        cancelled_at INTEGER CHECK (cancelled_at IS NULL OR typeof(cancelled_at) = 'integer'),
        cancelled_by_id INTEGER REFERENCES operator (id),
        cancel_reason TEXT NOT NULL DEFAULT '',
        UNIQUE (key, sale_id),
        CHECK ((cancelled_at IS NULL) = (cancelled_by_id IS NULL)),
        CHECK ((cancelled_at IS NULL) = (cancel_reason = '')))""",
    "CREATE UNIQUE INDEX invoice_standing ON invoice (sale_id) WHERE cancelled_at IS NULL",
    "CREATE INDEX invoice_sale ON invoice (sale_id)",
    "CREATE INDEX invoice_number ON invoice (number)",
    # what was written on it stays, but for the words that say who somebody is: those may be taken out
    f"""CREATE TRIGGER invoice_no_update BEFORE UPDATE ON invoice
        WHEN {" OR ".join(f"new.{name} IS NOT old.{name}" for name in _FROZEN)}
        OR {" OR ".join(f"(new.{name} <> old.{name} AND new.{name} <> '')" for name in _WORDS)}
        OR (old.cancelled_at IS NOT NULL AND ({" OR ".join(f"new.{name} IS NOT old.{name}" for name in _CANCELLING)}))
        BEGIN SELECT RAISE(ABORT, 'invoice rows are never changed, only cancelled once'); END""",
    """CREATE TRIGGER invoice_no_delete BEFORE DELETE ON invoice BEGIN
        SELECT RAISE(ABORT, 'invoice rows are never deleted'); END""",
    """INSERT OR IGNORE INTO role_permission (role_id, permission)
        SELECT role_id, 'sales.invoice' FROM role_permission WHERE permission = 'sales.return'""",
)


def up(migrator: object, db: Any) -> None:
    """Add the column and the table; who may take goods back may make out invoices."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 15")
