"""What a shop gives its members: recharges with a bonus by rule."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE recharge_rule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        least_fen INTEGER NOT NULL CHECK (typeof(least_fen) = 'integer' AND least_fen > 0),
        bonus_fen INTEGER NOT NULL CHECK (typeof(bonus_fen) = 'integer' AND bonus_fen > 0),
        each INTEGER NOT NULL DEFAULT 0 CHECK (each IN (0, 1)),
        level_id INTEGER REFERENCES level (id),
        first_date TEXT,
        last_date TEXT,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)))""",
    "ALTER TABLE recharge ADD COLUMN rule_id INTEGER REFERENCES recharge_rule (id)",
    "ALTER TABLE recharge ADD COLUMN sale_id INTEGER REFERENCES sale (id)",
    "CREATE INDEX recharge_sale ON recharge (sale_id) WHERE sale_id IS NOT NULL",
)
"""``recharge.rule_id`` is the rule its bonus came by, ``sale_id`` the bill whose change it was."""
_GRANTS = {"wallet.bonus": "wallet.refund", "wallet.rules": "wallet.refund"}
"""New rights of the roles made so far, each beside one they have."""


def up(migrator: object, db: Any) -> None:
    """Add the tables and columns, and the rights to them."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 11")
