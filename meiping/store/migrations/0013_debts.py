"""Which charge a payment paid, and debts written off."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE receivable_match (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        charge_entry_id INTEGER NOT NULL REFERENCES entry (id),
        paying_entry_id INTEGER NOT NULL REFERENCES entry (id),
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        UNIQUE (charge_entry_id, paying_entry_id))""",
    "CREATE INDEX receivable_match_paying ON receivable_match (paying_entry_id)",
    """CREATE TABLE write_off (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        reason TEXT NOT NULL)""",
    "CREATE INDEX write_off_customer ON write_off (customer_id)",
    "CREATE INDEX posting_receivable ON posting (party_id, entry_id, amount_fen) WHERE account = 'receivable'",
    """INSERT OR IGNORE INTO role_permission (role_id, permission)
        SELECT role_id, 'receivables.write_off' FROM role_permission WHERE permission = 'wallet.refund'""",
)
APPEND_ONLY = ("receivable_match", "write_off")


def up(migrator: object, db: Any) -> None:
    """Add the tables and guard them; who may give stored value back may write debts off."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    db.execute_sql("PRAGMA user_version = 13")
