"""Money taken beforehand for a bill that waits, and given back."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE deposit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
        business_date TEXT NOT NULL,
        tender TEXT NOT NULL CHECK (tender IN ('cash', 'wechat', 'alipay', 'card')),
        note TEXT NOT NULL DEFAULT '',
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen <> 0),
        cart_key TEXT NOT NULL,
        sale_id INTEGER REFERENCES sale (id),
        CHECK (sale_id IS NULL OR amount_fen < 0))""",
    "CREATE INDEX deposit_cart ON deposit (cart_key)",
    "CREATE INDEX deposit_customer ON deposit (customer_id)",
    "CREATE INDEX deposit_sale ON deposit (sale_id) WHERE sale_id IS NOT NULL",
)
GIVEN = {"sales.deposit": "wallet.recharge", "sales.deposit_back": "wallet.refund"}
"""New rights, for roles that have a like one."""


def up(migrator: object, db: Any) -> None:
    """Add the table and guard it; who may recharge and refund may take deposits and give them back."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for action in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER deposit_no_{action.lower()} BEFORE {action} ON deposit BEGIN"
            " SELECT RAISE(ABORT, 'deposit rows are never changed'); END"
        )
    for wanted, like in GIVEN.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (wanted, like),
        )
    db.execute_sql("PRAGMA user_version = 17")
