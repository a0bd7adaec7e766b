"""A member's spending PIN, and the numbers of cards that others took the place of."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE member_pin (
        customer_id INTEGER PRIMARY KEY NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
        pin_hash TEXT NOT NULL CHECK (pin_hash <> ''),
        failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
        blocked_until_at INTEGER NOT NULL DEFAULT 0,
        cart_key TEXT NOT NULL DEFAULT '',
        passed_fen INTEGER NOT NULL DEFAULT 0 CHECK (typeof(passed_fen) = 'integer' AND passed_fen >= 0))""",
    """CREATE TABLE replaced_card (
        card_number TEXT NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
        replaced_at INTEGER NOT NULL CHECK (typeof(replaced_at) = 'integer'),
        PRIMARY KEY (card_number, customer_id))""",
    "CREATE INDEX replaced_card_customer ON replaced_card (customer_id)",
    # cards replaced before there was the table, as the log tells it; not of those made anonymous
    """INSERT OR IGNORE INTO replaced_card (card_number, customer_id, replaced_at)
        SELECT c.old, c.record_id, c.at FROM change c JOIN customer k ON k.id = c.record_id AND k.anonymised_at IS NULL
        WHERE c.kind = 'customer' AND c.field = '卡号' AND c.old <> '' AND EXISTS (SELECT 1 FROM operation o
            WHERE o.action = 'customer.card_replaced' AND o.subject_id = c.record_id AND o.at = c.at)""",
    """INSERT OR IGNORE INTO role_permission (role_id, permission)
        SELECT role_id, 'sales.waive_pin' FROM role_permission WHERE permission = 'wallet.refund'""",
)
"""``cart_key`` is the cart for which the PIN was right, or asked no longer, up to ``passed_fen``; empty for none."""


def up(migrator: object, db: Any) -> None:
    """Add the tables; who may give stored value back may leave out asking for the PIN."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 16")
