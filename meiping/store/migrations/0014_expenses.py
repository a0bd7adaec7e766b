"""Expenses (费用) and advances to colleagues (借支): asked for, decided, paid, and advances settled."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE expense (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('expense', 'advance')),
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        person_id INTEGER NOT NULL REFERENCES operator (id),
        category_id INTEGER REFERENCES dictionary_item (id),
        payee TEXT NOT NULL DEFAULT '',
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen <> 0),
        note TEXT NOT NULL DEFAULT '',
        business_date TEXT NOT NULL,
        created_at INTEGER NOT NULL CHECK (typeof(created_at) = 'integer'),
        status TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'refused', 'paid')),
        decided_by_id INTEGER REFERENCES operator (id),
        decided_at INTEGER,
        reason TEXT NOT NULL DEFAULT '',
        tender TEXT NOT NULL DEFAULT '',
        paid_at INTEGER,
        paid_date TEXT,
        paid_by_id INTEGER REFERENCES operator (id),
        reverses_id INTEGER UNIQUE REFERENCES expense (id),
        CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
        CHECK ((amount_fen < 0) = (reverses_id IS NOT NULL)),
        CHECK ((kind = 'expense') = (category_id IS NOT NULL)))""",
    "CREATE INDEX expense_paid ON expense (paid_date, company_id) WHERE paid_date IS NOT NULL",
    "CREATE INDEX expense_status ON expense (status, id)",
    """CREATE TABLE advance_settlement (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        advance_id INTEGER NOT NULL REFERENCES expense (id),
        expense_id INTEGER UNIQUE REFERENCES expense (id),
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        tender TEXT NOT NULL DEFAULT '',
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        CHECK ((tender = '') = (expense_id IS NOT NULL)))""",
    "CREATE INDEX advance_settlement_advance ON advance_settlement (advance_id)",
)
GUARDS = (
    ("expense", "UPDATE", "WHEN old.status IN ('paid', 'refused')"),
    ("expense", "DELETE", ""),
    ("advance_settlement", "UPDATE", ""),
    ("advance_settlement", "DELETE", ""),
)
"""What is never done to the rows of a table, and to which of them."""
CATEGORIES = ("房租", "水电", "工资", "办公用品", "运费", "招待", "交通", "维修", "其他")
GIVEN = ("expenses.view", "expenses.make", "expenses.approve", "expenses.pay")
"""New rights, for roles that may give stored value back."""


def up(migrator: object, db: Any) -> None:
    """Add the tables, the categories a shop begins with, and the rights."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for table, action, which in GUARDS:
        db.execute_sql(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} {which} BEGIN"
            f" SELECT RAISE(ABORT, '{table} rows that are done are never changed'); END"
        )
    if db.execute_sql("SELECT count(*) FROM operator").fetchone()[0]:
        for position, name in enumerate(CATEGORIES):
            db.execute_sql(
                "INSERT INTO dictionary_item (kind, name, position, active) VALUES ('expense_category', ?, ?, 1)",
                (name, position),
            )
    for wanted in GIVEN:
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (wanted, "wallet.refund"),
        )
    db.execute_sql("PRAGMA user_version = 14")
