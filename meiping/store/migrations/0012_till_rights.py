"""Rights at the till: a PIN beside the password, what it allowed, what happened there, tenders put right."""

from typing import Any

_GRANTS = {"sales.void": "sales.checkout", "sales.change_tender": "wallet.refund", "till.watch": "audit.view"}
"""Rights that are new, each for the roles that have the right beside it."""

STATEMENTS = (
    "ALTER TABLE operator ADD COLUMN pin_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE operator ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE operator ADD COLUMN pin_blocked_until_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE operation ADD COLUMN approver TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE till_approval (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        approver_id INTEGER NOT NULL REFERENCES operator (id),
        permission TEXT NOT NULL,
        cart_key TEXT NOT NULL DEFAULT '',
        subject TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        CHECK (operator_id <> approver_id))""",
    "CREATE INDEX till_approval_cart ON till_approval (cart_key) WHERE cart_key <> ''",
    """CREATE TABLE till_event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        business_date TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        shift_id INTEGER REFERENCES shift (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        approver_id INTEGER REFERENCES operator (id),
        kind TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer'),
        detail TEXT NOT NULL DEFAULT '',
        source_kind TEXT NOT NULL DEFAULT '',
        source_id INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX till_event_day ON till_event (company_id, business_date, operator_id)",
    """CREATE TABLE tender_change (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        from_tender TEXT NOT NULL,
        to_tender TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        reason TEXT NOT NULL DEFAULT '',
        CHECK (from_tender <> to_tender))""",
    "CREATE INDEX tender_change_sale ON tender_change (sale_id)",
    """CREATE VIEW sale_paid AS
        SELECT sale_id, tender, amount_fen FROM sale_tender
        UNION ALL SELECT sale_id, from_tender, -amount_fen FROM tender_change
        UNION ALL SELECT sale_id, to_tender, amount_fen FROM tender_change""",
    *(
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN"
        f" SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        for table in ("till_approval", "till_event", "tender_change")
        for action in ("UPDATE", "DELETE")
    ),
)
"""``sale_paid`` is how bills stand paid after wrong tenders were put right."""


def up(migrator: object, db: Any) -> None:
    """Add the columns, the tables and the rights."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 12")
