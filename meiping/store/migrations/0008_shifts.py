"""Shifts at the drawer, the cash that moves outside bills, and the accounts the counter books to beside sales."""

from typing import Any

ACCOUNTS = (
    ("safe", "保险柜", "asset"),
    ("cash_difference", "现金长短款", "expense"),
    ("expense", "经营费用", "expense"),
    ("advance", "员工借支", "asset"),
    ("bad_debt", "坏账损失", "expense"),
    ("card_liability", "次卡未用", "liability"),
    ("card_income", "次卡收入", "income"),
    ("deposit", "定金", "liability"),
)

STATEMENTS = (
    """CREATE TABLE shift (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        opened_at INTEGER NOT NULL CHECK (typeof(opened_at) = 'integer'),
        business_date TEXT NOT NULL,
        float_fen INTEGER NOT NULL CHECK (typeof(float_fen) = 'integer' AND float_fen >= 0),
        carried_fen INTEGER NOT NULL CHECK (typeof(carried_fen) = 'integer'),
        closed_at INTEGER,
        closed_by_id INTEGER REFERENCES operator (id),
        difference_fen INTEGER CHECK (difference_fen IS NULL OR typeof(difference_fen) = 'integer'),
        reason TEXT NOT NULL DEFAULT '',
        left_fen INTEGER CHECK (left_fen IS NULL OR typeof(left_fen) = 'integer' AND left_fen >= 0),
        blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1)),
        CHECK ((closed_at IS NULL) = (left_fen IS NULL)))""",
    "CREATE UNIQUE INDEX shift_open ON shift (company_id) WHERE closed_at IS NULL",
    "CREATE INDEX shift_date ON shift (business_date, company_id)",
    """CREATE TABLE shift_count (
        shift_id INTEGER NOT NULL REFERENCES shift (id),
        tender TEXT NOT NULL,
        expected_fen INTEGER NOT NULL CHECK (typeof(expected_fen) = 'integer'),
        counted_fen INTEGER CHECK (counted_fen IS NULL OR typeof(counted_fen) = 'integer'),
        notes TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (shift_id, tender)) WITHOUT ROWID""",
    """CREATE TABLE cash_movement (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        shift_id INTEGER REFERENCES shift (id),
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen <> 0),
        reason TEXT NOT NULL)""",
    "CREATE INDEX cash_movement_shift ON cash_movement (shift_id)",
    "ALTER TABLE entry ADD COLUMN shift_id INTEGER REFERENCES shift (id)",
    "CREATE INDEX entry_shift ON entry (shift_id) WHERE shift_id IS NOT NULL",
    "ALTER TABLE sale ADD COLUMN shift_id INTEGER REFERENCES shift (id)",
    "CREATE INDEX sale_shift ON sale (shift_id) WHERE shift_id IS NOT NULL",
    (
        "CREATE TRIGGER cash_movement_no_update BEFORE UPDATE ON cash_movement BEGIN"
        " SELECT RAISE(ABORT, 'cash_movement rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER cash_movement_no_delete BEFORE DELETE ON cash_movement BEGIN"
        " SELECT RAISE(ABORT, 'cash_movement rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER shift_no_update BEFORE UPDATE ON shift WHEN old.closed_at IS NOT NULL BEGIN"
        " SELECT RAISE(ABORT, 'a closed shift is never changed'); END"
    ),
    (
        "CREATE TRIGGER shift_no_delete BEFORE DELETE ON shift BEGIN"
        " SELECT RAISE(ABORT, 'shift rows are never deleted'); END"
    ),
    (
        "CREATE TRIGGER entry_in_open_shift BEFORE INSERT ON entry WHEN new.shift_id IS NOT NULL"
        " AND (SELECT closed_at IS NOT NULL OR company_id <> new.company_id FROM shift WHERE id = new.shift_id) BEGIN"
        " SELECT RAISE(ABORT, 'the shift is closed, or of another company'); END"
    ),
    (
        "CREATE TRIGGER shift_count_no_update BEFORE UPDATE ON shift_count BEGIN"
        " SELECT RAISE(ABORT, 'shift_count rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER shift_count_no_delete BEFORE DELETE ON shift_count BEGIN"
        " SELECT RAISE(ABORT, 'shift_count rows are never changed'); END"
    ),
)
"""In ``cash_movement`` what comes into the drawer is positive; ``carried_fen`` is what the books had in it before."""

_GRANTS = {
    "till.shift": "sales.checkout",
    "till.cash": "sales.checkout",
    "till.drawer": "sales.checkout",
    "till.big_difference": "wallet.refund",
}
"""New rights go to the roles that hold a like one."""


def up(migrator: object, db: Any) -> None:
    """Add the accounts, the tables and the columns."""
    for account in ACCOUNTS:
        db.execute_sql("INSERT INTO account (key, name, kind) VALUES (?, ?, ?)", account)
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 8")
